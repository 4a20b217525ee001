//! Why an occasion will never be made, and taking that back. Every change is a line of the ledger `occasion_changes`.

use std::collections::BTreeSet;

use bedring_contract::followup::{Missed, MissedSet};
use bedring_domain::course::MissedReason;
use bedring_store::entities::{call_task, followup, occasion, occasion_change, person};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::{LockType, OnConflict};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use bedring_store::{StoreError, convert, scope};
use chrono::{DateTime, Days, Utc};
use uuid::Uuid;

use super::changes::By;
use super::{FollowupError, calls, holds, windows};
use crate::accounts::access::{GiveReason, Proof};
use crate::audit::{self, About, Deed};
use crate::ports::uuid_v7;
use crate::state::Services;

/// Most occasions at once.
const MOST: usize = 200;
/// What stands in `occasion_changes.what`.
pub const MISSED_REASON: &str = "missed_reason";
/// What stands in `call_tasks.outcome` when a reason made the call needless.
pub const MISSED: &str = "missed";

/// These occasions will never be made, for this reason: all of them, or nothing is changed.
///
/// # Errors
/// [`StoreError::NotFound`] if one of them does not exist within the proof's projects, [`FollowupError::Finished`] if one was answered or
/// its person said no or withdrew.
pub async fn missed(
    proof: &Proof<GiveReason>,
    services: &Services,
    form: Missed,
) -> Result<MissedSet, FollowupError> {
    let ids: BTreeSet<Uuid> = form.occasions.into_iter().collect();
    if ids.is_empty() {
        return Err(FollowupError::Input("/occasions", "required"));
    }
    if ids.len() > MOST {
        return Err(FollowupError::Input("/occasions", "too_many"));
    }
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    let (people, rows) = locked(proof, &*tx, &ids).await?;
    let mut changed = 0;
    for row in &rows {
        let person = people
            .iter()
            .find(|p| p.id == row.person_id)
            .ok_or(StoreError::NotFound)?;
        if row.completed_at.is_some() || !convert::standing(person).may_ask() {
            return Err(FollowupError::Finished);
        }
        let reason = Reason {
            reason: form.reason,
            call_outcome: MISSED,
        };
        changed += u64::from(set(proof, services, &*tx, person, row, reason, now).await?);
    }
    for person in &people {
        replan(services, &*tx, person, now).await?;
    }
    tx.commit().await?;
    Ok(MissedSet { changed })
}

/// Takes the reason of an occasion back: it is waited for again. Without a reason nothing happens.
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such occasion within the proof's projects.
pub async fn reopen(
    proof: &Proof<GiveReason>,
    services: &Services,
    id: Uuid,
) -> Result<(), FollowupError> {
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    let (people, rows) = locked(proof, &*tx, &BTreeSet::from([id])).await?;
    let (Some(person), Some(row)) = (people.first(), rows.first()) else {
        return Err(StoreError::NotFound.into());
    };
    if row.missed_reason.is_none() {
        return Ok(());
    }
    take_back(proof, services, &*tx, person, row, now).await?;
    replan(services, &*tx, person, now).await?;
    tx.commit().await?;
    Ok(())
}

/// An occasion has no reason any more. The caller holds the person's row, and replans.
pub(super) async fn take_back<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    services: &Services,
    tx: &C,
    person: &person::Model,
    row: &occasion::Model,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = row.id;
    occasion::Entity::update_many()
        .col_expr(occasion::Column::MissedReason, Expr::value(None::<String>))
        .filter(occasion::Column::Id.eq(id))
        .exec(tx)
        .await?;
    // Whoever plans reminders looks at it again at once.
    followup::Entity::update_many()
        .col_expr(followup::Column::MissedBy, Expr::value(None::<Uuid>))
        .col_expr(
            followup::Column::MissedAt,
            Expr::value(None::<DateTime<Utc>>),
        )
        .col_expr(followup::Column::NextLookAt, Expr::value(now))
        .filter(followup::Column::OccasionId.eq(id))
        .exec(tx)
        .await?;
    calls::resume(tx, id, now).await?;
    let by = By::holder(proof, &*services.random, now);
    note(tx, by, person, row, None).await?;
    let about = about(person, id);
    let deed = Deed::OccasionReopened;
    audit::record(tx, &*services.random, proof, deed, about, now).await?;
    Ok(())
}

