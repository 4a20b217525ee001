//! What a person's phone asks of the server besides the journal: all that is needed to answer, what is held about the person, and a
//! secret in exchange for a short code. Nothing here writes what a person says: that goes through the journal alone.

mod bundle;
mod exchange;
mod known_as;
mod mine;
mod routes;

pub use routes::routes;
