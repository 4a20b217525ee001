//! The clocks behind every line of the consent ledger, so that a stop is not lost where the order of two lines is in doubt; and when staff
//! last wrote down a name, an address or a number, so that it can be told whether a no was said after that.
//!
//! Lines that a device delivered have both in their entry already. Lines that came with a file have no device: their moment is taken as
//! it is told. What staff wrote before stays without a moment: it counts as written when its person was registered.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("consents", uuid_null("device_id")),
            ("consents", text_null("device_sent_at")),
            ("contacts", timestamp_with_time_zone_null("written_at")),
        ] {
            let mut alter = Table::alter();
            alter.table(table).add_column(column);
            manager.alter_table(alter.to_owned()).await?;
        }
        // The same words in SQLite and PostgreSQL.
        let of_entry = |column: &str| {
            format!("(SELECT e.{column} FROM journal_entries e WHERE e.id = consents.id)")
        };
        let fill = format!(
            "UPDATE consents SET device_id = {}, device_sent_at = {}",
            of_entry("device_id"),
            of_entry("device_sent_at")
        );
        manager.get_connection().execute_unprepared(&fill).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("contacts", "written_at"),
            ("consents", "device_sent_at"),
            ("consents", "device_id"),
        ] {
            let mut alter = Table::alter();
            alter.table(table).drop_column(column);
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
