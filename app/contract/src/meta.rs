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
    /// What this server can do, by stable name; names may be added, and a name that is not known is to be ignored.
    ///
    /// `journal.v1` takes in entries; `seal.x25519` opens entries sealed to `seal_key` (X25519, XSalsa20-Poly1305); `code.exchange` gives
    /// the secret for a short code; `occasion` hands out what is to be answered; `mine` shows a person what was answered and said.
    #[cfg_attr(feature = "openapi", schema(example = json!(capability::ALL)))]
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

/// The names in [`Meta::capabilities`]. A name is never given another meaning: what changes its meaning gets a name of its own.
pub mod capability {
    /// Takes in entries at `POST /api/v1/journal`.
    pub const JOURNAL: &str = "journal.v1";
    /// Opens entries that are sealed to the key of `seal_key`.
    pub const SEAL: &str = "seal.x25519";
    /// Gives a secret for a short code.
    pub const CODE_EXCHANGE: &str = "code.exchange";
    /// Hands out what is to be answered.
    pub const OCCASION: &str = "occasion";
    /// Shows a person what was answered and said.
    pub const MINE: &str = "mine";

    /// All that this version knows.
    pub const ALL: [&str; 5] = [JOURNAL, SEAL, CODE_EXCHANGE, OCCASION, MINE];
}
