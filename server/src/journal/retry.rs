//! Trying again what was kept apart: by itself when a yes arrives, or because a person asks for it after mending the cause.

use bedring_domain::journal::Reason;
use bedring_store::StoreError;
use bedring_store::entities::journal_entry;
use bedring_store::sea_orm::{ConnectionTrait, EntityTrait};

use super::batch::{self, Context, Early, Opened};
use super::opened::{OpenedEntry, reopen};
use super::{Sender, state};

/// Decides again about a stored entry, as if it arrived at the moment it first did, but for what a person says of early answers. Gives the
/// reason that still holds, if any.
///
/// The row is taken out and put in again by the same code that decides about new ones, within one transaction: there is no second way
/// of applying an entry.
///
/// # Errors
/// As the database says.
pub async fn replay<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    row: journal_entry::Model,
    early: Early,
) -> Result<Option<Reason>, StoreError> {
    let unreadable = || StoreError::Unreadable {
        table: "journal_entries",
    };
    let (Some(body), sha256) = (row.body, row.sha256.try_into().map_err(|_| unreadable())?) else {
        return Ok(Some(Reason::PersonErased));
    };
    if row.reason.as_deref() == Some(Reason::EntryUnsigned.as_str()) && row.account_id.is_none() {
        // Nobody vouches for it.
        return Ok(Some(Reason::EntryUnsigned));
    }
    let (kind, content) = reopen(row.seal_key.as_deref(), &body, ctx.keys);
    journal_entry::Entity::delete_by_id(row.id).exec(tx).await?;
    let entry = OpenedEntry {
        id: row.id,
        sha256,
        seal_key: row.seal_key,
        body,
        kind,
        content,
    };
    let delivery = Opened {
        sender: Sender::Replay(row.person_id, row.account_id),
        device_id: row.device_id,
        sent_at: bedring_store::convert::device_time(&row.device_sent_at),
        entries: vec![Ok(Box::new(entry))],
    };
    let then = Context {
        editions: ctx.editions,
        keys: ctx.keys,
        random: ctx.random,
        quota: None,
        now: row.received_at,
        early,
    };
    let answers = batch::run(&then, tx, std::slice::from_ref(&delivery)).await?;
    let result = answers
        .into_iter()
        .next()
        .and_then(Result::ok)
        .and_then(|results| results.into_iter().next());
    Ok(result.ok_or_else(unreadable)?.reason)
}

/// Whether a row can be tried again at all.
#[must_use]
pub fn waits(row: &journal_entry::Model) -> bool {
    row.state == state::QUARANTINED
}
