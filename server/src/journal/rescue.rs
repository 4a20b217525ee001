//! The rescue file: what waited on a phone that could not send, brought in by the operator through the same door as everything else.
//!
//! The file is read and checked whole before anything is taken in. Whose an entry is, the file says; that it is theirs, each entry proves by
//! a code under the person's secret. What brings none (a phone of before), or a wrong one (somebody wrote it), is kept apart until a person
//! vouches for it. Bringing the same file in again changes nothing.

use std::collections::BTreeMap;

use bedring_contract::journal::{DeliveredEntry, Delivery, EntryResult};
use bedring_domain::consent::Scope;
use bedring_domain::journal::{Event, MAX_ENTRIES, body_sha256, entry_mac, hex};
use bedring_domain::time::DeviceTime;
use bedring_store::entities::{access_secret, person};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use bedring_store::{Db, StoreError};
use serde::Deserialize;
use uuid::Uuid;

use super::opened::reopen;
use super::{DeliverError, Journal, Sender};
use crate::keys::KeyRing;

const FORMAT: &str = "bedring-rescue";
const VERSION: u32 = 1;

/// A file as phones write it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RescueFile {
    format: String,
    version: u32,
    device_id: Uuid,
    #[serde(deserialize_with = "DeviceTime::deserialize_nearest")]
    made_at: DeviceTime,
    entries: Vec<RescuedEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct RescuedEntry {
    person: Uuid,
    #[serde(flatten)]
    entry: DeliveredEntry,
}

/// Why a file was not brought in.
#[derive(Debug, thiserror::Error)]
pub enum RescueError {
    /// Cut off, changed, or something else altogether.
    #[error("{line}:{column}: not a rescue file, or damaged: {problem}")]
    Damaged {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What is wrong there.
        problem: String,
    },
    /// Another file, or one of a later version.
    #[error("this is \"{format}\" version {version}, not a rescue file that this program reads")]
    Unknown {
        /// As the file says.
        format: String,
        /// As the file says.
        version: u32,
    },
    /// An entry is not what the phone wrote.
    #[error("entry {number} ({id}) is damaged: its hash does not fit")]
    Changed {
        /// Its place in the file, counted from 1.
        number: usize,
        /// As the file says.
        id: String,
    },
    /// Not one of the people is known.
    #[error(
        "nobody in this file is known here: it is from another server, or the database is another one"
    )]
    Strangers,
    /// The journal.
    #[error(transparent)]
    Journal(#[from] DeliverError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads a file and checks every entry against its hash.
///
/// # Errors
/// [`RescueError::Damaged`], [`RescueError::Unknown`] or [`RescueError::Changed`], with the place.
pub fn read(text: &str) -> Result<RescueFile, RescueError> {
    let file: RescueFile = serde_json::from_str(text).map_err(|e| RescueError::Damaged {
        line: e.line(),
        column: e.column(),
        problem: without_place(&e.to_string()).to_owned(),
    })?;
    if file.format != FORMAT || file.version != VERSION {
        return Err(RescueError::Unknown {
            format: file.format,
            version: file.version,
        });
    }
    let changed = |e: &RescuedEntry| hex(&body_sha256(&e.entry.body)) != e.entry.sha256;
    match file.entries.iter().position(changed) {
        Some(at) => Err(RescueError::Changed {
            number: at + 1,
            id: file.entries[at].entry.id.clone(),
        }),
        None => Ok(file),
    }
}

/// Brings a file in and answers what became of each entry. Entries of somebody who is not known here are kept apart for nobody.
///
/// # Errors
/// [`RescueError::Strangers`]: nothing came in. Other errors may leave the first people's entries in; the rest comes in when the file
/// is brought in again.
pub async fn import(
    db: &Db,
    journal: &Journal,
    file: RescueFile,
) -> Result<Vec<EntryResult>, RescueError> {
    let mut people: Vec<Uuid> = Vec::new();
    for entry in &file.entries {
        if !people.contains(&entry.person) {
            people.push(entry.person);
        }
    }
    // Unscoped on purpose: whoever types this sits at the server itself.
    let known: Vec<Uuid> = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(person::Column::Id.is_in(people.iter().copied()))
        .into_tuple()
        .all(db.read())
        .await
        .map_err(StoreError::from)?;
    if known.is_empty() && !people.is_empty() {
        return Err(RescueError::Strangers);
    }
    let mut results = Vec::with_capacity(file.entries.len());
    for person in people {
        let somebody = known.contains(&person).then_some(person);
        let secrets = secrets_of(db, person).await?;
        let (signed, unsigned): (Vec<_>, Vec<_>) = file
            .entries
            .iter()
            .filter(|e| e.person == person)
            .partition(|e| somebody.is_none() || is_signed(&e.entry, &secrets));
        for (entries, sender) in [
            (signed, Sender::Replay(somebody, None)),
            (unsigned, Sender::Unsigned(somebody)),
        ] {
            for entries in entries.chunks(MAX_ENTRIES) {
                let delivery = Delivery {
                    device_id: file.device_id,
                    sent_at: file.made_at,
                    entries: entries.iter().map(|e| e.entry.clone()).collect(),
                };
                results.extend(journal.deliver(sender.clone(), delivery).await?);
            }
        }
    }
    Ok(results)
}

/// The hashes of all secrets that a person ever had, but for short codes: nothing is written under those.
async fn secrets_of(db: &Db, person: Uuid) -> Result<Vec<[u8; 32]>, StoreError> {
    let rows: Vec<Vec<u8>> = access_secret::Entity::find()
        .select_only()
        .column(access_secret::Column::SecretHash)
        .filter(access_secret::Column::PersonId.eq(person))
        .filter(access_secret::Column::Kind.ne("code"))
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(rows.into_iter().filter_map(|h| h.try_into().ok()).collect())
}

/// Whether one of these secrets was at hand when the entry was written.
fn is_signed(entry: &DeliveredEntry, secrets: &[[u8; 32]]) -> bool {
    let code = |secret| hex(&entry_mac(secret, &entry.id, &entry.sha256));
    let brought = entry.mac.as_deref();
    brought.is_some_and(|mac| secrets.iter().any(|secret| code(secret) == mac))
}

/// What a file holds of one person, told before anything of it is taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The person's code; `None` for somebody who is not known here.
    pub code: Option<String>,
    /// How many entries of each kind; those that cannot be read are called `?`.
    pub kinds: BTreeMap<String, usize>,
    /// How many bring no proof, and will be kept apart.
    pub unsigned: usize,
    /// What is proved to be theirs erases everything about them.
    pub erases: bool,
}

