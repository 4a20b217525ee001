//! What staff screens ask the server for, with the session's cookie. Types and paths are the contract's.

use bedring_contract::correct::{
    DiscardPerson, DiscardReason, MergeEffect, MergePersons, MovePerson, PersonCorrection,
};
use bedring_contract::device::WaysIn;
use bedring_contract::erasure::{AskErasure, Erasure};
use bedring_contract::invitation::InviteHow;
use bedring_contract::mail::Operations;
use bedring_contract::paths;
use bedring_contract::quarantine::{
    QuarantineOf, QuarantinePeople, ReceiptStatus, Resolution, ResolutionAction, ResolveMany,
    Resolved, ResolvedMany, Whose,
};
use bedring_contract::staff::{
    Account, AccountChoices, ChangeAccountChoices, CourseEnd, Invitation, LogIn, NewPerson,
    NewPhone, PersonDetail, PersonPage, Programme,
};
use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::{ApiFailure, cookie};

/// A person who was just registered: only what the next screen needs.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Created {
    /// The person.
    pub id: Uuid,
}

fn with(path: &str, place: &str, value: &str) -> String {
    path.replace(place, value)
}

/// Who is logged in.
///
/// # Errors
/// [`ApiFailure`]; a problem with `auth.missing` if nobody is.
pub async fn account() -> Result<Account, ApiFailure> {
    cookie::get(paths::SESSION).await
}

/// Logs in; the server sets the cookie.
///
/// # Errors
/// [`ApiFailure`]; a problem with `auth.failed` for an unknown address and a wrong password alike.
pub async fn log_in(credentials: &LogIn) -> Result<Account, ApiFailure> {
    cookie::post(paths::SESSION, credentials).await
}

/// Logs out.
///
/// # Errors
/// [`ApiFailure`].
pub async fn log_out() -> Result<(), ApiFailure> {
    cookie::delete(paths::SESSION).await
}

/// What the account chose for itself.
///
/// # Errors
/// [`ApiFailure`].
pub async fn choices() -> Result<AccountChoices, ApiFailure> {
    cookie::get(paths::ACCOUNT_CHOICES).await
}

/// Changes what the account chose for itself.
///
/// # Errors
/// [`ApiFailure`].
pub async fn choose(change: &ChangeAccountChoices) -> Result<AccountChoices, ApiFailure> {
    cookie::post(paths::ACCOUNT_CHOICES, change).await
}

/// Programmes with the projects that the account may see.
///
/// # Errors
/// [`ApiFailure`].
pub async fn programmes() -> Result<Vec<Programme>, ApiFailure> {
    cookie::get(paths::PROGRAMMES).await
}

/// A page of a project's people; `after` is the previous page's `next`. `large`: as many as the server gives at once.
///
/// # Errors
/// [`ApiFailure`].
pub async fn persons(
    project: Uuid,
    after: Option<&str>,
    large: bool,
) -> Result<PersonPage, ApiFailure> {
    let mut path = with(paths::PROJECT_PERSONS, "{project}", &project.to_string());
    path.push_str(if large { "?limit=200" } else { "?limit=50" });
    if let Some(after) = after {
        path.push_str("&after=");
        path.push_str(&String::from(js_sys::encode_uri_component(after)));
    }
    cookie::get(&path).await
}

/// Registers a person.
///
/// # Errors
/// [`ApiFailure`]; a problem with `errors` by field if the input cannot be used.
pub async fn new_person(project: Uuid, person: &NewPerson) -> Result<Created, ApiFailure> {
    cookie::post(
        &with(paths::PROJECT_PERSONS, "{project}", &project.to_string()),
        person,
    )
    .await
}

/// One person with occasions and scores.
///
/// # Errors
/// [`ApiFailure`].
pub async fn person(person: Uuid) -> Result<PersonDetail, ApiFailure> {
    cookie::get(&with(paths::PERSON, "{person}", &person.to_string())).await
}

/// A new link, QR code and short code for a person.
///
/// # Errors
/// [`ApiFailure`].
pub async fn invite(person: Uuid, how: InviteHow) -> Result<Invitation, ApiFailure> {
    let mut path = with(paths::PERSON_INVITATION, "{person}", &person.to_string());
    let asked = [
        ("keep_earlier", how.keep_earlier),
        ("own_wish", how.own_wish),
    ];
    for (n, (name, _)) in asked.into_iter().filter(|(_, is)| *is).enumerate() {
        path.push(if n == 0 { '?' } else { '&' });
        path.push_str(name);
        path.push_str("=true");
    }
    cookie::post(&path, &serde_json::json!({})).await
}

/// The ways in and the devices of a person.
///
/// # Errors
/// [`ApiFailure`].
pub async fn ways(person: Uuid) -> Result<WaysIn, ApiFailure> {
    cookie::get(&with(paths::PERSON_WAYS, "{person}", &person.to_string())).await
}

