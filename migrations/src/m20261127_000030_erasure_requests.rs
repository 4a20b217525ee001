//! What staff asked for: that everything about a person be erased. One row for each time it was asked; it stays when it was answered,
//! without its note, so that it can be told who asked, who answered, when, and for what reason.
//!
//! Of one person only one can be open, whoever asks at the same time.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let to_person = ForeignKey::create()
            .name("erasure_requests_person_fk")
            .from("erasure_requests", "person_id")
            .to("persons", "id")
            .to_owned();
        let requests = Table::create()
            .table("erasure_requests")
            .col(pk_uuid("id"))
            .col(uuid("person_id"))
            .col(uuid("asked_by"))
            .col(timestamp_with_time_zone("asked_at"))
            .col(string("why"))
            .col(binary_null("note_sealed"))
            .col(timestamp_with_time_zone_null("closed_at"))
            // Nobody: the person erased everything alone.
            .col(uuid_null("closed_by"))
            .col(string_null("became"))
            .foreign_key(&mut to_person.to_owned())
            .to_owned();
        manager.create_table(requests).await?;
        for sql in [
            "CREATE UNIQUE INDEX erasure_requests_open ON erasure_requests (person_id) WHERE closed_at IS NULL",
            "CREATE INDEX erasure_requests_person ON erasure_requests (person_id)",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("erasure_requests").to_owned())
            .await
    }
}
