//! Two powers. A way in (link, code, mail) opens the letter, the choices and the questionnaires, and passes through the hands of staff and
//! of mail servers. Reading back what was answered, and erasing it at once, take a device that is *known*: the first one of the person,
//! or one for which the first one or the person's PIN vouched.
//!
//! `caller` says who asks, `register` gives a device its token and decides whether it is known, `pin` and `ways` are what a known device
//! may do for others, `erasing` is the erasure that waits because a device asked for it which is not known.

pub mod caller;
pub mod erasing;
mod pin;
mod register;
mod routes;
pub mod ways;

pub use pin::forgive;
pub use routes::routes;
