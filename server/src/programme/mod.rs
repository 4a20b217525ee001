//! Programmes: what is measured in them and with which instruments, their letters and projects, their people, and data that comes in
//! from elsewhere. Reached from the command line; what staff do on screens is in `people`.

pub mod card;
pub mod contacts;
pub mod create;
pub mod demo;
pub mod editions;
pub mod import;
pub mod invitation;
pub mod register;

use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    bedring_domain::journal::hex(&Sha256::digest(bytes))
}
