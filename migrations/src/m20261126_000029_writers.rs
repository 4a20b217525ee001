//! Who delivered an entry, a yes or no, and a questionnaire: the account, where it was not the person's own phone. Beside it how often other
//! bytes came under an entry's id, because only the first few of them are kept.
//!
//! Rows of before name nobody: what staff delivered then can no longer be told.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const WRITTEN: [&str; 4] = [
    "journal_entries",
    "journal_conflicts",
    "consents",
    "responses",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in WRITTEN {
            let mut change = Table::alter();
            change.table(table).add_column(uuid_null("account_id"));
            manager.alter_table(change.to_owned()).await?;
        }
        let mut change = Table::alter();
        change
            .table("journal_entries")
            .add_column(integer("conflicts").default(0));
        manager.alter_table(change.to_owned()).await?;
        for (name, columns) in [
            // What waits is looked at person by person, and an entry's conflicts are found by who they are about.
            (
                "journal_entries_waiting_person",
                "journal_entries (person_id, received_at) WHERE state = 'quarantined'",
            ),
            (
                "journal_conflicts_person",
                "journal_conflicts (person_id, received_at)",
            ),
        ] {
            manager
                .get_connection()
                .execute_unprepared(&format!("CREATE INDEX {name} ON {columns}"))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["journal_entries_waiting_person", "journal_conflicts_person"] {
            manager
                .drop_index(Index::drop().name(name).to_owned())
                .await?;
        }
        let mut change = Table::alter();
        change.table("journal_entries").drop_column("conflicts");
        manager.alter_table(change.to_owned()).await?;
        for table in WRITTEN {
            let mut change = Table::alter();
            change.table(table).drop_column("account_id");
            manager.alter_table(change.to_owned()).await?;
        }
        Ok(())
    }
}
