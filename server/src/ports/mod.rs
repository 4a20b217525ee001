//! What the rules need from outside and tests replace: the clock, randomness, and who takes mails.
//!
//! Nothing else in the server reads a clock or draws random bytes; handlers take them from [`crate::state::AppState`].

mod clock;
mod mailer;
mod random;

pub use clock::{AheadClock, Clock, ManualClock, SystemClock};
pub use mailer::{KeptMail, MailError, Mailer, Outgoing, Party};
pub use random::{OsRandom, Random, SeededRandom, uuid_v4, uuid_v7};
