//! Publishing editions of instruments. An edition is immutable: whoever answered it must find the same words for ever.

use bedring_domain::instrument::EditionRef;
use bedring_domain::instrument::file::{FileError, InstrumentFile, read};
use bedring_store::entities::instrument_edition as row;
use bedring_store::plan::to_json;
use bedring_store::sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, Utc};

use super::sha256_hex;

/// The demonstration editions that come with the program, those that others are derived from first.
const SHIPPED: [&str; 3] = [
    include_str!("../../../app/domain/instruments/mhrm-30.demo-1.toml"),
    include_str!("../../../app/domain/instruments/lsns-9.demo-1.toml"),
    include_str!("../../../app/domain/instruments/lsns-6.demo-1.toml"),
];

/// Why an edition was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// Nothing proves how it is scored.
    #[error("it has no test vectors: nothing proves its scoring")]
    NoVectors,
    /// A vector that cannot fail.
    #[error("the vector \"{0}\" expects nothing: it proves nothing")]
    EmptyVector(String),
    /// The edition exists with other bytes.
    #[error(
        "the edition {edition} of {instrument} was published before with other content (SHA-256 {published}); an edition never changes: give this one a new name"
    )]
    Immutable {
        /// The instrument.
        instrument: String,
        /// The edition.
        edition: String,
        /// The hash of what was published.
        published: String,
    },
    /// It is derived from something that is not here.
    #[error(
        "it is derived from the edition {edition} of {instrument}, which is not published here: import that first"
    )]
    OriginMissing {
        /// The instrument.
        instrument: String,
        /// The edition.
        edition: String,
    },
    /// A file of ours is not right.
    #[error("a shipped instrument is damaged: {0}")]
    Shipped(#[from] FileError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// It is new.
    New,
    /// The same bytes were published before: nothing changed.
    Already,
}

/// Publishes an edition from a file that was read and checked, with its text.
///
/// # Errors
/// [`PublishError`]; nothing was written.
pub async fn publish<C: ConnectionTrait>(
    tx: &C,
    file: &InstrumentFile,
    text: &str,
    now: DateTime<Utc>,
) -> Result<Published, PublishError> {
    if file.vectors.is_empty() {
        return Err(PublishError::NoVectors);
    }
    if let Some(vector) = file.vectors.iter().find(|v| v.expect.is_empty()) {
        return Err(PublishError::EmptyVector(vector.name.clone()));
    }
    let definition = &file.definition;
    let sha256 = sha256_hex(text.as_bytes());
    if let Some(published) = find(tx, &definition.reference()).await? {
        if published.sha256 == sha256 {
            return Ok(Published::Already);
        }
        let row::Model {
            instrument,
            edition,
            sha256,
            ..
        } = published;
        return Err(PublishError::Immutable {
            instrument,
            edition,
            published: sha256,
        });
    }
    if let Some(origin) = &definition.derived_from
        && find(tx, origin).await?.is_none()
    {
        let EditionRef {
            instrument,
            edition,
        } = origin.clone();
        return Err(PublishError::OriginMissing {
            instrument,
            edition,
        });
    }
    let origin = definition.derived_from.clone();
    let row = row::ActiveModel {
        instrument: Set(definition.instrument.clone()),
        edition: Set(definition.edition.clone()),
        kind: Set(definition.kind.as_str().to_owned()),
        sha256: Set(sha256),
        source_file: Set(text.to_owned()),
        definition: Set(to_json(definition)),
        derived_from_instrument: Set(origin.as_ref().map(|o| o.instrument.clone())),
        derived_from_edition: Set(origin.map(|o| o.edition)),
        imported_at: Set(now),
    };
    row::Entity::insert(row)
        .exec_without_returning(tx)
        .await
        .map_err(StoreError::from)?;
    Ok(Published::New)
}

/// One published edition.
///
/// # Errors
/// As the database says.
pub async fn find<C: ConnectionTrait>(
    db: &C,
    edition: &EditionRef,
) -> Result<Option<row::Model>, StoreError> {
    let key = (edition.instrument.clone(), edition.edition.clone());
    Ok(row::Entity::find_by_id(key).one(db).await?)
}

/// All published editions, by instrument, oldest first.
///
/// # Errors
/// As the database says.
pub async fn all<C: ConnectionTrait>(db: &C) -> Result<Vec<row::Model>, StoreError> {
    let rows = row::Entity::find().order_by_asc(row::Column::Instrument);
    let rows = rows
        .order_by_asc(row::Column::ImportedAt)
        .order_by_asc(row::Column::Edition);
    Ok(rows.all(db).await?)
}

/// Publishes the shipped demonstration editions that are not here yet; those that are stay as they are.
///
/// # Errors
/// [`PublishError::Store`]; the files themselves are proven by a test.
pub async fn publish_shipped(db: &Db, now: DateTime<Utc>) -> Result<(), PublishError> {
    let known: Vec<EditionRef> = all(db.read())
        .await?
        .into_iter()
        .map(|r| EditionRef {
            instrument: r.instrument,
            edition: r.edition,
        })
        .collect();
    let mut missing = Vec::new();
    for text in SHIPPED {
        // Reading runs dozens of vectors; a glance at two lines tells whether that is needed.
        if !known.iter().any(|k| names(text, k)) {
            missing.push((read(text)?, text));
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let tx = db.begin().await?;
    for (file, text) in missing {
        if find(&*tx, &file.definition.reference()).await?.is_none() {
            publish(&*tx, &file, text, now).await?;
        }
    }
    Ok(tx.commit().await?)
}

fn names(text: &str, edition: &EditionRef) -> bool {
    let line = |key: &str, value: &str| {
        let first = text.lines().find(|l| l.starts_with(&format!("{key} = ")));
        first == Some(&format!("{key} = \"{value}\""))
    };
    line("instrument", &edition.instrument) && line("edition", &edition.edition)
}
