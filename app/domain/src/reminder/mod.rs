//! Reminders: who is written to and when, when it is a person's turn to call, and why nothing happens where nothing does.
//!
//! Every moment here is local time in Denmark, without an offset: quiet hours and days are what people live by. Whoever keeps moments
//! in UTC converts. The hours in which mails go leave out the night, so each of these moments exists exactly once, on days when the
//! clock is put forward or back too.
//!
//! Not here: what a mail says, the outbox, sending, and who owns a call task.

mod decide;
mod policy;

pub use decide::{
    Address, CallState, FARTHEST_AHEAD_DAYS, NextStep, ReminderFacts, Sent, WhyNothing, next_step,
};
pub use policy::{LONGEST_NAME, MOST_DAYS, MOST_MAILS, MOST_STEPS, PolicyError, ReminderPolicy};
