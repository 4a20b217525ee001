//! Accounts, their sessions, and the record of who did and saw what.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("sessions_account", "sessions", "account_id"),
            ("audit_person", "audit", "person_id"),
            ("audit_at", "audit", "at"),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table(table)
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["audit", "sessions", "account_projects", "accounts"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("accounts")
            .col(pk_uuid("id"))
            .col(string_uniq("email"))
            .col(string("password_hash"))
            .col(string("role"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("disabled_at"))
            .to_owned(),
        Table::create()
            .table("account_projects")
            .col(uuid("account_id"))
            .col(uuid("project_id"))
            .primary_key(
                Index::create()
                    .name("account_projects_pk")
                    .col("account_id")
                    .col("project_id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("account_projects_account_fk")
                    .from("account_projects", "account_id")
                    .to("accounts", "id"),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("account_projects_project_fk")
                    .from("account_projects", "project_id")
                    .to("projects", "id"),
            )
            .to_owned(),
        Table::create()
            .table("sessions")
            .col(binary_len("token_hash", 32).primary_key().take())
            .col(uuid("account_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("rotated_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(
                ForeignKey::create()
                    .name("sessions_account_fk")
                    .from("sessions", "account_id")
                    .to("accounts", "id"),
            )
            .to_owned(),
        Table::create()
            .table("audit")
            .col(pk_uuid("id"))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("account_id"))
            .col(string("role"))
            .col(string("action"))
            .col(uuid_null("person_id"))
            .col(uuid_null("project_id"))
            .col(string_null("subject"))
            .to_owned(),
    ]
}
