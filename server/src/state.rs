//! What every handler, job and command gets: the services of one running server.

use std::ops::Deref;
use std::sync::Arc;

use bedring_store::Db;

use crate::accounts::passwords::Passwords;
use crate::config::Config;
use crate::health::Health;
use crate::http::assets::Assets;
use crate::http::visitors::Visitors;
use crate::journal::Journal;
use crate::keys::KeyRing;
use crate::limiter::Limiter;
use crate::mail::Postbox;
use crate::ports::{Clock, Mailer, Random};

/// The services, cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Services>);

/// One of each.
pub struct Services {
    /// The settings.
    pub config: Config,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The keys of entries and contact data.
    pub keys: Arc<KeyRing>,
    /// The one door for what devices write.
    pub journal: Journal,
    /// Whether all requests come from one address.
    pub visitors: Arc<Visitors>,
    /// Whether it can do its work.
    pub health: Health,
    /// Throttling of guesses.
    pub limiter: Limiter,
    /// Mail.
    pub mail: Postbox,
    /// Hashing of passwords.
    pub passwords: Passwords,
    /// The built app.
    pub assets: Assets,
    /// The database.
    pub db: Db,
}

/// What a server is made of; the rest follows from these.
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The keys of entries and contact data.
    pub keys: KeyRing,
    /// The built app.
    pub assets: Assets,
    /// Who takes mails, if there is mail.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// The database.
    pub db: Db,
}

impl AppState {
    /// Puts a server together and starts the journal's writer: call it inside a runtime.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts {
            config,
            clock,
            random,
            keys,
            assets,
            mailer,
            db,
        } = parts;
        let mail = Postbox::new(&config.mail, mailer);
        let limiter = Limiter::new(&config.limits, Arc::clone(&clock));
        let passwords = Passwords::new(&*random);
        let keys = Arc::new(keys);
        let journal = Journal::start(
            db.clone(),
            Arc::clone(&keys),
            Arc::clone(&clock),
            Arc::clone(&random),
        );
        Self(Arc::new(Services {
            config,
            clock,
            random,
            keys,
            journal,
            visitors: Arc::default(),
            health: Health::default(),
            limiter,
            mail,
            passwords,
            assets,
            db,
        }))
    }
}

impl Deref for AppState {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}
