//! What the disk allows: SQLite alone, one row of the same bytes for each durable commit.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::load::Figures;

/// Commits one row after the other.
pub fn one_row_commits(file: &Path, bytes: usize, measured: Duration) -> Figures {
    let db = Connection::open(file).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE r (id BLOB PRIMARY KEY, at INTEGER, body TEXT) STRICT;",
    )
    .unwrap();
    let mut insert = db
        .prepare("INSERT INTO r VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        .unwrap();
    let body = "x".repeat(bytes);
    let mut latencies = Vec::new();
    let start = Instant::now();
    let mut n = 0u64;
    while start.elapsed() < measured {
        let one = Instant::now();
        let mut id = [0u8; 16];
        id[..8].copy_from_slice(&n.to_be_bytes());
        db.execute_batch("BEGIN IMMEDIATE").unwrap();
        insert.execute(params![&id[..], n as i64, body]).unwrap();
        db.execute_batch("COMMIT").unwrap();
        latencies.push(one.elapsed());
        n += 1;
    }
    Figures::new(latencies, start.elapsed(), None)
}
