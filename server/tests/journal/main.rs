//! The journal's promises, one by one, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod day;
mod doubts;
mod early;
mod full;
mod hostile;
mod once;
mod orders;
mod people;
mod refused;
mod times;
mod writers;
