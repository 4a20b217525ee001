//! Write transactions, and on SQLite the one connection that makes them.
//!
//! SQLite has one writer at a time, so all write transactions of this process take turns on one connection that stays lent out: waiting
//! for a turn here is fair and wakes at once, while SQLite's own waiting is a series of naps, and a pool would ask a connection for a sign of life after
//! every use. sea-orm lends a connection only as a transaction; the one held here is over from the first moment, and what begins and ends
//! real ones are plain statements, which can travel together with the first query and the last insert.
//!
//! Whatever goes wrong, the connection is let go: sea-orm then rolls back, and the next writer takes a new one.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::StoreError;
use crate::{once, together};

/// How often a transaction is tried when the database is busy.
const BEGIN_TRIES: u32 = 4;
const BEGIN: &str = "BEGIN IMMEDIATE";
const COMMIT: &str = "COMMIT";

/// Whose turn it is on SQLite, and the connection they use.
pub(crate) type Turns = Arc<Mutex<Option<DatabaseTransaction>>>;

/// A write transaction. Rolled back when dropped without [`WriteTx::commit`].
pub struct WriteTx {
    // Before the turn, so that it is rolled back before the next writer begins. `None` only while it is being consumed.
    tx: Option<DatabaseTransaction>,
    turn: Option<OwnedMutexGuard<Option<DatabaseTransaction>>>,
}

impl WriteTx {
    /// Begins one.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another writer holds the database for longer than the bounded retry; otherwise as the database says.
    pub(crate) async fn begin(
        conn: &DatabaseConnection,
        turns: Option<&Turns>,
    ) -> Result<Self, StoreError> {
        Ok(Self::begin_reading(conn, turns, Vec::new()).await?.0)
    }

    /// Begins one and runs its first queries, on SQLite in one call.
    ///
    /// # Errors
    /// As [`WriteTx::begin`].
    pub(crate) async fn begin_reading(
        conn: &DatabaseConnection,
        turns: Option<&Turns>,
        queries: Vec<Statement>,
    ) -> Result<(Self, Vec<QueryResult>), StoreError> {
        let mut turn = match turns {
            Some(turns) => Some(Arc::clone(turns).lock_owned().await),
            None => None,
        };
        let mut tries = 1;
        loop {
            match Self::try_begin(conn, turn.as_deref_mut(), &queries).await {
                Err(StoreError::Busy) if tries < BEGIN_TRIES => {
                    tokio::time::sleep(Duration::from_millis(u64::from(tries * tries) * 15)).await;
                    tries += 1;
                }
                other => {
                    let (tx, rows) = other?;
                    once::claim(&tx).await?;
                    let tx = Some(tx);
                    return Ok((Self { tx, turn }, rows));
                }
            }
        }
    }

    async fn try_begin(
        conn: &DatabaseConnection,
        turn: Option<&mut Option<DatabaseTransaction>>,
        queries: &[Statement],
    ) -> Result<(DatabaseTransaction, Vec<QueryResult>), StoreError> {
        let Some(held) = turn else {
            let tx = conn.begin().await?;
            let rows = together::query_all(&tx, queries.to_vec()).await?;
            return Ok((tx, rows));
        };
        let tx = match held.take() {
            Some(tx) => tx,
            None => {
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..Default::default()
                };
                let tx = conn.begin_with_options(options).await?;
                tx.execute_raw(plain(COMMIT)).await?;
                tx
            }
        };
        let statements = std::iter::once(plain(BEGIN)).chain(queries.iter().cloned());
        let rows = together::query_all(&tx, statements.collect()).await?;
        Ok((tx, rows))
    }

    /// Makes it last.
    ///
    /// # Errors
    /// As the database says; then nothing of it lasts.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.commit_with(Vec::new()).await
    }

    /// Runs the last statements and makes it last, on SQLite in one call.
    ///
    /// # Errors
    /// As [`WriteTx::commit`].
    pub async fn commit_with(mut self, mut statements: Vec<Statement>) -> Result<(), StoreError> {
        let Some(tx) = self.tx.take() else {
            return Err(StoreError::Unavailable);
        };
        let Some(turn) = &mut self.turn else {
            together::execute_all(&tx, statements).await?;
            tx.commit().await?;
            once::claimed();
            return Ok(());
        };
        statements.push(plain(COMMIT));
        together::execute_all(&tx, statements).await?;
        **turn = Some(tx);
        once::claimed();
        Ok(())
    }
}

impl Deref for WriteTx {
    type Target = DatabaseTransaction;

    #[allow(
        clippy::expect_used,
        reason = "it is taken only by commit_with, which consumes the whole"
    )]
    fn deref(&self) -> &DatabaseTransaction {
        self.tx.as_ref().expect("a transaction that is not over")
    }
}

fn plain(sql: &str) -> Statement {
    Statement::from_string(DatabaseBackend::Sqlite, sql)
}
