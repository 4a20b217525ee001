//! A telephone number beside the name and the address of a person, encrypted as they are, so that whoever is asked to call can.
//!
//! People from before have none until somebody writes one down.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table
            .table("contacts")
            .add_column(binary_null("phone_sealed"));
        manager.alter_table(table.to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table("contacts").drop_column("phone_sealed");
        manager.alter_table(table.to_owned()).await
    }
}
