//! Correcting what is known of a person. Each correction says what was seen, so that of two who correct the same thing the second is told.

mod course;
mod held;

use bedring_contract::correct::{Change, PersonCorrection};
use bedring_contract::staff::PersonLine;
use bedring_domain::address::typed_address;
use bedring_domain::course::RespondentType;
use bedring_domain::time::is_day;
use bedring_store::entities::{contact, person};
use bedring_store::readable::Damage;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use bedring_store::{StoreError, convert};
use chrono::NaiveDate;
use uuid::Uuid;

use self::course::replan;
use self::held::NewContact;
use super::asked::{to_be_asked, to_be_corrected};
use super::seen::Changed;
use super::{PeopleError, list, phone, register};
use crate::accounts::access::{CorrectPerson, Proof};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::followup::changes::{self as ledger, By, What};
use crate::journal::language;
use crate::keys::ContactKeys;
use crate::mail;
use crate::state::Services;

/// Languages of mails and pages.
const LANGUAGES: [&str; 2] = ["da", "en"];

/// Corrects a person: all of it, or nothing.
///
/// # Errors
/// No such person, one who was erased or discarded, one who must not be asked where an address or a number is corrected, a field that is
/// not right, or one that somebody else changed meanwhile.
pub async fn correct(
    proof: &Proof<CorrectPerson>,
    services: &Services,
    id: Uuid,
    form: PersonCorrection,
) -> Result<PersonLine, PeopleError> {
    let (now, random) = (services.clock.now(), &*services.random);
    let today = calendar::day_of(now);
    let keys = &services.keys.contact;
    let tx = services.db.begin().await?;
    let reaches = form.name.is_some() || form.email.is_some() || form.phone.is_some();
    let person = match reaches {
        // Of somebody who said no, neither name nor address is kept.
        true => to_be_asked(proof, &*tx, id).await?,
        false => to_be_corrected(proof, &*tx, id).await?,
    };
    let held = Held::read(&*tx, keys, id).await?;
    let new = Checked::of(form, &person, &held)?;
    let by = By::holder(proof, random, now);
    let mut changed = person.clone();
    new.note(&*tx, by, &person).await?;
    new.apply(&mut changed);
    write_person(&*tx, &person, &changed).await?;
    if let Some(Some(tag)) = &new.language {
        language::corrected(&*tx, random, id, tag, now).await?;
    }
    let contact = new.contact();
    if contact.is_changed() {
        contact.write(&*tx, services, id, &held).await?;
        let moved = contact.email.is_some();
        let may_ask = convert::standing(&changed).may_ask();
        mail::person_changed(&*tx, id, moved, may_ask, now).await?;
    }
    if person.start_on != changed.start_on || person.respondent_type != changed.respondent_type {
        replan(&*tx, services, &changed, now).await?;
    }
    let about = About {
        person: Some(id),
        project: Some(person.project_id),
        subject: None,
    };
    audit::record(&*tx, random, proof, Deed::PersonCorrected, about, now).await?;
    let lines = list::lines(proof, &*tx, keys, vec![changed], today, Damage::default()).await?;
    tx.commit().await?;
    Ok(lines.into_iter().next().ok_or(StoreError::NotFound)?)
}

/// What is held encrypted, opened.
struct Held {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

impl Held {
    async fn read<C: ConnectionTrait>(
        tx: &C,
        keys: &ContactKeys,
        id: Uuid,
    ) -> Result<Self, PeopleError> {
        // Unscoped on purpose: the row of a person who was found in scope.
        let row = contact::Entity::find_by_id(id).one(tx).await?;
        // What cannot be read may be corrected like what is not there.
        let open = |read: fn(&contact::Model) -> Option<&[u8]>| {
            keys.text(row.as_ref().and_then(read)).unwrap_or_default()
        };
        Ok(Self {
            name: open(|r| r.name_sealed.as_deref()),
            email: open(|r| r.email_sealed.as_deref()),
            phone: open(|r| r.phone_sealed.as_deref()),
        })
    }
}

/// What really becomes different: `Some(None)` is removed.
#[derive(Default)]
struct Checked {
    code: Option<Option<String>>,
    name: Option<Option<String>>,
    email: Option<Option<String>>,
    phone: Option<Option<String>>,
    role: Option<Option<String>>,
    language: Option<Option<String>>,
    start: Option<Option<NaiveDate>>,
}

impl Checked {
    fn of(
        form: PersonCorrection,
        person: &person::Model,
        held: &Held,
    ) -> Result<Self, PeopleError> {
        let role = |role: Option<RespondentType>| role.map(|r| r.as_str().to_owned());
        let roles = form.respondent_type.map(|change| Change {
            seen: role(change.seen),
            to: role(change.to),
        });
        let phones = form.phone.map(|change| {
            Ok::<_, PeopleError>(Change {
                seen: change.seen,
                to: phone::checked(change.to)?,
            })
        });
        let address =
            |typed: String| typed_address(&typed).ok_or(PeopleError::Input("/email", "format"));
        let emails = typed(form.email).map(|change| {
            Ok::<_, PeopleError>(Change {
                seen: change.seen,
                to: change.to.map(address).transpose()?,
            })
        });
        // The code as it is kept, without what cannot be seen of it.
        let codes = typed(form.code).map(|change| {
            Ok::<_, PeopleError>(Change {
                seen: change.seen,
                to: register::checked_code(change.to)?,
            })
        });
        let mut changed = Changed::default();
        let new = Self {
            code: differs(
                &mut changed,
                "/code",
                codes.transpose()?,
                Some(&person.code),
            ),
            name: differs(&mut changed, "/name", typed(form.name), held.name.as_ref()),
            email: differs(
                &mut changed,
                "/email",
                emails.transpose()?,
                held.email.as_ref(),
            ),
            phone: differs(
                &mut changed,
                "/phone",
                phones.transpose()?,
                held.phone.as_ref(),
            ),
            role: differs(
                &mut changed,
                "/respondent_type",
                roles,
                person.respondent_type.as_ref(),
            ),
            language: differs(
                &mut changed,
                "/language",
                typed(form.language),
                Some(&person.language),
            ),
            start: differs(&mut changed, "/start", form.start, person.start_on.as_ref()),
        };
        changed.none()?;
        new.check(person)?;
        Ok(new)
    }

