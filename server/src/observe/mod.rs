//! What an operator sees: the log and the figures. Neither ever holds content, secrets or ids of people.

pub mod log;
pub mod metrics;
