//! The writer: one task that takes all deliveries that wait, commits them together and answers each after the commit.
//!
//! A durable commit costs a disk flush whether it holds one delivery or sixty. While one batch is being written, the next gathers by
//! itself: nobody is made to wait for company.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bedring_contract::journal::{Delivery, EntryResult};
use bedring_domain::journal::{Outcome, Reason, hex};
use bedring_store::entities::access_secret;
use bedring_store::sea_orm::EntityTrait;
use bedring_store::{Db, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::batch::{self, Answer, Context, Early, Opened};
use super::delivered::ReadDelivery;
use super::editions::Editions;
use super::quota::Quota;
use super::{DeliverError, Sender, opened};
use crate::keys::KeyRing;
use crate::ports::{Clock, Random};

/// Deliveries that may wait; beyond that a phone is asked to come back.
const QUEUE: usize = 1024;
/// Deliveries in one commit: enough to share a flush, few enough that the first does not wait long.
const BATCH: usize = 64;
/// Secrets that are remembered as known; with more the memory begins anew.
const SECRETS_REMEMBERED: usize = 100_000;
/// How often a batch is decided again when another server was faster with an id.
const TRIES: u32 = 5;

/// The way into the journal. Cheap to clone; the writer ends when the last one is dropped.
#[derive(Clone)]
pub struct Journal {
    queue: mpsc::Sender<Waiting>,
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    keys: Arc<KeyRing>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    editions: Editions,
    quota: Quota,
    /// Hashes of secrets that were found once. Only for turning strangers away early: who may write is decided where it is written.
    secrets: RwLock<HashSet<[u8; 32]>>,
    /// Milliseconds of the monotonic clock at the last delivery.
    last_delivery: AtomicU64,
}

struct Waiting {
    delivery: Opened,
    answer: oneshot::Sender<Answer>,
}

impl Journal {
    /// Starts the writer on the current runtime.
    #[must_use]
    pub fn start(
        db: Db,
        keys: Arc<KeyRing>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let now = clock.now();
        let shared = Arc::new(Shared {
            db,
            keys,
            clock,
            random,
            editions: Editions::default(),
            quota: Quota::starting(now),
            secrets: RwLock::default(),
            last_delivery: AtomicU64::new(0),
        });
        tokio::spawn(write_all(Arc::clone(&shared), waiting));
        Self { queue, shared }
    }

    /// Takes a delivery in; answers after it is on the disk.
    ///
    /// # Errors
    /// [`DeliverError`]: nothing of it was taken in.
    pub async fn deliver(
        &self,
        sender: Sender,
        delivery: Delivery,
    ) -> Result<Vec<EntryResult>, DeliverError> {
        self.deliver_read(sender, delivery.into()).await
    }

    /// Takes in a delivery whose entries were read one by one.
    ///
    /// # Errors
    /// As [`Journal::deliver`].
    pub async fn deliver_read(
        &self,
        sender: Sender,
        delivery: ReadDelivery,
    ) -> Result<Vec<EntryResult>, DeliverError> {
        let shared = &self.shared;
        shared
            .last_delivery
            .store(millis(shared.clock.monotonic()), Ordering::Relaxed);
        let entries = delivery
            .entries
            .into_iter()
            .map(|e| opened::open(e?, &shared.keys, shared.random.as_ref()))
            .collect();
        let delivery = Opened {
            sender,
            device_id: delivery.device_id,
            sent_at: delivery.sent_at.get(),
            entries,
        };
        let (answer, answered) = oneshot::channel();
        self.queue
            .try_send(Waiting { delivery, answer })
            .map_err(|e| match e {
                mpsc::error::TrySendError::Full(_) => DeliverError::Overloaded,
                mpsc::error::TrySendError::Closed(_) => DeliverError::Stopping,
            })?;
        answered.await.unwrap_or(Err(DeliverError::Stopping))
    }

    /// Whether there is such a secret at all, valid or not: one indexed read the first time, none later.
    ///
    /// # Errors
    /// As the database says.
    pub async fn knows(&self, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let secrets = &self.shared.secrets;
        let remembered = || secrets.read().unwrap_or_else(PoisonError::into_inner);
        if remembered().contains(hash) {
            return Ok(true);
        }
        let found = access_secret::Entity::find_by_id(hash.to_vec());
        if found.one(self.shared.db.read()).await?.is_none() {
            return Ok(false);
        }
        let mut remembered = secrets.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= SECRETS_REMEMBERED {
            remembered.clear();
        }
        remembered.insert(*hash);
        Ok(true)
    }

    /// The editions in memory.
    #[must_use]
    pub fn editions(&self) -> &Editions {
        &self.shared.editions
    }

    /// For deciding outside the queue: retries and imports.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        self.shared.context()
    }

    /// How long ago the last delivery came: after-work waits for a pause.
    #[must_use]
    pub fn quiet_for(&self) -> Duration {
        let now = millis(self.shared.clock.monotonic());
        Duration::from_millis(now.saturating_sub(self.shared.last_delivery.load(Ordering::Relaxed)))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Shared {
    fn context(&self) -> Context<'_> {
        Context {
            editions: &self.editions,
            keys: &self.keys,
            random: self.random.as_ref(),
            quota: Some(&self.quota),
            now: self.clock.now(),
            early: Early::KeptApart,
        }
    }

    async fn commit(&self, deliveries: &[Opened]) -> Result<Vec<Answer>, StoreError> {
        let mut tries = 1;
        loop {
            match self.try_commit(deliveries).await {
                Err(StoreError::Conflict | StoreError::Busy) if tries < TRIES => tries += 1,
                other => return other,
            }
        }
    }

    /// One delivery by itself. Where one of its entries is what no database takes, each entry by itself: it stays on its phone, and the
    /// others come in.
    async fn alone(&self, mut delivery: Opened) -> Answer {
        let one = std::slice::from_ref(&delivery);
        match self.commit(one).await {
            Ok(answers) => return only(answers),
            Err(e) if may_pass(&e) || delivery.entries.is_empty() => return Err(e.into()),
            Err(e) => {
                tracing::error!(error = %Chain(&e), "a delivery could not be stored as a whole")
            }
        }
        let entries = std::mem::take(&mut delivery.entries);
        let mut results: Vec<Option<EntryResult>> = entries.iter().map(|_| None).collect();
        let mut entries: Vec<_> = entries.into_iter().enumerate().collect();
        // What is said about consent counts before what needs it, as in a delivery that is taken as a whole.
        entries.sort_by_key(|(_, e)| !e.as_ref().is_ok_and(|e| batch::is_consent(e)));
        for (place, entry) in entries {
            let names = entry.as_ref().ok().map(|e| (e.id, e.sha256));
            delivery.entries = vec![entry];
            let result = match self.commit(std::slice::from_ref(&delivery)).await {
                Ok(answers) => only(answers)?.pop(),
                Err(e) if may_pass(&e) => return Err(e.into()),
                Err(_) => names.map(|(id, sha256)| EntryResult {
                    id: id.to_string(),
                    sha256: hex(&sha256),
                    outcome: Outcome::NotStored,
                    reason: Some(Reason::EntryMalformed),
                    receipt: None,
                }),
            };
            results[place] = result;
        }
        Ok(results.into_iter().flatten().collect())
    }

    async fn try_commit(&self, deliveries: &[Opened]) -> Result<Vec<Answer>, StoreError> {
        let ctx = self.context();
        let questions = batch::questions(deliveries, self.db.backend());
        let (tx, rows) = self.db.begin_reading(questions).await?;
        let decided = batch::decide(&ctx, &*tx, deliveries, rows).await?;
        batch::commit(&ctx, tx, decided).await
    }
}

/// The answer to the one delivery that was committed.
fn only(mut answers: Vec<Answer>) -> Answer {
    answers.pop().unwrap_or(Err(DeliverError::Stopping))
}

/// Whether an error says nothing of what was delivered: the same may go well in a while.
const fn may_pass(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Busy | StoreError::Unavailable | StoreError::Full | StoreError::Conflict
    )
}

/// An error with what caused it, for the log.
struct Chain<'a>(&'a StoreError);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = std::error::Error::source(self.0);
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

async fn write_all(shared: Arc<Shared>, mut queue: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut waiting, BATCH).await > 0 {
        let (deliveries, answers): (Vec<_>, Vec<_>) =
            waiting.drain(..).map(|w| (w.delivery, w.answer)).unzip();
        match shared.commit(&deliveries).await {
            Ok(results) => {
                for (answer, result) in answers.into_iter().zip(results) {
                    // A client that hung up meanwhile sends again and is told "repeated".
                    let _ = answer.send(result);
                }
            }
            Err(error) if deliveries.len() == 1 && may_pass(&error) => {
                let error = DeliverError::from(error);
                if let Some(answer) = answers.into_iter().next() {
                    let _ = answer.send(Err(error));
                }
            }
            // One delivery may have spoiled it for all: each gets a transaction of its own.
            Err(_) => {
                for (delivery, answer) in deliveries.into_iter().zip(answers) {
                    let _ = answer.send(shared.alone(delivery).await);
                }
            }
        }
    }
}
