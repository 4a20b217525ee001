//! Somebody about whom staff may do something: found in scope, locked, and neither erased nor said no. One place, for every capability.

use bedring_contract::problem::Code;
use bedring_contract::staff::WhyNotAsked;
use bedring_store::entities::person;
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryFilter, QuerySelect};
use bedring_store::{StoreError, convert, scope};
use uuid::Uuid;

use crate::accounts::access::Proof;
use crate::error::ApiError;

/// Why nothing may be done about somebody.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    /// The person has erased everything.
    #[error("the person has erased everything")]
    Erased,
    /// The person said no, or withdrew: asking again is not for staff to decide.
    #[error("the person does not want to be asked")]
    Unwilling,
    /// The person was registered by mistake, and discarded.
    #[error("the person was discarded")]
    Discarded,
    /// The database; also that there is no such person within the proof's projects.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbErr> for NotAsked {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<NotAsked> for ApiError {
    fn from(error: NotAsked) -> Self {
        match error {
            NotAsked::Erased => Self::new(Code::PersonErased),
            NotAsked::Unwilling => Self::new(Code::PersonUnwilling)
                .detail("The person said no or has withdrawn, and must not be asked again."),
            NotAsked::Discarded => Self::new(Code::PersonDiscarded)
                .detail("The registration was discarded as a mistake; take that back first."),
            NotAsked::Store(error) => error.into(),
        }
    }
}

/// Why a person may not be asked, as screens tell it; `None` where they may.
#[must_use]
pub fn why_not(person: &person::Model) -> Option<WhyNotAsked> {
    if person.erased_at.is_some() {
        return Some(WhyNotAsked::Erased);
    }
    if person.discarded_at.is_some() {
        return Some(WhyNotAsked::Discarded);
    }
    let standing = convert::standing(person);
    if standing.may_ask() {
        return None;
    }
    Some(match standing.withdrawn {
        Some(_) => WhyNotAsked::Withdrawn,
        None => WhyNotAsked::SaidNo,
    })
}

/// A person in scope, whose row is locked from here on, about whom something may be put right: also one who said no.
///
/// # Errors
/// As [`NotAsked`] says, but `Unwilling`.
pub async fn to_be_corrected<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    tx: &C,
    id: Uuid,
) -> Result<person::Model, NotAsked> {
    let person = locked(proof, tx, id).await?;
    match why_not(&person) {
        Some(WhyNotAsked::Erased) => Err(NotAsked::Erased),
        Some(WhyNotAsked::Discarded) => Err(NotAsked::Discarded),
        Some(WhyNotAsked::SaidNo | WhyNotAsked::Withdrawn) | None => Ok(person),
    }
}

/// A person in scope, whatever became of them, whose row is locked from here on.
///
/// # Errors
/// [`StoreError::NotFound`], or as the database says.
pub async fn locked<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    tx: &C,
    id: Uuid,
) -> Result<person::Model, StoreError> {
    let found = scope::persons_ever(proof.scope())
        .filter(person::Column::Id.eq(id))
        .lock(LockType::Update)
        .one(tx)
        .await?;
    found.ok_or(StoreError::NotFound)
}

/// A person in scope, whose row is locked from here on, who may be asked something.
///
/// # Errors
/// As [`NotAsked`] says.
pub async fn to_be_asked<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    tx: &C,
    id: Uuid,
) -> Result<person::Model, NotAsked> {
    let person = locked(proof, tx, id).await?;
    match why_not(&person) {
        Some(WhyNotAsked::Erased) => Err(NotAsked::Erased),
        Some(WhyNotAsked::Discarded) => Err(NotAsked::Discarded),
        Some(WhyNotAsked::SaidNo | WhyNotAsked::Withdrawn) => Err(NotAsked::Unwilling),
        None => Ok(person),
    }
}
