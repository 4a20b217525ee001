//! What can go wrong with the database, built once from the driver's error.

use sea_orm::error::ConnAcquireErr;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

use crate::signs;

/// Why a query or a transaction failed. Holds no content of rows.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was looked for is not there (or not in the scope that asked).
    #[error("not found")]
    NotFound,
    /// A unique key stands in the way.
    #[error("conflicts with something that exists")]
    Conflict,
    /// What was asked for under this id was done before; see [`crate::once`].
    #[error("this was asked for and done before")]
    DoneBefore,
    /// Another writer held the database for too long; try again.
    #[error("the database is busy")]
    Busy,
    /// The database cannot be reached.
    #[error("the database cannot be reached")]
    Unavailable,
    /// The disk is full or the database may not grow.
    #[error("the disk is full")]
    Full,
    /// The database may be read, but not written to.
    #[error("the database is read-only")]
    ReadOnly,
    /// What lies there is no database of ours, or no longer a whole one.
    #[error("the database is damaged, or no database at all")]
    Damaged,
    /// A text that the database cannot hold, as one with a NUL on PostgreSQL: the fault of whoever sent it.
    #[error("a text cannot be stored")]
    Text,
    /// A row holds something that this program cannot read.
    #[error("a row of {table} cannot be read")]
    Unreadable {
        /// Which table.
        table: &'static str,
    },
    /// Anything else; a fault of ours.
    #[error("database error")]
    Other(#[source] DbErr),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Conflict;
        }
        if matches!(error, DbErr::RecordNotFound(_) | DbErr::RecordNotUpdated) {
            return Self::NotFound;
        }
        if let DbErr::ConnectionAcquire(reason) = &error {
            return match reason {
                ConnAcquireErr::Timeout => Self::Busy,
                ConnAcquireErr::ConnectionClosed => Self::Unavailable,
            };
        }
        match Self::of_code(code_of(&error).as_deref()) {
            Some(known) => {
                signs::note(&known);
                known
            }
            None if matches!(error, DbErr::Conn(_)) => Self::Unavailable,
            None => Self::Other(error),
        }
    }
}

impl StoreError {
    fn of_code(code: Option<&str>) -> Option<Self> {
        Some(match code? {
            // SQLite: primary result codes stand in the low byte.
            code if sqlite(code, &[5, 6]) => Self::Busy,
            code if sqlite(code, &[13]) => Self::Full,
            code if sqlite(code, &[10, 14]) => Self::Unavailable,
            code if sqlite(code, &[8]) => Self::ReadOnly,
            code if sqlite(code, &[11, 26]) => Self::Damaged,
            // PostgreSQL: serialization failure, deadlock, lock not available.
            "40001" | "40P01" | "55P03" => Self::Busy,
            "53100" => Self::Full,
            "25006" => Self::ReadOnly,
            // PostgreSQL: no such character in the encoding, no such character as an escape.
            "22021" | "22P05" => Self::Text,
            "XX001" | "XX002" => Self::Damaged,
            code if code.len() == 5 && (code.starts_with("08") || code.starts_with("57P")) => {
                Self::Unavailable
            }
            _ => return None,
        })
    }
}

/// The driver's own code: SQLite's extended result code in decimal, PostgreSQL's SQLSTATE.
fn code_of(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(e))
    | DbErr::Query(RuntimeErr::SqlxError(e))
    | DbErr::Conn(RuntimeErr::SqlxError(e))) = error
    else {
        return None;
    };
    match e.as_ref() {
        sea_orm::SqlxError::Database(e) => e.code().map(|c| c.into_owned()),
        sea_orm::SqlxError::Io(_)
        | sea_orm::SqlxError::PoolClosed
        | sea_orm::SqlxError::WorkerCrashed => Some("08000".to_owned()),
        sea_orm::SqlxError::PoolTimedOut => Some("55P03".to_owned()),
        _ => None,
    }
}

fn sqlite(code: &str, primary: &[u32]) -> bool {
    code.len() != 5
        && code
            .parse::<u32>()
            .is_ok_and(|c| primary.contains(&(c & 0xff)))
}
