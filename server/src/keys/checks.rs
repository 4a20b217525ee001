//! Do these keys belong to this database? A key file that is valid, but another one, would let a server start that can read nothing of
//! what is there and writes what nobody else can read.
//!
//! For every key that was ever in use the database keeps an HMAC made with it. All of them must be among the keys that are loaded; those
//! that are new are written down. A database from before these rows is judged by the names of keys that stand in what was encrypted.

use std::collections::BTreeMap;

use bedring_store::entities::{journal_entry, key_check};
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait,
    QueryFilter, Statement,
};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{KeyRing, places};
use crate::config::Config;

/// Two servers that start at once must not both think that they are the first.
const LOCK: i64 = 0x6265_6472_696e_6702;
/// Fewer boxes than this that name one key we do not have may be damage; more are a key that is missing.
const MORE_THAN_DAMAGE: i64 = 3;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Opens what phones sealed.
    Seal,
    /// Names and contact data.
    Contact,
}

impl Purpose {
    const ALL: [Self; 2] = [Self::Seal, Self::Contact];

    /// As the table holds it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Contact => "contact",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Seal => Self::Contact,
            Self::Contact => Self::Seal,
        }
    }
}

/// Why these keys must not be used with this database. Each is one line with its remedy, and holds no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyCheckError {
    /// Each file holds the keys of the other.
    #[error(
        "the key files are exchanged: {seal} holds the keys of names and contact data, {contact} those that open entries; exchange keys.seal_file and keys.contact_file, or the files"
    )]
    Exchanged {
        /// Where the keys that open entries should be.
        seal: String,
        /// Where the keys of names should be.
        contact: String,
    },
    /// None of its keys was ever in use here.
    #[error(
        "{place} does not belong to this database: it holds the key {loaded}, and the database was written with {wanted}; put back the key file that belongs to this database (it is in your backup of the keys)"
    )]
    Foreign {
        /// Which file or setting.
        place: String,
        /// The names of the keys in it.
        loaded: String,
        /// The names of those that were in use.
        wanted: String,
    },
    /// Some of the keys are there.
    #[error(
        "{place} lacks the key {wanted}, with which this database was written, too: put its line back below the first one"
    )]
    Missing {
        /// Which file or setting.
        place: String,
        /// The names of the keys that are missing.
        wanted: String,
    },
    /// The database.
    #[error("the keys could not be compared with the database: {0}")]
    Store(#[from] StoreError),
}

/// A key by name, with what proves that it is the one.
struct Loaded {
    id: String,
    secret: [u8; 32],
}

fn loaded(keys: &KeyRing, purpose: Purpose) -> Vec<Loaded> {
    let make = |(id, secret)| Loaded { id, secret };
    match purpose {
        Purpose::Seal => keys.seal.named().map(make).collect(),
        Purpose::Contact => keys.contact.named().map(make).collect(),
    }
}

/// The same for the same key and purpose; tells nothing of the key.
fn proof(purpose: Purpose, secret: &[u8; 32]) -> Vec<u8> {
    // Any length is a key for HMAC, so this never fails; an empty proof fits no key.
    Hmac::<Sha256>::new_from_slice(secret).map_or(Vec::new(), |mac| {
        mac.chain_update(b"bedring key check\0")
            .chain_update(purpose.as_str())
            .finalize()
            .into_bytes()
            .to_vec()
    })
}

/// Compares, and changes nothing.
///
/// # Errors
/// [`KeyCheckError`].
pub async fn compare<C: ConnectionTrait>(
    db: &C,
    config: &Config,
    keys: &KeyRing,
) -> Result<(), KeyCheckError> {
    let rows = key_check::Entity::find().all(db).await;
    let mut rows = rows.map_err(StoreError::from)?;
    if rows.is_empty() {
        return compare_boxes(db, config, keys).await;
    }
    rows.retain(|row| row.given_up_at.is_none());
    let fits = |row: &key_check::Model, purpose: Purpose, key: &Loaded| {
        proof(purpose, &key.secret) == row.check_value
    };
    let of = |purpose: Purpose| rows.iter().filter(move |r| r.purpose == purpose.as_str());
    let crossed = |purpose: Purpose| {
        let theirs = loaded(keys, purpose.other());
        of(purpose).any(|row| theirs.iter().any(|key| fits(row, purpose, key)))
    };
    if Purpose::ALL.into_iter().all(crossed) {
        return Err(exchanged(config));
    }
    for purpose in Purpose::ALL {
        let ours = loaded(keys, purpose);
        let missing: Vec<&str> = of(purpose)
            .filter(|row| !ours.iter().any(|key| fits(row, purpose, key)))
            .map(|row| row.key_id.as_str())
            .collect();
        if !missing.is_empty() {
            let some = missing.len() < of(purpose).count();
            return Err(lacking(config, purpose, &ours, &missing, some));
        }
    }
    Ok(())
}

fn exchanged(config: &Config) -> KeyCheckError {
    let [seal, contact] = places(config);
    KeyCheckError::Exchanged { seal, contact }
}

fn lacking(
    config: &Config,
    purpose: Purpose,
    ours: &[Loaded],
    missing: &[&str],
    some: bool,
) -> KeyCheckError {
    let [seal, contact] = places(config);
    let place = match purpose {
        Purpose::Seal => seal,
        Purpose::Contact => contact,
    };
    let wanted = missing.join(", ");
    if some {
        return KeyCheckError::Missing { place, wanted };
    }
    let names: Vec<&str> = ours.iter().map(|key| key.id.as_str()).collect();
    KeyCheckError::Foreign {
        place,
        loaded: names.join(", "),
        wanted,
    }
}

