//! What anybody may know about a server.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// `GET /api/v1/meta`. The app also uses it to tell this server from a captive portal: `product` is always `bedring`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meta {
    /// Always `bedring`.
    pub product: String,
    /// Version of the server.
    pub version: String,
    /// What this server can do beyond the first version of the API, by name.
    pub capabilities: Vec<String>,
    /// The key to seal entries to.
    pub seal_key: SealKey,
    /// The server's clock.
    pub time: DateTime<Utc>,
}

/// A public X25519 key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SealKey {
    /// Names the key in `seal.key_id`.
    pub key_id: String,
    /// 32 bytes in base64.
    pub public_key: String,
}
