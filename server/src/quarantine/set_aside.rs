//! Setting aside: somebody decided that what was kept apart is of no use. Its bytes go for good; what it was, its receipt, when it came, how
//! large it was, and who decided it stay. So its receipt still says something, and the same entry delivered again is known.

use bedring_store::entities::{journal_conflict, journal_entry};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use bedring_store::{StoreError, WriteTx, signs};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::states;
use crate::accounts::access::{Proof, ResolveQuarantine};

/// The same words in SQLite and PostgreSQL.
const SIZE: &str = "octet_length(body)";

/// Sets entries aside that wait and were found within the proof's projects, a bounded number of them. How many it were.
///
/// # Errors
/// As the database says.
pub async fn entries(
    proof: &Proof<ResolveQuarantine>,
    tx: &WriteTx,
    ids: Vec<Uuid>,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    use journal_entry::Column::{Body, Id, SettledAt, SettledBy, Size, State};
    let columns = [Id, State, Size, Body, SettledAt, SettledBy];
    empty::<journal_entry::Entity>(proof, tx, columns, states::QUARANTINED, ids, now).await
}

/// As [`entries`], of the second entries of conflicts.
///
/// # Errors
/// As the database says.
pub async fn conflicts(
    proof: &Proof<ResolveQuarantine>,
    tx: &WriteTx,
    ids: Vec<Uuid>,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    use journal_conflict::Column::{Body, Id, SettledAt, SettledBy, Size, State};
    let columns = [Id, State, Size, Body, SettledAt, SettledBy];
    empty::<journal_conflict::Entity>(proof, tx, columns, states::OPEN, ids, now).await
}

/// Empties rows of a table whose state is `waits`. The columns in the order in which they stand above.
async fn empty<E: EntityTrait>(
    proof: &Proof<ResolveQuarantine>,
    tx: &WriteTx,
    [id, state, size, body, at, by]: [E::Column; 6],
    waits: &str,
    ids: Vec<Uuid>,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    if ids.is_empty() {
        return Ok(0);
    }
    signs::note_erased();
    let done = E::update_many()
        .col_expr(state, Expr::value(states::DISMISSED))
        .col_expr(size, Expr::cust(SIZE))
        .col_expr(body, Expr::value(None::<String>))
        .col_expr(at, Expr::value(now))
        .col_expr(by, Expr::value(proof.account()))
        .filter(id.is_in(ids))
        .filter(state.eq(waits))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected)
}
