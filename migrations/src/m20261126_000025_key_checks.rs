//! What tells whether a server's keys are those with which this database was written. Holds no key and nothing that was encrypted.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("key_checks")
            // "contact" or "seal".
            .col(string_len("purpose", 20))
            .col(string_len("key_id", 16))
            // An HMAC under the key itself.
            .col(binary("check_value"))
            .col(timestamp_with_time_zone("first_seen_at"))
            // The operator gave the key up; what it opened stays closed.
            .col(timestamp_with_time_zone_null("given_up_at"))
            .primary_key(Index::create().col("purpose").col("key_id"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("key_checks").to_owned())
            .await
    }
}
