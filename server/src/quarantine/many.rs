//! Settling all that is kept apart of one person, a bounded part in each request and transaction: what is left is told, and the next request
//! goes on behind it.

use bedring_contract::quarantine::{ManyAction, ResolveMany, ResolvedMany, Whose};
use bedring_domain::journal::Reason;
use bedring_store::entities::{journal_conflict, journal_entry, person};
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use bedring_store::{StoreError, WriteTx, scope};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::waiting::{Cursor, Part};
use super::{set_aside, states};
use crate::accounts::access::{Proof, ResolveQuarantine};
use crate::audit::{self, Deed};
use crate::journal::{Early, retry};
use crate::state::Services;

/// Set aside in one request.
const DISMISSED_AT_ONCE: usize = 500;
/// Tried again in one request: each is decided anew while all other deliveries wait.
const RETRIED_AT_ONCE: usize = 50;

/// What tells the place of either in the order of arrival.
const ENTRY: [journal_entry::Column; 2] =
    [journal_entry::Column::ReceivedAt, journal_entry::Column::Id];
const CONFLICT: [journal_conflict::Column; 2] = [
    journal_conflict::Column::ReceivedAt,
    journal_conflict::Column::Id,
];

/// Settles the first part of what is kept apart of somebody behind `part.after`.
///
/// # Errors
/// [`StoreError::NotFound`] for a person outside the proof's projects.
pub async fn resolve(
    proof: &Proof<ResolveQuarantine>,
    services: &Services,
    whose: Whose,
    wanted: &ResolveMany,
    after: Option<Cursor>,
) -> Result<ResolvedMany, StoreError> {
    let part = Part {
        whose: Some(whose),
        reason: wanted.reason.clone(),
        until: Some(wanted.seen_until),
        after,
    };
    let tx = services.db.begin().await?;
    let person = lock(proof, &tx, whose).await?;
    let resolved = match wanted.action {
        ManyAction::Dismiss => dismiss(proof, services, &tx, part).await?,
        ManyAction::Retry => retry(proof, services, &tx, part).await?,
    };
    let deed = match wanted.action {
        ManyAction::Dismiss => Deed::EntriesDismissed,
        ManyAction::Retry => Deed::EntriesRetried,
    };
    let touched = resolved.settled + resolved.kept;
    if touched > 0 {
        let now = services.clock.now();
        audit::of_many(
            &*tx,
            &*services.random,
            proof,
            deed,
            person.as_ref(),
            touched,
            now,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(resolved)
}

/// One order for all writers: the person first, then what is theirs.
async fn lock(
    proof: &Proof<ResolveQuarantine>,
    tx: &WriteTx,
    whose: Whose,
) -> Result<Option<person::Model>, StoreError> {
    let Some(id) = whose.person() else {
        return Ok(None);
    };
    let found = scope::persons_ever(proof.scope())
        .filter(person::Column::Id.eq(id))
        .lock(LockType::Update)
        .one(&**tx)
        .await?;
    found.map(Some).ok_or(StoreError::NotFound)
}

async fn dismiss(
    proof: &Proof<ResolveQuarantine>,
    services: &Services,
    tx: &WriteTx,
    mut part: Part,
) -> Result<ResolvedMany, StoreError> {
    let (entries, conflicts) = (part.entries(proof.scope()), part.conflicts(proof.scope()));
    let mut turn: Vec<(Cursor, bool)> = Vec::new();
    let found = first(tx, entries, ENTRY, DISMISSED_AT_ONCE).await?;
    turn.extend(found.into_iter().map(|place| (place, true)));
    let found = first(tx, conflicts, CONFLICT, DISMISSED_AT_ONCE).await?;
    turn.extend(found.into_iter().map(|place| (place, false)));
    turn.sort();
    turn.truncate(DISMISSED_AT_ONCE);
    let ids = |entries: bool| {
        let fits = turn
            .iter()
            .filter(move |(_, is_entry)| *is_entry == entries);
        fits.map(|(place, _)| place.id).collect::<Vec<Uuid>>()
    };
    let now = services.clock.now();
    let settled = set_aside::entries(proof, tx, ids(true), now).await?
        + set_aside::conflicts(proof, tx, ids(false), now).await?;
    part.after = turn.last().map(|(place, _)| *place).or(part.after);
    let left = part.count(proof.scope(), &**tx).await?;
    Ok(told(settled, 0, left, part.after))
}

async fn retry(
    proof: &Proof<ResolveQuarantine>,
    services: &Services,
    tx: &WriteTx,
    mut part: Part,
) -> Result<ResolvedMany, StoreError> {
    let found = first(tx, provable(&part, proof), ENTRY, RETRIED_AT_ONCE).await?;
    part.after = found.last().copied().or(part.after);
    let context = services.journal.context();
    let (mut settled, mut kept) = (0, 0);
    for place in found {
        // Read only now: a yes among them has brought with it what waited for it.
        let row = journal_entry::Entity::find_by_id(place.id)
            .filter(journal_entry::Column::State.eq(states::QUARANTINED))
            .one(&**tx)
            .await?;
        let reason = match row {
            Some(row) => retry::replay(&context, &**tx, row, Early::KeptApart).await?,
            None => None,
        };
        match reason {
            None | Some(Reason::PersonErased) => settled += 1,
            Some(_) => kept += 1,
        }
    }
    let left = provable(&part, proof).count(&**tx).await?;
    Ok(told(settled, kept, left, part.after))
}

/// Without what somebody would have to vouch for: that is decided entry by entry.
fn provable(part: &Part, proof: &Proof<ResolveQuarantine>) -> Select<journal_entry::Entity> {
    use journal_entry::Column::Reason as Why;
    let unsigned = Why.ne(Reason::EntryUnsigned.as_str());
    let proved = Condition::any().add(Why.is_null()).add(unsigned);
    part.entries(proof.scope()).filter(proved)
}

fn told(settled: u64, kept: u64, left: u64, after: Option<Cursor>) -> ResolvedMany {
    let next = after.filter(|_| left > 0);
    ResolvedMany {
        settled,
        kept,
        left,
        next: next.map(|place| place.to_string()),
    }
}

/// The first so many places of a query, in the order of arrival.
async fn first<E: EntityTrait>(
    tx: &WriteTx,
    query: Select<E>,
    [at, id]: [E::Column; 2],
    most: usize,
) -> Result<Vec<Cursor>, StoreError> {
    let query = query.order_by_asc(at).order_by_asc(id);
    let query = query.select_only().columns([at, id]);
    let rows = query.limit(most as u64).lock(LockType::Update);
    let rows: Vec<(DateTime<Utc>, Uuid)> = rows.into_tuple().all(&**tx).await?;
    let place = |(at, id)| Cursor { at, id };
    Ok(rows.into_iter().map(place).collect())
}