    fn check(&self, person: &person::Model) -> Result<(), PeopleError> {
        let wrong = |pointer, code| Err(PeopleError::Input(pointer, code));
        if matches!(&self.code, Some(None)) {
            return wrong("/code", "required");
        }
        if let Some(name) = &self.name {
            register::checked_name(name.as_deref())?;
        }
        match self.language.as_ref().map(Option::as_deref) {
            Some(None) => return wrong("/language", "required"),
            Some(Some(tag)) if !LANGUAGES.contains(&tag) => return wrong("/language", "unknown"),
            _ => {}
        }
        match self.start {
            Some(None) => wrong("/start", "required"),
            Some(Some(day)) if !is_day(day) => wrong("/start", "out_of_range"),
            Some(Some(day)) if person.end_on.is_some_and(|end| end < day) => {
                wrong("/start", "after_end")
            }
            _ => Ok(()),
        }
    }

    fn apply(&self, person: &mut person::Model) {
        if let Some(Some(code)) = &self.code {
            person.code.clone_from(code);
        }
        if let Some(role) = &self.role {
            person.respondent_type.clone_from(role);
        }
        if let Some(Some(language)) = &self.language {
            person.language.clone_from(language);
        }
        if let Some(start) = self.start {
            person.start_on = start;
        }
    }

    /// A line of the ledger for each. Names, addresses and numbers do not stand in it.
    async fn note<C: ConnectionTrait>(
        &self,
        tx: &C,
        by: By<'_>,
        person: &person::Model,
    ) -> Result<(), StoreError> {
        let number = match &self.phone {
            Some(None) => What::PhoneRemoved,
            _ => What::PhoneChanged,
        };
        for (changes, what) in [
            (self.name.is_some(), What::NameCorrected),
            (self.email.is_some(), What::EmailCorrected),
            (self.phone.is_some(), number),
        ] {
            if changes {
                ledger::note(tx, by, person, what, None, None).await?;
            }
        }
        let start = |day: Option<NaiveDate>| day.map(|d| d.to_string());
        for (to, what, from) in [
            (
                self.code.clone(),
                What::CodeCorrected,
                Some(person.code.clone()),
            ),
            (
                self.role.clone(),
                What::RoleCorrected,
                person.respondent_type.clone(),
            ),
            (
                self.language.clone(),
                What::LanguageCorrected,
                Some(person.language.clone()),
            ),
            (
                self.start.map(start),
                What::StartCorrected,
                start(person.start_on),
            ),
        ] {
            if let Some(to) = to {
                ledger::note(tx, by, person, what, from, to).await?;
            }
        }
        Ok(())
    }

    fn contact(&self) -> NewContact<'_> {
        NewContact {
            name: self.name.as_ref().map(Option::as_deref),
            email: self.email.as_ref().map(Option::as_deref),
            phone: self.phone.as_ref().map(Option::as_deref),
        }
    }
}

/// What is to be, if it is not so already and nobody has made it something else.
fn differs<T: PartialEq + ToString>(
    changed: &mut Changed,
    pointer: &'static str,
    change: Option<Change<T>>,
    current: Option<&T>,
) -> Option<Option<T>> {
    let change = change?;
    if change.to.as_ref() == current {
        return None;
    }
    let same = change.seen.as_ref() == current;
    changed.look(pointer, same, current.map(ToString::to_string));
    Some(change.to)
}

fn typed(change: Option<Change<String>>) -> Option<Change<String>> {
    change.map(|change| Change {
        seen: change.seen,
        to: register::typed(change.to),
    })
}

async fn write_person<C: ConnectionTrait>(
    tx: &C,
    before: &person::Model,
    after: &person::Model,
) -> Result<(), PeopleError> {
    if before == after {
        return Ok(());
    }
    if before.code != after.code && code_taken(tx, after.project_id, &after.code).await? {
        return Err(PeopleError::Input("/code", "taken"));
    }
    let mut row = before.clone().into_active_model();
    row.code = Set(after.code.clone());
    row.respondent_type = Set(after.respondent_type.clone());
    row.language = Set(after.language.clone());
    row.start_on = Set(after.start_on);
    row.update(tx).await.map_err(|e| match e.into() {
        // Somebody else was faster with it.
        StoreError::Conflict => PeopleError::Input("/code", "taken"),
        other => other.into(),
    })?;
    Ok(())
}

/// Has somebody of a project this code?
///
/// # Errors
/// As the database says.
pub async fn code_taken<C: ConnectionTrait>(
    tx: &C,
    project: Uuid,
    code: &str,
) -> Result<bool, StoreError> {
    // Unscoped on purpose: the project is one that was found in scope.
    let found = person::Entity::find()
        .filter(person::Column::ProjectId.eq(project))
        .filter(person::Column::Code.eq(code));
    Ok(found.one(tx).await?.is_some())
}
