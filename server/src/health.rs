//! Can this server do its work? One verdict, for `/health/ready`, for deliveries, for the log and for the figures.
//!
//! Each look costs little: the place of the file, the room on its disk, a write that is taken back, and the keys. The whole file is looked
//! through when it changed and is small, when a query met damage, and every night.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bedring_contract::problem::Code;
use bedring_store::entities::{job, journal_conflict, journal_entry, key_check};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use bedring_store::{StoreError, signs};
use chrono::Timelike;
use tokio::sync::watch;

use crate::calendar;
use crate::error::ApiError;
use crate::keys::checks::{self, KeyCheckError};
use crate::observe::metrics;
use crate::state::Services;

/// With less than this a delivery of the largest size may not fit any more.
pub const LEAST_FREE_BYTES: u64 = 4 * 1024 * 1024;
/// How long a look may take before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often the server looks by itself.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A verdict that is older is not believed by those who would be turned away.
const FRESH: Duration = Duration::from_secs(1);
/// A file of this size is looked through in a moment.
const SMALL_FILE: u64 = 64 * 1024 * 1024;
/// What the write that is taken back writes: more than the page that is half empty anyway.
const PROBE_BYTES: usize = 64 * 1024;
/// After a write found no room: as much as a delivery.
const LARGE_PROBE_BYTES: usize = 1024 * 1024;
/// The hour of the night, on people's clocks, in which all of a large file is looked through.
const NIGHT: u32 = 3;

/// Why the server cannot do its work. Holds no path and no name of a key: everybody may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// There is no room.
    #[error("The disk is full.")]
    Full,
    /// It does not answer.
    #[error("The database does not answer.")]
    Away,
    /// It is there, but others keep it busy for longer than we wait.
    #[error("The database is busy.")]
    Busy,
    /// Its file is not where it was.
    #[error(
        "The database file was moved, removed or replaced: put it back and start the server again."
    )]
    Moved,
    /// It may not be written to.
    #[error("The database cannot be written to.")]
    ReadOnly,
    /// Parts of it cannot be read.
    #[error("The database is damaged: run \"bedring doctor\".")]
    Damaged,
    /// It was written with other keys.
    #[error("The keys are not those of this database: run \"bedring doctor\".")]
    OtherKeys,
    /// Something else.
    #[error("The database does not work: the log says why.")]
    Other,
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::ReadOnly => Self::ReadOnly,
            StoreError::Damaged => Self::Damaged,
            StoreError::Unavailable => Self::Away,
            StoreError::Busy => Self::Busy,
            error => {
                tracing::error!(%error, "the look at the database failed");
                Self::Other
            }
        }
    }
}

impl From<Trouble> for ApiError {
    fn from(trouble: Trouble) -> Self {
        let answer = match trouble {
            Trouble::Full => Self::full(trouble),
            Trouble::Away | Trouble::Busy => Self::unavailable(trouble),
            _ => Self::out_of_order(trouble),
        };
        answer.detail(trouble.to_string())
    }
}

/// The last verdict, and what it rests on.
#[derive(Debug, Default)]
pub struct Health(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    trouble: Option<Trouble>,
    at: Option<Instant>,
    /// When the file had last changed when it was looked through, and what came of it.
    whole: Option<(SystemTime, Result<(), Trouble>)>,
    /// A write found no room, and none has found any since.
    full: bool,
}

impl Health {
    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks now.
    ///
    /// # Errors
    /// The first trouble found.
    pub async fn look(&self, services: &Services) -> Result<(), Trouble> {
        let found = match tokio::time::timeout(PATIENCE, self.find(services)).await {
            Ok(found) => found,
            Err(_) => Err(Trouble::Busy),
        };
        // A large import, or a slow machine, may hold SQLite's file for a while. A server that is silent for so long is away.
        let found = match found {
            Err(Trouble::Busy) if services.db.backend() == DatabaseBackend::Sqlite => Ok(()),
            Err(Trouble::Busy) => Err(Trouble::Away),
            found => found,
        };
        let before = {
            let mut seen = self.seen();
            seen.at = Some(Instant::now());
            std::mem::replace(&mut seen.trouble, found.err())
        };
        match (before, found.err()) {
            (before, Some(trouble)) if before != Some(trouble) => {
                tracing::error!(reason = %trouble, "not ready");
            }
            (Some(_), None) => tracing::info!("ready again"),
            _ => {}
        }
        metrics::ready(found.is_ok());
        found
    }

