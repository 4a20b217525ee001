//! What was kept apart, for people to look at and settle, and what became of an entry by its receipt. Reasons and codes only: nobody reads
//! answers here.

mod list;
mod receipts;
mod resolve;
mod routes;

pub use routes::routes;

/// States in which something waits for somebody.
pub mod states {
    pub use crate::journal::state::{DISMISSED, QUARANTINED};

    /// Other bytes under a known id, undecided.
    pub const OPEN: &str = "open";
}
