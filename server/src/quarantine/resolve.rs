//! Settling something that was kept apart: trying it again, or setting it aside for good.

use bedring_contract::quarantine::{ResolutionAction, Resolved};
use bedring_domain::journal::Reason;
use bedring_store::entities::{journal_conflict, journal_entry};
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use bedring_store::{StoreError, WriteTx, scope};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{set_aside, states};
use crate::accounts::access::{Proof, ResolveQuarantine};
use crate::audit::{self, About, Deed};
use crate::journal::{Early, retry};
use crate::state::Services;

const SETTLED: Resolved = Resolved {
    settled: true,
    reason: None,
};

/// Tries an entry again, takes it in although it was early, or sets it aside; of a conflict the second entry can only be set aside.
///
/// # Errors
/// [`StoreError::NotFound`] if nothing of that id waits within the proof's projects.
pub async fn resolve(
    proof: &Proof<ResolveQuarantine>,
    services: &Services,
    id: Uuid,
    action: ResolutionAction,
) -> Result<Resolved, StoreError> {
    let tx = services.db.begin().await?;
    let entry = scope::journal_entries(proof.scope())
        .filter(journal_entry::Column::Id.eq(id))
        .filter(journal_entry::Column::State.eq(states::QUARANTINED))
        .lock(LockType::Update)
        .one(&*tx)
        .await?;
    let (person, resolved) = match entry {
        Some(entry) => (
            entry.person_id,
            resolve_entry(proof, services, &tx, entry, action).await?,
        ),
        None => resolve_conflict(proof, &tx, id, action, services.clock.now()).await?,
    };
    let deed = match action {
        ResolutionAction::Retry => Deed::EntryRetried,
        ResolutionAction::Accept => Deed::EntryAccepted,
        ResolutionAction::Dismiss => Deed::EntryDismissed,
    };
    let about = About {
        person,
        project: None,
        subject: Some(id),
    };
    audit::record(
        &*tx,
        &*services.random,
        proof,
        deed,
        about,
        services.clock.now(),
    )
    .await?;
    tx.commit().await?;
    Ok(resolved)
}

async fn resolve_entry(
    proof: &Proof<ResolveQuarantine>,
    services: &Services,
    tx: &WriteTx,
    mut entry: journal_entry::Model,
    action: ResolutionAction,
) -> Result<Resolved, StoreError> {
    match action {
        ResolutionAction::Retry | ResolutionAction::Accept => {
            if entry.reason.as_deref() == Some(Reason::EntryUnsigned.as_str()) {
                // Whoever takes in what no phone signed vouches for it, and is named beside it.
                entry.account_id = entry.account_id.or(proof.account());
            }
            let early = match action {
                ResolutionAction::Accept => Early::TakenIn,
                _ => Early::KeptApart,
            };
            let context = services.journal.context();
            let reason = retry::replay(&context, &**tx, entry, early).await?;
            Ok(match reason {
                // Its person has erased everything meanwhile: nothing waits any more.
                None | Some(Reason::PersonErased) => SETTLED,
                Some(reason) => Resolved {
                    settled: false,
                    reason: Some(reason.as_str().to_owned()),
                },
            })
        }
        ResolutionAction::Dismiss => {
            set_aside::entries(proof, tx, vec![entry.id], services.clock.now()).await?;
            Ok(SETTLED)
        }
    }
}

async fn resolve_conflict(
    proof: &Proof<ResolveQuarantine>,
    tx: &WriteTx,
    id: Uuid,
    action: ResolutionAction,
    now: DateTime<Utc>,
) -> Result<(Option<Uuid>, Resolved), StoreError> {
    let conflict = scope::journal_conflicts(proof.scope())
        .filter(journal_conflict::Column::Id.eq(id))
        .filter(journal_conflict::Column::State.eq(states::OPEN))
        .lock(LockType::Update)
        .one(&**tx)
        .await?
        .ok_or(StoreError::NotFound)?;
    if action != ResolutionAction::Dismiss {
        // The id is taken, and stays so.
        let reason = Some(Reason::EntryConflict.as_str().to_owned());
        return Ok((
            conflict.person_id,
            Resolved {
                settled: false,
                reason,
            },
        ));
    }
    set_aside::conflicts(proof, tx, vec![id], now).await?;
    Ok((conflict.person_id, SETTLED))
}
