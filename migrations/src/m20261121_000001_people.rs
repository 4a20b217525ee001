//! Programmes, letters, instruments, projects, people, and the ways in.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in programme_tables().into_iter().chain(person_tables()) {
            manager.create_table(table).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("occasions_person")
                    .table("occasions")
                    .col("person_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("access_secrets_person")
                    .table("access_secrets")
                    .col("person_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "access_secrets",
            "occasions",
            "contacts",
            "persons",
            "refusal_tallies",
            "projects",
            "letters",
            "programmes",
            "instrument_editions",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

fn programme_tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("instrument_editions")
            .col(string("instrument"))
            .col(string("edition"))
            .col(string("kind"))
            .col(string("sha256"))
            .col(text("source_file"))
            .col(text("definition"))
            .col(string_null("derived_from_instrument"))
            .col(string_null("derived_from_edition"))
            .col(timestamp_with_time_zone("imported_at"))
            .primary_key(
                Index::create()
                    .name("instrument_editions_pk")
                    .col("instrument")
                    .col("edition"),
            )
            .to_owned(),
        Table::create()
            .table("programmes")
            .col(pk_uuid("id"))
            .col(string_uniq("code"))
            .col(text("name"))
            .col(string("language"))
            .col(text("plan"))
            .col(text("contacts"))
            .col(date_null("contacts_checked_on"))
            .col(string("letter_edition"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned(),
        Table::create()
            .table("letters")
            .col(uuid("programme_id"))
            .col(string("edition"))
            .col(string("sha256"))
            .col(text("title"))
            .col(text("body"))
            .col(timestamp_with_time_zone("published_at"))
            .primary_key(
                Index::create()
                    .name("letters_pk")
                    .col("programme_id")
                    .col("edition"),
            )
            .foreign_key(&mut reference(
                "letters_programme_fk",
                "letters",
                "programme_id",
                "programmes",
            ))
            .to_owned(),
        Table::create()
            .table("projects")
            .col(pk_uuid("id"))
            .col(uuid("programme_id"))
            .col(string("code"))
            .col(string("name"))
            .col(string("intervention"))
            .col(string("status"))
            .col(date_null("status_on"))
            .index(
                Index::create()
                    .name("projects_programme_code_uq")
                    .unique()
                    .col("programme_id")
                    .col("code"),
            )
            .foreign_key(&mut reference(
                "projects_programme_fk",
                "projects",
                "programme_id",
                "programmes",
            ))
            .to_owned(),
        // Refusals that were counted elsewhere; those made here are counted from the people themselves.
        Table::create()
            .table("refusal_tallies")
            .col(uuid("project_id"))
            .col(string("source"))
            .col(big_integer("refusals"))
            .primary_key(
                Index::create()
                    .name("refusal_tallies_pk")
                    .col("project_id")
                    .col("source"),
            )
            .foreign_key(&mut reference(
                "refusal_tallies_project_fk",
                "refusal_tallies",
                "project_id",
                "projects",
            ))
            .to_owned(),
    ]
}

fn person_tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("persons")
            .col(pk_uuid("id"))
            .col(uuid("project_id"))
            .col(string("code"))
            .col(string("language"))
            .col(string_null("respondent_type"))
            .col(date_null("start_on"))
            .col(date_null("end_on"))
            // Where the person stands, derived from the consent ledger whenever that changes.
            .col(boolean("ever_given"))
            .col(boolean("refused"))
            .col(string_null("withdrawn"))
            .col(timestamp_with_time_zone_null("erased_at"))
            .col(timestamp_with_time_zone("created_at"))
            .index(
                Index::create()
                    .name("persons_project_code_uq")
                    .unique()
                    .col("project_id")
                    .col("code"),
            )
            .foreign_key(&mut reference(
                "persons_project_fk",
                "persons",
                "project_id",
                "projects",
            ))
            .to_owned(),
        // Encrypted with the contact key of the settings; a row of its own, so that it can be deleted without a trace.
        Table::create()
            .table("contacts")
            .col(pk_uuid("person_id"))
            .col(binary_null("name_sealed"))
            .col(binary_null("email_sealed"))
            .col(timestamp_with_time_zone_null("email_said_at"))
            .col(uuid_null("email_entry_id"))
            .foreign_key(&mut reference(
                "contacts_person_fk",
                "contacts",
                "person_id",
                "persons",
            ))
            .to_owned(),
        Table::create()
            .table("occasions")
            .col(pk_uuid("id"))
            .col(uuid("person_id"))
            .col(string("kind"))
            .col(integer("number"))
            .col(date_null("opens_on"))
            .col(date_null("due_on"))
            .col(text("instruments"))
            .col(timestamp_with_time_zone_null("completed_at"))
            .col(string_null("missed_reason"))
            .index(
                Index::create()
                    .name("occasions_person_kind_number_uq")
                    .unique()
                    .col("person_id")
                    .col("kind")
                    .col("number"),
            )
            .foreign_key(&mut reference(
                "occasions_person_fk",
                "occasions",
                "person_id",
                "persons",
            ))
            .to_owned(),
        // Only hashes: who reads the database cannot become a person.
        Table::create()
            .table("access_secrets")
            .col(binary_len("secret_hash", 32).primary_key().take())
            .col(uuid("person_id"))
            .col(string("kind"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(&mut reference(
                "access_secrets_person_fk",
                "access_secrets",
                "person_id",
                "persons",
            ))
            .to_owned(),
    ]
}

fn reference(
    name: &str,
    from: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from(from, column)
        .to(to, "id")
        .to_owned()
}
