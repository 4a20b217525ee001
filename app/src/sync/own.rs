//! Telling the server of this device before anything is sent, and asking for what only a device may read that the server knows.

use bedring_contract::person::Mine;
use bedring_contract::problem::Code;
use uuid::Uuid;

use crate::api::{self, ApiFailure};
use crate::device::{Device, DeviceError, Standing, StoredAccess};

/// A person's way in, with a token if the server can be asked for one. `anew`: ask even where there is one, for what the server thinks of
/// this device may have changed.
pub(crate) async fn registered(
    device: &Device,
    person: Uuid,
    anew: bool,
) -> Result<StoredAccess, ApiFailure> {
    let access = device.with_keys(person, false).await.map_err(storage)?;
    if access.is_registered() && !anew {
        return Ok(access);
    }
    let had_token = access.own().token.is_some();
    match register(device, access).await {
        // This device was ended elsewhere. As a new one it may still answer.
        Err(ApiFailure::Problem(problem)) if had_token && problem.code == Code::AuthSecretEnded => {
            let access = device.with_keys(person, true).await.map_err(storage)?;
            register(device, access).await
        }
        told => told,
    }
}

async fn register(device: &Device, access: StoredAccess) -> Result<StoredAccess, ApiFailure> {
    let key = access.device.as_ref().and_then(|own| own.public());
    let answer = api::device::register(&access.own(), &key.ok_or(ApiFailure::Garbled)?).await?;
    let noted = device.note_standing(access.person, &access.secret, &answer);
    noted.await.map_err(storage)
}

/// What the server holds about a person, and how it sees this device.
pub async fn mine(device: &Device, person: Uuid) -> (Standing, Option<Mine>) {
    let before = device.standing(person).await;
    let Ok(access) = registered(device, person, !before.known).await else {
        return (before, None);
    };
    let Some(own) = access.device.as_ref().filter(|own| own.standing.known) else {
        return (device.standing(person).await, None);
    };
    match api::device::mine(&access.own()).await {
        Ok(locked) => {
            let mine = own.unlock(&locked.sealed);
            (own.standing, mine.and_then(|json| crate::json::read(&json)))
        }
        Err(ApiFailure::Problem(problem)) if matches!(problem.status, 401 | 403) => {
            // It was ended elsewhere.
            let _ = registered(device, person, true).await;
            (device.standing(person).await, None)
        }
        Err(_) => (own.standing, None),
    }
}

/// Nothing was asked of anybody: as good as no network.
fn storage(_: DeviceError) -> ApiFailure {
    ApiFailure::Offline
}
