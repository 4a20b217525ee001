//! What can go wrong with the database, built once from the driver's error.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

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
        if matches!(error, DbErr::ConnectionAcquire(_)) {
            return Self::Busy;
        }
        match code_of(&error).as_deref() {
            // SQLite: primary result codes stand in the low byte.
            Some(code) if sqlite(code, &[5, 6]) => Self::Busy,
            Some(code) if sqlite(code, &[13]) => Self::Full,
            Some(code) if sqlite(code, &[10, 14]) => Self::Unavailable,
            // PostgreSQL: serialization failure, deadlock, lock not available.
            Some("40001" | "40P01" | "55P03") => Self::Busy,
            Some("53100") => Self::Full,
            Some(code)
                if code.len() == 5 && (code.starts_with("08") || code.starts_with("57P")) =>
            {
                Self::Unavailable
            }
            _ if matches!(error, DbErr::Conn(_)) => Self::Unavailable,
            _ => Self::Other(error),
        }
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
