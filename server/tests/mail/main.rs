//! Reminders by mail, from what is due to what arrives at a mail server, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod addresses;
mod apart;
mod bad_days;
mod choices;
mod contacts;
mod digest;
mod imap_server;
mod language;
mod later;
mod moved;
mod named;
mod once;
mod own;
mod pauses;
mod rate;
mod returned;
mod set_back;
mod shared;
mod staff;
mod words;
mod world;
