//! The one door for what devices write: accept, apply, quarantine, receipt.
//!
//! A delivery walks through four files. `opened` checks hashes, opens seals and reads entries, in the request's own task. `writer` is the
//! single place that writes: it takes all deliveries that wait, puts them into one transaction (a commit costs a disk flush, however
//! many deliveries share it) and answers each after that commit. `batch` decides what becomes of every entry, from what the database
//! says of the people and occasions involved; `person_events` are the effects beyond a plain row: consent, withdrawal,
//! `contacts` and `erasure`. `retry` applies again what was kept apart, `rescue` brings in a phone's file, and `scoring` is the work that follows.
//!
//! Nothing here depends on the order in which entries arrive: the state of people and occasions is derived from sets of facts by
//! `bedring_domain::{consent, course}`.

mod batch;
mod contacts;
mod delivered;
pub mod editions;
mod erasure;
pub mod language;
mod opened;
mod person_events;
mod quota;
pub mod rescue;
pub mod retry;
pub mod routes;
pub mod scoring;
mod staged;
mod writer;

use bedring_store::StoreError;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::accounts::access::{Proof, WriteJournal};

pub use batch::{Context, Early};
pub use erasure::{erase_by_two, erase_person, forget_bodies};
pub use writer::Journal;

/// Whose delivery it is.
#[derive(Debug, Clone)]
pub enum Sender {
    /// Whoever holds a person's secret.
    Secret(Key),
    /// Staff, logged in, with the permission to write.
    Staff(Proof<WriteJournal>),
    /// Nobody who could be asked: an entry that was kept apart is tried again, or the operator brings in a phone's rescue file; for the
    /// person it came from, and in the name of the account that vouches for it, if its phone does not.
    Replay(Option<Uuid>, Option<Uuid>),
    /// An entry of a rescue file that nothing proves to be its person's: it is kept apart, whatever it says.
    Unsigned(Option<Uuid>),
    /// The second of two accounts that together erase a person.
    Erasure {
        /// Whom.
        person: Uuid,
        /// Who confirmed it.
        account: Uuid,
    },
}

impl Sender {
    /// The account in whose name an entry stands; `None` where it is the person's own.
    #[must_use]
    pub fn account(&self) -> Option<Uuid> {
        match self {
            Self::Secret(_) | Self::Unsigned(_) => None,
            Self::Staff(proof) => proof.account(),
            Self::Erasure { account, .. } => Some(*account),
            Self::Replay(_, account) => *account,
        }
    }
}

/// What a person's phone shows when it delivers.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// Of whom it shows a known device: that one may erase at once, and goes on when its way in was ended.
    pub known: Option<Uuid>,
}

/// The hash under which a secret or short code is stored.
#[must_use]
pub fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Why a delivery was not taken in. All of its entries stay on the device.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// No such secret.
    #[error("the secret is unknown")]
    SecretUnknown,
    /// The secret was valid once.
    #[error("the secret has expired")]
    SecretExpired,
    /// The way in was ended before its time.
    #[error("the way in was ended")]
    SecretEnded,
    /// The person has delivered as much as a day takes; the rest may come after so many seconds.
    #[error("the person has delivered as much as a day takes")]
    DayIsFull(u32),
    /// Too much waits already.
    #[error("too many deliveries wait")]
    Overloaded,
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
    /// The database.
    #[error(transparent)]
    Store(#[from] SharedStoreError),
}

/// A database error that befell a whole batch of deliveries.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct SharedStoreError(pub std::sync::Arc<StoreError>);

impl From<StoreError> for DeliverError {
    fn from(error: StoreError) -> Self {
        Self::Store(SharedStoreError(std::sync::Arc::new(error)))
    }
}

/// States of a row of `journal_entries`.
pub mod state {
    /// Its effects are in the data.
    pub const APPLIED: &str = "applied";
    /// Kept apart for a reason.
    pub const QUARANTINED: &str = "quarantined";
    /// A person decided to leave it out.
    pub const DISMISSED: &str = "dismissed";
    /// Its person has erased everything; only the hash is left.
    pub const GONE: &str = "gone";
}

/// A kind of job: its payload is a JSON list of response ids.
pub const SCORE_RESPONSES: &str = "score_responses";

/// A kind of job: its payload is a JSON list of ids of people whose days have moved, see [`retry::days_moved`].
pub const TRY_AGAIN: &str = "try_again";
