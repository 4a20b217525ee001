//! Erasing a person in two steps: one account asks and says why, another one confirms. What is erased, and what an old phone is told, is as
//! when the person does it (`journal::erasure`); here stands who may, and what becomes of the request.
//!
//! Example: somebody without a phone calls on Monday. The helper who takes the call asks for the erasure, the project leader sees it on the
//! worklist, reads the reason, and confirms it on Tuesday. A project with one leader has its administrators as the other one.

use bedring_contract::erasure::{
    AskErasure as Form, Erasure, ErasureBecame, ErasureReason, ErasureRequest, Held, NOTE_MOST,
};
use bedring_store::bounded::emails;
use bedring_store::entities::{contact, device, erasure_request, journal_entry, person, response};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use bedring_store::{StoreError, WriteTx, scope};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::asked::to_be_corrected;
use super::{PeopleError, detail, register};
use crate::accounts::access::{AskErasure, ConfirmErasure, Proof};
use crate::audit::{self, About, Deed};
use crate::journal::{self, state};
use crate::keys::ContactKeys;
use crate::ports::uuid_v7;
use crate::state::Services;

/// The request that waits, if one does, and what an erasure would remove. `second`: whoever looks may confirm what others asked for.
///
/// # Errors
/// No such person within the proof's projects.
pub async fn seen(
    proof: &Proof<AskErasure>,
    second: Option<&Proof<ConfirmErasure>>,
    services: &Services,
    id: Uuid,
) -> Result<Erasure, PeopleError> {
    let db = services.db.read();
    detail::assert_there(proof, db, id).await?;
    shown(proof, second, db, &services.keys.contact, id).await
}

/// Asks that everything about a person be erased. Nothing is, until another account confirms it.
///
/// # Errors
/// No such person within the proof's projects, one who was erased or discarded, one for whom a request waits already, or a reason that the
/// note would have to tell.
pub async fn ask(
    proof: &Proof<AskErasure>,
    second: Option<&Proof<ConfirmErasure>>,
    services: &Services,
    id: Uuid,
    form: Form,
) -> Result<Erasure, PeopleError> {
    let note = checked_note(&form)?;
    // Whoever sits at the server has no account that could be named to the second one.
    let asked_by = proof.account().ok_or(PeopleError::SecondPerson)?;
    let (now, random, keys) = (
        services.clock.now(),
        &*services.random,
        &services.keys.contact,
    );
    let tx = services.db.begin().await?;
    let person = to_be_corrected(proof, &*tx, id).await?;
    if open_of(id).one(&*tx).await?.is_some() {
        return Err(PeopleError::ErasureOpen);
    }
    let request = uuid_v7(now, random);
    let row = erasure_request::ActiveModel {
        id: Set(request),
        person_id: Set(id),
        asked_by: Set(asked_by),
        asked_at: Set(now),
        why: Set(form.why.as_str().to_owned()),
        note_sealed: Set(note.map(|note| keys.encrypt(random, note.as_bytes()))),
        closed_at: Set(None),
        closed_by: Set(None),
        became: Set(None),
    };
    erasure_request::Entity::insert(row)
        .exec_without_returning(&*tx)
        .await?;
    let deed = Deed::ErasureRequested;
    audit::record(&*tx, random, proof, deed, about(&person, request), now).await?;
    let erasure = shown(proof, second, &*tx, keys, id).await?;
    tx.commit().await?;
    Ok(erasure)
}

/// Takes a request back: nothing is erased by it any more. Whoever asked may, and whoever might have confirmed it.
///
/// # Errors
/// No such person within the proof's projects, no such request of theirs, one that does not wait any more, or one of somebody else's.
pub async fn take_back(
    proof: &Proof<AskErasure>,
    second: Option<&Proof<ConfirmErasure>>,
    services: &Services,
    (id, request): (Uuid, Uuid),
) -> Result<(), PeopleError> {
    let (now, random) = (services.clock.now(), &*services.random);
    let tx = services.db.begin().await?;
    let person = to_be_corrected(proof, &*tx, id).await?;
    let row = waiting(&tx, id, request).await?;
    if proof.account() != Some(row.asked_by) && second.is_none() {
        return Err(PeopleError::NotTheirs);
    }
    end_open(&*tx, id, ErasureBecame::TakenBack, proof.account(), now).await?;
    let deed = Deed::ErasureRequestTakenBack;
    audit::record(&*tx, random, proof, deed, about(&person, request), now).await?;
    Ok(tx.commit().await?)
}

