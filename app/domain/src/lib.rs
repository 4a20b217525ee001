//! The rules that phone and server must agree on.
//!
//! Everything here is pure: time, identifiers and randomness are arguments, nothing is read or written, and the crate compiles to
//! WebAssembly. What only one side needs (storage, HTTP, screens) does not belong here.

pub mod address;
pub mod code;
pub mod consent;
pub mod course;
pub mod instrument;
pub mod journal;
pub mod link;
pub mod phone;
pub mod pin;
pub mod pseudonym;
pub mod reminder;
#[cfg(feature = "openapi")]
mod schemas;
pub mod time;
