//! How sending goes: for the operations page and for `/metrics`.

use bedring_contract::mail::{FailureCount, Operations};
use bedring_store::StoreError;
use bedring_store::entities::{job, mail};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use chrono::{DateTime, TimeDelta, Utc};

use super::outbox;
use crate::accounts::access::{Proof, SeeOperations};
use crate::observe::metrics;
use crate::set_back;
use crate::state::Services;

/// How far back failures are counted.
const FAILURES: TimeDelta = TimeDelta::days(7);

/// What the operations page shows.
///
/// # Errors
/// As the database says.
pub async fn state(
    _proof: &Proof<SeeOperations>,
    services: &Services,
) -> Result<Operations, StoreError> {
    let (db, now) = (services.db.read(), services.clock.now());
    let (waiting, oldest) = queue(db).await?;
    let counts: Vec<(Option<String>, i64)> = mail::Entity::find()
        .select_only()
        .column(mail::Column::Reason)
        .column_as(mail::Column::Id.count(), "count")
        .filter(mail::Column::CreatedAt.gt(now - FAILURES))
        // Those that wait have a reason only if the mail server said no.
        .filter(mail::Column::State.is_in([outbox::FAILED, outbox::BOUNCED, outbox::WAITING]))
        .filter(mail::Column::Reason.is_not_null())
        .group_by(mail::Column::Reason)
        .order_by_asc(mail::Column::Reason)
        .into_tuple()
        .all(db)
        .await?;
    let last_success: Option<Option<DateTime<Utc>>> = mail::Entity::find()
        .select_only()
        .column_as(mail::Column::SentAt.max(), "last")
        .filter(mail::Column::State.eq(outbox::SENT))
        .filter(mail::Column::Reason.is_null())
        .into_tuple()
        .one(db)
        .await?;
    Ok(Operations {
        mail_is_on: services.mail.is_on(),
        mails_waiting: waiting,
        oldest_waiting: oldest,
        last_success: last_success.flatten(),
        failures: counts
            .into_iter()
            .map(|(kind, count)| FailureCount {
                kind: kind.unwrap_or_default(),
                count: u64::try_from(count).unwrap_or(0),
            })
            .collect(),
        jobs_waiting: job::Entity::find().count(db).await?,
        clock_set_back: set_back::last(db, now).await?,
        bounces: services
            .config
            .mail
            .bounces_imap
            .host
            .as_ref()
            .map(|_| services.mail.returned.state()),
    })
}

/// How many mails wait or are being sent, and since when the oldest does.
async fn queue<C: ConnectionTrait>(db: &C) -> Result<(u64, Option<DateTime<Utc>>), StoreError> {
    // In plain words, for the partial index.
    let waiting = || mail::Entity::find().filter(Expr::cust("state IN ('waiting', 'sending')"));
    let oldest: Option<DateTime<Utc>> = waiting()
        .select_only()
        .column(mail::Column::CreatedAt)
        .order_by_asc(mail::Column::CreatedAt)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok((waiting().count(db).await?, oldest))
}

/// The same for `/metrics`, where somebody looks.
pub(super) async fn measure(services: &Services) -> Result<(), StoreError> {
    if services.config.server.metrics_bind.is_none() {
        return Ok(());
    }
    let (waiting, oldest) = queue(services.db.read()).await?;
    let seconds = oldest.map_or(0, |at| (services.clock.now() - at).num_seconds());
    metrics::mails_waiting(waiting, seconds);
    Ok(())
}
