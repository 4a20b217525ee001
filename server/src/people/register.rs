//! Registering a person from a screen: checks of what was typed, and the name, address and telephone number that staff bring.

use bedring_contract::staff::{NewPerson, PersonLine};
use bedring_domain::address::typed_address;
use bedring_domain::pseudonym::{PseudonymError, person_code};
use bedring_domain::time::is_day;
use bedring_store::entities::{contact, project};
use bedring_store::readable::Damage;
use bedring_store::sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use bedring_store::{StoreError, scope};
use uuid::Uuid;

use super::{PeopleError, list, phone};
use crate::accounts::access::{Proof, RegisterPerson};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::programme::register;
use crate::state::Services;

const LONGEST_NAME: usize = 200;

/// Registers a person in a project.
///
/// # Errors
/// No such project, or a field that is not right.
pub async fn register(
    proof: &Proof<RegisterPerson>,
    services: &Services,
    project_id: Uuid,
    form: NewPerson,
) -> Result<PersonLine, PeopleError> {
    let (now, random) = (services.clock.now(), &*services.random);
    let today = calendar::day_of(now);
    let tx = services.db.begin().await?;
    scope::projects(proof.scope())
        .filter(project::Column::Id.eq(project_id))
        .one(&*tx)
        .await?
        .ok_or(StoreError::NotFound)?;
    let name = typed(form.name);
    let wrong_email = PeopleError::Input("/email", "format");
    let email = typed(form.email)
        .map(|e| typed_address(&e).ok_or(wrong_email))
        .transpose()?;
    let phone = phone::checked(form.phone)?;
    let code = checked_code(typed(form.code))?;
    checked_name(name.as_deref())?;
    if form.start.is_some_and(|start| !is_day(start)) {
        return Err(PeopleError::Input("/start", "out_of_range"));
    }
    let chosen = code.is_some();
    let new = register::NewPerson {
        code,
        respondent_type: form.respondent_type,
        start_on: form.start.unwrap_or(today),
    };
    let registered = register::register(&*tx, random, project_id, new, now).await;
    let person = registered.map_err(|e| match e {
        StoreError::Conflict if chosen => PeopleError::Input("/code", "taken"),
        other => other.into(),
    })?;
    if name.is_some() || email.is_some() || phone.is_some() {
        let sealed = |text: String| services.keys.contact.encrypt(random, text.as_bytes());
        let row = contact::ActiveModel {
            person_id: Set(person.id),
            name_sealed: Set(name.map(sealed)),
            email_sealed: Set(email.map(sealed)),
            email_said_at: Set(None),
            email_entry_id: Set(None),
            phone_sealed: Set(phone.map(sealed)),
            written_at: Set(Some(now)),
        };
        contact::Entity::insert(row)
            .exec_without_returning(&*tx)
            .await?;
    }
    let about = About {
        person: Some(person.id),
        project: Some(project_id),
        subject: None,
    };
    audit::record(&*tx, random, proof, Deed::Registered, about, now).await?;
    let lines = list::lines(
        proof,
        &*tx,
        &services.keys.contact,
        vec![person],
        today,
        Damage::default(),
    )
    .await?;
    tx.commit().await?;
    Ok(lines.into_iter().next().ok_or(StoreError::NotFound)?)
}

/// What somebody typed, without blanks around it; nothing but blanks is nothing.
pub(super) fn typed(text: Option<String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

pub(super) fn checked_name(name: Option<&str>) -> Result<(), PeopleError> {
    let too_long = |name: &str| name.chars().count() > LONGEST_NAME;
    if name.is_some_and(too_long) {
        return Err(PeopleError::Input("/name", "too_long"));
    }
    Ok(())
}

/// The one rule for codes, and what the screen has a sentence for.
pub(super) fn checked_code(code: Option<String>) -> Result<Option<String>, PeopleError> {
    let refused = |e| match e {
        PseudonymError::TooLong => PeopleError::Input("/code", "too_long"),
        PseudonymError::Telling => PeopleError::Input("/code", "not_pseudonymous"),
        PseudonymError::Sign => PeopleError::Input("/code", "format"),
        PseudonymError::Empty => PeopleError::Input("/code", "required"),
    };
    code.map(|c| person_code(&c).map_err(refused)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_code_has_a_name_of_its_own() {
        let told = |code: &str| match checked_code(Some(code.to_owned())) {
            Err(PeopleError::Input("/code", problem)) => problem,
            other => panic!("{other:?}"),
        };
        assert_eq!(told("010170-1234"), "not_pseudonymous");
        assert_eq!(told("a\u{0}b"), "format");
        assert_eq!(told(&"x".repeat(41)), "too_long");
        let kept = checked_code(Some("\u{feff}Ødegård 7".to_owned())).unwrap();
        assert_eq!(kept.as_deref(), Some("Ødegård 7"));
        assert_eq!(typed(Some("  ".to_owned())), None);
    }
}
