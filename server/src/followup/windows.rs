//! The programme's plan as rows: a person's occasions with their days, and where each stands in the plan.
//!
//! Done after a person was registered, an end was confirmed or planned, and an occasion that others are counted from was made or given
//! up. Doing it again changes nothing. What is finished is never moved; what the plan does not have is left alone. Where an
//! edit of the plan was held back, the plan from before it holds (`holds`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bedring_domain::course::{
    Anchor, Anchors, CoursePlan, Holds, PlannedWindow, RespondentType, Window,
};
use bedring_store::entities::{course_facts, followup, occasion, person, programme, project};
use bedring_store::plan::{Plan, from_json, to_json};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect,
};
use bedring_store::{StoreError, convert};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::holds;
use crate::calendar;
use crate::journal::retry;
use crate::ports::{Random, uuid_v7};

/// The plan of the programme that a project belongs to.
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such project.
pub async fn plan_of<C: ConnectionTrait>(db: &C, project_id: Uuid) -> Result<Plan, StoreError> {
    let to_programme = project::Entity::belongs_to(programme::Entity)
        .from(project::Column::ProgrammeId)
        .to(programme::Column::Id)
        .into();
    // Unscoped on purpose: the project of a person or of a form that was found in scope.
    let json: Option<String> = project::Entity::find_by_id(project_id)
        .join(JoinType::InnerJoin, to_programme)
        .select_only()
        .column(programme::Column::Plan)
        .into_tuple()
        .one(db)
        .await?;
    from_json("programmes", &json.ok_or(StoreError::NotFound)?)
}

/// Brings a person's occasions in line with the plan of their programme. The caller holds the person's row.
///
/// # Errors
/// As the database says.
pub async fn materialise<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    person: &person::Model,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let plan = plan_of(tx, person.project_id).await?;
    // Unscoped on purpose, here and below: rows of a person who was found in scope.
    let occasions = occasion::Entity::find()
        .filter(occasion::Column::PersonId.eq(person.id))
        .all(tx)
        .await?;
    let followups = followup::Entity::find()
        .filter(followup::Column::PersonId.eq(person.id))
        .all(tx)
        .await?;
    let facts = course_facts::Entity::find_by_id(person.id).one(tx).await?;
    let holds = holds::of_people(tx, std::iter::once(person.id)).await?;
    let known = Known {
        made: Made::of(occasions, followups),
        end_planned: facts.and_then(|f| f.end_planned_on),
        holds: holds.into_values().next().unwrap_or_default(),
    };
    write(tx, random, &plan, person, known, now).await
}

/// The first occasions of a person who was just registered: nothing needs to be read.
///
/// # Errors
/// As the database says.
pub async fn materialise_new<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    plan: &Plan,
    person: &person::Model,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    write(tx, random, plan, person, Known::default(), now).await
}

/// What is known of a person beside their row.
#[derive(Default)]
struct Known {
    made: Made,
    end_planned: Option<NaiveDate>,
    holds: Holds,
}

/// What a person has already, by its place in the plan: key and how many come before it.
#[derive(Default)]
pub(super) struct Made(
    pub(super) BTreeMap<(String, u32), (occasion::Model, Option<followup::Model>)>,
);

impl Made {
    pub(super) fn of(occasions: Vec<occasion::Model>, followups: Vec<followup::Model>) -> Self {
        let mut held: HashMap<Uuid, followup::Model> =
            followups.into_iter().map(|f| (f.occasion_id, f)).collect();
        let places = occasions.into_iter().map(|row| {
            let followup = held.remove(&row.id);
            let place = followup.as_ref().map_or_else(
                // Made before there were plans: the default plan calls its occasions by their kinds.
                || (row.kind.clone(), whole(row.number).saturating_sub(1)),
                |f| (f.plan_key.clone(), whole(f.plan_repeat)),
            );
            (place, (row, followup))
        });
        Self(places.collect())
    }

    pub(super) fn anchors(
        &self,
        person: &person::Model,
        end_planned: Option<NaiveDate>,
    ) -> Anchors {
        let mut anchors = Anchors {
            start: person.start_on,
            end_confirmed: person.end_on,
            end_planned,
            ..Anchors::default()
        };
        for (place, (row, _)) in &self.0 {
            if let Some(at) = row.completed_at {
                anchors.made.insert(place.clone(), calendar::day_of(at));
            } else if row.missed_reason.is_some() {
                anchors.given_up.insert(place.clone());
            }
        }
        anchors
    }

    /// The plan's number if nobody of that kind has it, or else the next.
    fn free_number(&self, taken: &mut BTreeSet<(String, i32)>, planned: &PlannedWindow) -> i32 {
        let kind = planned.kind.as_str();
        let rows = self
            .0
            .values()
            .map(|(row, _)| (row.kind.clone(), row.number));
        taken.extend(rows);
        let of_kind = taken.iter().filter(|(k, _)| k == kind).map(|(_, n)| *n);
        let next = of_kind.max().unwrap_or(0) + 1;
        let planned = i32::try_from(planned.number).unwrap_or(next);
        let number = if taken.contains(&(kind.to_owned(), planned)) {
            next
        } else {
            planned
        };
        taken.insert((kind.to_owned(), number));
        number
    }
}

fn whole(n: i32) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

