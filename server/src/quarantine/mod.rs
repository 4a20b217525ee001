//! What was kept apart, for people to look at and settle, and what became of an entry by its receipt. Reasons and codes only: nobody reads
//! answers here.

mod list;
mod many;
mod people;
mod receipts;
mod resolve;
mod routes;
mod set_aside;
mod waiting;

pub use routes::routes;

/// States in which something waits for somebody.
pub mod states {
    pub use crate::journal::state::{DISMISSED, GONE, QUARANTINED};

    /// Other bytes under a known id, undecided.
    pub const OPEN: &str = "open";
}