/// For a database from before there were check values.
async fn compare_boxes<C: ConnectionTrait>(
    db: &C,
    config: &Config,
    keys: &KeyRing,
) -> Result<(), KeyCheckError> {
    for (purpose, used) in [
        (Purpose::Contact, contact_boxes(db).await?),
        (Purpose::Seal, sealed_entries(db).await?),
    ] {
        let ours = loaded(keys, purpose);
        let is_ours = |id: &str| ours.iter().any(|key| key.id == id);
        let known = used.keys().any(|id| is_ours(id));
        let missing: Vec<&str> = used
            .iter()
            .filter(|(id, boxes)| !is_ours(id) && (!known || **boxes >= MORE_THAN_DAMAGE))
            .map(|(id, _)| id.as_str())
            .collect();
        if !missing.is_empty() {
            let theirs = loaded(keys, purpose.other());
            let crossed = missing.iter().any(|id| match purpose {
                Purpose::Contact => theirs
                    .iter()
                    .any(|k| super::ContactKeys::new(k.secret, &[]).newest_id() == *id),
                Purpose::Seal => theirs
                    .iter()
                    .any(|k| super::SealKeyPair::from_bytes(k.secret).id() == *id),
            });
            if crossed {
                return Err(exchanged(config));
            }
            return Err(lacking(config, purpose, &ours, &missing, known));
        }
    }
    Ok(())
}

/// How many boxes of contact data name each key.
async fn contact_boxes<C: ConnectionTrait>(db: &C) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut used = BTreeMap::new();
    for (table, column) in super::contact::COLUMNS {
        // The head of a box: one byte version, four that name the key. No text of anybody's is in this statement.
        let sql = format!(
            "SELECT substr({column}, 1, 5) AS head, count(*) AS boxes FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"
        );
        let rows = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
            .await?;
        for row in rows {
            let (Ok(head), Ok(boxes)) = (
                row.try_get::<Vec<u8>>("", "head"),
                row.try_get::<i64>("", "boxes"),
            ) else {
                continue;
            };
            if let Some(id) = super::contact::key_of(&head) {
                *used.entry(id).or_default() += boxes;
            }
        }
    }
    Ok(used)
}

/// How many entries that were opened once name each key.
async fn sealed_entries<C: ConnectionTrait>(db: &C) -> Result<BTreeMap<String, i64>, StoreError> {
    use bedring_store::sea_orm::QuerySelect;
    let rows: Vec<(Option<String>, i64)> = journal_entry::Entity::find()
        .select_only()
        .column(journal_entry::Column::SealKey)
        .column_as(journal_entry::Column::Id.count(), "boxes")
        .filter(journal_entry::Column::SealKey.is_not_null())
        .filter(journal_entry::Column::State.eq("applied"))
        .group_by(journal_entry::Column::SealKey)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, boxes)| Some((id?, boxes)))
        .collect())
}

/// Compares, and writes down the keys that are new.
///
/// # Errors
/// [`KeyCheckError`]; then nothing is written.
pub async fn settle(
    db: &Db,
    config: &Config,
    keys: &KeyRing,
    now: DateTime<Utc>,
) -> Result<(), KeyCheckError> {
    // A plain look first: as a rule there is nothing to write, and a command may run while the server writes.
    compare(db.read(), config, keys).await?;
    if all_known(db, keys).await? {
        return Ok(());
    }
    let tx = db.begin().await?;
    if db.backend() == DatabaseBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})"))
            .await
            .map_err(StoreError::from)?;
    }
    compare(&*tx, config, keys).await?;
    for purpose in Purpose::ALL {
        for key in loaded(keys, purpose) {
            let row = key_check::ActiveModel {
                purpose: Set(purpose.as_str().to_owned()),
                check_value: Set(proof(purpose, &key.secret)),
                key_id: Set(key.id),
                first_seen_at: Set(now),
                given_up_at: Set(None),
            };
            let columns = [key_check::Column::Purpose, key_check::Column::KeyId];
            key_check::Entity::insert(row)
                .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
                .exec_without_returning(&*tx)
                .await
                .map_err(StoreError::from)?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn all_known(db: &Db, keys: &KeyRing) -> Result<bool, StoreError> {
    let rows = key_check::Entity::find().all(db.read()).await?;
    let known = |purpose: Purpose| {
        loaded(keys, purpose).iter().all(|key| {
            rows.iter()
                .any(|r| r.purpose == purpose.as_str() && r.key_id == key.id)
        })
    };
    Ok(Purpose::ALL.into_iter().all(known))
}

/// The operator gives a key up: it is asked for no more, and what it opened stays closed. Says whether it was in use here.
///
/// # Errors
/// As the database says.
pub async fn give_up(db: &Db, key_id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    use bedring_store::sea_orm::sea_query::Expr;
    let tx = db.begin().await?;
    let changed = key_check::Entity::update_many()
        .col_expr(key_check::Column::GivenUpAt, Expr::value(now))
        .filter(key_check::Column::KeyId.eq(key_id))
        .filter(key_check::Column::GivenUpAt.is_null())
        .exec(&*tx)
        .await?;
    tx.commit().await?;
    Ok(changed.rows_affected > 0)
}

/// How much is still locked with a key: boxes of contact data and entries.
///
/// # Errors
/// As the database says.
pub async fn locked_with(db: &Db, key_id: &str) -> Result<u64, StoreError> {
    let entries = journal_entry::Entity::find()
        .filter(journal_entry::Column::SealKey.eq(key_id))
        .filter(journal_entry::Column::Body.is_not_null())
        .count(db.read())
        .await?;
    let boxes = contact_boxes(db.read()).await?;
    let boxes = boxes.get(key_id).copied().unwrap_or(0);
    Ok(entries + u64::try_from(boxes).unwrap_or(0))
}
