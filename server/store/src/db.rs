//! Connections and transactions: the same promises on SQLite and PostgreSQL.
//!
//! SQLite runs in WAL mode with `synchronous = FULL`, because a receipt lets a phone delete its copy: what was committed must be on the
//! disk. Every write transaction begins IMMEDIATE (a deferred one that reads first fails at once when another has written meanwhile).
//! Both databases get the same bounded retry when they are busy.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, QueryResult,
    Statement,
};

use crate::error::StoreError;
use crate::write_tx::{Turns, WriteTx};

/// How to connect.
#[derive(Debug, Clone)]
pub struct DbConfig {
    /// `sqlite:///path/to/file` or `postgres://…`.
    pub url: String,
    /// Most connections at once.
    pub max_connections: u32,
    /// How long to wait for a free connection.
    pub acquire_timeout: Duration,
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    conn: DatabaseConnection,
    /// SQLite has one writer at a time.
    turns: Option<Turns>,
    /// The SQLite file that was opened.
    file: Option<Arc<OpenedFile>>,
}

/// A file, and which one it was when it was opened: a name may come to stand for another.
#[derive(Debug)]
struct OpenedFile {
    path: PathBuf,
    identity: (u64, u64),
}

impl OpenedFile {
    fn of(url: &str) -> Option<Self> {
        let rest = url.strip_prefix("sqlite:")?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let path = PathBuf::from(rest.split('?').next().unwrap_or(rest));
        let identity = identity(&path)?;
        Some(Self { path, identity })
    }
}

impl OpenedFile {
    /// A connection of its own.
    async fn connect(&self) -> Result<DatabaseConnection, StoreError> {
        let mut options = ConnectOptions::new(format!("sqlite://{}", self.path.display()));
        options
            .max_connections(1)
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .create_if_missing(false)
                    .busy_timeout(Duration::from_secs(1))
                    .pragma("secure_delete", "ON")
            });
        Ok(Database::connect(options).await?)
    }
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}

impl Db {
    /// Connects; makes an SQLite file that does not exist.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if there is no database to reach.
    pub async fn connect(config: &DbConfig) -> Result<Self, StoreError> {
        let mut options = ConnectOptions::new(config.url.clone());
        options
            // One of them stays lent to whoever writes.
            .max_connections(config.max_connections.saturating_add(1))
            .acquire_timeout(config.acquire_timeout)
            .connect_timeout(config.acquire_timeout)
            // SQL text may name items and states; it has no business in a log.
            .sqlx_logging(false)
            .record_stmt_in_spans(false)
            .test_before_acquire(false);
        options.map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                // Rows that may wait for their reader: a reader that is woken for every fifty costs more than the rows.
                .row_buffer_size(4096)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                // Rarer checkpoints: the log is written in one go, the tables in larger bites.
                .pragma("wal_autocheckpoint", "8000")
                .pragma("journal_size_limit", "67108864")
                .pragma("temp_store", "MEMORY")
                // KiB when negative; a few megabytes a connection keep the whole server small.
                .pragma("cache_size", "-6000")
                .pragma("secure_delete", "ON")
                .optimize_on_close(true, Some(400))
        });
        let conn = Database::connect(options).await?;
        let turns = (conn.get_database_backend() == DatabaseBackend::Sqlite).then(Turns::default);
        let file = OpenedFile::of(&config.url).map(Arc::new);
        Ok(Self { conn, turns, file })
    }

    /// Still the file that was opened? What is written into one that was removed or replaced is gone when the server stops, and a receipt
    /// for it would be a lie.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        self.file
            .as_ref()
            .is_none_or(|file| identity(&file.path) == Some(file.identity))
    }

    /// Writes what stands in SQLite's log into the tables and empties the log, so that nothing that was erased stays readable in it. Says
    /// whether that was possible: while others read it is not. PostgreSQL sees to itself.
    ///
    /// # Errors
    /// As the database says.
    pub async fn empty_log(&self) -> Result<bool, StoreError> {
        let Some(file) = &self.file else {
            return Ok(true);
        };
        let conn = file.connect().await?;
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let statement = Statement::from_string(DatabaseBackend::Sqlite, sql);
        let answer = conn.query_one_raw(statement).await;
        let closed = conn.close().await;
        let busy = answer?.and_then(|row| row.try_get_by_index::<i32>(0).ok());
        closed?;
        Ok(busy == Some(0))
    }

    /// Looks through the SQLite file for damage, over a connection of its own that has nothing in its memory yet. The time it takes grows
    /// with the file. PostgreSQL sees to itself.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], or what stood in the way of looking.
    pub async fn look_for_damage(&self) -> Result<(), StoreError> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let conn = file.connect().await?;
        let statement = Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA quick_check(1)");
        let answer = conn.query_one_raw(statement).await;
        let closed = conn.close().await;
        let verdict = answer?.and_then(|row| row.try_get_by_index::<String>(0).ok());
        closed?;
        if verdict.as_deref() == Some("ok") {
            Ok(())
        } else {
            Err(StoreError::Damaged)
        }
    }

    /// For reading, outside a transaction.
    #[must_use]
    pub const fn read(&self) -> &DatabaseConnection {
        &self.conn
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> DatabaseBackend {
        self.conn.get_database_backend()
    }

    /// Begins a write transaction: one for each use case. Dropping it without `commit` rolls it back. Inside it do nothing but read and
    /// write through it: no mail, no hashing, no waiting.
    ///
    /// ```text
    /// let tx = db.begin().await?;
    /// row.insert(&*tx).await.map_err(StoreError::from)?;
    /// tx.commit().await?;
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another writer holds the database for longer than the bounded retry; otherwise as the database says.
    pub async fn begin(&self) -> Result<WriteTx, StoreError> {
        self.assert_in_place()?;
        WriteTx::begin(&self.conn, self.turns.as_ref()).await
    }

    /// Begins a write transaction with its first queries: what [`crate::together::query_all`] would answer in it. On SQLite all of it is
    /// one call.
    ///
    /// # Errors
    /// As [`Db::begin`].
    pub async fn begin_reading(
        &self,
        queries: Vec<Statement>,
    ) -> Result<(WriteTx, Vec<QueryResult>), StoreError> {
        self.assert_in_place()?;
        WriteTx::begin_reading(&self.conn, self.turns.as_ref(), queries).await
    }

    fn assert_in_place(&self) -> Result<(), StoreError> {
        if self.is_in_place() {
            Ok(())
        } else {
            Err(StoreError::Unavailable)
        }
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// As the database says.
    pub async fn close(self) -> Result<(), StoreError> {
        if let Some(turns) = &self.turns {
            turns.lock().await.take();
        }
        Ok(self.conn.close().await?)
    }
}
