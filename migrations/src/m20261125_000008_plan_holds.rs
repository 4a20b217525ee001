//! Plans that were replaced, and for whom one of them still holds because an edit was held back.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Append only.
        let revisions = Table::create()
            .table("plan_revisions")
            .col(pk_uuid("id"))
            .col(uuid("programme_id"))
            .col(text("plan"))
            .col(timestamp_with_time_zone("replaced_at"))
            .to_owned();
        manager.create_table(revisions).await?;
        // A place in the plan of one person for which a plan holds that is not the one in force.
        let holds = Table::create()
            .table("plan_holds")
            .col(uuid("person_id"))
            .col(string("plan_key"))
            .col(integer("plan_repeat"))
            .col(uuid("revision_id"))
            .primary_key(
                Index::create()
                    .col("person_id")
                    .col("plan_key")
                    .col("plan_repeat"),
            )
            .to_owned();
        manager.create_table(holds).await?;
        let mut index = Index::create();
        index
            .name("plan_revisions_programme")
            .table("plan_revisions")
            .col("programme_id");
        manager.create_index(index.to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["plan_holds", "plan_revisions"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
