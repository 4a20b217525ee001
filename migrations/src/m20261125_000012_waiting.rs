//! The day on which what waits is due, as a column that the database keeps itself, with the one index that the worklist needs.
//!
//! "Not made, not given up, due by today" is three columns that a database takes to have nothing to do with each other: it expects a
//! quarter of the table and reads all of it. Of one column it knows how little that is.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

const DUE: &str =
    "CASE WHEN completed_at IS NULL AND missed_reason IS NULL THEN due_on ELSE NULL END";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds a computed column only if nothing has to be written for it.
        let (kind, kept) = match manager.get_database_backend() {
            DatabaseBackend::Sqlite => ("date_text", "VIRTUAL"),
            _ => ("date", "STORED"),
        };
        let column = format!(
            "ALTER TABLE occasions ADD COLUMN waiting_due_on {kind} GENERATED ALWAYS AS ({DUE}) {kept}"
        );
        for sql in [
            column.as_str(),
            "CREATE INDEX occasions_waiting_due ON occasions (waiting_due_on, id) WHERE waiting_due_on IS NOT NULL",
            "DROP INDEX occasions_waiting",
            "DROP INDEX occasions_waiting_person",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let waits = "WHERE completed_at IS NULL AND missed_reason IS NULL AND due_on IS NOT NULL";
        for sql in [
            format!("CREATE INDEX occasions_waiting ON occasions (due_on, id) {waits}"),
            format!(
                "CREATE INDEX occasions_waiting_person ON occasions (person_id, due_on) {waits}"
            ),
            "DROP INDEX occasions_waiting_due".to_owned(),
            "ALTER TABLE occasions DROP COLUMN waiting_due_on".to_owned(),
        ] {
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
