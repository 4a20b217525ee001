//! The worklist reads what waits and not what there is: through which index, as the database itself says, and that what the database keeps
//! in that index is what it is kept from.

use bedring_migrations::{Migrator, known};
use bedring_server::accounts::access::{self, SeeWorklist};
use bedring_server::followup::worklist::waiting;
use bedring_store::entities::person;
use bedring_store::sea_orm::{
    ConnectionTrait, DatabaseBackend, QuerySelect, QueryTrait, Statement,
};
use sea_orm_migration::MigratorTrait;

use super::*;
use crate::support::{Backend, on_both, seed};

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
        let query = waiting(&proof, wanted, day("2026-03-02"))
            .order_by_asc(occasion::waiting_due_on())
            .order_by_asc(occasion::Column::Id)
            .limit(200);
        let steps = plan(&app, &query.clone().build(sqlite).to_string()).await;
        assert!(
            steps[0].contains("occasions_waiting_due (waiting_due_on<"),
            "{steps:?}"
        );
        let counted = query.select_only().column(occasion::Column::Id);
        let steps = plan(&app, &counted.build(sqlite).to_string()).await;
        assert!(
            steps[0].contains("COVERING INDEX occasions_waiting_due"),
            "nothing beside the index is read: {steps:?}"
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

/// A person as the test wants them.
async fn change_person(app: &TestApp, id: Uuid, change: impl FnOnce(&mut person::ActiveModel)) {
    let mut row = tables::row::<person::Entity>(app, id)
        .await
        .into_active_model();
    change(&mut row);
    let db = app.state.db.read();
    person::Entity::update(row).exec(db).await.unwrap();
}

#[tokio::test]
async fn what_the_index_has_changes_with_what_it_is_kept_from() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let form = json!({ "start": "2026-01-01" });
        let id = register(&app, project, form.clone()).await.id;
        let staff = leader(&app, project).await;
        let waits = async || {
            assert_eq!(tables::disagreeing(&app).await, 0);
            let list = worklist(&app, &staff).await;
            (list.overdue.total, list.due.total)
        };
        assert_eq!(waits().await, (1, 0));

        change_person(&app, id, |row| row.refused = Set(true)).await;
        assert_eq!(waits().await, (0, 0));
        change_person(&app, id, |row| row.refused = Set(false)).await;
        assert_eq!(waits().await, (1, 0));
        change_person(&app, id, |row| row.withdrawn = Set(Some("stop".into()))).await;
        assert_eq!(waits().await, (0, 0));
        change_person(&app, id, |row| row.withdrawn = Set(None)).await;
        let now = app.clock.now();
        change_person(&app, id, |row| row.erased_at = Set(Some(now))).await;
        assert_eq!(waits().await, (0, 0));
        change_person(&app, id, |row| row.erased_at = Set(None)).await;

        let intake = occasions(&app, id).await[0].id;
        let overdue_from = async |from: Option<&str>| {
            let mut row = held(&app, intake).await.into_active_model();
            row.overdue_from = Set(from.map(day));
            let db = app.state.db.read();
            followup::Entity::update(row).exec(db).await.unwrap();
        };
        overdue_from(Some("2026-03-03")).await;
        assert_eq!(waits().await, (0, 1));
        overdue_from(Some("2026-03-02")).await;
        assert_eq!(waits().await, (1, 0));
        // Without a plan's day, on the fifteenth day after the due day.
        change(&app, intake, |row| {
            row.due_on = Set(Some(day("2026-02-16")))
        })
        .await;
        overdue_from(None).await;
        assert_eq!(waits().await, (0, 1));
        change(&app, intake, |row| {
            row.due_on = Set(Some(day("2026-02-15")))
        })
        .await;
        assert_eq!(waits().await, (1, 0));
        overdue_from(Some("2026-03-03")).await;
        let db = app.state.db.read();
        followup::Entity::delete_by_id(intake)
            .exec(db)
            .await
            .unwrap();
        assert_eq!(waits().await, (1, 0));

        // A database that has people already gets the same.
        let second = register(&app, project, form).await.id;
        change_person(&app, id, |row| row.refused = Set(true)).await;
        let tx = app.state.db.begin().await.unwrap();
        let last = |name: &String| name.ends_with("_waits_in");
        let later = known().iter().rev().position(last).unwrap();
        let steps = u32::try_from(later + 1).unwrap();
        Migrator::down(&*tx, Some(steps)).await.unwrap();
        Migrator::up(&*tx, None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(waits().await, (1, 0));
        let list = worklist(&app, &staff).await;
        assert_eq!(list.overdue.lines[0].who.person, second);
    })
    .await;
}
