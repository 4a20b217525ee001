//! The end of a course: the question that opens when nobody has said anything, and the answers to it other than the day itself.

use bedring_contract::followup::{CourseAnswer, CourseKnown};
use bedring_domain::course::{ASK_END_AFTER_DAYS, CourseFacts, EndOfCourse, end_question};
use bedring_domain::time::is_day;
use bedring_store::StoreError;
use bedring_store::entities::{course_facts, person};
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::changes::{self, By, What};
use super::{FollowupError, windows};
use crate::accounts::access::{AnswerEnd, Proof};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::people::asked::to_be_asked;
use crate::people::seen;
use crate::state::Services;

/// Says what is known of the end of a person's course.
///
/// # Errors
/// No such person, one who must not be asked, or an answer that is not right.
pub async fn answer(
    proof: &Proof<AnswerEnd>,
    services: &Services,
    id: Uuid,
    form: CourseAnswer,
) -> Result<CourseKnown, FollowupError> {
    let now = services.clock.now();
    let today = calendar::day_of(now);
    let tx = services.db.begin().await?;
    let person = to_be_asked(proof, &*tx, id).await?;
    check(&form, &person, today)?;
    // Unscoped on purpose, here and below: a row of a person who was found in scope.
    let before = course_facts::Entity::find_by_id(id).one(&*tx).await?;
    let planned = before.as_ref().and_then(|f| f.end_planned_on);
    seen::check(
        "/end_planned",
        form.end_planned_seen.as_ref(),
        planned.as_ref(),
    )?;
    let still = before.as_ref().and_then(|f| f.still_enrolled_on);
    let facts = course_facts::Model {
        person_id: id,
        end_planned_on: form
            .end_planned
            .or(planned)
            .filter(|_| !form.no_end_planned),
        // Of several answers the latest day counts.
        still_enrolled_on: form.still_enrolled.max(still),
        // Whoever knows that somebody is still enrolled knows more than that the end cannot be told.
        end_cannot_be_told: form.end_cannot_be_told.unwrap_or_else(|| {
            form.still_enrolled.is_none() && before.as_ref().is_some_and(|f| f.end_cannot_be_told)
        }),
        set_by: proof.account(),
        set_at: now,
    };
    let row = course_facts::ActiveModel {
        person_id: Set(id),
        end_planned_on: Set(facts.end_planned_on),
        still_enrolled_on: Set(facts.still_enrolled_on),
        end_cannot_be_told: Set(facts.end_cannot_be_told),
        set_by: Set(facts.set_by),
        set_at: Set(now),
    };
    course_facts::Entity::insert(row)
        .on_conflict(
            OnConflict::column(course_facts::Column::PersonId)
                .update_columns([
                    course_facts::Column::EndPlannedOn,
                    course_facts::Column::StillEnrolledOn,
                    course_facts::Column::EndCannotBeTold,
                    course_facts::Column::SetBy,
                    course_facts::Column::SetAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(&*tx)
        .await?;
    windows::materialise(&*tx, &*services.random, &person, now).await?;
    let by = By::holder(proof, &*services.random, now);
    note(&*tx, by, &person, before.as_ref(), &facts).await?;
    let about = About {
        person: Some(id),
        project: Some(person.project_id),
        subject: None,
    };
    let deed = Deed::CourseFacts;
    audit::record(&*tx, &*services.random, proof, deed, about, now).await?;
    tx.commit().await?;
    Ok(known(&person, Some(&facts), today))
}

/// What has become different is a line of the ledger each.
async fn note<C: ConnectionTrait>(
    tx: &C,
    by: By<'_>,
    person: &person::Model,
    before: Option<&course_facts::Model>,
    after: &course_facts::Model,
) -> Result<(), StoreError> {
    let day = |day: Option<NaiveDate>| day.map(|d| d.to_string());
    let yes = |holds: bool| holds.then(|| true.to_string());
    let planned = |f: &course_facts::Model| day(f.end_planned_on);
    let still = |f: &course_facts::Model| day(f.still_enrolled_on);
    let told = |f: &course_facts::Model| yes(f.end_cannot_be_told);
    for (what, old, new) in [
        (What::EndPlanned, before.and_then(planned), planned(after)),
        (What::StillEnrolled, before.and_then(still), still(after)),
        (What::EndCannotBeTold, before.and_then(told), told(after)),
    ] {
        if old != new {
            changes::note(tx, by, person, what, old, new).await?;
        }
    }
    Ok(())
}

fn check(
    form: &CourseAnswer,
    person: &person::Model,
    today: NaiveDate,
) -> Result<(), FollowupError> {
    if *form == CourseAnswer::default() {
        return Err(FollowupError::Input("", "required"));
    }
    if form.no_end_planned && form.end_planned.is_some() {
        return Err(FollowupError::Input(
            "/no_end_planned",
            "not_with_end_planned",
        ));
    }
    for (field, day) in [
        ("/end_planned", form.end_planned),
        ("/still_enrolled", form.still_enrolled),
    ] {
        if day.is_some_and(|day| !is_day(day)) {
            return Err(FollowupError::Input(field, "out_of_range"));
        }
    }
    let before_start = |day: NaiveDate| person.start_on.is_some_and(|start| day < start);
    if form.end_planned.is_some_and(before_start) {
        return Err(FollowupError::Input("/end_planned", "before_start"));
    }
    if form.still_enrolled.is_some_and(|day| day > today) {
        return Err(FollowupError::Input("/still_enrolled", "in_future"));
    }
    if form.still_enrolled.is_some_and(before_start) {
        return Err(FollowupError::Input("/still_enrolled", "before_start"));
    }
    Ok(())
}

/// What is known of the end of a person's course, for the wire.
#[must_use]
pub fn known(
    person: &person::Model,
    facts: Option<&course_facts::Model>,
    today: NaiveDate,
) -> CourseKnown {
    let ask_on = match question(person, facts, today) {
        EndOfCourse::Running { ask_on } => Some(ask_on),
        EndOfCourse::Ask { since } => Some(since),
        EndOfCourse::NotStarted | EndOfCourse::Ended { .. } | EndOfCourse::CannotBeTold => None,
    };
    CourseKnown {
        end: person.end_on,
        end_planned: facts.and_then(|f| f.end_planned_on),
        still_enrolled: facts.and_then(|f| f.still_enrolled_on),
        end_cannot_be_told: facts.is_some_and(|f| f.end_cannot_be_told),
        ask_on,
    }
}

/// Where the end of a person's course stands.
#[must_use]
pub fn question(
    person: &person::Model,
    facts: Option<&course_facts::Model>,
    today: NaiveDate,
) -> EndOfCourse {
    let known = CourseFacts {
        start: person.start_on,
        end_confirmed: person.end_on,
        end_planned: facts.and_then(|f| f.end_planned_on),
        still_enrolled: facts.and_then(|f| f.still_enrolled_on),
        cannot_be_told: facts.is_some_and(|f| f.end_cannot_be_told),
        ..CourseFacts::default()
    };
    end_question(&known, today)
}

/// The same in SQL, for counting: whether the question is open, of `persons` beside `course_facts` (left joined). A test holds the two
/// together. Dates only, so nothing has to be escaped.
#[must_use]
pub fn open_sql(today: NaiveDate) -> String {
    let (long_ago, yesterday) = (back(today, ASK_END_AFTER_DAYS), back(today, 1));
    format!(
        "(persons.end_on IS NULL AND persons.discarded_at IS NULL AND persons.start_on <= '{today}' \
         AND COALESCE(course_facts.end_cannot_be_told, FALSE) = FALSE AND (\
         (persons.start_on <= '{long_ago}' AND (course_facts.still_enrolled_on IS NULL OR course_facts.still_enrolled_on <= '{long_ago}')) \
         OR (course_facts.end_planned_on <= '{yesterday}' AND (course_facts.still_enrolled_on IS NULL \
         OR course_facts.still_enrolled_on < course_facts.end_planned_on))))"
    )
}

/// In SQL: what [`open_sql`] lets pass and little more, but found through the index of those whose course runs.
pub(super) fn perhaps_open_sql(today: NaiveDate) -> String {
    let (long_ago, yesterday) = (back(today, ASK_END_AFTER_DAYS), back(today, 1));
    format!(
        "persons.id IN (SELECT running.id FROM persons running WHERE running.end_on IS NULL AND running.start_on <= '{long_ago}' \
         UNION ALL SELECT planned.id FROM persons planned JOIN course_facts said ON said.person_id = planned.id \
         WHERE planned.end_on IS NULL AND planned.start_on <= '{today}' AND said.end_planned_on <= '{yesterday}')"
    )
}

fn back(today: NaiveDate, days: u32) -> NaiveDate {
    let then = today.checked_sub_days(Days::new(u64::from(days)));
    then.unwrap_or(NaiveDate::MIN)
}

/// In SQL: somebody said that the end cannot be told, and no end was confirmed since.
#[must_use]
pub fn cannot_be_told_sql() -> &'static str {
    "(persons.end_on IS NULL AND persons.discarded_at IS NULL AND COALESCE(course_facts.end_cannot_be_told, FALSE) = TRUE)"
}

/// In SQL: the person has an occasion whose days are not known and that nobody has given up.
#[must_use]
pub fn waits_for_end_sql() -> &'static str {
    "EXISTS (SELECT 1 FROM occasions waits WHERE waits.person_id = persons.id AND waits.due_on IS NULL \
     AND waits.completed_at IS NULL AND waits.missed_reason IS NULL)"
}
