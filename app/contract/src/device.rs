//! Devices of a person, and ways in: what opens a questionnaire is decided apart from what may read back and erase.
//!
//! A way in (link, typed code, mail) opens the letter, the choices and the questionnaires. What was answered before is read, and erased,
//! by a device that is *known*: the first one of a person, or one that the first one or a PIN of the person's own vouched for.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The header in which a device shows the token that [`DeviceAnswer::sealed_token`] gave it.
pub const DEVICE_HEADER: &str = "bedring-device";
/// `PUT /api/v1/device`: a device says which key it has. Sent again it gives a new token; the one before goes on working.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceKey {
    /// Made by the device.
    pub id: Uuid,
    /// An X25519 public key in base64: 44 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 44, max_length = 44))]
    pub public_key: String,
}

/// What the server says of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceAnswer {
    /// It may read back what was answered, and erase at once.
    pub known: bool,
    /// The person chose a PIN, with which another device becomes known.
    pub pin_set: bool,
    /// Since when the person has a known device; `None` if they never had one.
    pub known_since: Option<DateTime<Utc>>,
    /// The device's token, in base64, in a sealed box (X25519, XSalsa20-Poly1305) for its public key. Empty where the token did not change.
    pub sealed_token: String,
}

/// `PUT /api/v1/device/pin` from a known device chooses the PIN; `POST` from another one makes that one known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pin {
    /// Digits only.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 6, max_length = 12, pattern = "^[0-9]+$")
    )]
    pub pin: String,
}

/// `POST /api/v1/device/another` from a known device: the device that opens this link first becomes known, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnotherDevice {
    /// The address.
    pub link: String,
    /// The same as a QR code, SVG.
    pub qr_svg: String,
    /// Until when a device becomes known by it.
    pub expires_at: DateTime<Utc>,
}

/// `GET /api/v1/ways` and `GET /api/v1/staff/persons/{person}/ways`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaysIn {
    /// Latest first.
    pub ways: Vec<WayIn>,
    /// Latest first.
    pub devices: Vec<DeviceLine>,
    /// An erasure that waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erasing: Option<Erasing>,
}

/// A link, a code or a mail that opens, or opened, a person's questionnaires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WayIn {
    /// Names it; it opens nothing.
    pub id: Uuid,
    /// `link`, `code`, `mail` or `device` (made by a known device for another one).
    pub kind: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The role of the account that made it, such as `helper`; `None` for the person, a mail or the command line.
    pub made_by: Option<String>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was first used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
    /// The device that asks came in by this one.
    #[serde(default)]
    pub own: bool,
}

/// A device that has come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceLine {
    /// Names it.
    pub id: Uuid,
    /// It may read back what was answered.
    pub known: bool,
    /// When it first came.
    pub registered_at: DateTime<Utc>,
    /// When it was here last.
    pub seen_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// It is the one that asks.
    #[serde(default)]
    pub own: bool,
}

/// `GET /api/v1/mine`: what the server holds about the person, which only the device that asked can open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SealedMine {
    /// JSON of `Mine`, in base64, in a sealed box for the device's public key.
    pub sealed: String,
}

/// An erasure that a device asked for which is not known: it waits, and a known device can take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erasing {
    /// When it arrived.
    pub asked_at: DateTime<Utc>,
    /// The day on which everything is erased.
    pub on: NaiveDate,
}
