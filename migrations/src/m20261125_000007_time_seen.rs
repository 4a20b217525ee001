//! The latest moment that the server's clock has shown, so that a clock that was ahead and is set back is noticed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("time_seen")
            // There is one row.
            .col(ColumnDef::new("id").integer().not_null().primary_key())
            .col(timestamp_with_time_zone("latest"))
            // The last time that it leapt ahead, by more than a server is likely to have been off: from when to when.
            .col(timestamp_with_time_zone_null("leapt_from"))
            .col(timestamp_with_time_zone_null("leapt_to"))
            // The last time that it was set back: when that was noticed, and what it had shown before.
            .col(timestamp_with_time_zone_null("set_back_at"))
            .col(timestamp_with_time_zone_null("set_back_from"))
            // From then on nobody lives who took a mail before that.
            .col(timestamp_with_time_zone_null("leases_end_at"))
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("time_seen").to_owned())
            .await
    }
}
