//! What somebody who logs in has chosen: the language of their mails, and whether they want the weekly one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("account_choices")
            .col(pk_uuid("account_id"))
            // None: nothing was chosen, and the language of most of the account's programmes is taken.
            .col(string_null("language"))
            .col(timestamp_with_time_zone_null("digest_stopped_at"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("account_choices").to_owned())
            .await
    }
}
