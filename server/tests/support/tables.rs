//! Looking into the tables: what is really there after an answer was given.

use bedring_store::sea_orm::{
    ConnectionTrait, EntityTrait, PaginatorTrait, PrimaryKeyTrait, Statement,
};
use uuid::Uuid;

use super::{Backend, TestApp};

/// How many rows a table has.
pub async fn count<E>(app: &TestApp) -> u64
where
    E: EntityTrait,
    E::Model: Sync,
{
    E::find().count(app.state.db.read()).await.unwrap()
}

/// All rows of a table.
pub async fn all<E: EntityTrait>(app: &TestApp) -> Vec<E::Model> {
    E::find().all(app.state.db.read()).await.unwrap()
}

/// The row with an id, if there is one.
pub async fn find<E>(app: &TestApp, id: Uuid) -> Option<E::Model>
where
    E: EntityTrait,
    E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
{
    E::find_by_id(id).one(app.state.db.read()).await.unwrap()
}

/// The row with an id.
pub async fn row<E>(app: &TestApp, id: Uuid) -> E::Model
where
    E: EntityTrait,
    E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
{
    find::<E>(app, id).await.unwrap()
}

/// Of how many occasions `waiting_due_on`, `waits_in` or `late_from` is not what they, their person and their follow-up say.
pub async fn disagreeing(app: &TestApp) -> i64 {
    let differs = match app.backend {
        Backend::Sqlite => "IS NOT",
        Backend::Postgres => "IS DISTINCT FROM",
    };
    let sql = format!(
        "SELECT COUNT(*) AS n FROM occasions o JOIN persons p ON p.id = o.person_id LEFT JOIN followups f ON f.occasion_id = o.id \
         WHERE o.late_from {differs} f.overdue_from OR o.waiting_due_on {differs} \
         (CASE WHEN o.completed_at IS NULL AND o.missed_reason IS NULL THEN o.due_on ELSE NULL END) OR o.waits_in {differs} \
         (CASE WHEN p.erased_at IS NULL AND NOT p.refused AND p.withdrawn IS NULL THEN p.project_id ELSE NULL END)"
    );
    let db = app.state.db.read();
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

/// The names of all tables in which a row is about a person, in order.
pub async fn about_people(app: &TestApp) -> Vec<String> {
    let sql = match app.backend {
        Backend::Sqlite => {
            "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'person_id' \
             WHERE m.type = 'table' ORDER BY 1"
        }
        Backend::Postgres => {
            "SELECT table_name AS name FROM information_schema.columns \
             WHERE table_schema = current_schema() AND column_name = 'person_id' ORDER BY 1"
        }
    };
    let db = app.state.db.read();
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get("", "name").unwrap())
        .collect()
}

/// How many rows of a table are about a person.
pub async fn rows_about(app: &TestApp, table: &str, person: Uuid) -> i64 {
    let place = match app.backend {
        Backend::Sqlite => "?",
        Backend::Postgres => "$1",
    };
    let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE person_id = {place}");
    let db = app.state.db.read();
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [person.into()]);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}
