//! The ways in and the devices of a person: seen and ended by a known device and by staff.

use std::collections::HashMap;

use bedring_contract::device::{AnotherDevice, DeviceLine, WayIn, WaysIn};
use bedring_store::StoreError;
use bedring_store::entities::{access_secret, account, device};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use chrono::{DateTime, Utc};
use fast_qr::convert::svg::SvgBuilder;
use uuid::Uuid;

use super::caller::KnownDevice;
use super::erasing;
use crate::audit::{self, Deed};
use crate::error::{ApiError, ApiResult};
use crate::programme::invitation::{self, Maker, kind};
use crate::state::Services;

/// So many of each are shown, the latest: every reminder makes a way in.
const LINES: u64 = 100;

/// What names a way in without opening it: half of the hash under which it is stored.
fn way_id(row: &access_secret::Model) -> Uuid {
    row.secret_hash
        .get(..16)
        .and_then(|half| Uuid::from_slice(half).ok())
        .unwrap_or_default()
}

/// The ways in and devices of a person. `own`: the hash of the way in, and the id of the device, that ask.
///
/// # Errors
/// As the database says.
pub async fn of_person<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
    own: Option<(&[u8], Uuid)>,
) -> Result<WaysIn, StoreError> {
    let rows = access_secret::Entity::find()
        .filter(access_secret::Column::PersonId.eq(person))
        .order_by_desc(access_secret::Column::CreatedAt)
        .limit(LINES)
        .all(db)
        .await?;
    let makers: Vec<Uuid> = rows.iter().filter_map(|r| r.made_by).collect();
    let roles: HashMap<Uuid, String> = account::Entity::find()
        .filter(account::Column::Id.is_in(makers))
        .all(db)
        .await?
        .into_iter()
        .map(|a| (a.id, a.role))
        .collect();
    let ways = rows.iter().map(|row| WayIn {
        id: way_id(row),
        kind: row.kind.clone(),
        made_at: row.created_at,
        made_by: row.made_by.and_then(|id| roles.get(&id).cloned()),
        expires_at: row.expires_at,
        used_at: row.used_at,
        ended_at: row.ended_at,
        own: own.is_some_and(|(hash, _)| hash == row.secret_hash),
    });
    let devices = device::Entity::find()
        .filter(device::Column::PersonId.eq(person))
        .order_by_desc(device::Column::RegisteredAt)
        .limit(LINES)
        .all(db)
        .await?;
    let devices = devices.iter().map(|row| DeviceLine {
        id: row.id,
        known: row.known_at.is_some(),
        registered_at: row.registered_at,
        seen_at: row.seen_at,
        ended_at: row.ended_at,
        own: own.is_some_and(|(_, id)| id == row.id),
    });
    Ok(WaysIn {
        ways: ways.collect(),
        devices: devices.collect(),
        erasing: erasing::waiting(db, person).await?,
    })
}

/// Which ways in are ended.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// This one.
    One(Uuid),
    /// All but the one with this hash.
    AllBut(&'a [u8]),
}

/// Ends ways in of a person. One that was ended before stays as it is.
///
/// # Errors
/// [`StoreError::NotFound`]: the person has no such way in.
pub async fn end<C: ConnectionTrait>(
    tx: &C,
    person: Uuid,
    which: Which<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut update = access_secret::Entity::update_many()
        .col_expr(access_secret::Column::EndedAt, Expr::value(now))
        .filter(access_secret::Column::PersonId.eq(person))
        .filter(access_secret::Column::EndedAt.is_null());
    update = match which {
        Which::AllBut(hash) => update.filter(access_secret::Column::SecretHash.ne(hash.to_vec())),
        Which::One(id) => {
            let rows = access_secret::Entity::find()
                .filter(access_secret::Column::PersonId.eq(person))
                .all(tx)
                .await?;
            let row = rows.into_iter().find(|row| way_id(row) == id);
            let row = row.ok_or(StoreError::NotFound)?;
            update.filter(access_secret::Column::SecretHash.eq(row.secret_hash))
        }
    };
    update.exec(tx).await?;
    Ok(())
}

/// A known device ends ways in.
///
/// # Errors
/// `not_found`: no such way in.
pub async fn end_own(services: &Services, known: KnownDevice, one: Option<Uuid>) -> ApiResult<()> {
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    let which = one.map_or(Which::AllBut(&known.way.secret_hash), Which::One);
    end(&*tx, known.person.id, which, now).await?;
    audit::by_device(
        &*tx,
        &*services.random,
        Deed::WaysEnded,
        &known.person,
        known.device.id,
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// A known device ends another one, or itself.
///
/// # Errors
/// `not_found`: the person has no such device.
pub async fn end_device(services: &Services, known: KnownDevice, id: Uuid) -> ApiResult<()> {
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    device_ended(&*tx, known.person.id, id, now).await?;
    audit::by_device(
        &*tx,
        &*services.random,
        Deed::DeviceEnded,
        &known.person,
        id,
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// A device is ended: its token opens nothing any more, and nothing makes it known again. One that was ended before stays as it is, and
/// `false` says so.
///
/// # Errors
/// [`StoreError::NotFound`]: the person has no such device.
pub async fn device_ended<C: ConnectionTrait>(
    tx: &C,
    person: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = device::Entity::find_by_id(id)
        .filter(device::Column::PersonId.eq(person))
        .one(tx)
        .await?
        .ok_or(StoreError::NotFound)?;
    let ended = device::Entity::update_many()
        .col_expr(device::Column::EndedAt, Expr::value(now))
        .filter(device::Column::Id.eq(row.id))
        .filter(device::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(ended.rows_affected > 0)
}

/// A way in for another device of the same person, which becomes known if it comes soon. The one that was made before for that ends.
///
/// # Errors
/// The database, or an address that is too long for a QR code.
pub async fn another(services: &Services, known: KnownDevice) -> ApiResult<AnotherDevice> {
    let by = Maker {
        keys: &services.keys.contact,
        random: &*services.random,
        account: None,
        now: services.clock.now(),
    };
    let person = known.person.id;
    let tx = services.db.begin().await?;
    let unused = access_secret::Entity::update_many()
        .col_expr(access_secret::Column::EndedAt, Expr::value(by.now))
        .filter(access_secret::Column::PersonId.eq(person))
        .filter(access_secret::Column::Kind.eq(kind::DEVICE))
        .filter(access_secret::Column::UsedAt.is_null())
        .filter(access_secret::Column::EndedAt.is_null());
    unused.exec(&*tx).await.map_err(StoreError::from)?;
    let link = invitation::new_link(&*tx, by, kind::DEVICE, person).await?;
    tx.commit().await?;
    let address = invitation::address(&services.config.server.base_url(), &link.secret);
    let qr = invitation::qr(&address).map_err(ApiError::internal)?;
    Ok(AnotherDevice {
        qr_svg: SvgBuilder::default().to_str(&qr),
        link: address,
        expires_at: link.vouches_until.unwrap_or(link.expires_at),
    })
}
