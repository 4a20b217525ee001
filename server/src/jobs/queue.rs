//! The table of jobs: taking with a lease, removing, putting off. Two servers on one database never hold the same job.

use bedring_store::entities::job::{Column, Entity, Model};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Jobs taken in one turn.
const MOST: u64 = 200;
/// How long a worker may take for one turn before others think that it died.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// Longest time between two tries.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);

fn due(now: DateTime<Utc>) -> Condition {
    let free = Condition::any()
        .add(Column::LeaseUntil.is_null())
        .add(Column::LeaseUntil.lt(now));
    Condition::all().add(Column::RunAt.lte(now)).add(free)
}

/// Takes what is due, oldest first.
pub(super) async fn take(db: &Db, now: DateTime<Utc>) -> Result<Vec<Model>, StoreError> {
    let query = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(due(now))
        .order_by_asc(Column::RunAt);
    // A plain read first: most of the time there is nothing, and nothing needs no write.
    let ids: Vec<Uuid> = query.limit(MOST).into_tuple().all(db.read()).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let tx = db.begin().await?;
    // Those that another worker took meanwhile have a lease now and are left out.
    let mut taken = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(now + LEASE))
        .filter(Column::Id.is_in(ids))
        .filter(due(now))
        .exec_with_returning(&*tx)
        .await?;
    tx.commit().await?;
    taken.sort_by_key(|job| (job.run_at, job.id));
    Ok(taken)
}

/// They are done.
pub(super) async fn done(db: &Db, jobs: &[&Model]) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    Entity::delete_many()
        .filter(Column::Id.is_in(jobs.iter().map(|job| job.id)))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// It failed: again later, each time after twice as long.
pub(super) async fn put_off(
    db: &Db,
    job: &Model,
    error: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let doublings = u32::try_from(job.attempts.clamp(0, 12)).unwrap_or(0);
    let wait = std::cmp::min(TimeDelta::seconds(10) * 2_i32.pow(doublings), LONGEST_WAIT);
    let tx = db.begin().await?;
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::RunAt, Expr::value(now + wait))
        .col_expr(
            Column::LeaseUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .col_expr(Column::LastError, Expr::value(error))
        .filter(Column::Id.eq(job.id))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// The clock ran ahead and was set back: what it put off is done now. Whoever holds a job may do it still; every job can be done twice.
pub(crate) async fn after_set_back(db: &Db, now: DateTime<Utc>) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    Entity::update_many()
        .col_expr(Column::RunAt, Expr::value(now))
        .filter(Column::RunAt.gt(now))
        .exec(&*tx)
        .await?;
    Entity::update_many()
        .col_expr(
            Column::LeaseUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .filter(Column::LeaseUntil.gt(now + LEASE))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// How many wait or run.
pub(super) async fn waiting(db: &Db) -> Result<u64, StoreError> {
    Ok(Entity::find().count(db.read()).await?)
}
