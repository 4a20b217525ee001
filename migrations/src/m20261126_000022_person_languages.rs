//! The last language in which a person read or answered, and when: mails, the pages behind them and the next questionnaire come in it.
//!
//! Without a row the person has not chosen yet, and the language of the registration holds.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("person_languages")
            .col(uuid("person_id").primary_key())
            .col(string("language"))
            .col(timestamp_with_time_zone("said_at"))
            .col(uuid("entry_id"))
            .foreign_key(
                ForeignKey::create()
                    .from("person_languages", "person_id")
                    .to("persons", "id"),
            )
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::drop().table("person_languages").to_owned();
        manager.drop_table(table).await
    }
}
