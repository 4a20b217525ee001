//! Delivering entries: `POST /api/v1/journal`.

use bedring_domain::journal::{Outcome, Reason};
use bedring_domain::time::DeviceTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// At most 100 entries and 1 MiB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// Made by the device once.
    pub device_id: Uuid,
    /// The device's clock when it sent this; what lies outside the years 1970 to 9999 is taken as the nearest moment inside.
    #[serde(deserialize_with = "DeviceTime::deserialize_nearest")]
    pub sent_at: DeviceTime,
    /// In the order in which they were written.
    pub entries: Vec<DeliveredEntry>,
}

/// One entry as delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveredEntry {
    /// UUIDv7, made on the device. A string: an id that is none is answered, not refused.
    pub id: String,
    /// SHA-256 over the UTF-8 bytes of `body`, in lower-case hexadecimal.
    pub sha256: String,
    /// How `body` is sealed; `null`: it is the entry's JSON.
    pub seal: Option<Seal>,
    /// The JSON of an `Entry` (see the schema of that name), or base64 of a sealed box (X25519, XSalsa20-Poly1305) of it.
    pub body: String,
    /// HMAC-SHA-256 in lower-case hexadecimal over the line `bedring entry 1`, the id, a line feed, and `sha256`, under the SHA-256 of the
    /// person's secret. Online the secret itself is proof enough; what a rescue file brings needs this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
}

/// To which key an entry is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seal {
    /// As served at `/api/v1/meta`.
    pub key_id: String,
}

/// The answer, status 202: one result for each entry, in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryResults {
    /// One for each entry.
    pub results: Vec<EntryResult>,
}

/// What became of one entry. The device removes an entry only if `id` and `sha256` are its own and `outcome` is not `not_stored`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntryResult {
    /// As delivered.
    pub id: String,
    /// As delivered.
    pub sha256: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, where it is neither `stored` nor `repeated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// `KVIT-…`, for a person to note and for staff to look up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}
