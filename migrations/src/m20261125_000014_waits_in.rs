//! What the worklist counts, in the row of the measurement itself: in which project somebody waits for it, since when it is due, from which
//! day on it is late. The database keeps all three: whatever changes a measurement, a person or a follow-up changes them in the same
//! moment, so they cannot come apart.
//!
//! To count what waits, the worklist had to look up a measurement, a person and a follow-up for each line; now the index has all it asks
//! for. A computed column would not do: SQLite reads the row behind the index to compute it once more.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// When what was neither made nor given up is due.
const WAITING_DUE_ON: &str = "waiting_due_on = CASE WHEN completed_at IS NULL AND missed_reason IS NULL THEN due_on ELSE NULL END";
/// The project of a person who may be asked; nothing for one who said no, has withdrawn or was erased.
const WAITS_IN: &str = "waits_in = (SELECT CASE WHEN erased_at IS NULL AND refused = FALSE AND withdrawn IS NULL THEN project_id ELSE NULL END \
     FROM persons WHERE persons.id = occasions.person_id)";
const LATE_FROM: &str =
    "late_from = (SELECT overdue_from FROM followups WHERE followups.occasion_id = occasions.id)";

/// Name, table, when, what is set, and in which occasions.
const TRIGGERS: [(&str, &str, &str, &[&str], &str); 6] = [
    (
        "occasions_wait",
        "occasions",
        "INSERT",
        &[WAITING_DUE_ON, WAITS_IN, LATE_FROM],
        "id = NEW.id",
    ),
    (
        "occasions_wait_changed",
        "occasions",
        "UPDATE OF due_on, completed_at, missed_reason",
        &[WAITING_DUE_ON],
        "id = NEW.id",
    ),
    (
        "persons_wait_changed",
        "persons",
        "UPDATE OF project_id, refused, withdrawn, erased_at",
        &[WAITS_IN],
        "person_id = NEW.id",
    ),
    (
        "followups_wait",
        "followups",
        "INSERT",
        &[LATE_FROM],
        "id = NEW.occasion_id",
    ),
    (
        "followups_wait_changed",
        "followups",
        "UPDATE OF overdue_from",
        &[LATE_FROM],
        "id = NEW.occasion_id",
    ),
    (
        "followups_wait_gone",
        "followups",
        "DELETE",
        &[LATE_FROM],
        "id = OLD.occasion_id",
    ),
];

const COMPUTED: &str =
    "CASE WHEN completed_at IS NULL AND missed_reason IS NULL THEN due_on ELSE NULL END";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DatabaseBackend::Sqlite;
        let (id, day) = if sqlite {
            ("uuid_text", "date_text")
        } else {
            ("uuid", "date")
        };
        let mut steps = vec![
            "DROP INDEX occasions_waiting_due".to_owned(),
            "ALTER TABLE occasions DROP COLUMN waiting_due_on".to_owned(),
            format!("ALTER TABLE occasions ADD COLUMN waiting_due_on {day} NULL"),
            format!("ALTER TABLE occasions ADD COLUMN waits_in {id} NULL"),
            format!("ALTER TABLE occasions ADD COLUMN late_from {day} NULL"),
            format!("UPDATE occasions SET {WAITING_DUE_ON}, {WAITS_IN}, {LATE_FROM}"),
            "CREATE INDEX occasions_waiting_due ON occasions (waiting_due_on, id, waits_in, late_from) \
             WHERE waiting_due_on IS NOT NULL"
                .to_owned(),
        ];
        for (name, table, when, set, which) in TRIGGERS {
            let does = format!("UPDATE occasions SET {} WHERE {which}", set.join(", "));
            let trigger = format!("CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW");
            if sqlite {
                steps.push(format!("{trigger} BEGIN {does}; END"));
            } else {
                steps.push(format!(
                    "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NULL; END $$"
                ));
                steps.push(format!("{trigger} EXECUTE FUNCTION {name}()"));
            }
        }
        for sql in steps {
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DatabaseBackend::Sqlite;
        let (day, kept) = if sqlite {
            ("date_text", "VIRTUAL")
        } else {
            ("date", "STORED")
        };
        let mut steps = Vec::new();
        for (name, table, ..) in TRIGGERS {
            if sqlite {
                steps.push(format!("DROP TRIGGER {name}"));
            } else {
                steps.push(format!("DROP TRIGGER {name} ON {table}"));
                steps.push(format!("DROP FUNCTION {name}()"));
            }
        }
        steps.push("DROP INDEX occasions_waiting_due".to_owned());
        for column in ["late_from", "waits_in", "waiting_due_on"] {
            steps.push(format!("ALTER TABLE occasions DROP COLUMN {column}"));
        }
        steps.push(format!(
            "ALTER TABLE occasions ADD COLUMN waiting_due_on {day} GENERATED ALWAYS AS ({COMPUTED}) {kept}"
        ));
        steps.push(
            "CREATE INDEX occasions_waiting_due ON occasions (waiting_due_on, id) WHERE waiting_due_on IS NOT NULL"
                .to_owned(),
        );
        for sql in steps {
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
