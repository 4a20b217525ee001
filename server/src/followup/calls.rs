//! Call tasks: somebody should speak with a person about an occasion. At most one for each occasion; it is opened anew if a call is due
//! again.

mod owner;

pub use owner::own;

use bedring_contract::followup::{CallAttempt, CallOutcome, CallStatus};
use bedring_domain::course::MissedReason;
use bedring_domain::reminder::FARTHEST_AHEAD_DAYS;
use bedring_store::entities::{
    call_attempt, call_task, followup, occasion, occasion_change, person,
};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use bedring_store::{StoreError, scope};
use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;

use super::reasons::{self, Reason};
use super::{FollowupError, windows};
use crate::accounts::access::{MakeCall, Proof};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::people::asked::to_be_asked;
use crate::ports::{Random, uuid_v7};
use crate::state::Services;

/// What stands in `occasion_changes.what` when what was written down about a call was taken back; before is the outcome.
pub const TAKEN_BACK: &str = "call_taken_back";
/// What stands in `occasion_changes.what` when a call has another owner; before and after are ids of accounts.
pub const OWNER: &str = "call_owner";

/// There is an open call task for an occasion from now on, to be tried on a day. One that is open keeps its owner and its day; one that
/// was closed (a day was agreed, and nothing came) is opened again for this day. Doing it twice is doing it once.
///
/// Whether there should be one is the caller's to decide: nothing here looks at the occasion's state.
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such occasion.
pub async fn open_call<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    occasion: Uuid,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    // Unscoped on purpose: whoever calls works for the server itself.
    let row = occasion::Entity::find_by_id(occasion).one(tx).await?;
    let person_id = row.ok_or(StoreError::NotFound)?.person_id;
    let found = person::Entity::find_by_id(person_id).one(tx).await?;
    let found = found.ok_or(StoreError::NotFound)?;
    let row = call_task::ActiveModel {
        id: Set(uuid_v7(now, random)),
        occasion_id: Set(occasion),
        person_id: Set(found.id),
        project_id: Set(found.project_id),
        owner_id: Set(None),
        next_try_on: Set(on),
        opened_at: Set(now),
        closed_at: Set(None),
        outcome: Set(None),
    };
    call_task::Entity::insert(row)
        .on_conflict(
            OnConflict::column(call_task::Column::OccasionId)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    call_task::Entity::update_many()
        .col_expr(
            call_task::Column::ClosedAt,
            Expr::value(None::<DateTime<Utc>>),
        )
        .col_expr(call_task::Column::Outcome, Expr::value(None::<String>))
        .col_expr(call_task::Column::NextTryOn, Expr::value(on))
        .col_expr(call_task::Column::OpenedAt, Expr::value(now))
        .filter(call_task::Column::OccasionId.eq(occasion))
        .filter(call_task::Column::ClosedAt.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// A call that was closed by a reason is to be made again, for the reason was taken back.
pub(super) async fn resume<C: ConnectionTrait>(
    tx: &C,
    occasion: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    call_task::Entity::update_many()
        .col_expr(
            call_task::Column::ClosedAt,
            Expr::value(None::<DateTime<Utc>>),
        )
        .col_expr(call_task::Column::Outcome, Expr::value(None::<String>))
        .col_expr(
            call_task::Column::NextTryOn,
            Expr::value(calendar::day_of(now)),
        )
        .filter(call_task::Column::OccasionId.eq(occasion))
        .filter(call_task::Column::ClosedAt.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Says what became of a call: it is tried again on another day, or closed because a day was agreed or a reason was given.
///
/// # Errors
/// No such call within the proof's projects, one that is closed, a person who must not be asked, or no next step.
pub async fn attempt(
    proof: &Proof<MakeCall>,
    services: &Services,
    id: Uuid,
    form: CallAttempt,
) -> Result<CallStatus, FollowupError> {
    let now = services.clock.now();
    let today = calendar::day_of(now);
    let tx = services.db.begin().await?;
    let (person, task) = open_task(proof, &*tx, id).await?;
    let next = next_step(&form, today)?;
    let occasion = scope::occasions(proof.scope())
        .filter(occasion::Column::Id.eq(task.occasion_id))
        .one(&*tx)
        .await?;
    let occasion = occasion.ok_or(StoreError::NotFound)?;
    if occasion.completed_at.is_some() {
        return Err(FollowupError::Finished);
    }
    let row = call_attempt::ActiveModel {
        id: Set(uuid_v7(now, &*services.random)),
        task_id: Set(id),
        at: Set(now),
        account_id: Set(proof.account()),
        outcome: Set(form.outcome.as_str().to_owned()),
        next_try_on: Set(next.day()),
    };
    call_attempt::Entity::insert(row)
        .exec_without_returning(&*tx)
        .await?;
    let outcome = form.outcome.as_str();
    let mut next_try = next.day().unwrap_or(task.next_try_on);
    match next {
        Next::TryAgain(day) => try_again(&*tx, id, day).await?,
        Next::Agreed(day) => next_try = agreed(&*tx, &task, day, outcome, now).await?,
        Next::Never(reason) => {
            let reason = Reason {
                reason,
                call_outcome: outcome,
            };
            reasons::set(proof, services, &*tx, &person, &occasion, reason, now).await?;
            reasons::replan(services, &*tx, &person, now).await?;
        }
    }
    let deed = Deed::CallAttempt;
    audit::record(&*tx, &*services.random, proof, deed, about(&task), now).await?;
    tx.commit().await?;
    Ok(CallStatus {
        call: id,
        owner: task.owner_id,
        next_try,
        closed: !matches!(next, Next::TryAgain(_)),
    })
}

/// Takes back what was written down last about a call: the call is to be made as before, and a reason that it gave is taken back with it.
/// The ledger tells both. Where nothing was written down nothing happens.
///
/// # Errors
/// No such call within the proof's projects, a person who must not be asked, or a measurement that was answered since.
pub async fn take_back(
    proof: &Proof<MakeCall>,
    services: &Services,
    id: Uuid,
) -> Result<CallStatus, FollowupError> {
    let now = services.clock.now();
    let today = calendar::day_of(now);
    let tx = services.db.begin().await?;
    let (person, task) = task_of(proof, &*tx, id).await?;
    let occasion = scope::occasions(proof.scope())
        .filter(occasion::Column::Id.eq(task.occasion_id))
        .one(&*tx)
        .await?;
    let occasion = occasion.ok_or(StoreError::NotFound)?;
    if occasion.completed_at.is_some() {
        return Err(FollowupError::Finished);
    }
    let last = call_attempt::Entity::find()
        .filter(call_attempt::Column::TaskId.eq(id))
        .order_by_desc(call_attempt::Column::At)
        .order_by_desc(call_attempt::Column::Id)
        .one(&*tx)
        .await?;
    let Some(last) = last else {
        return Ok(status(&task, task.next_try_on, task.closed_at.is_some()));
    };
    // Only a reason that this try gave: one that somebody gave elsewhere is another thing.
    let gave = last.next_try_on.is_none() && task.outcome.as_deref() == Some(&last.outcome);
    if occasion.missed_reason.is_some() && !gave {
        return Err(FollowupError::Finished);
    }
    call_attempt::Entity::delete_by_id(last.id)
        .exec(&*tx)
        .await?;
    if gave && occasion.missed_reason.is_some() {
        reasons::take_back(proof, services, &*tx, &person, &occasion, now).await?;
    }
    resume(&*tx, task.occasion_id, now).await?;
    try_again(&*tx, id, today).await?;
    let line = occasion_change::ActiveModel {
        id: Set(uuid_v7(now, &*services.random)),
        occasion_id: Set(task.occasion_id),
        person_id: Set(task.person_id),
        project_id: Set(task.project_id),
        at: Set(now),
        account_id: Set(proof.account()),
        what: Set(TAKEN_BACK.to_owned()),
        before: Set(Some(last.outcome)),
        after: Set(None),
    };
    occasion_change::Entity::insert(line)
        .exec_without_returning(&*tx)
        .await?;
    reasons::replan(services, &*tx, &person, now).await?;
    let deed = Deed::CallTakenBack;
    audit::record(&*tx, &*services.random, proof, deed, about(&task), now).await?;
    tx.commit().await?;
    Ok(status(&task, today, false))
}

fn status(task: &call_task::Model, next_try: NaiveDate, closed: bool) -> CallStatus {
    CallStatus {
        call: task.id,
        owner: task.owner_id,
        next_try,
        closed,
    }
}

/// What follows from a call.
#[derive(Debug, Clone, Copy)]
enum Next {
    TryAgain(NaiveDate),
    Agreed(NaiveDate),
    Never(MissedReason),
}

impl Next {
    fn day(self) -> Option<NaiveDate> {
        match self {
            Self::TryAgain(day) | Self::Agreed(day) => Some(day),
            Self::Never(_) => None,
        }
    }
}

fn next_step(form: &CallAttempt, today: NaiveDate) -> Result<Next, FollowupError> {
    let farthest = today
        .checked_add_days(Days::new(u64::from(FARTHEST_AHEAD_DAYS)))
        .unwrap_or(today);
    let day = || match form.next_try {
        None => Err(FollowupError::Input("/next_try", "required")),
        Some(day) if day < today => Err(FollowupError::Input("/next_try", "in_past")),
        Some(day) if day > farthest => Err(FollowupError::Input("/next_try", "too_far")),
        Some(day) => Ok(day),
    };
    match (form.outcome, form.reason) {
        (CallOutcome::Declined, None | Some(MissedReason::Declined)) => {
            Ok(Next::Never(MissedReason::Declined))
        }
        (CallOutcome::Declined | CallOutcome::AgreedDate, Some(_)) => {
            Err(FollowupError::Input("/reason", "not_with_outcome"))
        }
        (CallOutcome::AgreedDate, None) => Ok(Next::Agreed(day()?)),
        (CallOutcome::Reached | CallOutcome::NotReached, Some(reason)) => Ok(Next::Never(reason)),
        (CallOutcome::Reached | CallOutcome::NotReached, None) => Ok(Next::TryAgain(day()?)),
    }
}

async fn try_again<C: ConnectionTrait>(tx: &C, id: Uuid, day: NaiveDate) -> Result<(), StoreError> {
    call_task::Entity::update_many()
        .col_expr(call_task::Column::NextTryOn, Expr::value(day))
        .filter(call_task::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// The call is done. On the agreed day, or tomorrow if that is today, it is looked at again: without answers by then, somebody calls once
/// more. The day of the task lies after the day of its closing, which is how it is known to be agreed.
async fn agreed<C: ConnectionTrait>(
    tx: &C,
    task: &call_task::Model,
    day: NaiveDate,
    outcome: &str,
    now: DateTime<Utc>,
) -> Result<NaiveDate, StoreError> {
    let tomorrow = calendar::day_of(now).succ_opt();
    let day = tomorrow.map_or(day, |tomorrow| day.max(tomorrow));
    call_task::Entity::update_many()
        .col_expr(call_task::Column::NextTryOn, Expr::value(day))
        .col_expr(call_task::Column::ClosedAt, Expr::value(now))
        .col_expr(call_task::Column::Outcome, Expr::value(outcome))
        .filter(call_task::Column::Id.eq(task.id))
        .exec(tx)
        .await?;
    let look_at = calendar::moment(
        day,
        windows::plan_of(tx, task.project_id)
            .await?
            .reminders
            .send_at,
    );
    followup::Entity::update_many()
        .col_expr(followup::Column::NextLookAt, Expr::value(look_at))
        .filter(followup::Column::OccasionId.eq(task.occasion_id))
        .exec(tx)
        .await?;
    Ok(day)
}

/// An open call task in scope, with its person, locked, who may be asked.
async fn open_task<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    tx: &C,
    id: Uuid,
) -> Result<(person::Model, call_task::Model), FollowupError> {
    let (person, task) = task_of(proof, tx, id).await?;
    match task.closed_at {
        Some(_) => Err(FollowupError::Closed),
        None => Ok((person, task)),
    }
}

/// A call task in scope, open or not, with its person, locked, who may be asked.
async fn task_of<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    tx: &C,
    id: Uuid,
) -> Result<(person::Model, call_task::Model), FollowupError> {
    let find = || scope::call_tasks(proof.scope()).filter(call_task::Column::Id.eq(id));
    let task = find().one(tx).await?.ok_or(StoreError::NotFound)?;
    let person = to_be_asked(proof, tx, task.person_id).await?;
    // Once more, now that nobody else changes it.
    let task = find().one(tx).await?.ok_or(StoreError::NotFound)?;
    Ok((person, task))
}

fn about(task: &call_task::Model) -> About {
    About {
        person: Some(task.person_id),
        project: Some(task.project_id),
        subject: Some(task.id),
    }
}
