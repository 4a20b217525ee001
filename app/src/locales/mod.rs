//! The languages of the app.

pub mod da;
pub mod en;
