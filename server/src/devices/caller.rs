//! Who calls: the person that a way in stands for, and the device that shows its token beside it.

use axum::http::HeaderMap;
use bedring_contract::device::DEVICE_HEADER;
use bedring_contract::problem::Code;
use bedring_store::StoreError;
use bedring_store::entities::{access_secret, device, person};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::error::ApiError;
use crate::http::extract::bearer;
use crate::journal::secret_hash;
use crate::programme::invitation::kind;

/// A known device goes on so long after it was here last, whatever became of the way in by which it came.
const GOES_ON_DAYS: i64 = 400;

/// Why a secret opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// No secret came with the request.
    #[error("no secret came with the request")]
    Missing,
    /// No such secret.
    #[error("the secret is unknown")]
    SecretUnknown,
    /// It was valid once.
    #[error("the secret has expired")]
    SecretExpired,
    /// It was ended before its time.
    #[error("the way in was ended")]
    SecretEnded,
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
            PersonError::Missing => Self::new(Code::AuthMissing),
            PersonError::SecretUnknown => Self::new(Code::AuthSecretUnknown),
            PersonError::SecretExpired => Self::new(Code::AuthSecretExpired),
            PersonError::SecretEnded => Self::new(Code::AuthSecretEnded),
            PersonError::Erased => Self::new(Code::PersonErased),
            PersonError::Store(error) => error.into(),
        }
    }
}

/// Whoever holds a way in of a person.
#[derive(Debug)]
pub struct Caller {
    /// Whose it is.
    pub person: person::Model,
    /// By which way in.
    pub way: access_secret::Model,
    /// On which device, if it showed a token that is right.
    pub device: Option<device::Model>,
}

/// A device that may read back and erase. Only [`Caller::known`] makes one.
#[derive(Debug)]
pub struct KnownDevice {
    /// Whose it is.
    pub person: person::Model,
    /// By which way in it asks now.
    pub way: access_secret::Model,
    /// The device.
    pub device: device::Model,
}

impl Caller {
    /// The device as one that may read back and erase.
    ///
    /// # Errors
    /// `device.unknown`: no device, or one that nothing vouched for.
    pub fn known(self) -> Result<KnownDevice, ApiError> {
        let device = self.device.filter(|d| d.known_at.is_some());
        Ok(KnownDevice {
            person: self.person,
            way: self.way,
            device: device.ok_or_else(|| ApiError::new(Code::DeviceUnknown))?,
        })
    }
}

/// Who calls, from the headers of a request.
///
/// # Errors
/// [`PersonError`].
pub async fn caller<C: ConnectionTrait>(
    db: &C,
    headers: &HeaderMap,
    now: DateTime<Utc>,
) -> Result<Caller, PersonError> {
    let secret = bearer(headers).ok_or(PersonError::Missing)?;
    let found = access_secret::Entity::find_by_id(secret_hash(secret).to_vec())
        .filter(access_secret::Column::Kind.is_in(kind::OPEN))
        .one(db)
        .await
        .map_err(StoreError::from)?;
    let way = found.ok_or(PersonError::SecretUnknown)?;
    // A damaged row is still this person's: "unknown" would have the phone forget its way in.
    let people = person::Entity::find_by_id(way.person_id)
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
    if person.discarded_at.is_some() {
        return Err(PersonError::SecretExpired);
    }
    let device = of_token(db, headers).await?;
    let device = device.filter(|d| d.person_id == person.id);
    if !device.as_ref().is_some_and(|d| goes_on(d, now)) {
        if way.ended_at.is_some() {
            return Err(PersonError::SecretEnded);
        }
        if way.expires_at <= now {
            return Err(PersonError::SecretExpired);
        }
    }
    Ok(Caller {
        person,
        way,
        device,
    })
}

/// Of whom the request shows a known device, if it shows one: what it delivers is taken in although its way in was ended or has expired.
///
/// # Errors
/// As the database says.
pub async fn known_person<C: ConnectionTrait>(
    db: &C,
    headers: &HeaderMap,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, StoreError> {
    let device = of_token(db, headers).await?;
    Ok(device.filter(|d| goes_on(d, now)).map(|d| d.person_id))
}

fn goes_on(device: &device::Model, now: DateTime<Utc>) -> bool {
    device.known_at.is_some() && device.seen_at + TimeDelta::days(GOES_ON_DAYS) > now
}

async fn of_token<C: ConnectionTrait>(
    db: &C,
    headers: &HeaderMap,
) -> Result<Option<device::Model>, StoreError> {
    let Some(token) = headers.get(DEVICE_HEADER).and_then(|v| v.to_str().ok()) else {
        return Ok(None);
    };
    let hash = secret_hash(token).to_vec();
    let either = Condition::any()
        .add(device::Column::TokenHash.eq(hash.clone()))
        .add(device::Column::OlderTokenHash.eq(hash));
    let found = device::Entity::find()
        .filter(either)
        .filter(device::Column::EndedAt.is_null())
        .one(db)
        .await?;
    Ok(found)
}
