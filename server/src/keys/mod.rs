//! The server's keys: those that open sealed entries and those of names and contact data.
//!
//! A key file is text: one key a line in base64, empty lines and lines that begin with `#` are skipped. The first key is the one in use, the
//! others still open what was made with them. Losing these files means losing everything that they protect: they belong in the backup,
//! but not in the same place as the database.

mod agreement;
pub mod checks;
mod contact;
mod files;
mod seal;

pub use contact::ContactKeys;
pub use files::{KeyFileError, create_files, open, paths, places, readable_by_others};
pub use seal::{SealKeyPair, SealKeys, seal_to};

use crate::ports::Random;

/// All keys of a server.
#[derive(Debug, Clone)]
pub struct KeyRing {
    /// Opens what phones seal.
    pub seal: SealKeys,
    /// Names and contact data.
    pub contact: ContactKeys,
}

impl KeyRing {
    /// New keys that are stored nowhere. For tests and for making files.
    #[must_use]
    pub fn generate(random: &dyn Random) -> Self {
        Self {
            seal: SealKeys::generate(random),
            contact: ContactKeys::generate(random),
        }
    }
}

/// Why something cannot be opened. Says nothing about what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It was made with a key that this server does not have.
    #[error("it was made with a key that this server does not have")]
    KeyUnknown,
    /// The bytes were cut off or changed.
    #[error("it was cut off or changed")]
    Damaged,
}
