//! What lives on this phone: access, questionnaires, drafts, finished entries and the person's own copies.
//!
//! Everything is in one IndexedDB database, every value encrypted with a key that lies beside it in a file of its own. Nothing here
//! knows a view or the network; `sync` sends what waits.

mod books;
pub mod clock;
mod drafts;
mod forget;
mod idb;
mod journal;
mod keys;
mod locks;
mod opening;
mod own;
mod rescue;
mod revive;
mod schema;
mod seal;
mod seen;
mod storage;
mod tabs;
mod turns;
pub mod update;
mod vault;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bedring_contract::meta::SealKey;
use bedring_contract::person::PersonBundle;
use bedring_domain::journal::{Answers, Entry, Outcome, Reason};
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use journal::OwnedRecord;
pub(crate) use journal::Queued;
pub use locks::{Claim, QuestionnaireGuard, claim_questionnaire};
pub(crate) use locks::{Hold, hold};
pub use own::Standing;
pub use storage::{ask_for_persistence, is_persistent, storage_estimate};

/// The version that entries name.
pub const APP_VERSION: &str = env!("CARGO_PKG_VERSION");

/// What can go wrong with a phone's storage. Never carries content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// The browser has no usable storage or encryption (private window, switched off, closed under us twice).
    #[error("storage is unavailable")]
    Unavailable,
    /// The phone is full; nothing was changed.
    #[error("storage is full")]
    QuotaExceeded,
    /// Another tab with another version of the app stands in the way.
    #[error("storage is blocked by another tab")]
    Blocked,
    /// The key is gone while encrypted values are still there, or what is asked for needs a link that was not opened here.
    #[error("the key is lost")]
    KeyLost,
    /// A value cannot be decrypted or read.
    #[error("a stored value is damaged")]
    Corrupt,
}

/// What lets this phone speak for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The person.
    pub person: Uuid,
    /// For `Authorization: Bearer`.
    pub secret: String,
}

/// A questionnaire under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The future entry's id: [`new_id`].
    pub id: Uuid,
    /// Whose it is.
    pub person: Uuid,
    /// The occasion it answers.
    pub occasion: Uuid,
    /// The instrument's id.
    pub instrument: String,
    /// The edition whose wording is shown.
    pub edition: String,
    /// The language it is shown in.
    pub language: String,
    /// Device time of the first question.
    pub started_at: DateTime<FixedOffset>,
    /// Index of the item shown last.
    pub position: usize,
    /// The answers so far.
    pub answers: Answers,
}

/// An entry that is safely on the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its id.
    pub id: Uuid,
    /// Lower-case hexadecimal SHA-256 of its body.
    pub sha256: String,
}

/// An entry that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Whose it is.
    pub person: Uuid,
    /// Its id.
    pub id: Uuid,
    /// Lower-case hexadecimal SHA-256 of its body.
    pub sha256: String,
    /// Bytes of its body.
    pub size: usize,
    /// What happened, such as `response_submitted`.
    pub kind: String,
    /// Device time.
    pub recorded_at: DateTime<FixedOffset>,
}

/// The person's own readable copy of an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnCopy {
    /// The entry's id.
    pub id: Uuid,
    /// What was said.
    pub entry: Entry,
    /// What the server did with it; `None` while it waits.
    pub outcome: Option<Outcome>,
    /// Why, where the server gave a reason.
    pub reason: Option<Reason>,
    /// The receipt, once received.
    pub receipt: Option<String>,
}

/// The storage, opened.
pub struct Opened {
    /// The handle.
    pub device: Device,
    /// This browser held Bedring's data before and it is gone now.
    pub vanished: bool,
    /// This browser holds something of somebody.
    pub kept: bool,
    /// The person whose link was opened last.
    pub last: Result<Option<Last>, DeviceError>,
}

/// What the phone knows of the person whose link was opened last.
pub struct Last {
    /// Their way in.
    pub access: Access,
    /// What the server last said.
    pub bundle: Option<PersonBundle>,
    /// Their own copies, oldest first.
    pub copies: Vec<OwnCopy>,
}

/// A cheap handle on the phone's storage.
#[derive(Clone)]
pub struct Device {
    inner: Rc<Inner>,
}

struct Inner {
    vault: vault::Vault,
    /// One write at a time, in the order asked for: see [`turns`].
    turns: turns::Turns,
    /// Drafts that became entries: a save that comes late must not bring them back.
    finished: RefCell<Vec<Uuid>>,
    /// People who were forgotten since this tab opened: a save that comes late must not bring them back.
    forgotten: RefCell<Vec<Uuid>>,
    /// The latest millisecond used in an id, so that ids made here always rise.
    last_ms: Cell<i64>,
    /// By how much the server's clock is ahead of the phone's, in milliseconds, where the server has told the time.
    server_ahead: Cell<Option<i64>>,
    listeners: RefCell<Vec<Listener>>,
}

/// Is told of every change.
type Listener = Rc<dyn Fn(Change)>;

/// What changed on the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A link was opened: what was refused before may be taken now.
    Opened,
    /// An entry was queued.
    Queued,
    /// Anything else.
    Other,
    /// Another tab changed something.
    Elsewhere,
    /// The database had vanished under the open app; what this page knew was put back.
    Vanished,
}

/// What is kept of an access; outlives `forget` until the last of its entries is received.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredAccess {
    pub person: Uuid,
    pub secret: String,
    pub seal_key: SealKey,
    /// The person was forgotten here; kept only to deliver what waits.
    pub forgotten: bool,
    /// Other ways in that were opened here: secrets of earlier links, and short codes as they were typed.
    #[serde(default)]
    pub ways: Vec<String>,
    /// This device, once the server was to know it.
    #[serde(default)]
    pub device: Option<own::OwnDevice>,
}

/// How many other ways in are remembered of one person: more than anybody is given.
const WAYS_KEPT: usize = 20;

impl StoredAccess {
    /// Whether a link's secret or a short code leads to this person.
    fn is_opened_by(&self, way: &str) -> bool {
        !self.forgotten && (self.secret == way || self.ways.iter().any(|w| w == way))
    }

    /// Remembers one more way in, and of too many the latest.
    fn note_way(&mut self, way: String) {
        if way != self.secret && !self.ways.contains(&way) {
            self.ways.push(way);
        }
        let too_many = self.ways.len().saturating_sub(WAYS_KEPT);
        self.ways.drain(..too_many);
    }
}

/// An id for a new draft or entry: UUIDv7 of this moment.
#[must_use]
pub fn new_id() -> Uuid {
    Device::opened().map_or_else(
        || clock::fresh_id(clock::now_ms()),
        |device| device.next_id(),
    )
}