async fn write<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    plan: &Plan,
    person: &person::Model,
    known: Known,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let made = &known.made;
    // Volunteers without lived experience take part, but are not measured.
    let measured = person.respondent_type.as_deref()
        != Some(RespondentType::VolunteerNoLivedExperience.as_str());
    if person.erased_at.is_some()
        || !convert::standing(person).may_ask()
        || (made.0.is_empty() && !measured)
    {
        return Ok(());
    }
    let look_at = |window: Window| calendar::moment(window.due, plan.reminders.send_at);
    let (mut taken, mut occasions, mut followups) = (BTreeSet::new(), Vec::new(), Vec::new());
    let anchors = made.anchors(person, known.end_planned);
    let mut any_moved = false;
    for planned in plan.course.windows_for(&known.holds, &anchors) {
        let place = (planned.key.clone(), planned.repeat);
        let window = planned.window;
        let Some((row, followup)) = made.0.get(&place) else {
            let row = new_occasion(random, plan, person, &planned, now);
            let number = made.free_number(&mut taken, &planned);
            followups.push(new_followup(person, &row, &planned, window.map(look_at)));
            occasions.push(occasion::Model { number, ..row });
            continue;
        };
        let finished = row.completed_at.is_some() || row.missed_reason.is_some();
        // A row without the plan's hold keeps its days until the plan knows better ones.
        let moved = !finished
            && days(row) != window.map(|w| (w.opens, w.due))
            && (window.is_some() || followup.is_some());
        if moved {
            any_moved = true;
            move_occasion(tx, row.id, window).await?;
        }
        match followup {
            None => {
                let look = if finished { None } else { window.map(look_at) };
                followups.push(new_followup(person, row, &planned, look));
            }
            Some(held) if !finished && (moved || !same(held, window)) => {
                move_followup(tx, row.id, window, window.map(look_at)).await?;
            }
            Some(_) => {}
        }
    }
    if any_moved {
        retry::days_moved(tx, random, &[person.id], now).await?;
    }
    insert(tx, occasions, followups).await
}

fn days(row: &occasion::Model) -> Option<(NaiveDate, NaiveDate)> {
    row.opens_on.zip(row.due_on)
}

fn same(held: &followup::Model, window: Option<Window>) -> bool {
    held.overdue_from == window.map(|w| w.overdue_from)
        && held.closes_on == window.and_then(|w| w.closes)
}

pub(super) fn new_occasion(
    random: &dyn Random,
    plan: &Plan,
    person: &person::Model,
    planned: &PlannedWindow,
    now: DateTime<Utc>,
) -> occasion::Model {
    let own = plan.course.occasion(&planned.key).map(|o| &o.instruments);
    let asked = own.filter(|i| !i.is_empty()).unwrap_or(&plan.instruments);
    occasion::Model {
        id: uuid_v7(now, random),
        person_id: person.id,
        kind: planned.kind.as_str().to_owned(),
        number: 0,
        opens_on: planned.window.map(|w| w.opens),
        due_on: planned.window.map(|w| w.due),
        instruments: to_json(asked),
        completed_at: None,
        missed_reason: None,
    }
}

pub(super) fn new_followup(
    person: &person::Model,
    row: &occasion::Model,
    planned: &PlannedWindow,
    next_look_at: Option<DateTime<Utc>>,
) -> followup::ActiveModel {
    followup::ActiveModel {
        occasion_id: Set(row.id),
        person_id: Set(person.id),
        project_id: Set(person.project_id),
        plan_key: Set(planned.key.clone()),
        plan_repeat: Set(i32::try_from(planned.repeat).unwrap_or(i32::MAX)),
        overdue_from: Set(planned.overdue_from()),
        closes_on: Set(planned.window.and_then(|w| w.closes)),
        missed_by: Set(None),
        missed_at: Set(None),
        next_look_at: Set(next_look_at),
    }
}

pub(super) async fn move_occasion<C: ConnectionTrait>(
    tx: &C,
    id: Uuid,
    window: Option<Window>,
) -> Result<(), StoreError> {
    occasion::Entity::update_many()
        .col_expr(
            occasion::Column::OpensOn,
            Expr::value(window.map(|w| w.opens)),
        )
        .col_expr(occasion::Column::DueOn, Expr::value(window.map(|w| w.due)))
        .filter(occasion::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn move_followup<C: ConnectionTrait>(
    tx: &C,
    occasion: Uuid,
    window: Option<Window>,
    next_look_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let (overdue_from, closes) = (
        window.map(|w| w.overdue_from),
        window.and_then(|w| w.closes),
    );
    followup::Entity::update_many()
        .col_expr(followup::Column::OverdueFrom, Expr::value(overdue_from))
        .col_expr(followup::Column::ClosesOn, Expr::value(closes))
        .col_expr(followup::Column::NextLookAt, Expr::value(next_look_at))
        .filter(followup::Column::OccasionId.eq(occasion))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn insert<C: ConnectionTrait>(
    tx: &C,
    occasions: Vec<occasion::Model>,
    followups: Vec<followup::ActiveModel>,
) -> Result<(), StoreError> {
    if !occasions.is_empty() {
        occasion::Entity::insert_many(occasions.into_iter().map(occasion::ActiveModel::from))
            .exec_without_returning(tx)
            .await?;
    }
    if !followups.is_empty() {
        followup::Entity::insert_many(followups)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Is any occasion of a plan counted from the day on which another was made?
#[must_use]
pub fn counts_from_occasions(plan: &CoursePlan) -> bool {
    let mut anchors = plan.occasions.iter().map(|o| &o.anchor);
    anchors.any(|anchor| matches!(anchor, Anchor::Occasion { .. }))
}