    /// For those who bring something that must last.
    ///
    /// # Errors
    /// When to come back.
    pub async fn assert_well(&self, services: &Services) -> Result<(), ApiError> {
        let (trouble, at) = {
            let seen = self.seen();
            (seen.trouble, seen.at)
        };
        // What the look could not tell, the delivery itself will find out.
        if matches!(trouble, None | Some(Trouble::Other)) {
            return Ok(());
        }
        if at.is_some_and(|at| at.elapsed() < FRESH) {
            return trouble.map_or(Ok(()), |t| Err(t.into()));
        }
        Ok(self.look(services).await?)
    }

    async fn find(&self, services: &Services) -> Result<(), Trouble> {
        if !services.db.is_in_place() {
            return Err(Trouble::Moved);
        }
        if let Some(file) = services.config.sqlite_file() {
            room(&file)?;
            self.whole(services, &file).await?;
        }
        let full = signs::take_full() || self.seen().full;
        let probed = probe(services, full).await;
        self.seen().full = full && probed.is_err();
        probed?;
        let compared = checks::compare(services.db.read(), &services.config, &services.keys);
        match compared.await {
            Ok(()) => Ok(()),
            Err(KeyCheckError::Store(error)) => Err(error.into()),
            Err(_) => Err(Trouble::OtherKeys),
        }
    }

    /// The same file gives the same verdict: only one that changed is looked through again.
    ///
    /// The file itself is never opened here but by SQLite: closing any other handle of it would let go of the locks that this process
    /// holds on it, and the next program that closes the database would take its log away under us.
    async fn whole(&self, services: &Services, file: &Path) -> Result<(), Trouble> {
        let (changed, size) = std::fs::metadata(file)
            .and_then(|m| Ok((m.modified()?, m.len())))
            .map_err(|_| Trouble::Moved)?;
        let met_damage = signs::take_damaged();
        let known = self.seen().whole;
        let verdict = match known {
            Some((at, verdict)) if at == changed && !met_damage => verdict,
            Some((_, Ok(()))) | None if size > SMALL_FILE && !met_damage => Ok(()),
            _ => look_through(services).await,
        };
        self.seen().whole = Some((changed, verdict));
        verdict
    }

    async fn nightly(&self, services: &Services) {
        let Some(file) = services.config.sqlite_file() else {
            return;
        };
        let verdict = look_through(services).await;
        if let Ok(changed) = std::fs::metadata(file).and_then(|m| m.modified()) {
            self.seen().whole = Some((changed, verdict));
        }
    }
}

