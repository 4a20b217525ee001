//! From what was delivered to what it says: hashes, seals, JSON. Pure work on one delivery, done before anybody waits for the database.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedring_contract::journal::{DeliveredEntry, EntryResult};
use bedring_domain::code;
use bedring_domain::journal::{
    Entry, Event, KINDS, MAX_ENTRY_BYTES, Outcome, Reason, body_sha256, hex,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::keys::{KeyRing, OpenError};
use crate::ports::Random;
use crate::shape;
use crate::text::json_names_nul;

/// An entry whose id and hash are right: it will be stored, whatever it says.
#[derive(Debug)]
pub struct OpenedEntry {
    /// UUIDv7 of the device.
    pub id: Uuid,
    /// Of the body's bytes as delivered.
    pub sha256: [u8; 32],
    /// The key that the stored body is sealed to.
    pub seal_key: Option<String>,
    /// As delivered, but sealed here if it came open and holds an address.
    pub body: String,
    /// The entry's kind, as far as it could be read.
    pub kind: Option<String>,
    /// What it says, or why it cannot be read.
    pub content: Result<Entry, Reason>,
}

impl OpenedEntry {
    /// Its receipt.
    pub fn receipt(&self) -> String {
        code::receipt(self.id, &self.sha256)
    }
}

/// Checks and opens one entry. `Err` is the answer for an entry that is not stored: the device keeps it.
pub fn open(
    delivered: DeliveredEntry,
    keys: &KeyRing,
    random: &dyn Random,
) -> Result<Box<OpenedEntry>, EntryResult> {
    let refuse = |delivered: &DeliveredEntry, reason| EntryResult {
        id: delivered.id.clone(),
        sha256: delivered.sha256.clone(),
        outcome: Outcome::NotStored,
        reason: Some(reason),
        receipt: None,
    };
    let Some(id) = Uuid::parse_str(&delivered.id)
        .ok()
        .filter(|id| id.get_version_num() == 7 && id.to_string() == delivered.id)
    else {
        return Err(refuse(&delivered, Reason::IdInvalid));
    };
    if delivered.body.len() > MAX_ENTRY_BYTES
        || delivered
            .seal
            .as_ref()
            .is_some_and(|s| s.key_id.len() > 100)
    {
        return Err(refuse(&delivered, Reason::EntryTooLarge));
    }
    let sha256 = body_sha256(&delivered.body);
    if hex(&sha256) != delivered.sha256 {
        return Err(refuse(&delivered, Reason::HashMismatch));
    }
    let seal_key = delivered.seal.map(|s| s.key_id);
    if delivered.body.contains('\0') || seal_key.as_ref().is_some_and(|k| k.contains('\0')) {
        return Ok(Box::new(unstorable(
            id,
            sha256,
            &delivered.body,
            keys,
            random,
        )));
    }
    let (kind, content) = match unsealed(seal_key.as_deref(), &delivered.body, keys) {
        Ok(Some(json)) => read_entry(&json),
        Ok(None) => read_entry(delivered.body.as_bytes()),
        Err(reason) => (None, Err(reason)),
    };
    let (seal_key, body) = match &content {
        Ok(Entry {
            event: Event::ContactGiven { .. } | Event::ContactPersonNamed { .. },
            ..
        }) if seal_key.is_none() => (
            Some(keys.seal.newest().id().to_owned()),
            keys.seal.seal(random, delivered.body.as_bytes()),
        ),
        _ => (seal_key, delivered.body),
    };
    Ok(Box::new(OpenedEntry {
        id,
        sha256,
        seal_key,
        body,
        kind,
        content,
    }))
}

/// An entry with a NUL where no honest device writes one. It is kept as it came, sealed here, because no database takes it open: refused,
/// it would hold back on its phone, for ever, whatever stands behind it.
fn unstorable(
    id: Uuid,
    sha256: [u8; 32],
    body: &str,
    keys: &KeyRing,
    random: &dyn Random,
) -> OpenedEntry {
    OpenedEntry {
        id,
        sha256,
        seal_key: Some(keys.seal.newest().id().to_owned()),
        body: keys.seal.seal(random, body.as_bytes()),
        kind: None,
        content: Err(Reason::EntryMalformed),
    }
}

/// The bytes inside a stored or delivered body; `None`: it is not sealed.
fn unsealed(seal_key: Option<&str>, body: &str, keys: &KeyRing) -> Result<Option<Vec<u8>>, Reason> {
    let Some(key_id) = seal_key else {
        return Ok(None);
    };
    let sealed = STANDARD.decode(body).map_err(|_| Reason::SealBroken)?;
    keys.seal
        .open(key_id, &sealed)
        .map(Some)
        .map_err(|e| match e {
            OpenError::KeyUnknown => Reason::SealUnknownKey,
            OpenError::Damaged => Reason::SealBroken,
        })
}

/// Reads again what was stored, for another try.
pub fn reopen(
    seal_key: Option<&str>,
    body: &str,
    keys: &KeyRing,
) -> (Option<String>, Result<Entry, Reason>) {
    match unsealed(seal_key, body, keys) {
        Ok(Some(json)) => read_entry(&json),
        Ok(None) => read_entry(body.as_bytes()),
        Err(reason) => (None, Err(reason)),
    }
}

/// Reads an entry. A kind that this version does not know is told apart from an entry that no version could read.
fn read_entry(json: &[u8]) -> (Option<String>, Result<Entry, Reason>) {
    #[derive(Deserialize)]
    struct OnlyKind {
        kind: String,
    }
    if let Ok(entry) = serde_json::from_slice::<Entry>(json) {
        // No database takes a NUL in a text, and no honest device writes one.
        if !json_names_nul(json) && matches!(shape::misfit::<Entry>(json), Ok(None)) {
            return (Some(entry.event.kind().to_owned()), Ok(entry));
        }
    }
    // Serde would read a list of one word as a kind, too.
    let is_object = json.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    let kind = is_object.then(|| serde_json::from_slice::<OnlyKind>(json).ok());
    match kind.flatten() {
        Some(OnlyKind { kind }) if KINDS.contains(&kind.as_str()) => {
            (Some(kind), Err(Reason::EntryMalformed))
        }
        Some(OnlyKind { kind }) if kind.len() <= 100 && !kind.contains('\0') => {
            (Some(kind), Err(Reason::EntryUnknownKind))
        }
        _ => (None, Err(Reason::EntryMalformed)),
    }
}
