//! A device says which key it has, and gets a token that only it can open.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bedring_contract::device::{DeviceAnswer, DeviceKey};
use bedring_contract::problem::Code;
use bedring_store::entities::{access_secret, device, journal_entry, person, person_pin};
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use bedring_store::{StoreError, WriteTx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::caller::Caller;
use crate::audit::{self, Deed};
use crate::error::{ApiError, ApiResult};
use crate::journal::secret_hash;
use crate::keys::seal_to;
use crate::programme::invitation::kind;
use crate::state::Services;

const TOKEN_BYTES: usize = 32;
/// A person has one or two devices. Whoever holds a link can register more, so the oldest that nothing vouched for make room.
const DEVICES: u64 = 20;

/// Registers a device, or gives one that is registered a new token.
///
/// # Errors
/// `input.invalid`: the key is none; `conflict`: the id is that of another device; `auth.secret_ended`: this device was ended.
pub async fn register(
    services: &Services,
    caller: Caller,
    form: DeviceKey,
) -> ApiResult<DeviceAnswer> {
    let key = STANDARD.decode(&form.public_key).ok();
    let key = key.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let key = key.ok_or_else(|| ApiError::invalid("/public_key", "format"))?;
    let (random, now) = (&*services.random, services.clock.now());
    let mut token = [0; TOKEN_BYTES];
    random.fill(&mut token);
    let token = URL_SAFE_NO_PAD.encode(token);
    let tx = services.db.begin().await?;
    // Of two that register first at once, one waits here and is the second.
    let person = lock(&tx, caller.person.id).await?;
    let way = find_way(&tx, &caller.way.secret_hash).await?;
    let vouched = way.kind == kind::DEVICE
        && way.used_at.is_none()
        && way.vouches_until.is_some_and(|until| until > now);
    let before = device::Entity::find_by_id(form.id)
        .one(&*tx)
        .await
        .map_err(StoreError::from)?;
    let known = match before {
        Some(device) => {
            if device.person_id != person.id || device.public_key != key {
                return Err(ApiError::new(Code::Conflict));
            }
            if device.ended_at.is_some() {
                return Err(ApiError::new(Code::AuthSecretEnded));
            }
            let known_at = device.known_at.or(vouched.then_some(now));
            let older = device.token_hash.clone();
            let newly = device.known_at.is_none() && vouched;
            let mut row = device.into_active_model();
            row.older_token_hash = Set(Some(older));
            row.token_hash = Set(secret_hash(&token).to_vec());
            row.known_at = Set(known_at);
            row.seen_at = Set(now);
            row.update(&*tx).await.map_err(StoreError::from)?;
            (known_at.is_some(), newly)
        }
        None => {
            let first = way.kind == kind::LINK && is_first(&*tx, person.id).await?;
            let known = vouched || first;
            make_room(&*tx, person.id).await?;
            let row = device::ActiveModel {
                id: Set(form.id),
                person_id: Set(person.id),
                public_key: Set(key.to_vec()),
                token_hash: Set(secret_hash(&token).to_vec()),
                older_token_hash: Set(None),
                came_by: Set(way.secret_hash.clone()),
                known_at: Set(known.then_some(now)),
                read_at: Set(None),
                registered_at: Set(now),
                seen_at: Set(now),
                ended_at: Set(None),
            };
            device::Entity::insert(row)
                .exec_without_returning(&*tx)
                .await
                .map_err(StoreError::from)?;
            (known, known)
        }
    };
    if known.1 {
        audit::by_device(&*tx, random, Deed::DeviceKnown, &person, form.id, now).await?;
    }
    if way.used_at.is_none() {
        let mut row = way.into_active_model();
        row.used_at = Set(Some(now));
        row.update(&*tx).await.map_err(StoreError::from)?;
    }
    let answer = answer(
        &*tx,
        person.id,
        known.0,
        seal_to(random, &key, token.as_bytes()),
    )
    .await?;
    tx.commit().await?;
    Ok(answer)
}

/// What is said of a device of a person.
pub(super) async fn answer<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
    known: bool,
    sealed_token: String,
) -> Result<DeviceAnswer, StoreError> {
    let pin = person_pin::Entity::find_by_id(person).one(db).await?;
    let since: Option<DateTime<Utc>> = device::Entity::find()
        .filter(device::Column::PersonId.eq(person))
        .filter(device::Column::KnownAt.is_not_null())
        .order_by_asc(device::Column::KnownAt)
        .one(db)
        .await?
        .and_then(|d| d.known_at);
    Ok(DeviceAnswer {
        known,
        pin_set: pin.is_some(),
        known_since: since,
        sealed_token,
    })
}

pub(super) async fn lock(tx: &WriteTx, id: Uuid) -> Result<person::Model, StoreError> {
    person::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(&**tx)
        .await?
        .ok_or(StoreError::NotFound)
}

async fn find_way(tx: &WriteTx, hash: &[u8]) -> Result<access_secret::Model, StoreError> {
    access_secret::Entity::find_by_id(hash.to_vec())
        .one(&**tx)
        .await?
        .ok_or(StoreError::NotFound)
}

/// Nobody was here before: no device was ever known, and nothing was said by the person. Whoever comes later with a link that staff made
/// is another one, also where a phone answered that never registered.
async fn is_first<C: ConnectionTrait>(tx: &C, person: Uuid) -> Result<bool, StoreError> {
    let known = device::Entity::find()
        .filter(device::Column::PersonId.eq(person))
        .filter(device::Column::KnownAt.is_not_null())
        .count(tx)
        .await?;
    let said = journal_entry::Entity::find()
        .filter(journal_entry::Column::PersonId.eq(person))
        .limit(1)
        .count(tx)
        .await?;
    Ok(known == 0 && said == 0)
}

async fn make_room<C: ConnectionTrait>(tx: &C, person: Uuid) -> Result<(), StoreError> {
    let unknown = device::Entity::find()
        .filter(device::Column::PersonId.eq(person))
        .filter(device::Column::KnownAt.is_null())
        .order_by_desc(device::Column::SeenAt)
        .offset(DEVICES)
        // SQLite knows no offset without a limit.
        .limit(DEVICES)
        .all(tx)
        .await?;
    for device in unknown {
        device::Entity::delete_by_id(device.id).exec(tx).await?;
    }
    Ok(())
}
