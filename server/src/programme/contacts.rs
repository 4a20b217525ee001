//! Whom people can turn to in need: the numbers that a programme shows, and the day on which somebody last called them.

use bedring_contract::person::{CONTACTS_CALLED_AGAIN_DAYS, Contact};
use bedring_store::StoreError;
use bedring_store::entities::programme;
use bedring_store::plan::to_json;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder,
};
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::create::{CreateError, find, parse};

/// The part of a programme file that can be replaced later.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ContactsFile {
    contacts: Vec<Contact>,
}

/// Reads a file with `[[contacts]]`, written as in a programme file.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn read(text: &str) -> Result<Vec<Contact>, CreateError> {
    let contacts = parse::<ContactsFile>(text)?.contacts;
    if contacts.is_empty() {
        return Err(CreateError::Content("contacts: at least one".to_owned()));
    }
    Ok(contacts)
}

/// Writes down that somebody called the numbers of a programme on that day, and puts other contacts in their place if there are any.
/// Returns how many contacts the programme has now, or nothing if there is no such programme.
///
/// # Errors
/// As the database says.
pub async fn checked<C: ConnectionTrait>(
    tx: &C,
    code: &str,
    day: NaiveDate,
    others: Option<&[Contact]>,
) -> Result<Option<usize>, StoreError> {
    let Some(row) = find(tx, code).await? else {
        return Ok(None);
    };
    let mut kept: Vec<Contact> = bedring_store::plan::from_json("programmes", &row.contacts)?;
    let mut row = row.into_active_model();
    row.contacts_checked_on = Set(Some(day));
    if let Some(others) = others {
        kept = others.to_vec();
        row.contacts = Set(to_json(&kept));
    }
    row.update(tx).await?;
    Ok(Some(kept.len()))
}

/// Programmes whose contacts nobody has called for [`CONTACTS_CALLED_AGAIN_DAYS`], with the day of the last call if there was one.
///
/// # Errors
/// As the database says.
pub async fn to_be_called<C: ConnectionTrait>(
    db: &C,
    today: NaiveDate,
) -> Result<Vec<(String, Option<NaiveDate>)>, StoreError> {
    let long_ago = today - Days::new(CONTACTS_CALLED_AGAIN_DAYS);
    let rows = programme::Entity::find()
        .order_by_asc(programme::Column::Code)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.code, row.contacts_checked_on))
        .filter(|(_, day)| day.is_none_or(|day| day < long_ago))
        .collect())
}
