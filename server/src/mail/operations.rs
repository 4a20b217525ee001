//! How sending goes: for the operations page and for `/metrics`.

use std::collections::BTreeMap;

use bedring_contract::mail::{FailureCount, MailCounts, Operations};
use bedring_store::StoreError;
use bedring_store::entities::{job, mail};
use bedring_store::sea_orm::sea_query::{Expr, ExprTrait};
use bedring_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use chrono::{DateTime, Utc};

use super::outbox;
use crate::accounts::access::{Proof, SeeOperations};
use crate::observe::metrics;
use crate::set_back;
use crate::state::Services;

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
    let piles = piles(db).await?;
    Ok(Operations {
        mail_is_on: services.mail.is_on(),
        mails_waiting: waiting,
        oldest_waiting: oldest,
        last_success: last_success(db).await?,
        mails: counts(&piles),
        failures: failures(piles),
        all_from_one_address: services
            .visitors
            .all_from_one_address(services.config.server.is_local()),
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

/// Mails of one state that have one reason.
#[derive(FromQueryResult)]
struct Pile {
    state: String,
    reason: Option<String>,
    count: i64,
    latest: Option<DateTime<Utc>>,
}

impl Pile {
    fn count(&self) -> u64 {
        u64::try_from(self.count).unwrap_or(0)
    }

    fn is_waiting(&self) -> bool {
        matches!(self.state.as_str(), outbox::WAITING | outbox::SENDING)
    }
}

/// All mails, however old: what waits or was given up does not get better by age.
async fn piles<C: ConnectionTrait>(db: &C) -> Result<Vec<Pile>, StoreError> {
    Ok(mail::Entity::find()
        .select_only()
        .columns([mail::Column::State, mail::Column::Reason])
        .column_as(mail::Column::Id.count(), "count")
        .column_as(mail::Column::CreatedAt.max(), "latest")
        .group_by(mail::Column::State)
        .group_by(mail::Column::Reason)
        .into_model()
        .all(db)
        .await?)
}

fn counts(piles: &[Pile]) -> MailCounts {
    let mut all = MailCounts::default();
    for pile in piles {
        match (pile.state.as_str(), pile.reason.as_deref()) {
            (outbox::SENT, _) => all.sent += pile.count(),
            (outbox::BOUNCED, _) | (outbox::FAILED, Some(outbox::RETURNED)) => {
                all.returned += pile.count();
            }
            (outbox::FAILED, _) => all.failed += pile.count(),
            _ => {}
        }
    }
    all
}

/// By kind. Those that wait have a reason only if the mail server said no.
fn failures(piles: Vec<Pile>) -> Vec<FailureCount> {
    let mut kinds: BTreeMap<String, FailureCount> = BTreeMap::new();
    for pile in piles {
        let failed = matches!(pile.state.as_str(), outbox::FAILED | outbox::BOUNCED);
        let (count, waits) = (pile.count(), pile.is_waiting());
        let Some(kind) = pile.reason.filter(|_| failed || waits) else {
            continue;
        };
        let sum = kinds.entry(kind.clone()).or_insert(FailureCount {
            kind,
            count: 0,
            waiting: 0,
            latest: None,
        });
        sum.count += count;
        sum.waiting += if waits { count } else { 0 };
        sum.latest = Ord::max(sum.latest, pile.latest);
    }
    kinds.into_values().collect()
}

/// When the mail server last took a mail, whatever came back afterwards.
async fn last_success<C: ConnectionTrait>(db: &C) -> Result<Option<DateTime<Utc>>, StoreError> {
    let taken = Condition::any()
        .add(mail::Column::State.eq(outbox::BOUNCED))
        .add(mail::Column::Reason.eq(outbox::RETURNED))
        .add(
            mail::Column::State
                .eq(outbox::SENT)
                .and(mail::Column::Reason.is_null()),
        );
    let last: Option<Option<DateTime<Utc>>> = mail::Entity::find()
        .select_only()
        .column_as(mail::Column::SentAt.max(), "last")
        .filter(taken)
        .into_tuple()
        .one(db)
        .await?;
    Ok(last.flatten())
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
    metrics::mail_last_taken(last_success(services.db.read()).await?);
    Ok(())
}
