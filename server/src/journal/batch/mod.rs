//! What becomes of every entry of some deliveries, decided and written in one transaction.
//!
//! First everything is read that the decisions need (`reading`): senders, people (locked), entries that are known, occasions, ledgers.
//! Then each entry is decided in memory (`deciding`) and becomes a row (`rows`), then all rows are written at once. What goes beyond
//! plain rows is in `person_events`.

mod day;
mod deciding;
mod reading;
mod rows;

pub use deciding::is_consent;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use bedring_contract::journal::EntryResult;
use bedring_domain::instrument::EditionRef;
use bedring_domain::journal::{Entry, Event, Response};
use bedring_store::sea_orm::{ConnectionTrait, DatabaseBackend, QueryResult, Statement};
use bedring_store::{StoreError, WriteTx, together};
use chrono::{DateTime, FixedOffset, Utc};
use uuid::Uuid;

use super::editions::{Edition, Editions};
use super::opened::OpenedEntry;
use super::person_events::{self, OccasionFacts, PersonFacts};
use super::quota::{Quota, Use};
use super::staged::Staged;
use super::{DeliverError, Sender};
use crate::keys::KeyRing;
use crate::ports::{Random, uuid_v7};

/// What deciding needs besides the database.
pub struct Context<'a> {
    /// Known editions.
    pub editions: &'a Editions,
    /// Keys, for addresses.
    pub keys: &'a KeyRing,
    /// Randomness.
    pub random: &'a dyn Random,
    /// What people delivered today; `None`: nothing is held against a limit.
    pub quota: Option<&'a Quota>,
    /// The moment of arrival.
    pub now: DateTime<Utc>,
    /// What becomes of answers to an occasion that was not open.
    pub early: Early,
}

/// What becomes of answers that were given before their occasion opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Early {
    /// Kept apart, for a person to look at.
    KeptApart,
    /// Taken in: a person said so.
    TakenIn,
}

/// One delivery, opened.
#[derive(Debug)]
pub struct Opened {
    /// Whose it is.
    pub sender: Sender,
    /// The device.
    pub device_id: Uuid,
    /// The device's clock when it sent this.
    pub sent_at: DateTime<FixedOffset>,
    /// In the order delivered; `Err` are answers already.
    pub entries: Vec<Result<Box<OpenedEntry>, EntryResult>>,
}

/// The answer to one delivery.
pub type Answer = Result<Vec<EntryResult>, DeliverError>;

/// What was decided, not yet written.
pub struct Decided {
    /// One answer for each delivery, in order; valid once the transaction is committed.
    pub answers: Vec<Answer>,
    /// The plain rows.
    statements: Vec<Statement>,
    /// People about whom something changed that goes beyond plain rows.
    changed: Vec<PersonFacts>,
    /// What those who delivered have delivered today, with all of it.
    used: HashMap<Uuid, Use>,
}

/// What has to be asked first, whatever the answers: see [`decide`].
#[must_use]
pub fn questions(deliveries: &[Opened], on: DatabaseBackend) -> Vec<Statement> {
    reading::questions(deliveries, on)
}

/// Decides, from the rows that answer [`questions`].
///
/// # Errors
/// As the database says.
pub async fn decide<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    deliveries: &[Opened],
    rows: Vec<QueryResult>,
) -> Result<Decided, StoreError> {
    let mut batch = Batch::read(ctx, tx, deliveries, rows).await?;
    let answers = deliveries.iter().map(|d| batch.delivery(d)).collect();
    let Batch {
        staged,
        people,
        used,
        ..
    } = batch;
    let job_id = uuid_v7(ctx.now, ctx.random);
    Ok(Decided {
        answers,
        statements: staged.statements(tx.get_database_backend(), job_id, ctx.now),
        changed: people.into_values().filter(PersonFacts::changed).collect(),
        used,
    })
}

/// Decides and writes within a transaction that does more than this.
///
/// # Errors
/// [`StoreError::Conflict`] if another server was faster with an id: roll back and run again.
pub async fn run<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    deliveries: &[Opened],
) -> Result<Vec<Answer>, StoreError> {
    let asked = questions(deliveries, tx.get_database_backend());
    let rows = together::query_all(tx, asked).await?;
    let decided = decide(ctx, tx, deliveries, rows).await?;
    together::execute_all(tx, decided.statements).await?;
    write_changed(ctx, tx, decided.changed).await?;
    Ok(decided.answers)
}

/// Writes what was decided and makes it last. Where no delivery was taken in, nothing is written.
///
/// # Errors
/// As [`run`].
pub async fn commit(
    ctx: &Context<'_>,
    tx: WriteTx,
    decided: Decided,
) -> Result<Vec<Answer>, StoreError> {
    if decided.answers.iter().all(Result::is_err) {
        return Ok(decided.answers);
    }
    let used = decided.used;
    if decided.changed.is_empty() {
        tx.commit_with(decided.statements).await?;
    } else {
        together::execute_all(&*tx, decided.statements).await?;
        write_changed(ctx, &*tx, decided.changed).await?;
        tx.commit().await?;
    }
    if let Some(quota) = ctx.quota {
        quota.keep(&used, ctx.now);
    }
    Ok(decided.answers)
}

async fn write_changed<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    changed: Vec<PersonFacts>,
) -> Result<(), StoreError> {
    for facts in changed {
        person_events::write(ctx, tx, facts).await?;
    }
    Ok(())
}

/// An entry that is stored already, by this batch or before.
struct Known {
    sha256: [u8; 32],
    gone: bool,
    /// How often other bytes came under its id.
    conflicts: i32,
}

/// A way in, by which a delivery came.
struct Way {
    person: Uuid,
    expires_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

struct Batch<'a> {
    ctx: &'a Context<'a>,
    senders: HashMap<[u8; 32], Way>,
    people: HashMap<Uuid, PersonFacts>,
    known: HashMap<Uuid, Known>,
    occasions: HashMap<Uuid, OccasionFacts>,
    /// Measurements of registrations that were merged, and what they are now.
    merged: HashMap<Uuid, Uuid>,
    editions: HashMap<EditionRef, Arc<Edition>>,
    /// Letters that were published, by project: of those that a yes names.
    letters: HashSet<(Uuid, String)>,
    /// What those who deliver have delivered today.
    used: HashMap<Uuid, Use>,
    /// Whom the new entries of the delivery that is decided just now are about.
    written_about: BTreeSet<Uuid>,
    staged: Staged,
}

impl Batch<'_> {
    /// Whom an entry that staff wrote is about.
    fn subject_named(&self, entry: &Entry) -> Option<Uuid> {
        match &entry.event {
            Event::ResponseSubmitted(r) => entry
                .person
                .or_else(|| self.occasions.get(&r.occasion).map(|o| o.row.person_id)),
            _ => entry.person,
        }
    }

    /// What a measurement is now that an entry names.
    fn place_of(&self, occasion: Uuid) -> Uuid {
        self.merged.get(&occasion).copied().unwrap_or(occasion)
    }
}

/// Which edition a response answers.
fn edition_of(response: &Response) -> EditionRef {
    EditionRef {
        instrument: response.instrument.clone(),
        edition: response.edition.clone(),
    }
}
