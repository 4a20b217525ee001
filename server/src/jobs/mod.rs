//! Work that follows from a change: rows of `jobs`, put there in the transaction that caused them.
//!
//! A worker takes what is due with a lease, does it, and removes the rows. If it dies meanwhile, the lease runs out and another takes over: so
//! every job must be able to run twice. Jobs of one kind are taken together, because a commit for each would slow the journal.
//! After-work waits for a pause in deliveries, but not for ever.
//!
//! To add a kind: a handler in [`HANDLERS`]. A kind that no handler knows stays in the table and is told in the log.

mod queue;

use std::time::Duration;

use bedring_store::StoreError;
use bedring_store::entities::job;
use futures_util::future::BoxFuture;
use tokio::sync::watch;

use crate::devices::erasing::{self, ERASE_PERSON};
use crate::followup::answered;
use crate::journal::{SCORE_RESPONSES, TRY_AGAIN, retry, scoring};
use crate::observe::metrics;
use crate::state::AppState;

pub(crate) use queue::after_set_back;

/// How often the worker looks when there is nothing to do.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A pause in deliveries that is long enough to do something else.
const PAUSE: Duration = Duration::from_millis(250);
/// After so long without a pause jobs are done all the same.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Try again later.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The payload cannot be read; it never will.
    #[error("the payload cannot be read")]
    Payload,
    /// No handler: the job is from another version.
    #[error("no handler for this kind")]
    UnknownKind,
}

type Handler = fn(AppState, Vec<String>) -> BoxFuture<'static, Result<(), JobError>>;

/// What is done for each kind, with the payloads of all that are due.
const HANDLERS: &[(&str, Handler)] = &[
    (SCORE_RESPONSES, |state, payloads| {
        Box::pin(score(state, payloads))
    }),
    (ERASE_PERSON, |state, payloads| {
        Box::pin(erase(state, payloads))
    }),
    (TRY_AGAIN, |state, payloads| {
        Box::pin(try_again(state, payloads))
    }),
];

async fn try_again(state: AppState, payloads: Vec<String>) -> Result<(), JobError> {
    for payload in &payloads {
        let people: Vec<uuid::Uuid> =
            serde_json::from_str(payload).map_err(|_| JobError::Payload)?;
        for person in people {
            retry::try_early(&state, person).await?;
        }
    }
    Ok(())
}

async fn erase(state: AppState, payloads: Vec<String>) -> Result<(), JobError> {
    for payload in &payloads {
        let person = serde_json::from_str(payload).map_err(|_| JobError::Payload)?;
        erasing::carry_out(&state, person).await?;
    }
    Ok(())
}

async fn score(state: AppState, payloads: Vec<String>) -> Result<(), JobError> {
    let mut responses = Vec::new();
    for payload in &payloads {
        let ids: Vec<uuid::Uuid> = serde_json::from_str(payload).map_err(|_| JobError::Payload)?;
        responses.extend(ids);
    }
    scoring::score_responses(&state.db, state.journal.editions(), &responses).await?;
    Ok(answered::after_responses(&state, &responses).await?)
}

/// Works until told to stop; finishes what it has begun.
pub async fn work(state: AppState, mut stop: watch::Receiver<bool>) {
    let mut waited = Duration::ZERO;
    while !*stop.borrow_and_update() {
        let busy = state.journal.quiet_for() < PAUSE;
        if busy && waited < PATIENCE {
            waited += LOOK_EVERY;
        } else {
            waited = Duration::ZERO;
            match run_due(&state).await {
                Ok(0) => {}
                // There may be more than fits into one turn.
                Ok(_) => continue,
                Err(error) => tracing::error!(error = %error, "jobs could not be taken"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Does what is due now, one turn. Gives how many were taken.
///
/// # Errors
/// The queue itself failed; a job that fails is put off and told in the log.
pub async fn run_due(state: &AppState) -> Result<usize, StoreError> {
    let taken = queue::take(&state.db, state.clock.now()).await?;
    let count = taken.len();
    let mut kinds: Vec<String> = taken.iter().map(|job| job.kind.clone()).collect();
    kinds.sort();
    kinds.dedup();
    for kind in kinds {
        let (same, handler): (Vec<&job::Model>, _) = (
            taken.iter().filter(|j| j.kind == kind).collect(),
            HANDLERS.iter().find(|(k, _)| *k == kind),
        );
        let handler = handler.map(|(_, handler)| *handler);
        run_together(state, handler, &same).await?;
    }
    if state.config.server.metrics_bind.is_some() {
        metrics::jobs_waiting(queue::waiting(&state.db).await?);
    }
    Ok(count)
}

/// All at once; if that fails, one by one, so that a bad one does not hold up the others.
async fn run_together(
    state: &AppState,
    handler: Option<Handler>,
    jobs: &[&job::Model],
) -> Result<(), StoreError> {
    if jobs.len() > 1 && run(state, handler, jobs).await.is_ok() {
        return queue::done(&state.db, jobs).await;
    }
    for job in jobs {
        match run(state, handler, &[*job]).await {
            Ok(()) => queue::done(&state.db, &[*job]).await?,
            Err(error) => {
                tracing::error!(job = %job.id, kind = job.kind, attempts = job.attempts + 1, %error, "a job failed");
                queue::put_off(&state.db, job, &error.to_string(), state.clock.now()).await?;
            }
        }
    }
    Ok(())
}

async fn run(
    state: &AppState,
    handler: Option<Handler>,
    jobs: &[&job::Model],
) -> Result<(), JobError> {
    let Some(handler) = handler else {
        return Err(JobError::UnknownKind);
    };
    handler(
        state.clone(),
        jobs.iter().map(|job| job.payload.clone()).collect(),
    )
    .await
}
