//! What a person's device says about itself, and what the person does about the others.

use bedring_contract::device::{AnotherDevice, DeviceAnswer, DeviceKey, Pin, SealedMine, WaysIn};
use bedring_contract::paths;
use uuid::Uuid;

use super::{ApiFailure, Auth, Own};

/// Says which key the device has; the answer gives it a token.
pub async fn register(own: &Own, key: &DeviceKey) -> Result<DeviceAnswer, ApiFailure> {
    super::tell("PUT", paths::DEVICE, Auth::Own(own), key).await
}

/// What the server holds about the person, locked to the device's key.
pub async fn mine(own: &Own) -> Result<SealedMine, ApiFailure> {
    super::get(paths::MINE, Auth::Own(own)).await
}

/// Chooses the PIN.
pub async fn choose_pin(own: &Own, pin: String) -> Result<(), ApiFailure> {
    super::tell("PUT", paths::DEVICE_PIN, Auth::Own(own), &Pin { pin }).await
}

/// Becomes known by the PIN.
pub async fn vouch(own: &Own, pin: String) -> Result<DeviceAnswer, ApiFailure> {
    super::post(paths::DEVICE_PIN, Auth::Own(own), &Pin { pin }).await
}

/// A link for another device.
pub async fn another(own: &Own) -> Result<AnotherDevice, ApiFailure> {
    super::post(paths::DEVICE_ANOTHER, Auth::Own(own), &()).await
}

/// The ways in and the devices.
pub async fn ways(own: &Own) -> Result<WaysIn, ApiFailure> {
    super::get(paths::WAYS, Auth::Own(own)).await
}

/// What is to be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// One link, code or mail.
    Way(Uuid),
    /// All of them but the one in use.
    OtherWays,
    /// A device.
    Device(Uuid),
}

/// Ends it.
pub async fn end(own: &Own, what: End) -> Result<(), ApiFailure> {
    let path = match what {
        End::Way(id) => paths::WAYS_ONE.replace("{way}", &id.to_string()),
        End::OtherWays => paths::WAYS.to_owned(),
        End::Device(id) => paths::DEVICE_ONE.replace("{device}", &id.to_string()),
    };
    let reply = super::send("DELETE", &path, Auth::Own(own), None).await?;
    super::read(&reply)
}

/// Takes back an erasure that waits.
pub async fn take_back(own: &Own) -> Result<(), ApiFailure> {
    super::post(paths::ERASURE_TAKE_BACK, Auth::Own(own), &()).await
}
