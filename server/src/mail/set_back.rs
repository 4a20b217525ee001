//! What a clock that ran ahead wrote down about mails, once it is set back. The rule decides anew; no number is freed, so no mail goes twice.

use bedring_store::StoreError;
use bedring_store::entities::mail::{Column, Entity};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, TimeDelta, Utc};

use super::outbox;
use crate::state::Services;

/// Mails that wait for a moment ahead are tried now, and asked about again.
///
/// # Errors
/// As the database says.
pub async fn after_set_back(services: &Services, now: DateTime<Utc>) -> Result<(), StoreError> {
    let tx = services.db.begin().await?;
    Entity::update_many()
        .col_expr(Column::RunAt, Expr::value(now))
        // In plain words, for the partial index.
        .filter(Expr::cust("state IN ('waiting', 'sending')"))
        .filter(Column::RunAt.gt(now))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// Mails that went "in a year" went, as far as anybody can tell, by now. Digests of weeks to come never were: their weeks shall have theirs.
///
/// # Errors
/// As the database says.
pub async fn forget_ahead(
    services: &Services,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let tx = services.db.begin().await?;
    // Patience with the mail server is counted from here.
    Entity::update_many()
        .col_expr(Column::CreatedAt, Expr::value(now))
        .filter(Column::Kind.eq(outbox::REMINDER))
        .filter(Column::CreatedAt.gte(since))
        .exec(&*tx)
        .await?;
    Entity::update_many()
        .col_expr(Column::SentAt, Expr::value(now))
        .filter(Column::SentAt.gte(since))
        .exec(&*tx)
        .await?;
    Entity::delete_many()
        .filter(Column::Kind.eq(outbox::DIGEST))
        .filter(Column::State.ne(outbox::SENDING))
        .filter(Column::CreatedAt.gte(since))
        .filter(Column::CreatedAt.gt(now + TimeDelta::days(7)))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// Gives free what was taken by the clock that was ahead. Whoever held it has put it down since, or is dead.
///
/// # Errors
/// As the database says.
pub async fn free_leases(services: &Services, now: DateTime<Utc>) -> Result<(), StoreError> {
    let tx = services.db.begin().await?;
    Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::State.eq(outbox::SENDING))
        .filter(Column::LeaseUntil.gt(now + outbox::LEASE))
        .exec(&*tx)
        .await?;
    tx.commit().await
}
