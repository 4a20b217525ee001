//! What devices wrote, what was made of it, and the work that follows.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let jobs = jobs(manager.get_database_backend());
        for table in journal_tables()
            .into_iter()
            .chain(derived_tables())
            .chain([jobs])
        {
            manager.create_table(table).await?;
        }
        for (name, table, column) in [
            ("journal_entries_person", "journal_entries", "person_id"),
            ("consents_person", "consents", "person_id"),
            ("letters_read_person", "letters_read", "person_id"),
            ("stated_types_person", "stated_types", "person_id"),
            ("responses_occasion", "responses", "occasion_id"),
            ("jobs_run_at", "jobs", "run_at"),
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
        // The same words in SQLite and PostgreSQL: only the few entries that wait for somebody are in this index.
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX journal_entries_quarantined ON journal_entries (received_at) WHERE state = 'quarantined'")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "jobs",
            "scores",
            "responses",
            "stated_types",
            "letters_read",
            "consents",
            "journal_conflicts",
            "journal_entries",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

fn journal_tables() -> Vec<TableCreateStatement> {
    vec![
        // Append only, but for `body`, which an erasure empties: the hash stays, so that the same bytes are known again.
        Table::create()
            .table("journal_entries")
            .col(pk_uuid("id"))
            .col(binary_len("sha256", 32))
            .col(string_null("seal_key"))
            .col(text_null("body"))
            .col(uuid_null("person_id"))
            .col(uuid("device_id"))
            .col(string("device_sent_at"))
            .col(timestamp_with_time_zone("received_at"))
            .col(string_null("kind"))
            .col(string("state"))
            .col(string_null("reason"))
            .to_owned(),
        // Other bytes under an id that was taken: both are kept.
        Table::create()
            .table("journal_conflicts")
            .col(pk_uuid("id"))
            .col(uuid("entry_id"))
            .col(binary_len("sha256", 32))
            .col(string_null("seal_key"))
            .col(text_null("body"))
            .col(uuid_null("person_id"))
            .col(uuid("device_id"))
            .col(string("device_sent_at"))
            .col(timestamp_with_time_zone("received_at"))
            .col(string("state"))
            .index(
                Index::create()
                    .name("journal_conflicts_entry_sha256_uq")
                    .unique()
                    .col("entry_id")
                    .col("sha256"),
            )
            .to_owned(),
    ]
}

fn derived_tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("consents")
            .col(pk_uuid("id"))
            .col(uuid("person_id"))
            .col(string("purpose"))
            .col(string("decision"))
            .col(string("letter_edition"))
            .col(string("language"))
            .col(string("channel"))
            .col(string_null("witness"))
            .col(string("device_recorded_at"))
            // What counts: the device's clock, corrected by what is known of it.
            .col(timestamp_with_time_zone("said_at"))
            .col(timestamp_with_time_zone("received_at"))
            .to_owned(),
        Table::create()
            .table("letters_read")
            .col(pk_uuid("id"))
            .col(uuid("person_id"))
            .col(string("letter_edition"))
            .col(string("language"))
            .col(string("device_recorded_at"))
            .col(timestamp_with_time_zone("received_at"))
            .to_owned(),
        Table::create()
            .table("stated_types")
            .col(pk_uuid("id"))
            .col(uuid("person_id"))
            .col(string("respondent_type"))
            .col(string("device_recorded_at"))
            // What counts: the device's clock, corrected by what is known of it.
            .col(timestamp_with_time_zone("said_at"))
            .col(timestamp_with_time_zone("received_at"))
            .to_owned(),
        Table::create()
            .table("responses")
            .col(pk_uuid("id"))
            .col(uuid("person_id"))
            .col(uuid("occasion_id"))
            .col(string("instrument"))
            .col(string("edition"))
            .col(string("language"))
            .col(string("mode"))
            .col(string_null("helped_by"))
            .col(boolean_null("private"))
            .col(string("device_started_at"))
            .col(string("device_finished_at"))
            .col(boolean("clock_suspect"))
            .col(timestamp_with_time_zone("received_at"))
            // A person said that this one counts for its occasion.
            .col(boolean("chosen"))
            .col(text("answers"))
            .to_owned(),
        Table::create()
            .table("scores")
            .col(uuid("response_id"))
            .col(string("instrument"))
            .col(string("scale"))
            .col(double_null("score"))
            .col(boolean("prorated"))
            .col(big_integer("sum"))
            .col(integer("answered"))
            .col(integer("skipped"))
            .col(integer("not_relevant"))
            .col(integer("missing"))
            .col(text("cut_offs"))
            .primary_key(
                Index::create()
                    .name("scores_pk")
                    .col("response_id")
                    .col("instrument")
                    .col("scale"),
            )
            .to_owned(),
    ]
}

/// Every delivery leaves a job behind, so on SQLite the table is its own index: one page less to write for each.
fn jobs(backend: DatabaseBackend) -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("jobs")
        .col(pk_uuid("id"))
        .col(string("kind"))
        .col(text("payload"))
        .col(timestamp_with_time_zone("run_at"))
        .col(integer("attempts"))
        .col(timestamp_with_time_zone_null("lease_until"))
        .col(string_null("last_error"))
        .col(timestamp_with_time_zone("created_at"));
    if backend == DatabaseBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}
