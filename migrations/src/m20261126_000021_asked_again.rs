//! When a person wants to get a reminder once more, and which: "later today" in a mail.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column at a time.
        for column in [
            timestamp_with_time_zone_null("again_at"),
            uuid_null("again_occasion_id"),
        ] {
            let mut table = Table::alter();
            table.table("mail_choices").add_column(column);
            manager.alter_table(table.to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["again_occasion_id", "again_at"] {
            let mut table = Table::alter();
            table.table("mail_choices").drop_column(column);
            manager.alter_table(table.to_owned()).await?;
        }
        Ok(())
    }
}
