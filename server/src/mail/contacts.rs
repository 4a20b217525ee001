//! The contact whom a person named: an address that is reminded instead of the person, and never gets a link (decision 0050).

use bedring_contract::course::NewContact;
use bedring_domain::journal::plausible_email;
use bedring_store::entities::{mail, mail_choice, person, person_change};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select,
};
use bedring_store::{StoreError, scope};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::pauses::about;
use super::planning::look_at_person;
use super::{bounces, marks};
use crate::accounts::access::{NameContact, Proof};
use crate::audit::{self, Deed};
use crate::followup::FollowupError;
use crate::followup::changes::{self, By, What};
use crate::people::asked::to_be_asked;
use crate::state::Services;

/// What stands in the ledger's line of a contact who is reminded instead of the person.
pub const INSTEAD: &str = "instead";

/// Writes down whom the person named; another address takes the place of the one before.
///
/// # Errors
/// No such person within the proof's projects, one who must not be asked, an address that cannot be one, or nobody who says that the
/// person named the contact.
pub async fn name(
    proof: &Proof<NameContact>,
    services: &Services,
    id: Uuid,
    form: NewContact,
) -> Result<(), FollowupError> {
    let now = services.clock.now();
    let email = form.email.trim();
    if !plausible_email(email) {
        return Err(FollowupError::Input("/email", "format"));
    }
    if !form.named_by_person {
        return Err(FollowupError::Input("/named_by_person", "required"));
    }
    let sealed = services
        .keys
        .contact
        .encrypt(&*services.random, email.as_bytes());
    let tx = services.db.begin().await?;
    let person = to_be_asked(proof, &*tx, id).await?;
    bounces::make_row(&*tx, id).await?;
    mail_choice::Entity::update_many()
        .col_expr(
            mail_choice::Column::ContactEmailSealed,
            Expr::value(Some(sealed)),
        )
        .col_expr(mail_choice::Column::ToContact, Expr::value(form.instead))
        // Nothing is known against the new address.
        .col_expr(
            mail_choice::Column::ContactBouncedAt,
            Expr::value(None::<DateTime<Utc>>),
        )
        .filter(mail_choice::Column::PersonId.eq(id))
        .exec(&*tx)
        .await?;
    let by = By::holder(proof, &*services.random, now);
    let after = form.instead.then(|| INSTEAD.to_owned());
    changes::note(&*tx, by, &person, What::ContactNamed, None, after).await?;
    let deed = Deed::ContactNamed;
    audit::record(&*tx, by.random, proof, deed, about(&person), now).await?;
    let look = look_at_person(&*tx, id, now);
    Ok(tx.commit_with(vec![look]).await?)
}

/// Removes the contact; the person is reminded again. Where there is none nothing happens.
///
/// # Errors
/// No such person within the proof's projects, or one who must not be asked.
pub async fn remove(
    proof: &Proof<NameContact>,
    services: &Services,
    id: Uuid,
) -> Result<(), FollowupError> {
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    let person = to_be_asked(proof, &*tx, id).await?;
    let by = By::holder(proof, &*services.random, now);
    if !forget(&*tx, by, &person).await? {
        return Ok(());
    }
    let deed = Deed::ContactRemoved;
    audit::record(&*tx, by.random, proof, deed, about(&person), now).await?;
    let look = look_at_person(&*tx, id, now);
    Ok(tx.commit_with(vec![look]).await?)
}

/// Forgets the contact's address, with a line in the ledger; false if there was none. The caller holds the person's row.
pub(super) async fn forget<C: ConnectionTrait>(
    tx: &C,
    by: By<'_>,
    person: &person::Model,
) -> Result<bool, StoreError> {
    let done = mail_choice::Entity::update_many()
        .col_expr(mail_choice::Column::ToContact, Expr::value(false))
        .col_expr(
            mail_choice::Column::ContactEmailSealed,
            Expr::value(None::<Vec<u8>>),
        )
        .col_expr(
            mail_choice::Column::ContactBouncedAt,
            Expr::value(None::<DateTime<Utc>>),
        )
        .filter(mail_choice::Column::PersonId.eq(person.id))
        .filter(mail_choice::Column::ContactEmailSealed.is_not_null())
        .exec(tx)
        .await?;
    if done.rows_affected == 0 {
        return Ok(false);
    }
    changes::note(tx, by, person, What::ContactRemoved, None, None).await?;
    Ok(true)
}

/// Somebody who got a mail as a contact wants none any more. If by now the person has named somebody else, that is not theirs to say. The
/// caller holds the person's row.
pub(super) async fn refuse<C: ConnectionTrait>(
    services: &Services,
    tx: &C,
    mail: &mail::Model,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    // Unscoped on purpose: the token is the permission.
    let found = person::Entity::find_by_id(person).one(tx).await?;
    let found = found.ok_or(StoreError::NotFound)?;
    let choice = mail_choice::Entity::find_by_id(person).one(tx).await?;
    let sealed = choice.and_then(|c| c.contact_email_sealed);
    let keys = &services.keys.contact;
    let same = sealed
        .and_then(|sealed| keys.decrypt(&sealed).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .is_some_and(|email| {
            mail.recipient_hash.as_deref() == Some(&marks::recipient(keys, &email)[..])
        });
    let line = last_named(tx, person_change::Entity::find(), person).await?;
    // Addresses are counted with a key that may have changed since: then the day tells.
    let since = line.is_none_or(|line| mail.sent_at.is_some_and(|at| at >= line.at));
    if same || since {
        let by = By {
            random: &*services.random,
            account: None,
            now,
        };
        forget(tx, by, &found).await?;
    }
    Ok(())
}

/// Who wrote the contact down, and when: the last line about it.
///
/// # Errors
/// As the database says.
pub async fn named<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    db: &C,
    person: Uuid,
) -> Result<Option<person_change::Model>, StoreError> {
    last_named(db, scope::person_changes(proof.scope()), person).await
}

async fn last_named<C: ConnectionTrait>(
    db: &C,
    lines: Select<person_change::Entity>,
    person: Uuid,
) -> Result<Option<person_change::Model>, StoreError> {
    Ok(lines
        .filter(person_change::Column::PersonId.eq(person))
        .filter(person_change::Column::What.eq(What::ContactNamed.as_str()))
        .order_by_desc(person_change::Column::At)
        .order_by_desc(person_change::Column::Id)
        .one(db)
        .await?)
}
