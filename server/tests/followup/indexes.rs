//! The worklist reads what waits and not what there is: through which index, as the database itself says.

use bedring_server::accounts::access::{self, SeeWorklist};
use bedring_server::followup::worklist::{Which, waiting};
use bedring_store::sea_orm::{
    ConnectionTrait, DatabaseBackend, QuerySelect, QueryTrait, Statement,
};

use super::*;
use crate::support::{Backend, seed};

/// What SQLite would do, a line for each step.
async fn plan(app: &TestApp, sql: &str) -> Vec<String> {
    let sql = format!("EXPLAIN QUERY PLAN {sql}");
    let rows = app
        .state
        .db
        .read()
        .query_all_raw(Statement::from_string(DatabaseBackend::Sqlite, sql))
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.try_get::<String>("", "detail").unwrap())
        .collect()
}

#[tokio::test]
async fn whoever_sees_everything_reads_what_waits_in_its_order() {
    let app = TestApp::start(Backend::Sqlite).await;
    seed::somebody(&app).await;
    let proof = access::operator(SeeWorklist);
    for which in [Which::Due, Which::Overdue] {
        let query = waiting(&proof, None, which, day("2026-03-02"))
            .order_by_asc(occasion::Column::DueOn)
            .order_by_asc(occasion::Column::Id)
            .limit(200);
        let steps = plan(&app, &query.build(DatabaseBackend::Sqlite).to_string()).await;
        assert!(steps[0].contains("occasions_waiting (due_on<"), "{steps:?}");
        assert!(
            !steps.iter().any(|s| s.contains("TEMP B-TREE")),
            "nothing has to be sorted: {steps:?}"
        );
        assert!(!steps.iter().any(|s| s.starts_with("SCAN")), "{steps:?}");
    }
}

#[tokio::test]
async fn of_one_project_only_what_waits_of_its_people_is_read() {
    let app = TestApp::start(Backend::Sqlite).await;
    let project = seed::project(&app).await;
    let proof = access::operator(SeeWorklist);
    let query = waiting(&proof, Some(project), Which::Due, day("2026-03-02"));
    let steps = plan(&app, &query.build(DatabaseBackend::Sqlite).to_string()).await;
    let through = |s: &String| s.contains("occasions_waiting_person (person_id=? AND due_on<");
    assert!(steps.iter().any(through), "{steps:?}");
    assert!(!steps.iter().any(|s| s.starts_with("SCAN")), "{steps:?}");
}
