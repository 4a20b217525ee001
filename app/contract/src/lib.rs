//! The wire: paths, JSON bodies and problem codes of the API. Types only: no rule lives here.
//!
//! Field names are snake case, times RFC 3339, ids UUIDs. Within `v1` fields and codes may be added, never removed or renamed.

pub mod correct;
pub mod course;
pub mod device;
pub mod erasure;
pub mod followup;
pub mod instrument;
pub mod invitation;
pub mod journal;
pub mod mail;
pub mod meta;
pub mod paths;
pub mod person;
pub mod plan;
pub mod problem;
pub mod project;
pub mod quarantine;
pub mod staff;