/// Trouble with looking is no damage.
async fn look_through(services: &Services) -> Result<(), Trouble> {
    match services.db.look_for_damage().await {
        Err(StoreError::Damaged) => Err(Trouble::Damaged),
        Err(StoreError::Busy) | Ok(()) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn room(file: &Path) -> Result<(), Trouble> {
    let folder = file
        .parent()
        .filter(|f| !f.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let Ok(stat) = rustix::fs::statvfs(folder) else {
        return Err(Trouble::Moved);
    };
    if stat.f_bavail.saturating_mul(stat.f_frsize) < LEAST_FREE_BYTES {
        return Err(Trouble::Full);
    }
    Ok(())
}

/// Writes something and takes it back. After a write found no room this one is as large as a delivery and reaches the disk.
async fn probe(services: &Services, full: bool) -> Result<(), Trouble> {
    const PURPOSE: &str = "probe";
    let bytes = match services.db.backend() {
        DatabaseBackend::Sqlite if full => LARGE_PROBE_BYTES,
        DatabaseBackend::Sqlite => PROBE_BYTES,
        _ => 64,
    };
    let failed = |e: bedring_store::sea_orm::DbErr| Trouble::from(StoreError::from(e));
    let tx = match services.db.begin().await {
        // Somebody else writes, and that works.
        Err(StoreError::Busy) if services.db.backend() == DatabaseBackend::Sqlite => return Ok(()),
        other => other?,
    };
    if !full {
        tx.execute_unprepared("SAVEPOINT probe")
            .await
            .map_err(failed)?;
    }
    let row = key_check::ActiveModel {
        purpose: Set(PURPOSE.to_owned()),
        key_id: Set(PURPOSE.to_owned()),
        check_value: Set(vec![0; bytes]),
        first_seen_at: Set(services.clock.now()),
        given_up_at: Set(Some(services.clock.now())),
    };
    key_check::Entity::insert(row)
        .exec_without_returning(&*tx)
        .await
        .map_err(failed)?;
    if full {
        let key = (PURPOSE.to_owned(), PURPOSE.to_owned());
        key_check::Entity::delete_by_id(key)
            .exec(&*tx)
            .await
            .map_err(failed)?;
    } else {
        tx.execute_unprepared("ROLLBACK TO SAVEPOINT probe")
            .await
            .map_err(failed)?;
    }
    Ok(tx.commit().await?)
}

/// Looks every few seconds, and through the whole file every night, until told to stop.
pub async fn watch(services: crate::state::AppState, mut stop: watch::Receiver<bool>) {
    let mut looked_on = None;
    while !*stop.borrow_and_update() {
        let now = services.clock.now();
        let today = calendar::day_of(now);
        if calendar::local(now).hour() == NIGHT && looked_on != Some(today) {
            looked_on = Some(today);
            services.health.nightly(&services).await;
        }
        after_erasure(&services).await;
        measure(&services).await;
        // The verdict is kept, told in the log and in the figures.
        let _ = services.health.look(&services).await;
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

/// The figures that tell how much waits: asked from the tables, so that they fall when it is settled, whoever settled it.
async fn measure(services: &Services) {
    if services.config.server.metrics_bind.is_none() {
        return;
    }
    let local = services.config.server.is_local();
    metrics::one_address(services.visitors.all_from_one_address(local));
    let db = services.db.read();
    let jobs = job::Entity::find().count(db);
    let kept = journal_entry::Entity::find()
        .filter(journal_entry::Column::State.eq("quarantined"))
        .count(db);
    let conflicts = journal_conflict::Entity::find()
        .filter(journal_conflict::Column::State.eq("open"))
        .count(db);
    // A database that does not answer is told by the verdict.
    if let Ok((jobs, kept, conflicts)) = tokio::try_join!(jobs, kept, conflicts) {
        metrics::jobs_waiting(jobs);
        metrics::quarantined(kept + conflicts);
    }
}

/// What was erased must not stay in SQLite's log. If somebody reads just now, the next look tries again.
pub async fn after_erasure(services: &Services) {
    if !signs::take_erased() {
        return;
    }
    match services.db.empty_log().await {
        Ok(true) => {}
        Ok(false) => signs::note_erased(),
        Err(error) => {
            tracing::warn!(%error, "the log of the database could not be emptied after an erasure");
            signs::note_erased();
        }
    }
}

/// The answer of `/health/ready`.
///
/// # Errors
/// Always 503, also where a delivery would be told that the disk is full: whoever asks wants to know ready or not.
pub async fn ready(services: &Services) -> Result<(), ApiError> {
    services.health.look(services).await.map_err(|trouble| {
        ApiError::new(Code::Unavailable)
            .retry_after(if trouble == Trouble::Away { 2 } else { 60 })
            .detail(trouble.to_string())
            .source(trouble)
    })
}