/// Ends one way in of a person; `None` ends all of them.
///
/// # Errors
/// [`ApiFailure`].
pub async fn end_ways(person: Uuid, one: Option<Uuid>) -> Result<(), ApiFailure> {
    let template = match one {
        Some(way) => with(paths::PERSON_WAYS_ONE, "{way}", &way.to_string()),
        None => paths::PERSON_WAYS.to_owned(),
    };
    cookie::delete(&with(&template, "{person}", &person.to_string())).await
}

/// Ends a device of a person.
///
/// # Errors
/// [`ApiFailure`].
pub async fn end_device(person: Uuid, device: Uuid) -> Result<(), ApiFailure> {
    let path = with(paths::PERSON_DEVICES_ONE, "{device}", &device.to_string());
    cookie::delete(&with(&path, "{person}", &person.to_string())).await
}

/// Whether it was asked that everything about a person be erased, and what that would be.
///
/// # Errors
/// [`ApiFailure`].
pub async fn erasure(person: Uuid) -> Result<Erasure, ApiFailure> {
    cookie::get(&with(
        paths::PERSON_ERASURE,
        "{person}",
        &person.to_string(),
    ))
    .await
}

/// Asks that everything about a person be erased.
///
/// # Errors
/// [`ApiFailure`]; a problem with `erasure.open` if somebody has asked already.
pub async fn ask_erasure(person: Uuid, form: &AskErasure) -> Result<(), ApiFailure> {
    let path = with(paths::PERSON_ERASURE, "{person}", &person.to_string());
    cookie::post::<_, IgnoredAny>(&path, form).await.map(drop)
}

/// Takes a request back.
///
/// # Errors
/// [`ApiFailure`]; a problem with `erasure.closed` if it does not wait any more.
pub async fn take_back_erasure(person: Uuid, request: Uuid) -> Result<(), ApiFailure> {
    let path = with(paths::PERSON_ERASURE_ONE, "{request}", &request.to_string());
    cookie::delete(&with(&path, "{person}", &person.to_string())).await
}

/// Confirms what somebody else has asked for: everything about the person is erased.
///
/// # Errors
/// [`ApiFailure`]; a problem with `erasure.closed` if it does not wait any more.
pub async fn confirm_erasure(person: Uuid, request: Uuid) -> Result<(), ApiFailure> {
    let path = with(
        paths::PERSON_ERASURE_CONFIRM,
        "{request}",
        &request.to_string(),
    );
    let path = with(&path, "{person}", &person.to_string());
    cookie::post::<_, Option<IgnoredAny>>(&path, &serde_json::json!({}))
        .await
        .map(drop)
}

/// Writes down the telephone number of a person; `None` removes it.
///
/// # Errors
/// [`ApiFailure`]; a problem with an error at `/phone` for what cannot be a number, and with `changed_meanwhile` if it is another than was
/// seen.
pub async fn phone(
    person: Uuid,
    phone: Option<String>,
    seen: Option<String>,
) -> Result<(), ApiFailure> {
    let path = with(paths::PERSON_PHONE, "{person}", &person.to_string());
    cookie::post::<_, Option<IgnoredAny>>(
        &path,
        &NewPhone {
            phone,
            seen: Some(seen),
        },
    )
    .await
    .map(drop)
}

/// Corrects what is known of a person.
///
/// # Errors
/// [`ApiFailure`]; a problem with `changed_meanwhile` and what it is now, if somebody else was faster.
pub async fn correct(person: Uuid, correction: &PersonCorrection) -> Result<(), ApiFailure> {
    let path = with(paths::PERSON_FACTS, "{person}", &person.to_string());
    cookie::post::<_, IgnoredAny>(&path, correction)
        .await
        .map(drop)
}

/// The person belongs to another project.
///
/// # Errors
/// [`ApiFailure`]; a problem with an error at `/to` or `/code`.
pub async fn move_person(person: Uuid, form: &MovePerson) -> Result<(), ApiFailure> {
    let path = with(paths::PERSON_PROJECT, "{person}", &person.to_string());
    cookie::post::<_, IgnoredAny>(&path, form).await.map(drop)
}

/// The person was registered by mistake.
///
/// # Errors
/// [`ApiFailure`]; a problem with `person.has_answers` if that must not be.
pub async fn discard(person: Uuid, why: DiscardReason) -> Result<(), ApiFailure> {
    let path = with(paths::PERSON_DISCARD, "{person}", &person.to_string());
    cookie::post::<_, Option<IgnoredAny>>(&path, &DiscardPerson { why })
        .await
        .map(drop)
}

