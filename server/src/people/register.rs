//! Registering a person from a screen: checks of what was typed, and the name, address and telephone number that staff bring.

use bedring_contract::staff::{NewPerson, PersonLine};
use bedring_domain::address::typed_address;
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

const LONGEST_CODE: usize = 40;
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
    let too_long = |name: &str| name.chars().count() > LONGEST_NAME;
    if name.as_deref().is_some_and(too_long) {
        return Err(PeopleError::Input("/name", "too_long"));
    }
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
fn typed(text: Option<String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

fn checked_code(code: Option<String>) -> Result<Option<String>, PeopleError> {
    let Some(code) = code else { return Ok(None) };
    if code.chars().count() > LONGEST_CODE {
        return Err(PeopleError::Input("/code", "too_long"));
    }
    // The code stands on every screen and in every report.
    if code.chars().any(char::is_control) || is_personal_number(&code) || code.contains('@') {
        return Err(PeopleError::Input("/code", "not_pseudonymous"));
    }
    Ok(Some(code))
}

/// Ten digits, with or without hyphen or blanks: a Danish civil registration number.
fn is_personal_number(code: &str) -> bool {
    let digits = code.chars().filter(char::is_ascii_digit).count();
    digits == 10
        && code
            .chars()
            .all(|c| c.is_ascii_digit() || c == '-' || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_tells_who_it_is_is_refused() {
        for bad in [
            "0101701234",
            "010170-1234",
            "010170 1234",
            "anne@example.org",
            "a\u{0}b",
        ] {
            assert!(checked_code(Some(bad.to_owned())).is_err(), "{bad}");
        }
        for good in ["P-0042", "Ødegård 7", "123456789", "12345678901"] {
            assert_eq!(
                checked_code(Some(good.to_owned())).unwrap().as_deref(),
                Some(good)
            );
        }
        assert!(checked_code(Some("x".repeat(41))).is_err());
        assert_eq!(typed(Some("  ".to_owned())), None);
    }
}
