//! Answers to requests that carry an id made by whoever sends them: sent again, they get the same answer, and nothing is done twice.
//!
//! The row is written in the transaction that does what was asked; the answer is added when it is known. Kept for a day.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("kept_answers")
            // SHA-256 of the account and the id: the id itself opens the answer and stands nowhere.
            .col(binary("id").primary_key())
            // SHA-256 of what was asked.
            .col(binary("request"))
            .col(timestamp_with_time_zone("asked_at"))
            .col(integer_null("status"))
            .col(binary_null("answer_sealed"))
            .to_owned();
        manager.create_table(table).await?;
        let mut index = Index::create();
        index
            .name("kept_answers_asked")
            .table("kept_answers")
            .col("asked_at");
        manager.create_index(index.to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("kept_answers").to_owned())
            .await
    }
}
