//! Whose secret it is.

use bedring_contract::problem::Code;
use bedring_store::StoreError;
use bedring_store::entities::{access_secret, person};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, Utc};

use crate::error::ApiError;
use crate::journal::secret_hash;

/// Why a secret opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// No such secret.
    #[error("the secret is unknown")]
    SecretUnknown,
    /// It was valid once.
    #[error("the secret has expired")]
    SecretExpired,
    /// The person erased everything: an old phone must be told, even with a secret that has expired.
    #[error("the person was erased")]
    Erased,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PersonError> for ApiError {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::SecretUnknown => Self::new(Code::AuthSecretUnknown),
            PersonError::SecretExpired => Self::new(Code::AuthSecretExpired),
            PersonError::Erased => Self::new(Code::PersonErased),
            PersonError::Store(error) => error.into(),
        }
    }
}

/// The person that a link's secret stands for.
///
/// # Errors
/// [`PersonError`].
pub async fn of_secret<C: ConnectionTrait>(
    db: &C,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<person::Model, PersonError> {
    let found = access_secret::Entity::find_by_id(secret_hash(secret).to_vec())
        .filter(access_secret::Column::Kind.eq("link"))
        .one(db)
        .await
        .map_err(StoreError::from)?;
    let secret = found.ok_or(PersonError::SecretUnknown)?;
    // A damaged row is still this person's: "unknown" would have the phone forget its way in.
    let people = person::Entity::find_by_id(secret.person_id)
        .readable(db, "persons", &mut Damage::default(), |p| p.id)
        .await?;
    let person = people
        .into_iter()
        .next()
        .ok_or(PersonError::SecretUnknown)?;
    if person.erased_at.is_some() {
        return Err(PersonError::Erased);
    }
    // A registration that was a mistake opens nothing any more; what its phone still sends is kept apart.
    if secret.expires_at <= now || person.discarded_at.is_some() {
        return Err(PersonError::SecretExpired);
    }
    Ok(person)
}
