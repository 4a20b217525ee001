//! Reminders by mail: planning, sending, and what people choose about them.
//!
//! What is sent when is decided by `bedring_domain::reminder` alone; this folder asks it twice, when planning and again in the moment of
//! sending. Not here: call tasks and worklists (`followup`), and what counts as answered (`journal`).

pub mod marks;
pub mod smtp;
