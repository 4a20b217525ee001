//! A clock that ran ahead and was set back: noticed by the latest moment it ever showed, which stands in the database, and mended once.
//!
//! What was put off until a moment by a clock that was wrong would otherwise wait until that moment really comes, and people would be lost by
//! silence. Each capability mends its own rows; nothing here decides what is due, it only has everything looked at again.
//!
//! A clock that is behind looks the same: a machine that has forgotten the time begins in 1970. So what was written down as having happened is
//! touched only if the clock was seen to leap ahead and is now back between where it leapt from and where it leapt to, and only as far
//! as it was written after the leap.

use bedring_contract::mail::ClockSetBack;
use bedring_domain::reminder::FARTHEST_AHEAD_DAYS;
use bedring_store::StoreError;
use bedring_store::entities::time_seen::{ActiveModel, Column, Entity, Model};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use chrono::{DateTime, TimeDelta, Utc};

use crate::accounts::sessions;
use crate::mail::outbox;
use crate::observe::metrics;
use crate::state::Services;
use crate::{followup, jobs, mail};

/// The one row.
const ROW: i32 = 1;
/// Clocks are put right by seconds and minutes all the time; what that puts off is done soon enough.
const SMALLEST: TimeDelta = TimeDelta::hours(1);
/// The latest moment is written down this often, so that a server at rest hardly writes.
const WRITE_EVERY: TimeDelta = TimeDelta::minutes(10);
/// How long the operations page tells of it.
const TOLD_FOR: TimeDelta = TimeDelta::days(30);

/// Nothing is put off until after this moment by a clock that is right.
#[must_use]
pub fn farthest(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::days(i64::from(FARTHEST_AHEAD_DAYS))
}

/// Notices whether the clock was set back since anybody looked, and mends what was put off meanwhile. If the server dies at it, it is done
/// again from the start, which changes nothing twice.
///
/// # Errors
/// As the database says.
pub async fn look(services: &Services) -> Result<(), StoreError> {
    let now = services.clock.now();
    let Some(seen) = Entity::find_by_id(ROW).one(services.db.read()).await? else {
        return begin(services, now).await;
    };
    if now + SMALLEST < seen.latest {
        mend(services, &seen, now).await?;
    } else if now > seen.latest + WRITE_EVERY {
        go_on(services, &seen, now).await?;
    }
    if seen.leases_end_at.is_some_and(|at| at <= now) {
        mail::free_leases(services, now).await?;
        let tx = services.db.begin().await?;
        Entity::update_many()
            .col_expr(Column::LeasesEndAt, Expr::value(None::<DateTime<Utc>>))
            .filter(Column::LeasesEndAt.lte(now))
            .exec(&*tx)
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The clock went on; perhaps it leapt.
async fn go_on(services: &Services, seen: &Model, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut update = Entity::update_many()
        .col_expr(Column::Latest, Expr::value(now))
        .filter(Column::Latest.lt(now));
    // Where it was set back by mistake it only comes back to where it had been.
    let comes_back = seen
        .set_back_from
        .is_some_and(|before| now + SMALLEST >= before);
    if now > farthest(seen.latest) && !comes_back {
        let days = (now - seen.latest).num_days();
        tracing::warn!(
            days,
            "the clock is ahead of when this server was last at work"
        );
        update = update
            .col_expr(Column::LeaptFrom, Expr::value(seen.latest))
            .col_expr(Column::LeaptTo, Expr::value(now));
    }
    let tx = services.db.begin().await?;
    update.exec(&*tx).await?;
    tx.commit().await
}

/// Since when whatever was written down was written by a clock that was ahead; `None` if that is not certain.
fn ahead_since(seen: &Model, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let (from, to) = seen.leapt_from.zip(seen.leapt_to)?;
    let between = from <= now + SMALLEST && now + SMALLEST < to;
    // Some work may have been done before the leap was seen, but none before it was made.
    between.then(|| farthest(from).max(now))
}

async fn begin(services: &Services, now: DateTime<Utc>) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(ROW),
        latest: Set(now),
        leapt_from: Set(None),
        leapt_to: Set(None),
        set_back_at: Set(None),
        set_back_from: Set(None),
        leases_end_at: Set(None),
    };
    let tx = services.db.begin().await?;
    Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(&*tx)
        .await?;
    tx.commit().await
}

async fn mend(services: &Services, seen: &Model, now: DateTime<Utc>) -> Result<(), StoreError> {
    let hours = (seen.latest - now).num_hours();
    tracing::error!(
        hours,
        showed = %seen.latest,
        "the clock was set back: whatever waits for a moment is looked at again"
    );
    jobs::after_set_back(&services.db, now).await?;
    mail::after_set_back(services, now).await?;
    if let Some(since) = ahead_since(seen, now) {
        mail::forget_ahead(services, since, now).await?;
        followup::forget_ahead(services, since, now).await?;
        sessions::forget_ahead(&services.db, since).await?;
    }
    followup::after_set_back(services, now).await?;
    // Last, so that whoever dies before leaves the others to do it.
    let tx = services.db.begin().await?;
    Entity::update_many()
        .col_expr(Column::Latest, Expr::value(now))
        .col_expr(Column::LeaptFrom, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::LeaptTo, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::SetBackAt, Expr::value(now))
        .col_expr(Column::SetBackFrom, Expr::value(seen.latest))
        .col_expr(Column::LeasesEndAt, Expr::value(now + outbox::LEASE))
        .filter(Column::Id.eq(ROW))
        .exec(&*tx)
        .await?;
    tx.commit().await?;
    metrics::clock_set_back();
    Ok(())
}

/// The last time that it happened, if that is not long ago.
///
/// # Errors
/// As the database says.
pub async fn last<C: ConnectionTrait>(
    db: &C,
    now: DateTime<Utc>,
) -> Result<Option<ClockSetBack>, StoreError> {
    let row = Entity::find_by_id(ROW).one(db).await?;
    let found = row.and_then(|r| r.set_back_at.zip(r.set_back_from));
    Ok(found
        .filter(|(at, _)| now - *at < TOLD_FOR)
        .map(|(at, showed)| ClockSetBack { at, showed }))
}
