//! Several statements in one call.
//!
//! Each call to SQLite goes to another thread and back, which costs more than a small statement itself. SQLite takes a whole list of
//! statements at once, with their values one after the other; PostgreSQL takes one statement a call.

use sea_orm::{ConnectionTrait, DatabaseBackend, QueryResult, Statement, Values};

use crate::error::StoreError;

/// Runs statements in order. The first that fails ends it.
///
/// # Errors
/// As the database says.
pub async fn execute_all<C: ConnectionTrait>(
    db: &C,
    statements: Vec<Statement>,
) -> Result<(), StoreError> {
    for statement in calls(db, statements) {
        db.execute_raw(statement).await?;
    }
    Ok(())
}

/// Runs queries in order and answers all their rows together; each query should say in a column of its own which one it is.
///
/// # Errors
/// As the database says.
pub async fn query_all<C: ConnectionTrait>(
    db: &C,
    statements: Vec<Statement>,
) -> Result<Vec<QueryResult>, StoreError> {
    let mut rows = Vec::new();
    for statement in calls(db, statements) {
        rows.extend(db.query_all_raw(statement).await?);
    }
    Ok(rows)
}

/// One statement for SQLite, whose placeholders carry no numbers; for PostgreSQL as they are.
fn calls<C: ConnectionTrait>(db: &C, statements: Vec<Statement>) -> Vec<Statement> {
    if db.get_database_backend() != DatabaseBackend::Sqlite || statements.len() < 2 {
        return statements;
    }
    let mut sql = String::new();
    let mut values = Vec::new();
    for statement in statements {
        if !sql.is_empty() {
            sql.push_str(";\n");
        }
        sql.push_str(&statement.sql);
        values.extend(statement.values.into_iter().flat_map(|v| v.0));
    }
    vec![Statement {
        sql,
        values: Some(Values(values)),
        db_backend: DatabaseBackend::Sqlite,
    }]
}
