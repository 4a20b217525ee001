//! What became of an entry, by the receipt that a person shows.
//!
//! There is no index of receipts: four characters of one are the minute in which the entry's id was made, so its entry stands in one of
//! a few ranges of ids, and there the receipt of each is computed and compared.

use bedring_contract::staff::ReceiptStatus;
use bedring_domain::code::{parse_receipt, receipt, receipt_moments};
use bedring_domain::journal::{Outcome, Reason};
use bedring_store::entities::{journal_conflict, journal_entry, person};
use bedring_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use bedring_store::{StoreError, scope};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::states;
use crate::accounts::access::{LookUpReceipt, Proof};
use crate::journal::state;

/// Phones whose clock runs ahead make ids of the future: receipts are looked for that far.
const AHEAD: TimeDelta = TimeDelta::days(10 * 366);

/// The entry of a receipt, in whatever form it was typed.
///
/// # Errors
/// [`StoreError::NotFound`] if it is no receipt, or of an entry that is unknown or outside the proof's projects.
pub async fn status<C: ConnectionTrait>(
    proof: &Proof<LookUpReceipt>,
    db: &C,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<ReceiptStatus, StoreError> {
    let wanted = parse_receipt(typed).map_err(|_| StoreError::NotFound)?;
    let until = u64::try_from((now + AHEAD).timestamp_millis()).unwrap_or(0);
    let moments = receipt_moments(&wanted, until);
    if let Some(id) = entry_of(proof, db, &wanted, &moments).await? {
        let found = scope::journal_entries(proof.scope())
            .filter(journal_entry::Column::Id.eq(id))
            .one(db)
            .await?;
        let row = found.ok_or(StoreError::NotFound)?;
        let (outcome, reason) = match row.state.as_str() {
            state::APPLIED => (Outcome::Stored, None),
            state::GONE => (Outcome::Gone, row.reason),
            _ => (Outcome::Quarantined, row.reason),
        };
        return Ok(ReceiptStatus {
            receipt: wanted,
            outcome: outcome.as_str().to_owned(),
            reason,
            kind: row.kind,
            received_at: row.received_at,
            person_code: code_of(db, row.person_id).await?,
        });
    }
    conflict(proof, db, wanted, &moments).await
}

async fn entry_of<C: ConnectionTrait>(
    proof: &Proof<LookUpReceipt>,
    db: &C,
    wanted: &str,
    moments: &[(u64, u64)],
) -> Result<Option<Uuid>, StoreError> {
    let rows: Vec<(Uuid, Vec<u8>)> = scope::journal_entries(proof.scope())
        .select_only()
        .column(journal_entry::Column::Id)
        .column(journal_entry::Column::Sha256)
        .filter(ranges(journal_entry::Column::Id, moments))
        .order_by_asc(journal_entry::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .find(|(id, sha256)| fits(wanted, *id, sha256))
        .map(|(id, _)| id))
}

async fn conflict<C: ConnectionTrait>(
    proof: &Proof<LookUpReceipt>,
    db: &C,
    wanted: String,
    moments: &[(u64, u64)],
) -> Result<ReceiptStatus, StoreError> {
    let rows = scope::journal_conflicts(proof.scope())
        .filter(ranges(journal_conflict::Column::EntryId, moments))
        .all(db)
        .await?;
    let row = rows
        .into_iter()
        .find(|row| fits(&wanted, row.entry_id, &row.sha256))
        .ok_or(StoreError::NotFound)?;
    // An erasure empties what it cannot delete.
    let gone = row.state == states::DISMISSED && row.body.is_none();
    let (outcome, reason) = if gone {
        (Outcome::Gone, Reason::PersonErased)
    } else {
        (Outcome::Conflict, Reason::EntryConflict)
    };
    Ok(ReceiptStatus {
        receipt: wanted,
        outcome: outcome.as_str().to_owned(),
        reason: Some(reason.as_str().to_owned()),
        kind: None,
        received_at: row.received_at,
        person_code: code_of(db, row.person_id).await?,
    })
}

fn fits(wanted: &str, id: Uuid, sha256: &[u8]) -> bool {
    <&[u8; 32]>::try_from(sha256).is_ok_and(|sha256| receipt(id, sha256) == wanted)
}

/// All ids that were made in one of these stretches of milliseconds: an id begins with 48 bits of them.
fn ranges(id: impl ColumnTrait, moments: &[(u64, u64)]) -> Condition {
    let mut condition = Condition::any();
    for (from, to) in moments {
        let first = Uuid::from_u128(u128::from(*from) << 80);
        let last = Uuid::from_u128((u128::from(*to) << 80) | ((1 << 80) - 1));
        condition = condition.add(id.between(first, last));
    }
    condition
}

/// The entry was found in scope, so its person is.
async fn code_of<C: ConnectionTrait>(
    db: &C,
    person: Option<Uuid>,
) -> Result<Option<String>, StoreError> {
    let Some(id) = person else { return Ok(None) };
    Ok(person::Entity::find_by_id(id)
        .one(db)
        .await?
        .map(|p| p.code))
}
