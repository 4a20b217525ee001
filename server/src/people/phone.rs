//! The telephone number of a person: optional, kept like the address (encrypted, gone with a no, a withdrawal or an erasure), and never
//! in a ledger or a log.

use bedring_contract::staff::NewPhone;
use bedring_domain::phone::phone_number;
use bedring_store::entities::{contact, person};
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::PeopleError;
use super::asked::to_be_asked;
use crate::accounts::access::{ChangePhone, Proof};
use crate::audit::{self, About, Deed};
use crate::followup::changes::{self as ledger, By, What};
use crate::keys::ContactKeys;
use crate::state::Services;

/// Writes down the number of a person, or removes it. What is so already changes nothing and is not told.
///
/// # Errors
/// No such person within the proof's projects, one who must not be asked (nobody calls them), or a text that cannot be a number.
pub async fn change(
    proof: &Proof<ChangePhone>,
    services: &Services,
    id: Uuid,
    form: NewPhone,
) -> Result<(), PeopleError> {
    let number = checked(form.phone)?;
    let (now, random) = (services.clock.now(), &*services.random);
    let keys = &services.keys.contact;
    let tx = services.db.begin().await?;
    let person = to_be_asked(proof, &*tx, id).await?;
    if held(&*tx, keys, &person).await? == number {
        return Ok(());
    }
    let (what, deed) = match number {
        Some(_) => (What::PhoneChanged, Deed::PhoneChanged),
        None => (What::PhoneRemoved, Deed::PhoneRemoved),
    };
    let sealed = number.map(|number| keys.encrypt(random, number.as_bytes()));
    let row = contact::ActiveModel {
        person_id: Set(id),
        name_sealed: Set(None),
        email_sealed: Set(None),
        email_said_at: Set(None),
        email_entry_id: Set(None),
        phone_sealed: Set(sealed),
        written_at: Set(Some(now)),
    };
    let phone_only = OnConflict::column(contact::Column::PersonId)
        .update_columns([contact::Column::PhoneSealed, contact::Column::WrittenAt])
        .to_owned();
    contact::Entity::insert(row)
        .on_conflict(phone_only)
        .exec_without_returning(&*tx)
        .await?;
    let by = By::holder(proof, random, now);
    ledger::note(&*tx, by, &person, what, None, None).await?;
    let about = About {
        person: Some(id),
        project: Some(person.project_id),
        subject: None,
    };
    audit::record(&*tx, random, proof, deed, about, now).await?;
    tx.commit().await?;
    Ok(())
}

/// What was typed, as it is kept; nothing but blanks is no number.
///
/// # Errors
/// A text that cannot be a number.
pub fn checked(typed: Option<String>) -> Result<Option<String>, PeopleError> {
    let Some(text) = typed.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    match phone_number(&text) {
        Some(number) => Ok(Some(number)),
        None => Err(PeopleError::Input("/phone", "format")),
    }
}

async fn held<C: ConnectionTrait>(
    tx: &C,
    keys: &ContactKeys,
    person: &person::Model,
) -> Result<Option<String>, PeopleError> {
    // Unscoped on purpose: the row of a person who was found in scope.
    let row = contact::Entity::find_by_id(person.id).one(tx).await?;
    let sealed = row.and_then(|row| row.phone_sealed);
    // One that cannot be read may be corrected like one that is not there.
    Ok(keys.text(sealed.as_deref()).unwrap_or_default())
}
