//! The tables as sea-orm entities. They never leave this crate and the capability that asked for them.

pub mod access_secret;
pub mod account;
pub mod account_project;
pub mod audit;
pub mod consent;
pub mod contact;
pub mod instrument_edition;
pub mod job;
pub mod journal_conflict;
pub mod journal_entry;
pub mod letter;
pub mod letter_read;
pub mod occasion;
pub mod person;
pub mod programme;
pub mod project;
pub mod refusal_tally;
pub mod response;
pub mod score;
pub mod session;
pub mod stated_type;
