//! Who had the last word about a person's contact, and when: the person can name one on the phone, and an entry may arrive late.
//!
//! Rows from before stay without a moment: whatever a phone says of a contact was said after this change.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            // Encrypted like the address.
            binary_null("contact_name_sealed"),
            timestamp_with_time_zone_null("contact_said_at"),
            uuid_null("contact_entry_id"),
        ] {
            let mut table = Table::alter();
            table.table("mail_choices").add_column(column);
            manager.alter_table(table.to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["contact_entry_id", "contact_said_at", "contact_name_sealed"] {
            let mut table = Table::alter();
            table.table("mail_choices").drop_column(column);
            manager.alter_table(table.to_owned()).await?;
        }
        Ok(())
    }
}
