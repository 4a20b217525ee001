//! Whom people can turn to in need: the numbers that a programme shows, and the day on which somebody last called them.

use bedring_contract::person::{CONTACTS_CALLED_AGAIN_DAYS, Contact};
use bedring_store::StoreError;
use bedring_store::entities::programme;
use bedring_store::plan::{from_json, to_json};
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
/// Returns how many contacts the programme has now, or nothing if there is no such programme. Without contacts nothing is written: a day
/// would say that somebody had called them.
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
    let mut kept: Vec<Contact> = from_json("programmes", &row.contacts)?;
    let mut row = row.into_active_model();
    if let Some(others) = others {
        kept = others.to_vec();
        row.contacts = Set(to_json(&kept));
    }
    if !kept.is_empty() {
        row.contacts_checked_on = Set(Some(day));
        row.update(tx).await?;
    }
    Ok(Some(kept.len()))
}

/// A programme whose contacts somebody should call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToBeCalled {
    /// The programme's code.
    pub code: String,
    /// How many contacts people are shown; a programme that was imported has none at first.
    pub contacts: usize,
    /// The day of the last call, if there was one.
    pub last: Option<NaiveDate>,
}

/// Programmes whose contacts nobody has called for [`CONTACTS_CALLED_AGAIN_DAYS`], or that have none.
///
/// # Errors
/// As the database says.
pub async fn to_be_called<C: ConnectionTrait>(
    db: &C,
    today: NaiveDate,
) -> Result<Vec<ToBeCalled>, StoreError> {
    let long_ago = today - Days::new(CONTACTS_CALLED_AGAIN_DAYS);
    let rows = programme::Entity::find()
        .order_by_asc(programme::Column::Code)
        .all(db)
        .await?;
    let mut found = Vec::new();
    for row in rows {
        let last = row.contacts_checked_on;
        if last.is_none_or(|day| day < long_ago) {
            let contacts: Vec<Contact> = from_json("programmes", &row.contacts)?;
            found.push(ToBeCalled {
                code: row.code,
                contacts: contacts.len(),
                last,
            });
        }
    }
    Ok(found)
}
