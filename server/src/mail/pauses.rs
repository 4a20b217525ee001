//! Pauses: staff say that nobody is to be reminded or called for a while. The measurement stays in the worklist, and on the day on which
//! the pause ends it is looked at again.

use bedring_contract::course::NewPause;
use bedring_store::entities::{person, reminder_pause};
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{ActiveValue::Set, EntityTrait};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::planning::look_at_person;
use crate::accounts::access::{PauseReminders, Proof};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::followup::FollowupError;
use crate::followup::changes::{self, By, What};
use crate::people::asked::to_be_asked;
use crate::people::seen::Changed;
use crate::state::Services;

/// The farthest day on which reminders can go on, in days from today.
const FARTHEST_DAYS: u64 = 366;

/// Reminders pause from now on. Whoever says it again says until when anew.
///
/// # Errors
/// No such person within the proof's projects, one who must not be asked, or a day that has come or lies too far ahead.
pub async fn pause(
    proof: &Proof<PauseReminders>,
    services: &Services,
    id: Uuid,
    form: NewPause,
) -> Result<(), FollowupError> {
    let now = services.clock.now();
    if let Some(until) = form.until {
        check(until, calendar::day_of(now))?;
    }
    let tx = services.db.begin().await?;
    let person = to_be_asked(proof, &*tx, id).await?;
    // Unscoped on purpose, here and below: a row of a person who was found in scope.
    let before = reminder_pause::Entity::find_by_id(id).one(&*tx).await?;
    let today = calendar::day_of(now);
    look(&form, before.as_ref().filter(|row| row.holds_on(today)))?;
    let row = reminder_pause::ActiveModel {
        person_id: Set(id),
        until_on: Set(form.until),
        set_by: Set(proof.account()),
        set_at: Set(now),
    };
    reminder_pause::Entity::insert(row)
        .on_conflict(
            OnConflict::column(reminder_pause::Column::PersonId)
                .update_columns([
                    reminder_pause::Column::UntilOn,
                    reminder_pause::Column::SetBy,
                    reminder_pause::Column::SetAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(&*tx)
        .await?;
    let by = By::holder(proof, &*services.random, now);
    let (before, after) = (before.and_then(|p| p.until_on), form.until);
    let text = |day: Option<NaiveDate>| day.map(|d| d.to_string());
    changes::note(&*tx, by, &person, What::Paused, text(before), text(after)).await?;
    let deed = Deed::RemindersPaused;
    audit::record(&*tx, by.random, proof, deed, about(&person), now).await?;
    // What waits to be sent is stopped, and somebody asks again when the pause ends.
    let look = look_at_person(&*tx, id, now);
    Ok(tx.commit_with(vec![look]).await?)
}

/// Reminders go on. Where there is no pause nothing happens.
///
/// # Errors
/// No such person within the proof's projects, or one who must not be asked.
pub async fn resume(
    proof: &Proof<PauseReminders>,
    services: &Services,
    id: Uuid,
) -> Result<(), FollowupError> {
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    let person = to_be_asked(proof, &*tx, id).await?;
    let row = reminder_pause::Entity::find_by_id(id).one(&*tx).await?;
    let Some(row) = row.filter(|row| row.holds_on(calendar::day_of(now))) else {
        return Ok(());
    };
    reminder_pause::Entity::delete_by_id(id).exec(&*tx).await?;
    let by = By::holder(proof, &*services.random, now);
    let before = row.until_on.map(|day| day.to_string());
    changes::note(&*tx, by, &person, What::Resumed, before, None).await?;
    let deed = Deed::RemindersResumed;
    audit::record(&*tx, by.random, proof, deed, about(&person), now).await?;
    let look = look_at_person(&*tx, id, now);
    Ok(tx.commit_with(vec![look]).await?)
}

/// Who says it anew has seen the pause there is.
fn look(form: &NewPause, before: Option<&reminder_pause::Model>) -> Result<(), Changed> {
    let now = before.map(|row| row.set_at.timestamp_millis());
    let seen = form.seen.map(|at| at.map(|at| at.timestamp_millis()));
    if seen.is_none_or(|seen| seen == now) {
        return Ok(());
    }
    let until = before.and_then(|row| row.until_on);
    Err(Changed::one("/until", until.map(|day| day.to_string())))
}

fn check(until: NaiveDate, today: NaiveDate) -> Result<(), FollowupError> {
    let farthest = today.checked_add_days(Days::new(FARTHEST_DAYS));
    if until <= today {
        Err(FollowupError::Input("/until", "in_past"))
    } else if farthest.is_some_and(|farthest| until > farthest) {
        Err(FollowupError::Input("/until", "too_far"))
    } else {
        Ok(())
    }
}

pub(super) fn about(person: &person::Model) -> About {
    About {
        person: Some(person.id),
        project: Some(person.project_id),
        subject: None,
    }
}
