//! Handing a mail over: to a mail server, or to a test.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

/// Somebody's name and address in a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Party {
    /// Shown beside the address; may be empty.
    pub name: String,
    /// The address.
    pub address: String,
}

/// A mail with everything that stands in it. Lives only while it is being sent; has no `Debug`, so that it reaches no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// With angle brackets; the same whenever this mail is sent again.
    pub message_id: String,
    /// The `Date`.
    pub date: DateTime<Utc>,
    /// Who it comes from.
    pub from: Party,
    /// Where answers go, if not there.
    pub reply_to: Option<String>,
    /// Whom it is for.
    pub to: String,
    /// One line.
    pub subject: String,
    /// As text.
    pub text: String,
    /// As a page.
    pub html: String,
    /// Where somebody goes who wants no more of them.
    pub unsubscribe: Option<String>,
}

/// Why a mail was not taken. Holds no address and nothing that the other side said, for it often repeats the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The mail server cannot be reached, or the connection broke.
    #[error("the mail server cannot be reached, or the connection broke")]
    Connection,
    /// It did not answer in time.
    #[error("the mail server did not answer in time")]
    Timeout,
    /// No protected connection came about.
    #[error(
        "no protected connection to the mail server came about (certificate, name, or TLS itself)"
    )]
    Tls,
    /// Its certificate is signed by nobody whom we trust.
    #[error("the certificate of the mail server is signed by nobody whom this machine trusts")]
    Untrusted,
    /// Its certificate is for another name.
    #[error("the certificate of the mail server is for another name")]
    OtherName,
    /// Its certificate is no longer valid, or not yet.
    #[error("the certificate of the mail server has expired, or is not valid yet")]
    Expired,
    /// It does not know the user name or the password.
    #[error("the mail server does not accept the user name or the password ({0})")]
    Login(u16),
    /// It said "not now".
    #[error("the mail server says \"not now\" ({0})")]
    Later(u16),
    /// It takes nothing from us as things are set up.
    #[error("the mail server takes no mail from us as things are set up ({0})")]
    Refused(u16),
    /// It says that this address does not exist or takes nothing.
    #[error("the address takes no mail ({0})")]
    Recipient(u16),
    /// It cannot write to an address with such letters before the `@`, and never will as it is set up.
    #[error(
        "the mail server cannot write to an address with letters such as æ, ø or å before the @ (no SMTPUTF8)"
    )]
    Letters,
    /// The mail cannot be written: an address that is none, for example.
    #[error("the mail cannot be written")]
    Unwritable,
}

impl MailError {
    /// The name in the database and in figures.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::Tls | Self::Untrusted | Self::OtherName | Self::Expired => "tls",
            Self::Login(_) => "login",
            Self::Later(_) => "later",
            Self::Refused(_) => "refused",
            Self::Recipient(_) => "recipient",
            Self::Letters => "letters",
            Self::Unwritable => "unwritable",
        }
    }

    /// Trying again may help.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        !matches!(self, Self::Recipient(_) | Self::Letters | Self::Unwritable)
    }
}

/// Hands mails over.
pub trait Mailer: Send + Sync + std::fmt::Debug {
    /// Hands one over. `Ok` means that the other side has taken it upon itself.
    fn send(&self, mail: Outgoing) -> BoxFuture<'_, Result<(), MailError>>;

    /// Connects and logs in, and sends nothing.
    fn check(&self) -> BoxFuture<'_, Result<(), MailError>>;
}

/// Keeps what it is given. For tests.
#[derive(Default)]
pub struct KeptMail {
    kept: Mutex<Vec<Outgoing>>,
    answer: Mutex<Option<MailError>>,
}

impl std::fmt::Debug for KeptMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptMail")
    }
}

impl KeptMail {
    /// All that was handed over, in order.
    #[must_use]
    pub fn all(&self) -> Vec<Outgoing> {
        lock(&self.kept).clone()
    }

    /// From now on everything is refused with this, or nothing.
    pub fn refuse(&self, error: Option<MailError>) {
        *lock(&self.answer) = error;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Mailer for KeptMail {
    fn send(&self, mail: Outgoing) -> BoxFuture<'_, Result<(), MailError>> {
        Box::pin(async move {
            if let Some(error) = *lock(&self.answer) {
                return Err(error);
            }
            lock(&self.kept).push(mail);
            Ok(())
        })
    }

    fn check(&self) -> BoxFuture<'_, Result<(), MailError>> {
        Box::pin(async { lock(&self.answer).map_or(Ok(()), Err) })
    }
}
