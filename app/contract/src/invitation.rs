//! A way in for a person, as staff get it to hand over.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A way in for a person. Shown once: the server keeps hashes only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// Opens the person's questionnaires.
    pub link: String,
    /// The link as a QR code, SVG.
    pub qr_svg: String,
    /// For typing, in two groups of five.
    pub short_code: String,
    /// Until when the short code can be exchanged.
    pub short_code_expires: DateTime<Utc>,
    /// Until when the link works.
    pub link_expires: DateTime<Utc>,
    /// What a card that is handed over says of what the person is asked.
    #[serde(default)]
    pub card: Option<InvitationCard>,
}

/// The query of `POST /api/v1/staff/persons/{person}/invitation`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct InviteHow {
    /// Links and mails from before go on; otherwise nobody new comes in by them.
    #[serde(default)]
    pub keep_earlier: bool,
    /// The person said no or withdrew, and asks by themselves to see or erase what is held: a way in for that, and no question to them.
    #[serde(default)]
    pub own_wish: bool,
}

/// What a card says: who asks, and how much. All of it comes from the programme; what is not known there is not said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationCard {
    /// The municipality and the association that ask, as people know them.
    pub senders: Vec<String>,
    /// How many questions the next measurement has; 0 where nothing is left to answer.
    pub questions: u32,
    /// About how many minutes they take, as the programme's letter says it.
    pub minutes: Option<u16>,
}