/// Occasions with their people, whose rows are locked in the order of their ids.
async fn locked<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    tx: &C,
    ids: &BTreeSet<Uuid>,
) -> Result<(Vec<person::Model>, Vec<occasion::Model>), StoreError> {
    let wanted =
        || scope::occasions(proof.scope()).filter(occasion::Column::Id.is_in(ids.iter().copied()));
    let whose: Vec<Uuid> = wanted()
        .select_only()
        .column(occasion::Column::PersonId)
        .into_tuple()
        .all(tx)
        .await?;
    if whose.len() != ids.len() {
        return Err(StoreError::NotFound);
    }
    let people = scope::persons(proof.scope())
        .filter(person::Column::Id.is_in(whose))
        .order_by_asc(person::Column::Id)
        .lock(LockType::Update)
        .all(tx)
        .await?;
    let rows = wanted().order_by_asc(occasion::Column::Id).all(tx).await?;
    Ok((people, rows))
}

/// A reason, and what the call about it came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reason {
    /// Why.
    pub reason: MissedReason,
    /// For `call_tasks.outcome`.
    pub call_outcome: &'static str,
}

/// Gives an occasion a reason; false if it had this one. The caller holds the person's row and knows that the occasion is unfinished.
pub(super) async fn set<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    services: &Services,
    tx: &C,
    person: &person::Model,
    row: &occasion::Model,
    given: Reason,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let reason = given.reason.as_str();
    call_task::Entity::update_many()
        .col_expr(call_task::Column::ClosedAt, Expr::value(now))
        .col_expr(call_task::Column::Outcome, Expr::value(given.call_outcome))
        .filter(call_task::Column::OccasionId.eq(row.id))
        .filter(call_task::Column::ClosedAt.is_null())
        .exec(tx)
        .await?;
    if row.missed_reason.as_deref() == Some(reason) {
        return Ok(false);
    }
    occasion::Entity::update_many()
        .col_expr(occasion::Column::MissedReason, Expr::value(reason))
        .filter(occasion::Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    hold(proof, tx, person, row, now).await?;
    let by = By::holder(proof, &*services.random, now);
    note(tx, by, person, row, Some(reason)).await?;
    let about = about(person, row.id);
    let deed = Deed::OccasionMissed;
    audit::record(tx, &*services.random, proof, deed, about, now).await?;
    Ok(true)
}

/// Who gave the reason, and when. An occasion from before there were plans gets its row here.
async fn hold<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    tx: &C,
    person: &person::Model,
    row: &occasion::Model,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let grace = Days::new(convert::OVERDUE_AFTER_DAYS);
    let held = followup::ActiveModel {
        occasion_id: Set(row.id),
        person_id: Set(person.id),
        project_id: Set(person.project_id),
        plan_key: Set(row.kind.clone()),
        plan_repeat: Set(row.number.saturating_sub(1).max(0)),
        overdue_from: Set(row.due_on.and_then(|due| due.checked_add_days(grace))),
        closes_on: Set(None),
        missed_by: Set(proof.account()),
        missed_at: Set(Some(now)),
        next_look_at: Set(None),
    };
    followup::Entity::insert(held)
        .on_conflict(
            OnConflict::column(followup::Column::OccasionId)
                .update_columns([
                    followup::Column::MissedBy,
                    followup::Column::MissedAt,
                    followup::Column::NextLookAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// A line of the ledger.
///
/// # Errors
/// As the database says.
pub async fn note<C: ConnectionTrait>(
    tx: &C,
    by: By<'_>,
    person: &person::Model,
    row: &occasion::Model,
    after: Option<&str>,
) -> Result<(), StoreError> {
    let line = occasion_change::ActiveModel {
        id: Set(uuid_v7(by.now, by.random)),
        occasion_id: Set(row.id),
        person_id: Set(person.id),
        project_id: Set(person.project_id),
        at: Set(by.now),
        account_id: Set(by.account),
        what: Set(MISSED_REASON.to_owned()),
        before: Set(row.missed_reason.clone()),
        after: Set(after.map(ToOwned::to_owned)),
    };
    occasion_change::Entity::insert(line)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// What is counted from an occasion that was given up has days now; from one that was taken back it has none any more.
pub(super) async fn replan<C: ConnectionTrait>(
    services: &Services,
    tx: &C,
    person: &person::Model,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if holds::count_from_occasions(tx, person.project_id).await? {
        windows::materialise(tx, &*services.random, person, now).await?;
    }
    Ok(())
}

fn about(person: &person::Model, occasion: Uuid) -> About {
    About {
        person: Some(person.id),
        project: Some(person.project_id),
        subject: Some(occasion),
    }
}
