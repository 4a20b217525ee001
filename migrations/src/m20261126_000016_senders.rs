//! Who asks, with a mark to know them by, and what a letter says in half a page.
//!
//! Letters from before have no summary: their people get the whole letter first, as before. A published letter is never changed, so
//! its hash stays what it was.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Table, column, and what rows from before hold.
const COLUMNS: [(&str, &str, &str); 2] = [
    ("programmes", "senders", "[]"),
    ("letters", "summary", "{}"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column, before) in COLUMNS {
            let mut alter = Table::alter();
            alter.table(table).add_column(text(column).default(before));
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column, _) in COLUMNS {
            let mut alter = Table::alter();
            alter.table(table).drop_column(column);
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