/// Tells what a file holds, person by person in the order of the file. Nothing is taken in.
///
/// # Errors
/// As the database says.
pub async fn tell(db: &Db, keys: &KeyRing, file: &RescueFile) -> Result<Vec<Told>, StoreError> {
    let mut people: Vec<(Uuid, Told, Vec<[u8; 32]>)> = Vec::new();
    for line in &file.entries {
        let place = match people.iter().position(|(id, ..)| *id == line.person) {
            Some(place) => place,
            None => {
                // Unscoped on purpose: whoever types this sits at the server itself.
                let row = person::Entity::find_by_id(line.person)
                    .one(db.read())
                    .await?;
                let told = Told {
                    code: row.map(|p| p.code),
                    kinds: BTreeMap::new(),
                    unsigned: 0,
                    erases: false,
                };
                people.push((line.person, told, secrets_of(db, line.person).await?));
                people.len() - 1
            }
        };
        let (_, told, secrets) = &mut people[place];
        let seal = line.entry.seal.as_ref().map(|s| s.key_id.as_str());
        let (kind, content) = reopen(seal, &line.entry.body, keys);
        *told
            .kinds
            .entry(kind.unwrap_or_else(|| "?".to_owned()))
            .or_default() += 1;
        let erase = Event::ConsentWithdrawn {
            scope: Scope::Erase,
        };
        if is_signed(&line.entry, secrets) {
            told.erases |= content.is_ok_and(|c| c.event == erase);
        } else {
            told.unsigned += 1;
        }
    }
    Ok(people.into_iter().map(|(_, told, _)| told).collect())
}

/// serde_json says the place behind its words; here it stands before them.
fn without_place(words: &str) -> &str {
    words.split(" at line ").next().unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(sha256: &str) -> String {
        format!(
            r#"{{"format":"bedring-rescue","version":1,"app_version":"0","device_id":"{0}","made_at":"2026-03-02T09:00:00+01:00","entries":[{{"person":"{0}","id":"x","sha256":"{sha256}","seal":null,"body":"{{}}"}}]}}"#,
            Uuid::nil()
        )
    }

    #[test]
    fn a_damaged_file_is_told_with_its_place() {
        let whole = file(&hex(&body_sha256("{}")));
        assert_eq!(read(&whole).unwrap().entries.len(), 1);
        let cut = read(&whole[..whole.len() - 9]).unwrap_err().to_string();
        assert!(cut.starts_with("1:") && cut.contains("EOF"), "{cut}");
        let changed = read(&file("00")).unwrap_err().to_string();
        assert_eq!(changed, "entry 1 (x) is damaged: its hash does not fit");
        let other = read(&whole.replace("-rescue", "-mine-1")).unwrap_err();
        assert!(matches!(other, RescueError::Unknown { .. }), "{other}");
        assert!(
            read("hello")
                .unwrap_err()
                .to_string()
                .starts_with("1:1: not a rescue file")
        );
    }
}
