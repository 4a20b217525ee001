//! What the rules need from outside and tests replace: the clock and randomness.
//!
//! Nothing else in the server reads a clock or draws random bytes; handlers take them from [`crate::state::AppState`].

mod clock;
mod random;

pub use clock::{Clock, ManualClock, SystemClock};
pub use random::{OsRandom, Random, SeededRandom, uuid_v4, uuid_v7};
