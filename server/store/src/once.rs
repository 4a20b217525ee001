//! Doing what somebody asked for once, however often it is sent.
//!
//! A request may carry an id. Whatever is run [`within`] such an id writes a row for it at the beginning of its first transaction, so
//! that deed and row last together or not at all: two at once wait for each other on the row, and the second learns
//! [`StoreError::DoneBefore`] before it has done anything. Rules and transactions know nothing of it.

use std::cell::Cell;
use std::future::Future;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::StoreError;
use crate::entities::kept_answer;

/// What a row is made of.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Names the request; the same each time it is sent.
    pub id: Vec<u8>,
    /// SHA-256 of what was asked.
    pub request: Vec<u8>,
    /// When.
    pub at: DateTime<Utc>,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was written: the same may be asked again.
    Nothing,
    /// It was done, and the row lasts.
    Done,
    /// Somebody else has done it.
    DoneBefore,
}

struct Running {
    claim: Claim,
    standing: Cell<Standing>,
}

tokio::task_local! {
    static RUNNING: Running;
}

/// Runs something of which the transactions are done once for this claim.
pub async fn within<F: Future>(claim: Claim, deed: F) -> (F::Output, Standing) {
    let running = Running {
        claim,
        standing: Cell::new(Standing::Nothing),
    };
    let deed = async {
        let output = deed.await;
        (output, RUNNING.with(|running| running.standing.get()))
    };
    RUNNING.scope(running, deed).await
}

/// At the beginning of a transaction: writes the row, unless an earlier transaction of the same request has made it last.
pub(crate) async fn claim<C: ConnectionTrait>(tx: &C) -> Result<(), StoreError> {
    let wanted = RUNNING.try_with(|running| match running.standing.get() {
        Standing::Done => None,
        Standing::Nothing | Standing::DoneBefore => Some(running.claim.clone()),
    });
    let Ok(Some(claim)) = wanted else {
        return Ok(());
    };
    let row = kept_answer::ActiveModel {
        id: Set(claim.id),
        request: Set(claim.request),
        asked_at: Set(claim.at),
        status: Set(None),
        answer_sealed: Set(None),
    };
    let nothing = OnConflict::column(kept_answer::Column::Id)
        .do_nothing()
        .to_owned();
    let written = kept_answer::Entity::insert(row)
        .on_conflict(nothing)
        .exec_without_returning(tx)
        .await?;
    if written == 0 {
        stands(Standing::DoneBefore);
        return Err(StoreError::DoneBefore);
    }
    Ok(())
}

/// A transaction was made to last, and with it the row.
pub(crate) fn claimed() {
    stands(Standing::Done);
}

fn stands(standing: Standing) {
    // Most transactions belong to no claim.
    let _ = RUNNING.try_with(|running| running.standing.set(standing));
}
