//! Indexes over what still waits, so that the worklist, the digest and the questions about ends cost what waits and not what there is.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Name, and the rest of the statement: the same words in both databases.
const INDEXES: [(&str, &str); 4] = [
    // In the order in which the worklist shows it, for those who see all projects.
    (
        "occasions_waiting",
        "occasions (due_on, id) WHERE completed_at IS NULL AND missed_reason IS NULL AND due_on IS NOT NULL",
    ),
    // For those who see the people of a few projects.
    (
        "occasions_waiting_person",
        "occasions (person_id, due_on) WHERE completed_at IS NULL AND missed_reason IS NULL AND due_on IS NOT NULL",
    ),
    // What waits for somebody to say when the course ended.
    (
        "occasions_without_day",
        "occasions (person_id) WHERE completed_at IS NULL AND missed_reason IS NULL AND due_on IS NULL",
    ),
    // Courses of which no end is confirmed, those that have run longest first.
    (
        "persons_running",
        "persons (start_on, id) WHERE end_on IS NULL",
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, over) in INDEXES {
            let sql = format!("CREATE INDEX {name} ON {over}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, _) in INDEXES {
            let sql = format!("DROP INDEX {name}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
