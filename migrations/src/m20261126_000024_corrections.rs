//! People who were registered by mistake: set aside with a reason, or merged with the registration that is right.
//!
//! Nothing of them is removed. What a phone holds of a registration that was merged, its links and its measurements, goes on to mean
//! something: the last two tables say what.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The project of a person who may be asked; nothing for one who said no, has withdrawn, was erased or was discarded.
const WAITS_IN: &str = "waits_in = (SELECT CASE WHEN erased_at IS NULL AND refused = FALSE AND withdrawn IS NULL AND discarded_at IS NULL \
     THEN project_id ELSE NULL END FROM persons WHERE persons.id = occasions.person_id)";
/// As the migration before had it.
const WAITED_IN: &str = "waits_in = (SELECT CASE WHEN erased_at IS NULL AND refused = FALSE AND withdrawn IS NULL THEN project_id ELSE NULL END \
     FROM persons WHERE persons.id = occasions.person_id)";
const WAITING_DUE_ON: &str = "waiting_due_on = CASE WHEN completed_at IS NULL AND missed_reason IS NULL THEN due_on ELSE NULL END";
const LATE_FROM: &str =
    "late_from = (SELECT overdue_from FROM followups WHERE followups.occasion_id = occasions.id)";

/// The statements that make the two triggers know another rule.
fn triggers(sqlite: bool, waits_in: &str, columns: &str) -> Vec<String> {
    let inserted =
        format!("UPDATE occasions SET {WAITING_DUE_ON}, {waits_in}, {LATE_FROM} WHERE id = NEW.id");
    let changed = format!("UPDATE occasions SET {waits_in} WHERE person_id = NEW.id");
    let update = format!("UPDATE OF {columns}");
    let mut steps = Vec::new();
    for (name, table, when, does) in [
        ("occasions_wait", "occasions", "INSERT", inserted),
        ("persons_wait_changed", "persons", update.as_str(), changed),
    ] {
        let trigger = format!("CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW");
        if sqlite {
            steps.push(format!("DROP TRIGGER {name}"));
            steps.push(format!("{trigger} BEGIN {does}; END"));
        } else {
            steps.push(format!("DROP TRIGGER {name} ON {table}"));
            steps.push(format!(
                "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NULL; END $$"
            ));
            steps.push(format!("{trigger} EXECUTE FUNCTION {name}()"));
        }
    }
    steps
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut persons = Table::alter();
        persons
            .table("persons")
            .add_column(timestamp_with_time_zone_null("discarded_at"));
        manager.alter_table(persons.to_owned()).await?;
        let discards = Table::create()
            .table("discards")
            .col(pk_uuid("person_id"))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("account_id"))
            .col(string("why"))
            .col(uuid_null("merged_into"))
            // What the person was called: the code is free for somebody else.
            .col(string("code"))
            .to_owned();
        manager.create_table(discards).await?;
        let occasions = Table::create()
            .table("merged_occasions")
            .col(pk_uuid("id"))
            .col(uuid("into_id"))
            .col(uuid("person_id"))
            .to_owned();
        manager.create_table(occasions).await?;
        let ways = Table::create()
            .table("merged_ways")
            .col(binary("secret_hash").primary_key())
            .col(uuid("person_id"))
            .to_owned();
        manager.create_table(ways).await?;
        let sqlite = manager.get_database_backend() == DatabaseBackend::Sqlite;
        let columns = "project_id, refused, withdrawn, erased_at, discarded_at";
        for sql in triggers(sqlite, WAITS_IN, columns) {
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DatabaseBackend::Sqlite;
        let columns = "project_id, refused, withdrawn, erased_at";
        for sql in triggers(sqlite, WAITED_IN, columns) {
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        for table in ["merged_ways", "merged_occasions", "discards"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        let mut persons = Table::alter();
        persons.table("persons").drop_column("discarded_at");
        manager.alter_table(persons.to_owned()).await
    }
}
