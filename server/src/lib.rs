//! Bedring's server: HTTP, rules, jobs and the command line. The binary `bedring` only calls [`cli::run`].
//!
//! Each capability has a folder of its own with `routes.rs` (HTTP only) and its rules in plainly named files; see `server/docs/architecture.md`.

#![forbid(unsafe_code)]

pub mod accounts;
pub mod audit;
pub mod calendar;
pub mod cli;
pub mod config;
pub mod database;
pub mod devices;
pub mod error;
pub mod followup;
pub mod health;
pub mod http;
pub mod jobs;
pub mod journal;
pub mod keys;
pub mod limiter;
pub mod mail;
pub mod observe;
pub mod people;
pub mod ports;
pub mod programme;
pub mod quarantine;
pub mod respond;
pub mod set_back;
pub mod shape;
pub mod state;
pub mod text;

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
