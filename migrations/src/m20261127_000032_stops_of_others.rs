//! "No more mails" is about the address: of those who share it, who said so, and for whom it was said by another.
//!
//! In rows of before it counts as the person's own word, as it was shown.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut change = Table::alter();
        change
            .table("mail_choices")
            .add_column(boolean("stopped_by_other").default(false));
        manager.alter_table(change.to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut change = Table::alter();
        change.table("mail_choices").drop_column("stopped_by_other");
        manager.alter_table(change.to_owned()).await
    }
}
