//! Who set aside what was kept apart, and when; its bytes are emptied then, and how many they were stays. Rows of before keep their bytes:
//! whoever set them aside was told that they would.
//!
//! An index by person and arrival takes the place of the one by person: what somebody delivered today is counted after each start.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["journal_entries", "journal_conflicts"];
const COLUMNS: [&str; 3] = ["settled_at", "settled_by", "size"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            for column in [
                timestamp_with_time_zone_null(COLUMNS[0]),
                uuid_null(COLUMNS[1]),
                integer_null(COLUMNS[2]),
            ] {
                let mut change = Table::alter();
                change.table(table).add_column(column);
                manager.alter_table(change.to_owned()).await?;
            }
        }
        let connection = manager.get_connection();
        for statement in [
            "CREATE INDEX journal_entries_person_received ON journal_entries (person_id, received_at)",
            "CREATE INDEX journal_conflicts_waiting ON journal_conflicts (person_id, received_at) WHERE state = 'open'",
        ] {
            connection.execute_unprepared(statement).await?;
        }
        let before = Index::drop().name("journal_entries_person").to_owned();
        manager.drop_index(before).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let before = Index::create()
            .name("journal_entries_person")
            .table("journal_entries")
            .col("person_id")
            .to_owned();
        manager.create_index(before).await?;
        for name in [
            "journal_entries_person_received",
            "journal_conflicts_waiting",
        ] {
            manager
                .drop_index(Index::drop().name(name).to_owned())
                .await?;
        }
        for table in TABLES {
            for column in COLUMNS {
                let mut change = Table::alter();
                change.table(table).drop_column(column);
                manager.alter_table(change.to_owned()).await?;
            }
        }
        Ok(())
    }
}