/// That is taken back.
///
/// # Errors
/// [`ApiFailure`].
pub async fn restore(person: Uuid) -> Result<(), ApiFailure> {
    cookie::delete(&with(
        paths::PERSON_DISCARD,
        "{person}",
        &person.to_string(),
    ))
    .await
}

/// Another registration is the same person, or what that would do.
///
/// # Errors
/// [`ApiFailure`].
pub async fn merge(person: Uuid, form: MergePersons) -> Result<MergeEffect, ApiFailure> {
    let path = with(paths::PERSON_MERGE, "{person}", &person.to_string());
    cookie::post(&path, &form).await
}

/// The person of a project with exactly this code, in whatever case.
///
/// # Errors
/// [`ApiFailure`].
pub async fn find_person(project: Uuid, code: &str) -> Result<Option<Uuid>, ApiFailure> {
    let mut path = with(paths::PROJECT_PERSONS, "{project}", &project.to_string());
    path.push_str("?limit=200&q=");
    path.push_str(&String::from(js_sys::encode_uri_component(code)));
    let page: PersonPage = cookie::get(&path).await?;
    let wanted = code.to_lowercase();
    let mut found = page.persons.into_iter();
    Ok(found
        .find(|p| p.code.to_lowercase() == wanted)
        .map(|p| p.id))
}

/// Sets the last day of a person's course; the exit may be answered from then on.
///
/// # Errors
/// [`ApiFailure`]; a problem with an error at `/end` if the day is before the start, and with `changed_meanwhile` if it is another than
/// was seen.
pub async fn end_course(
    person: Uuid,
    end: Option<NaiveDate>,
    seen: Option<NaiveDate>,
) -> Result<(), ApiFailure> {
    let path = with(paths::PERSON_END, "{person}", &person.to_string());
    cookie::post::<_, Option<IgnoredAny>>(
        &path,
        &CourseEnd {
            end,
            seen: Some(seen),
        },
    )
    .await
    .map(drop)
}

/// This response is the one that counts for its occasion.
///
/// # Errors
/// [`ApiFailure`].
pub async fn make_primary(response: Uuid) -> Result<(), ApiFailure> {
    let path = with(paths::RESPONSE_PRIMARY, "{response}", &response.to_string());
    cookie::post::<_, Option<IgnoredAny>>(&path, &serde_json::json!({}))
        .await
        .map(drop)
}

/// Of whom something is kept apart, a page of them; `after` is the previous page's `next`.
///
/// # Errors
/// [`ApiFailure`].
pub async fn quarantine_people(after: Option<&str>) -> Result<QuarantinePeople, ApiFailure> {
    let mut path = format!("{}?limit=50", paths::QUARANTINE_PEOPLE);
    add(&mut path, "after", after);
    cookie::get(&path).await
}

/// What is kept apart of one person, a page of it, and how much there is; `after` is the previous page's `next`.
///
/// # Errors
/// [`ApiFailure`].
pub async fn quarantine_of(
    whose: Whose,
    reason: Option<&str>,
    after: Option<&str>,
) -> Result<QuarantineOf, ApiFailure> {
    let mut path = with(paths::QUARANTINE_PERSON, "{whose}", &whose.to_string());
    path.push_str("?limit=50");
    add(&mut path, "reason", reason);
    add(&mut path, "after", after);
    cookie::get(&path).await
}

/// One more part of a query that has begun.
fn add(path: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        let value = String::from(js_sys::encode_uri_component(value));
        path.push_str(&format!("&{name}={value}"));
    }
}

/// Tries again or leaves out for good a part of what is kept apart of one person.
///
/// # Errors
/// [`ApiFailure`].
pub async fn resolve_many(whose: Whose, wanted: &ResolveMany) -> Result<ResolvedMany, ApiFailure> {
    let whose = whose.to_string();
    cookie::post(
        &with(paths::QUARANTINE_PERSON_RESOLUTION, "{whose}", &whose),
        wanted,
    )
    .await
}

/// Tries something kept apart again, or leaves it out for good.
///
/// # Errors
/// [`ApiFailure`].
pub async fn resolve(entry: Uuid, action: ResolutionAction) -> Result<Resolved, ApiFailure> {
    let path = with(paths::QUARANTINE_RESOLUTION, "{entry}", &entry.to_string());
    cookie::post(&path, &Resolution { action }).await
}

/// What became of the entry with this receipt (in its canonical form).
///
/// # Errors
/// [`ApiFailure`].
pub async fn receipt(receipt: &str) -> Result<ReceiptStatus, ApiFailure> {
    cookie::get(&with(paths::RECEIPT, "{receipt}", receipt)).await
}

/// How sending and jobs go.
///
/// # Errors
/// [`ApiFailure`]; a problem with `access.denied` for everybody but administrators.
pub async fn operations() -> Result<Operations, ApiFailure> {
    cookie::get(paths::OPERATIONS).await
}
