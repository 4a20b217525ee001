//! Mails that came back, and how sending goes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// `POST /api/v1/bounces`: a mail came back, or is late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bounce {
    /// The `Message-ID` of the mail that came back, with or without angle brackets.
    pub message_id: String,
    /// It never will arrive; otherwise it is only late, and nothing changes.
    pub permanent: bool,
}

/// `GET /api/v1/operations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Operations {
    /// There is a mail server; without one reminders become calls.
    pub mail_is_on: bool,
    /// Mails that wait or are being sent.
    pub mails_waiting: u64,
    /// Since when the oldest of them waits.
    pub oldest_waiting: Option<DateTime<Utc>>,
    /// When the mail server last took one.
    pub last_success: Option<DateTime<Utc>>,
    /// What became of all mails so far.
    #[serde(default)]
    pub mails: MailCounts,
    /// What went wrong, by kind, however long ago: mails that will be tried again, that were given up, and that came back.
    pub failures: Vec<FailureCount>,
    /// Jobs that wait or run.
    pub jobs_waiting: u64,
    /// All requests since the start seem to come from one address: a proxy stands in front that is not trusted, or does not say for whom it asks.
    #[serde(default)]
    pub all_from_one_address: bool,
    /// The server's clock was found set back, in the last thirty days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_set_back: Option<ClockSetBack>,
    /// The mailbox that returned mails come to; none: it is not set up, or the server is older.
    #[serde(default)]
    pub bounces: Option<BounceMailbox>,
}

/// A clock that ran ahead and was set back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClockSetBack {
    /// When that was noticed, by the clock as it is since.
    pub at: DateTime<Utc>,
    /// What it had shown before.
    pub showed: DateTime<Utc>,
}

/// How the server that was asked reads the mailbox of returned mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BounceMailbox {
    /// When it was last read to the end, since the server started.
    pub last_read: Option<DateTime<Utc>>,
    /// What stood in the way the last time: `connection`, `timeout`, `tls`, `login`, `folder`, `protocol`, `database`; more may come. None: nothing.
    pub trouble: Option<String>,
}

/// How often one thing went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FailureCount {
    /// `connection`, `timeout`, `tls`, `login`, `later`, `refused`, `recipient`, `letters`, `unwritable`, `bounced`, `returned`; more may come.
    pub kind: String,
    /// Mails in all.
    pub count: u64,
    /// Those of them that will be tried again.
    #[serde(default)]
    pub waiting: u64,
    /// When the latest of them was made, if the server says so.
    #[serde(default)]
    pub latest: Option<DateTime<Utc>>,
}

/// How many mails there were, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailCounts {
    /// The mail server took them, and they did not come back.
    pub sent: u64,
    /// They were given up: no mail server took them.
    pub failed: u64,
    /// They were taken and came back.
    pub returned: u64,
}
