//! What a clock that ran ahead wrote down about calls, answers and the next looks, once it is set back.

use bedring_store::StoreError;
use bedring_store::entities::{call_attempt, call_task, followup, occasion, person};
use bedring_store::sea_orm::sea_query::{Expr, LockType};
use bedring_store::sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::windows;
use crate::calendar;
use crate::set_back::farthest;
use crate::state::Services;

/// Rows of one transaction, so that nobody waits long for their turn.
const CHUNK: u64 = 500;

/// Everything that was to be looked at later is looked at now.
///
/// # Errors
/// As the database says; chunks before the one that failed are done.
pub async fn after_set_back(services: &Services, now: DateTime<Utc>) -> Result<(), StoreError> {
    while look_now(services, now).await? == CHUNK {}
    Ok(())
}

/// What was written since a moment that has not come: calls are taken back, unless somebody has begun with them; days on which to call come
/// near again; and answers count from now.
///
/// # Errors
/// As the database says; chunks before the one that failed are done.
pub async fn forget_ahead(
    services: &Services,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    while take_calls_back(services, since, now).await? > 0 {}
    bring_calls_near(services, since, now).await?;
    while count_answers_from_now(services, since, now).await? > 0 {}
    Ok(())
}

/// Open calls of a day that has not come, which nobody took or tried.
fn premature(since: DateTime<Utc>) -> Select<call_task::Entity> {
    let tried = call_attempt::Entity::find()
        .select_only()
        .column(call_attempt::Column::TaskId)
        .into_query();
    // Unscoped on purpose, here and below: the server's own work.
    call_task::Entity::find()
        .filter(call_task::Column::ClosedAt.is_null())
        .filter(call_task::Column::OpenedAt.gte(since))
        .filter(call_task::Column::OwnerId.is_null())
        .filter(call_task::Column::Id.not_in_subquery(tried))
}

async fn take_calls_back(
    services: &Services,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let tx = services.db.begin().await?;
    let tasks = premature(since).limit(CHUNK).all(&*tx).await?;
    if tasks.is_empty() {
        return Ok(0);
    }
    // What stands in the plan before the calls, as everywhere.
    let occasions = || tasks.iter().map(|t| t.occasion_id);
    followup::Entity::update_many()
        .col_expr(followup::Column::NextLookAt, Expr::value(Some(now)))
        .filter(followup::Column::OccasionId.is_in(occasions()))
        .exec(&*tx)
        .await?;
    call_task::Entity::delete_many()
        .filter(call_task::Column::Id.is_in(tasks.iter().map(|t| t.id)))
        .exec(&*tx)
        .await?;
    tx.commit().await?;
    Ok(tasks.len())
}

/// A day that is farther than anybody may choose was chosen by a wrong calendar. What was agreed is looked at tomorrow.
async fn bring_calls_near(
    services: &Services,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let today = calendar::day_of(now);
    let tomorrow = today.succ_opt().unwrap_or(today);
    let last = calendar::day_of(farthest(now));
    let tx = services.db.begin().await?;
    call_task::Entity::update_many()
        .col_expr(call_task::Column::NextTryOn, Expr::value(today))
        .filter(call_task::Column::ClosedAt.is_null())
        .filter(call_task::Column::NextTryOn.gt(last))
        .exec(&*tx)
        .await?;
    call_task::Entity::update_many()
        .col_expr(call_task::Column::NextTryOn, Expr::value(tomorrow))
        .col_expr(call_task::Column::ClosedAt, Expr::value(now))
        .filter(call_task::Column::ClosedAt.gte(since))
        .filter(call_task::Column::Outcome.eq("agreed_date"))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// What is counted from an occasion is counted from the day on which it was made.
async fn count_answers_from_now(
    services: &Services,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let tx = services.db.begin().await?;
    let whose = occasion::Entity::find()
        .select_only()
        .column(occasion::Column::PersonId)
        .filter(occasion::Column::CompletedAt.gte(since))
        .limit(CHUNK)
        .into_tuple::<Uuid>()
        .all(&*tx)
        .await?;
    let people = person::Entity::find()
        .filter(person::Column::Id.is_in(whose))
        .order_by_asc(person::Column::Id)
        .lock(LockType::Update)
        .all(&*tx)
        .await?;
    for person in &people {
        occasion::Entity::update_many()
            .col_expr(occasion::Column::CompletedAt, Expr::value(now))
            .filter(occasion::Column::PersonId.eq(person.id))
            .filter(occasion::Column::CompletedAt.gte(since))
            .exec(&*tx)
            .await?;
        windows::materialise(&*tx, &*services.random, person, now).await?;
    }
    tx.commit().await?;
    Ok(people.len())
}

async fn look_now(services: &Services, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let tx = services.db.begin().await?;
    let later = followup::Entity::find()
        .select_only()
        .column(followup::Column::OccasionId)
        .filter(followup::Column::NextLookAt.gt(now))
        .order_by_asc(followup::Column::OccasionId)
        .limit(CHUNK)
        .into_query();
    let done = followup::Entity::update_many()
        .col_expr(followup::Column::NextLookAt, Expr::value(Some(now)))
        .filter(followup::Column::OccasionId.in_subquery(later))
        .exec(&*tx)
        .await?;
    tx.commit().await?;
    Ok(done.rows_affected)
}
