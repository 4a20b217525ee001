//! The journal's promises, one by one, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod full;
mod hostile;
mod once;
mod people;
mod refused;
mod times;
mod writers;
