//! Trying again what was kept apart: by itself when a yes arrives and when days move, or because a person asks for it after mending
//! the cause.

use bedring_domain::journal::Reason;
use bedring_store::StoreError;
use bedring_store::entities::{job, journal_entry, person};
use bedring_store::plan::to_json;
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::batch::{self, Context, Early, Opened};
use super::opened::{OpenedEntry, reopen};
use super::{Sender, TRY_AGAIN, state};
use crate::ports::{Random, uuid_v7};
use crate::state::Services;

/// People of one statement.
const PEOPLE: usize = 1000;

/// The days of these people's measurements have moved: what they answered too early by the days of before is tried again afterwards.
/// Whoever moves days says so in the same transaction.
///
/// # Errors
/// As the database says.
pub async fn days_moved<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    people: &[Uuid],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for some in people.chunks(PEOPLE) {
        let waiting: Vec<Uuid> = too_early()
            .select_only()
            .column(journal_entry::Column::PersonId)
            .distinct()
            .filter(journal_entry::Column::PersonId.is_in(some.iter().copied()))
            .into_tuple()
            .all(tx)
            .await?;
        if waiting.is_empty() {
            continue;
        }
        let row = job::ActiveModel {
            id: Set(uuid_v7(now, random)),
            kind: Set(TRY_AGAIN.to_owned()),
            payload: Set(to_json(&waiting)),
            run_at: Set(now),
            attempts: Set(0),
            lease_until: Set(None),
            last_error: Set(None),
            created_at: Set(now),
        };
        job::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Tries again what a person answered too early; what is too early still goes on to wait.
///
/// # Errors
/// As the database says.
pub async fn try_early(services: &Services, id: Uuid) -> Result<(), StoreError> {
    let tx = services.db.begin().await?;
    // Unscoped on purpose, here and below: nobody asks for it, it follows from days that moved.
    let locked = person::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(&*tx)
        .await?;
    if locked.is_none() {
        return Ok(());
    }
    let waiting = too_early()
        .filter(journal_entry::Column::PersonId.eq(id))
        .order_by_asc(journal_entry::Column::Id)
        .lock(LockType::Update)
        .all(&*tx)
        .await?;
    let ctx = services.journal.context();
    for entry in waiting {
        replay(&ctx, &*tx, entry, Early::KeptApart).await?;
    }
    tx.commit().await
}

fn too_early() -> Select<journal_entry::Entity> {
    journal_entry::Entity::find()
        .filter(journal_entry::Column::State.eq(state::QUARANTINED))
        .filter(journal_entry::Column::Reason.eq(Reason::OccasionNotOpen.as_str()))
}

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
