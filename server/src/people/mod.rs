//! What staff see of programmes and people, and what they change about them: registering, inviting, ending a course, choosing a response.
//!
//! What is said by people themselves goes through the journal; nothing here writes answers or consents. Every rule takes a proof of
//! permission and finds its rows through the proof's projects.

pub mod asked;
mod changes;
mod correct;
mod correct_routes;
mod detail;
mod devices;
mod discard;
pub mod erasure;
mod erasure_routes;
mod instruments;
mod list;
mod merge;
mod moving;
mod phone;
mod programmes;
mod register;
mod routes;
mod scores;
pub mod seen;
mod ways;
mod ways_routes;

pub use routes::routes;

use bedring_contract::problem::Code;
use bedring_store::StoreError;

use crate::error::ApiError;
use crate::keys::OpenError;
use asked::NotAsked;

/// Why something about people could not be shown or done.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// A field of the input is not right: JSON pointer and code.
    #[error("{0} is not right: {1}")]
    Input(&'static str, &'static str),
    /// Somebody else changed it meanwhile.
    #[error(transparent)]
    Changed(#[from] seen::Changed),
    /// There are answers, which must not be lost.
    #[error("the person has answered")]
    HasAnswers,
    /// It was asked already that everything be erased.
    #[error("an erasure was asked for already")]
    ErasureOpen,
    /// The request to erase does not wait any more.
    #[error("the request was answered meanwhile")]
    ErasureClosed,
    /// The account that asked for an erasure cannot confirm it.
    #[error("a second person has to confirm it")]
    SecondPerson,
    /// Only whoever asked, or somebody who might confirm it, takes a request back.
    #[error("somebody else asked for it")]
    NotTheirs,
    /// Nothing may be done about the person.
    #[error(transparent)]
    NotAsked(#[from] NotAsked),
    /// A name or address cannot be decrypted: a key is missing, or the row was damaged.
    #[error("contact data cannot be opened: {0}")]
    Contact(#[from] OpenError),
    /// The link is longer than a QR code holds.
    #[error("the link does not fit a QR code: server.public_url is too long")]
    QrCode,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<bedring_store::sea_orm::DbErr> for PeopleError {
    fn from(error: bedring_store::sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<PeopleError> for ApiError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Input(pointer, code) => Self::invalid(pointer, code),
            PeopleError::Changed(changed) => changed.into(),
            PeopleError::HasAnswers => Self::new(Code::PersonHasAnswers).detail(
                "Answers must not be lost with a registration: merge it with the right one.",
            ),
            PeopleError::ErasureOpen => Self::new(Code::ErasureOpen)
                .detail("Somebody asked for it already; see who, and confirm it or take it back."),
            PeopleError::ErasureClosed => Self::new(Code::ErasureClosed).detail(
                "It was taken back, or ended with the registration. Nothing was erased by it.",
            ),
            PeopleError::SecondPerson => Self::new(Code::ErasureSecondPerson)
                .detail("Whoever asks for an erasure cannot confirm it."),
            PeopleError::NotTheirs => Self::new(Code::AccessDenied),
            PeopleError::NotAsked(error) => error.into(),
            PeopleError::Contact(_) | PeopleError::QrCode => Self::internal(error),
            PeopleError::Store(error) => error.into(),
        }
    }
}
