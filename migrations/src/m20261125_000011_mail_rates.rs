//! How many mails went of late, by sender: what all servers together keep to.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("mail_rates")
            // The sender's address, of the program itself and nobody's.
            .col(ColumnDef::new("sender").string().not_null().primary_key())
            // The seconds of the last minute with how many were taken in each, as JSON: `[[1772442000, 30], …]`.
            .col(text("taken"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("mail_rates").to_owned())
            .await
    }
}
