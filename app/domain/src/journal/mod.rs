//! The journal: what a device may write, and what it gets back.
//!
//! An entry is written once on a device and never changes. Its `body` is a string: either the entry's JSON ([`Entry`]) or, sealed to
//! the server's public key, base64 of that. Its identity is a UUIDv7 made on the device and the SHA-256 of the body's bytes.

mod answers;
mod entry;
mod mac;
mod outbox;
mod outcome;

use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use answers::{Answer, Answers};
pub use entry::{CONTACT_PERSON_NAMED, ConsentWords, Entry, Event, KINDS, Response};
pub use mac::entry_mac;
pub use outbox::{Outbox, OutboxEntry, SendFailure, backoff_seconds};
pub use outcome::{Outcome, Reason};

/// Most entries in one delivery.
pub const MAX_ENTRIES: usize = 100;
/// Most bytes of one delivery's body.
pub const MAX_DELIVERY_BYTES: usize = 1024 * 1024;
/// Most bytes of one entry's body: the largest that an honest phone was seen to write has not two thousand.
pub const MAX_ENTRY_BYTES: usize = 32 * 1024;

/// SHA-256 over the UTF-8 bytes of an entry's body.
#[must_use]
pub fn body_sha256(body: &str) -> [u8; 32] {
    Sha256::digest(body.as_bytes()).into()
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]])
        .map(char::from)
        .collect()
}

/// A UUIDv7 of a moment (milliseconds since 1970 in UTC, negative counts as 0) and ten random bytes.
#[must_use]
pub fn entry_id(unix_ms: i64, random: &[u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(unix_ms).unwrap_or(0), random)
        .into_uuid()
}

/// Most characters of what a person calls somebody.
pub const MAX_NAME: usize = 60;

/// Could this be what a person calls somebody: a few words on one line.
#[must_use]
pub fn plausible_name(name: &str) -> bool {
    !name.trim().is_empty()
        && name.chars().count() <= MAX_NAME
        && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuid_version_7_even_with_a_clock_before_1970() {
        assert_eq!(entry_id(-5, &[1; 10]).get_version_num(), 7);
        assert!(entry_id(1, &[255; 10]) < entry_id(2, &[0; 10]));
    }

    #[test]
    fn a_name_is_a_few_words_on_one_line() {
        let longest = "å".repeat(MAX_NAME);
        for good in ["Mor", "Søren fra nr. 4", &longest] {
            assert!(plausible_name(good), "{good}");
        }
        let too_long = "å".repeat(MAX_NAME + 1);
        for bad in ["", " ", "Mor\nBcc: x", &too_long] {
            assert!(!plausible_name(bad), "{bad}");
        }
    }
}
