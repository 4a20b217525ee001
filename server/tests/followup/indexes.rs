//! The worklist reads what waits and not what there is: through which index, as the database itself says.

use bedring_server::accounts::access::{self, SeeWorklist};
use bedring_server::followup::worklist::waiting;
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
async fn what_waits_is_read_in_its_order_whoever_asks() {
    let app = TestApp::start(Backend::Sqlite).await;
    let project = seed::project(&app).await;
    let proof = access::operator(SeeWorklist);
    for wanted in [None, Some(project)] {
        let sqlite = DatabaseBackend::Sqlite;
        let query = waiting(&proof, sqlite, wanted, day("2026-03-02"))
            .order_by_asc(occasion::waiting_due_on())
            .order_by_asc(occasion::Column::Id)
            .limit(200);
        let steps = plan(&app, &query.build(sqlite).to_string()).await;
        assert!(
            steps[0].contains("occasions_waiting_due (waiting_due_on<"),
            "{steps:?}"
        );
        assert!(
            !steps.iter().any(|s| s.contains("TEMP B-TREE")),
            "nothing has to be sorted: {steps:?}"
        );
        // Of projects there are few.
        let scanned = |s: &&String| s.starts_with("SCAN") && !s.contains("projects");
        assert_eq!(steps.iter().find(scanned), None, "{steps:?}");
    }
}
