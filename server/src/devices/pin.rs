//! The PIN with which a person vouches for another device of theirs.

use bedring_contract::device::{DeviceAnswer, Pin};
use bedring_contract::problem::Code;
use bedring_domain::pin::pin_allowed;
use bedring_store::entities::{device, person_pin};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use uuid::Uuid;

use super::caller::{Caller, KnownDevice};
use super::register;
use crate::audit::{self, Deed};
use crate::error::{ApiError, ApiResult};
use crate::state::Services;

/// Wrong ones in a row, of whatever devices, after which only a known device can make it work again.
const WRONG: i32 = 5;

/// From now on this is the PIN.
///
/// # Errors
/// `input.invalid`: too short, too long, or guessed first.
pub async fn choose(services: &Services, known: KnownDevice, form: Pin) -> ApiResult<()> {
    if !pin_allowed(&form.pin) {
        return Err(ApiError::invalid("/pin", "weak"));
    }
    let (random, now) = (&*services.random, services.clock.now());
    let hash = services
        .passwords
        .hash(random, SecretString::from(form.pin));
    let hash = hash.await.map_err(ApiError::internal)?;
    let row = person_pin::ActiveModel {
        person_id: Set(known.person.id),
        pin_hash: Set(hash),
        wrong: Set(0),
        set_at: Set(now),
    };
    let all = [
        person_pin::Column::PinHash,
        person_pin::Column::Wrong,
        person_pin::Column::SetAt,
    ];
    let tx = services.db.begin().await?;
    person_pin::Entity::insert(row)
        .on_conflict(
            OnConflict::column(person_pin::Column::PersonId)
                .update_columns(all)
                .to_owned(),
        )
        .exec_without_returning(&*tx)
        .await
        .map_err(StoreError::from)?;
    audit::by_device(
        &*tx,
        random,
        Deed::PinChosen,
        &known.person,
        known.device.id,
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Makes a device known whose person knows the PIN.
///
/// # Errors
/// `device.unknown`: the device has not registered; `device.pin_wrong`; `device.pin_blocked`.
pub async fn vouch(services: &Services, caller: Caller, form: Pin) -> ApiResult<DeviceAnswer> {
    let device = caller
        .device
        .ok_or_else(|| ApiError::new(Code::DeviceUnknown))?;
    let (random, now, person) = (&*services.random, services.clock.now(), caller.person);
    // The try is counted before it is compared, so that many at once are no more tries than one after the other.
    let tx = services.db.begin().await?;
    register::lock(&tx, person.id).await?;
    let pin = person_pin::Entity::find_by_id(person.id).one(&*tx).await;
    let Some(pin) = pin.map_err(StoreError::from)? else {
        return Err(ApiError::new(Code::DevicePinWrong));
    };
    if pin.wrong >= WRONG {
        return Err(ApiError::new(Code::DevicePinBlocked));
    }
    count(&*tx, person.id, pin.wrong + 1).await?;
    tx.commit().await?;
    let fits = services
        .passwords
        .fits(SecretString::from(form.pin), Some(&pin.pin_hash));
    if !fits.await.map_err(ApiError::internal)? {
        let code = if pin.wrong + 1 == WRONG {
            Code::DevicePinBlocked
        } else {
            Code::DevicePinWrong
        };
        return Err(ApiError::new(code));
    }
    let tx = services.db.begin().await?;
    count(&*tx, person.id, 0).await?;
    device::Entity::update_many()
        .col_expr(device::Column::KnownAt, Expr::value(now))
        .filter(device::Column::Id.eq(device.id))
        .filter(device::Column::KnownAt.is_null())
        .exec(&*tx)
        .await
        .map_err(StoreError::from)?;
    audit::by_device(&*tx, random, Deed::DeviceKnown, &person, device.id, now).await?;
    let answer = register::answer(&*tx, person.id, true, String::new()).await?;
    tx.commit().await?;
    Ok(answer)
}

/// A known device was here: wrong tries of others are forgotten, and it goes on for as long again.
///
/// # Errors
/// As the database says.
pub async fn was_here(db: &Db, known: &KnownDevice, now: DateTime<Utc>) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    device::Entity::update_many()
        .col_expr(device::Column::SeenAt, Expr::value(now))
        .filter(device::Column::Id.eq(known.device.id))
        .exec(&*tx)
        .await?;
    forgive(&*tx, known.person.id).await?;
    tx.commit().await
}

/// Wrong tries of others are forgotten, because a known device was here.
///
/// # Errors
/// As the database says.
pub async fn forgive<C: ConnectionTrait>(tx: &C, person: Uuid) -> Result<(), StoreError> {
    count(tx, person, 0).await
}

async fn count<C: ConnectionTrait>(tx: &C, person: Uuid, wrong: i32) -> Result<(), StoreError> {
    person_pin::Entity::update_many()
        .col_expr(person_pin::Column::Wrong, Expr::value(wrong))
        .filter(person_pin::Column::PersonId.eq(person))
        .exec(tx)
        .await?;
    Ok(())
}
