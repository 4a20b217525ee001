//! Reminders by mail: planning, sending, and what people choose about them.
//!
//! What is sent when is decided by `bedring_domain::reminder` alone; this folder asks it twice, when planning and again in the moment of
//! sending. Not here: call tasks and worklists (`followup`), and what counts as answered (`journal`).

pub mod address;
mod bounces;
mod choices;
mod contacts;
mod content;
mod digest;
mod facts;
pub mod marks;
mod operations;
pub mod outbox;
pub mod outlook;
mod pages;
mod pauses;
mod people;
mod person_routes;
mod planning;
mod rate;
mod refusal;
mod returned;
pub mod routes;
mod sending;
mod set_back;
pub mod smtp;
pub(crate) mod wording;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bedring_store::StoreError;
use bedring_store::entities::mail_choice;
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, Utc};
use tokio::sync::watch;
use uuid::Uuid;

use crate::config;
use crate::ports::Mailer;
use crate::state::{AppState, Services};

pub use bounces::Return;
pub use contacts::{Held, INSTEAD, Named, Said, clear_contact, contact_held, named, person_says};
pub use content::test_mail;
pub use digest::Week;
pub use planning::{look_at_occasion, look_at_person, plan_due};
pub use returned::{MailboxError, ReturnedError, read_returned, try_mailbox, watch_mailbox};
pub use sending::send_due;
pub(crate) use set_back::{after_set_back, forget_ahead, free_leases};

/// How often the worker looks, or sooner if only the rate kept it.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// What a server needs for mail.
#[derive(Debug)]
pub struct Postbox {
    mailer: Option<Arc<dyn Mailer>>,
    limit: rate::Limit,
    /// How long to wait because enough went in the last minute.
    pause: Mutex<Duration>,
    /// The last week for which the digests were planned here.
    digests: Mutex<Option<Week>>,
    /// The mailbox that returned mails come to.
    returned: returned::Bookmark,
}

impl Postbox {
    /// With who takes mails; none, reminders become calls.
    #[must_use]
    pub fn new(settings: &config::Mail, mailer: Option<Arc<dyn Mailer>>) -> Self {
        Self {
            mailer,
            limit: rate::Limit {
                sender: settings.from.trim().to_lowercase(),
                per_minute: settings.per_minute,
            },
            pause: Mutex::new(LOOK_EVERY),
            digests: Mutex::new(None),
            returned: returned::Bookmark::default(),
        }
    }

    fn set_pause(&self, wait_s: Option<u64>) {
        let pause = wait_s.map_or(LOOK_EVERY, Duration::from_secs);
        *self.pause.lock().unwrap_or_else(PoisonError::into_inner) = pause.min(LOOK_EVERY);
    }

    fn pause(&self) -> Duration {
        *self.pause.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is a mail server.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.mailer.is_some()
    }
}

/// Works until told to stop. A task of its own beside that of other jobs, because a mail server that answers slowly must not hold up scoring.
pub async fn work(state: AppState, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow_and_update() {
        if let Err(error) = run_due(&state).await {
            tracing::error!(%error, "mails could not be planned or sent");
        }
        tokio::select! {
            () = tokio::time::sleep(state.mail.pause()) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Plans what is due, and sends as much of it as the rate allows. Gives how many mails were dealt with.
///
/// # Errors
/// As the database says. A mail that fails is put off or given up, and told in the log without its address.
pub async fn run_due(services: &Services) -> Result<usize, StoreError> {
    crate::set_back::look(services).await?;
    plan_due(services).await?;
    digest::plan_due(services).await?;
    let mut all = 0;
    loop {
        match send_due(services).await? {
            0 => break,
            count => all += count,
        }
    }
    operations::measure(services).await?;
    Ok(all)
}

/// Something that reminders depend on was said about a person: everything is looked at again. A new address has nothing against it.
///
/// # Errors
/// As the database says.
pub async fn person_changed<C: ConnectionTrait>(
    tx: &C,
    person: Uuid,
    new_address: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if new_address {
        mail_choice::Entity::update_many()
            .col_expr(
                mail_choice::Column::BouncedAt,
                Expr::value(None::<DateTime<Utc>>),
            )
            .filter(mail_choice::Column::PersonId.eq(person))
            .exec(tx)
            .await?;
    }
    tx.execute_raw(look_at_person(tx, person, now)).await?;
    Ok(())
}
