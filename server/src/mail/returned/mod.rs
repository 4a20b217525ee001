//! The mailbox that returned mails come to: looks into it every so often and reports what is about mails of ours. Off unless it is set up.
//!
//! Several servers may look at once and a server may die in the middle: reporting twice is reporting once, and a mail is marked as read only
//! when what it says is written down. What is no notification about a mail of ours is left as it was.

mod dsn;
mod imap;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bedring_contract::mail::BounceMailbox;
use bedring_store::StoreError;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

pub use imap::MailboxError;

use self::dsn::Notification;
use self::imap::Mailbox;
use super::bounces;
use crate::config::BouncesImap;
use crate::observe::metrics;
use crate::state::{AppState, Services};

/// Most mails in one look; the next goes on from there.
const MOST: usize = 500;

/// Why a look came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ReturnedError {
    /// The mailbox.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ReturnedError {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Mailbox(error) => error.kind(),
            Self::Store(_) => "database",
        }
    }
}

/// How far this server has read, and how the last look went. A server that starts again looks at all that is unread once more.
#[derive(Debug, Default)]
pub(super) struct Bookmark(Mutex<Page>);

#[derive(Debug, Default)]
struct Page {
    validity: u32,
    /// Everything before was looked at.
    next: u32,
    /// The mail that could not be had the last time.
    stumbled: u32,
    last_read: Option<DateTime<Utc>>,
    trouble: Option<&'static str>,
}

impl Bookmark {
    fn with<T>(&self, work: impl FnOnce(&mut Page) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn next(&self, validity: u32) -> u32 {
        self.with(|page| {
            if page.validity != validity {
                (page.validity, page.next) = (validity, 1);
            }
            page.next.max(1)
        })
    }

    /// A mail that the server will not hand out must not hide those behind it for ever: the second time, it is passed over.
    fn stumbles(&self, uid: u32) {
        self.with(|page| {
            if page.stumbled == uid {
                page.next = uid.saturating_add(1);
            }
            page.stumbled = uid;
        });
    }

    fn is_past(&self, uid: u32) {
        self.with(|page| page.next = uid.saturating_add(1));
    }

    /// For the operations page.
    pub(super) fn state(&self) -> BounceMailbox {
        self.with(|page| BounceMailbox {
            last_read: page.last_read,
            trouble: page.trouble.map(str::to_owned),
        })
    }
}

/// Looks until told to stop; ends at once if there is no mailbox.
pub async fn watch_mailbox(state: AppState, mut stop: watch::Receiver<bool>) {
    let settings = &state.config.mail.bounces_imap;
    if settings.host.is_none() {
        return;
    }
    let pause = Duration::from_secs(settings.every_minutes.saturating_mul(60));
    while !*stop.borrow_and_update() {
        // To be cut off in the middle does no harm.
        tokio::select! {
            _ = read_returned(&state) => {}
            _ = stop.changed() => continue,
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Looks once. Gives how many mails were about ours; they are marked as read.
///
/// # Errors
/// As the mailbox or the database says; what was reported until then stays reported, and the next look goes on.
pub async fn read_returned(services: &Services) -> Result<usize, ReturnedError> {
    let settings = &services.config.mail.bounces_imap;
    if settings.host.is_none() {
        return Ok(0);
    }
    let outcome = look(services, settings).await;
    let trouble = outcome.as_ref().err().map(ReturnedError::kind);
    metrics::mailbox_read(trouble);
    services.mail.returned.with(|page| {
        page.trouble = trouble;
        if trouble.is_none() {
            page.last_read = Some(services.clock.now());
        }
    });
    if let Err(error) = &outcome {
        tracing::warn!(%error, kind = error.kind(), "the mailbox of returned mails was not read");
    }
    outcome
}

/// Connects, logs in, opens the folder, and reads nothing: for `bedring doctor`.
///
/// # Errors
/// [`MailboxError`].
pub async fn try_mailbox(settings: &BouncesImap) -> Result<(), MailboxError> {
    Mailbox::open(settings).await?.close().await;
    Ok(())
}

async fn look(services: &Services, settings: &BouncesImap) -> Result<usize, ReturnedError> {
    let bookmark = &services.mail.returned;
    let mut mailbox = Mailbox::open(settings).await?;
    let from = bookmark.next(mailbox.validity);
    let mut count = 0;
    for uid in mailbox.unread(from).await?.into_iter().take(MOST) {
        match notification(&mut mailbox, uid).await {
            Ok(None) => {}
            Ok(Some(found)) => match bounces::report(services, found.mail, found.how).await {
                Ok(()) => {
                    mailbox.mark_read(uid).await?;
                    metrics::returned(found.how);
                    count += 1;
                }
                // About a mail that somebody else sent.
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            },
            Err(error) => {
                if error == MailboxError::Protocol {
                    bookmark.stumbles(uid);
                }
                return Err(error.into());
            }
        }
        bookmark.is_past(uid);
    }
    mailbox.close().await;
    Ok(count)
}

async fn notification(
    mailbox: &mut Mailbox,
    uid: u32,
) -> Result<Option<Notification>, MailboxError> {
    let head = mailbox.head(uid).await?;
    if !head.is_some_and(|head| dsn::may_be_one(&head)) {
        return Ok(None);
    }
    let mail = mailbox.mail(uid).await?;
    Ok(mail.and_then(|raw| dsn::read(&raw)))
}
