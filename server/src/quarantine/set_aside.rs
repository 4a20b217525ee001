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
    if ids.is_empty() {
        return Ok(0);
    }
    signs::note_erased();
    let done = journal_entry::Entity::update_many()
        .col_expr(State, Expr::value(states::DISMISSED))
        .col_expr(Size, Expr::cust(SIZE))
        .col_expr(Body, Expr::value(None::<String>))
        .col_expr(SettledAt, Expr::value(now))
        .col_expr(SettledBy, Expr::value(proof.account()))
        .filter(Id.is_in(ids))
        .filter(State.eq(states::QUARANTINED))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected)
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
    if ids.is_empty() {
        return Ok(0);
    }
    signs::note_erased();
    let done = journal_conflict::Entity::update_many()
        .col_expr(State, Expr::value(states::DISMISSED))
        .col_expr(Size, Expr::cust(SIZE))
        .col_expr(Body, Expr::value(None::<String>))
        .col_expr(SettledAt, Expr::value(now))
        .col_expr(SettledBy, Expr::value(proof.account()))
        .filter(Id.is_in(ids))
        .filter(State.eq(states::OPEN))
        .exec(&**tx)
        .await?;
    Ok(done.rows_affected)
}
