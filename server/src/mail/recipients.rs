//! When an address was last written to, whomever it was about: one mail a day to an address is the rule.

use std::collections::{BTreeSet, HashMap};

use bedring_store::StoreError;
use bedring_store::entities::mail;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, QuerySelect, Statement,
};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::people::Target;
use crate::calendar;

/// The last day on which a mail went to each of these addresses.
pub(super) async fn last_days<C: ConnectionTrait>(
    tx: &C,
    targets: impl Iterator<Item = &Target>,
    except: Option<Uuid>,
) -> Result<HashMap<Vec<u8>, NaiveDate>, StoreError> {
    let hashes: BTreeSet<Vec<u8>> = targets.map(|t| t.hash.to_vec()).collect();
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    if except.is_some() {
        take_turns(tx, &hashes).await?;
    }
    let mut query = mail::Entity::find()
        .select_only()
        .column(mail::Column::RecipientHash)
        .column_as(mail::Column::SentAt.max(), "last")
        .filter(mail::Column::RecipientHash.is_in(hashes))
        .filter(mail::Column::SentAt.is_not_null())
        .group_by(mail::Column::RecipientHash);
    if let Some(id) = except {
        query = query.filter(mail::Column::Id.ne(id));
    }
    let rows: Vec<(Vec<u8>, DateTime<Utc>)> = query.into_tuple().all(tx).await?;
    Ok(rows
        .into_iter()
        .map(|(hash, at)| (hash, calendar::day_of(at)))
        .collect())
}

/// Two mails to one address, for two people, are decided one after the other: the second must see that the first has gone. SQLite has one
/// writer at a time as it is.
async fn take_turns<C: ConnectionTrait>(
    tx: &C,
    hashes: &BTreeSet<Vec<u8>>,
) -> Result<(), StoreError> {
    if tx.get_database_backend() != DatabaseBackend::Postgres {
        return Ok(());
    }
    for hash in hashes {
        let key = hash.first_chunk().copied().map_or(0, i64::from_be_bytes);
        tx.execute_raw(Statement::from_sql_and_values(
            DatabaseBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1)",
            [key.into()],
        ))
        .await?;
    }
    Ok(())
}
