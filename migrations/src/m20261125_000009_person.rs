//! What staff say about one person: reminders that pause, and a ledger of what was said about the person and not about a measurement.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // There is a row while reminders pause, and after a day that has come.
        let pauses = Table::create()
            .table("reminder_pauses")
            .col(pk_uuid("person_id"))
            // The day on which they go on; none is until somebody says so.
            .col(date_null("until_on"))
            .col(uuid_null("set_by"))
            .col(timestamp_with_time_zone("set_at"))
            .to_owned();
        manager.create_table(pauses).await?;
        // Append only.
        let changes = Table::create()
            .table("person_changes")
            .col(pk_uuid("id"))
            .col(uuid("person_id"))
            .col(uuid("project_id"))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("account_id"))
            .col(string("what"))
            .col(string_null("before"))
            .col(string_null("after"))
            .to_owned();
        manager.create_table(changes).await?;
        for (name, table) in [
            ("person_changes_person", "person_changes"),
            // The history of a person reads them, and they had an index by occasion only.
            ("occasion_changes_person", "occasion_changes"),
        ] {
            let mut index = Index::create();
            index.name(name).table(table).col("person_id");
            manager.create_index(index.to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::drop();
        index
            .name("occasion_changes_person")
            .table("occasion_changes");
        manager.drop_index(index.to_owned()).await?;
        for table in ["person_changes", "reminder_pauses"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
