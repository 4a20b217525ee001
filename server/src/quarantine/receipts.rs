//! What became of an entry, by the receipt that a person shows.
//!
//! There is no index of receipts: the first characters of one are the hour in which the entry's id was made, so its entry stands in one
//! of some ranges of ids, and there the receipt of each is computed and compared. Should several share one, all are shown.

use bedring_contract::quarantine::{ReceiptEntry, ReceiptStatus};
use bedring_domain::code::{is_receipt_of, parse_receipt, receipt_moments};
use bedring_domain::journal::{Outcome, Reason};
use bedring_store::entities::{journal_conflict, journal_entry, person};
use bedring_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use bedring_store::{StoreError, scope};
use uuid::Uuid;

use super::states;
use crate::accounts::access::{LookUpReceipt, Proof};
use crate::journal::state;

/// Ranges asked for at once: SQLite takes no expression that is nested more than a thousand deep.
const AT_ONCE: usize = 400;

/// The entries of a receipt, in whatever form it was typed.
///
/// # Errors
/// [`StoreError::NotFound`] if it is no receipt, or of an entry that is unknown or outside the proof's projects.
pub async fn status<C: ConnectionTrait>(
    proof: &Proof<LookUpReceipt>,
    db: &C,
    typed: &str,
) -> Result<ReceiptStatus, StoreError> {
    let wanted = parse_receipt(typed).map_err(|_| StoreError::NotFound)?;
    let (mut all, mut rivals) = (Vec::new(), Vec::new());
    for moments in receipt_moments(&wanted).chunks(AT_ONCE) {
        all.extend(entries(proof, db, &wanted, moments).await?);
        rivals.extend(conflicts(proof, db, &wanted, moments).await?);
    }
    all.sort_by_key(|entry: &ReceiptEntry| entry.received_at);
    all.extend(rivals);
    let first = all.first().cloned().ok_or(StoreError::NotFound)?;
    Ok(ReceiptStatus {
        receipt: wanted,
        outcome: first.outcome,
        reason: first.reason,
        kind: first.kind,
        received_at: first.received_at,
        person_code: first.person_code,
        set_aside_at: first.set_aside_at,
        entries: all,
    })
}

async fn entries<C: ConnectionTrait>(
    proof: &Proof<LookUpReceipt>,
    db: &C,
    wanted: &str,
    moments: &[(u64, u64)],
) -> Result<Vec<ReceiptEntry>, StoreError> {
    let rows: Vec<(Uuid, Vec<u8>)> = scope::journal_entries(proof.scope())
        .select_only()
        .column(journal_entry::Column::Id)
        .column(journal_entry::Column::Sha256)
        .filter(ranges(journal_entry::Column::Id, moments))
        .into_tuple()
        .all(db)
        .await?;
    let ids: Vec<Uuid> = rows
        .into_iter()
        .filter(|(id, sha256)| fits(wanted, *id, sha256))
        .map(|(id, _)| id)
        .collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = scope::journal_entries(proof.scope())
        .filter(journal_entry::Column::Id.is_in(ids))
        .order_by_asc(journal_entry::Column::ReceivedAt)
        .order_by_asc(journal_entry::Column::Id)
        .all(db)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (outcome, reason) = match row.state.as_str() {
            state::APPLIED => (Outcome::Stored, None),
            state::GONE => (Outcome::Gone, row.reason),
            _ => (Outcome::Quarantined, row.reason),
        };
        found.push(ReceiptEntry {
            outcome: outcome.as_str().to_owned(),
            reason,
            kind: row.kind,
            received_at: row.received_at,
            set_aside_at: row.settled_at.filter(|_| outcome == Outcome::Quarantined),
            person_code: code_of(db, row.person_id).await?,
        });
    }
    Ok(found)
}

async fn conflicts<C: ConnectionTrait>(
    proof: &Proof<LookUpReceipt>,
    db: &C,
    wanted: &str,
    moments: &[(u64, u64)],
) -> Result<Vec<ReceiptEntry>, StoreError> {
    let rows = scope::journal_conflicts(proof.scope())
        .filter(ranges(journal_conflict::Column::EntryId, moments))
        .order_by_asc(journal_conflict::Column::Id)
        .all(db)
        .await?;
    let mut found = Vec::new();
    for row in rows
        .into_iter()
        .filter(|row| fits(wanted, row.entry_id, &row.sha256))
    {
        // An erasure empties what it cannot delete. Before it had a state of its own here, that was what was set aside without a body.
        let gone = row.state == states::GONE
            || (row.state == states::DISMISSED && row.body.is_none() && row.settled_at.is_none());
        let (outcome, reason) = if gone {
            (Outcome::Gone, Reason::PersonErased)
        } else {
            (Outcome::Conflict, Reason::EntryConflict)
        };
        found.push(ReceiptEntry {
            outcome: outcome.as_str().to_owned(),
            reason: Some(reason.as_str().to_owned()),
            kind: None,
            received_at: row.received_at,
            set_aside_at: row.settled_at.filter(|_| !gone),
            person_code: code_of(db, row.person_id).await?,
        });
    }
    Ok(found)
}

fn fits(wanted: &str, id: Uuid, sha256: &[u8]) -> bool {
    <&[u8; 32]>::try_from(sha256).is_ok_and(|sha256| is_receipt_of(wanted, id, sha256))
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
