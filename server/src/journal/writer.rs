//! The writer: one task that takes all deliveries that wait, commits them together and answers each after the commit.
//!
//! A durable commit costs a disk flush whether it holds one delivery or sixty. While one batch is being written, the next gathers by
//! itself: nobody is made to wait for company.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bedring_contract::journal::{Delivery, EntryResult};
use bedring_store::{Db, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::batch::{self, Answer, Context, Early, Opened};
use super::editions::Editions;
use super::{DeliverError, Sender, SharedStoreError, opened};
use crate::keys::KeyRing;
use crate::ports::{Clock, Random};

/// Deliveries that may wait; beyond that a phone is asked to come back.
const QUEUE: usize = 1024;
/// Deliveries in one commit: enough to share a flush, few enough that the first does not wait long.
const BATCH: usize = 64;
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
        let shared = Arc::new(Shared {
            db,
            keys,
            clock,
            random,
            editions: Editions::default(),
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
        let shared = &self.shared;
        shared
            .last_delivery
            .store(millis(shared.clock.monotonic()), Ordering::Relaxed);
        let entries = delivery
            .entries
            .into_iter()
            .map(|e| opened::open(e, &shared.keys, shared.random.as_ref()))
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

    async fn try_commit(&self, deliveries: &[Opened]) -> Result<Vec<Answer>, StoreError> {
        let ctx = self.context();
        let questions = batch::questions(deliveries, self.db.backend());
        let (tx, rows) = self.db.begin_reading(questions).await?;
        let decided = batch::decide(&ctx, &*tx, deliveries, rows).await?;
        batch::commit(&ctx, tx, decided).await
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
            Err(e) if deliveries.len() == 1 => refuse(answers, e),
            // One delivery may have spoiled it for all: each gets a transaction of its own.
            Err(_) => {
                for (delivery, answer) in deliveries.into_iter().zip(answers) {
                    let result = shared.commit(std::slice::from_ref(&delivery)).await;
                    let result = result.map(|mut r| r.pop()).map_err(DeliverError::from);
                    let _ =
                        answer.send(result.and_then(|r| r.unwrap_or(Err(DeliverError::Stopping))));
                }
            }
        }
    }
}

fn refuse(answers: Vec<oneshot::Sender<Answer>>, error: StoreError) {
    let error = SharedStoreError(Arc::new(error));
    for answer in answers {
        let _ = answer.send(Err(DeliverError::Store(error.clone())));
    }
}
