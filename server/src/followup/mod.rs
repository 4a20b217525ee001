//! Nobody is lost by silence: what the programme's plan means for a person, what staff have to do next, and what became of those who
//! are not heard from.
//!
//! Not here: what a mail says and when it goes (`mail`), and what people answer (`journal`).

pub mod answered;
pub mod backfill;
mod board;
pub mod calls;
pub mod changes;
mod colleagues;
mod course;
mod ends;
mod erasures;
mod feed;
mod history;
mod holds;
mod lines;
mod person_routes;
pub mod plan;
pub mod reasons;
mod routes;
mod set_back;
pub mod states;
mod taking_part;
pub mod windows;
pub mod worklist;

pub use feed::routes as feed_routes;
pub use routes::routes;
pub(crate) use set_back::{after_set_back, forget_ahead};

use bedring_contract::problem::Code;
use bedring_store::StoreError;

use crate::error::ApiError;
use crate::keys::OpenError;
use crate::people::asked::NotAsked;

/// Why something about follow-ups could not be shown or done.
#[derive(Debug, thiserror::Error)]
pub enum FollowupError {
    /// A field of the input is not right: JSON pointer and code.
    #[error("{0} is not right: {1}")]
    Input(&'static str, &'static str),
    /// As above, where the place has to be found first.
    #[error("{0} is not right: {1}")]
    Field(String, &'static str),
    /// Somebody else saved another plan meanwhile.
    #[error("the plan was changed meanwhile")]
    Overtaken,
    /// Somebody else changed it meanwhile.
    #[error(transparent)]
    Changed(#[from] crate::people::seen::Changed),
    /// Nothing may be done about the person.
    #[error(transparent)]
    NotAsked(#[from] NotAsked),
    /// An occasion is finished otherwise than by a reason: it was answered, or its person said no or withdrew.
    #[error("an occasion is finished already")]
    Finished,
    /// The call was made; it takes no further tries.
    #[error("the call task is closed")]
    Closed,
    /// A name cannot be decrypted: a key is missing, or the row was damaged.
    #[error("contact data cannot be opened: {0}")]
    Contact(#[from] OpenError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<bedring_store::sea_orm::DbErr> for FollowupError {
    fn from(error: bedring_store::sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<FollowupError> for ApiError {
    fn from(error: FollowupError) -> Self {
        match error {
            FollowupError::Input(pointer, code) => Self::invalid(pointer, code),
            FollowupError::Field(pointer, code) => Self::invalid(pointer, code),
            FollowupError::Overtaken => Self::new(Code::Conflict).detail(
                "Somebody changed the plan meanwhile. Nothing was saved; look at it again.",
            ),
            FollowupError::Changed(changed) => changed.into(),
            FollowupError::NotAsked(error) => error.into(),
            FollowupError::Finished => Self::new(Code::Conflict).detail(
                "It was answered, or the person said no or has withdrawn. Nothing was changed.",
            ),
            FollowupError::Closed => {
                Self::new(Code::Conflict).detail("The call is closed already.")
            }
            FollowupError::Contact(_) => Self::internal(error),
            FollowupError::Store(error) => error.into(),
        }
    }
}