/// Confirms a request as the second of two: everything about the person is erased, in this transaction.
///
/// # Errors
/// No such person within the proof's projects, no such request of theirs, one that does not wait any more, or the account that asked.
pub async fn confirm(
    proof: &Proof<ConfirmErasure>,
    services: &Services,
    (id, request): (Uuid, Uuid),
) -> Result<(), PeopleError> {
    let random = &*services.random;
    let tx = services.db.begin().await?;
    // Of two that confirm at once, one waits here and finds nothing left.
    let person = to_be_corrected(proof, &*tx, id).await?;
    let row = waiting(&tx, id, request).await?;
    let second = proof.second_to(row.asked_by);
    let second = second.ok_or(PeopleError::SecondPerson)?;
    let ctx = services.journal.context();
    let by = Some(second.account());
    end_open(&*tx, id, ErasureBecame::Erased, by, ctx.now).await?;
    let deed = Deed::ErasureConfirmed;
    audit::record(&*tx, random, proof, deed, about(&person, request), ctx.now).await?;
    journal::erase_by_two(&ctx, &*tx, &second, id, request).await?;
    Ok(tx.commit().await?)
}

/// The request of a person that waits, if there is one, does not wait any more: says what became of it, and forgets its note. Whether
/// there was one.
///
/// # Errors
/// As the database says.
pub async fn end_open<C: ConnectionTrait>(
    tx: &C,
    person: Uuid,
    became: ErasureBecame,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let ended = erasure_request::Entity::update_many()
        .col_expr(erasure_request::Column::ClosedAt, Expr::value(now))
        .col_expr(erasure_request::Column::ClosedBy, Expr::value(by))
        .col_expr(
            erasure_request::Column::Became,
            Expr::value(became.as_str()),
        )
        .col_expr(
            erasure_request::Column::NoteSealed,
            Expr::value(None::<Vec<u8>>),
        )
        .filter(erasure_request::Column::PersonId.eq(person))
        .filter(erasure_request::Column::ClosedAt.is_null())
        .exec(tx)
        .await?;
    Ok(ended.rows_affected > 0)
}

/// Unscoped on purpose: of a person who was found in scope.
fn open_of(person: Uuid) -> bedring_store::sea_orm::Select<erasure_request::Entity> {
    erasure_request::Entity::find()
        .filter(erasure_request::Column::PersonId.eq(person))
        .filter(erasure_request::Column::ClosedAt.is_null())
}

/// A request of a person, who was found in scope, that can still be answered.
async fn waiting(
    tx: &WriteTx,
    person: Uuid,
    request: Uuid,
) -> Result<erasure_request::Model, PeopleError> {
    let row = erasure_request::Entity::find_by_id(request)
        .filter(erasure_request::Column::PersonId.eq(person))
        .one(&**tx)
        .await?
        .ok_or(StoreError::NotFound)?;
    match row.closed_at {
        Some(_) => Err(PeopleError::ErasureClosed),
        None => Ok(row),
    }
}

/// The note as it is kept. Another reason than those that are offered has to be told.
fn checked_note(form: &Form) -> Result<Option<String>, PeopleError> {
    let note = register::typed(form.note.clone());
    match &note {
        Some(note) if note.chars().count() > NOTE_MOST => {
            Err(PeopleError::Input("/note", "too_long"))
        }
        None if form.why == ErasureReason::Other => Err(PeopleError::Input("/note", "required")),
        Some(_) | None => Ok(note),
    }
}

async fn shown<C: ConnectionTrait>(
    proof: &Proof<AskErasure>,
    second: Option<&Proof<ConfirmErasure>>,
    db: &C,
    keys: &ContactKeys,
    id: Uuid,
) -> Result<Erasure, PeopleError> {
    let mut damage = Damage::default();
    let open = open_of(id).readable(db, "erasure_requests", &mut damage, |r| r.person_id);
    let open = match open.await?.into_iter().next() {
        Some(row) => {
            let note = damage.settle(id, keys.text(row.note_sealed.as_deref()))?;
            let own = proof.account() == Some(row.asked_by);
            Some(ErasureRequest {
                id: row.id,
                asked_at: row.asked_at,
                asked_by: emails(db).await?.remove(&row.asked_by).unwrap_or_default(),
                why: ErasureReason::parse(&row.why),
                note: note.flatten(),
                may_confirm: second.is_some_and(|s| s.second_to(row.asked_by).is_some()),
                may_take_back: own || second.is_some(),
            })
        }
        None => None,
    };
    let held = held(proof, db, id).await?;
    Ok(Erasure { open, held })
}

async fn held<C: ConnectionTrait>(
    proof: &Proof<AskErasure>,
    db: &C,
    id: Uuid,
) -> Result<Held, StoreError> {
    let responses = scope::responses(proof.scope()).filter(response::Column::PersonId.eq(id));
    let apart = scope::journal_entries(proof.scope())
        .filter(journal_entry::Column::PersonId.eq(id))
        .filter(journal_entry::Column::State.eq(state::QUARANTINED));
    let contacts = scope::contacts(proof.scope()).filter(contact::Column::PersonId.eq(id));
    // Unscoped on purpose: of a person who was found in scope.
    let devices = device::Entity::find().filter(device::Column::PersonId.eq(id));
    Ok(Held {
        responses: responses.count(db).await?,
        kept_apart: apart.count(db).await?,
        contact: contacts.count(db).await? > 0,
        devices: devices.count(db).await?,
    })
}

fn about(person: &person::Model, request: Uuid) -> About {
    About {
        person: Some(person.id),
        project: Some(person.project_id),
        subject: Some(request),
    }
}
