//! One damaged row takes no list and no page down: every column of every row about one person is spoilt in turn, and all that shows people is
//! asked for. The others are shown as before, and the damaged one as damaged.

#![allow(clippy::unwrap_used, reason = "a test that stops has said enough")]

mod support;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use bedring_contract::followup::CalendarAddress;
use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_domain::consent::Purpose;
use bedring_store::sea_orm::{ConnectionTrait, Statement};
use rusqlite::types::Value;
use serde_json::Value as Json;
use support::phone::{answers, deliver, mine, mine_answer};
use support::seed::{self, Someone};
use support::staff::{Browser, logged_in, path};
use support::{Answer, Backend, TestApp, on_both, request};
use uuid::Uuid;

/// Two people with everything that can be held about people, and a leader who looks.
struct Place {
    project: Uuid,
    damaged: Someone,
    whole: Someone,
    leader: Browser,
    administrator: Browser,
    /// Where the leader's calendar lies.
    feed: String,
    /// Of something that the whole one sent.
    receipt: String,
}

async fn place(app: &TestApp) -> Place {
    let project = seed::project(app).await;
    let (damaged, whole) = (
        seed::someone(app, project).await,
        seed::someone(app, project).await,
    );
    let leader = logged_in(app, Role::ProjectLeader, &[project]).await;
    let administrator = logged_in(app, Role::Administrator, &[]).await;
    for person in [&damaged, &whole] {
        let words = [
            (Purpose::Evaluation, 1),
            (Purpose::Reminders, 2),
            (Purpose::LeaderSeesAnswers, 3),
        ];
        let mut entries: Vec<_> = words
            .into_iter()
            .map(|(purpose, minute)| {
                let event = seed::consent(purpose, true);
                seed::entry(app, seed::minute(minute), event, true)
            })
            .collect();
        entries.push(answers(app, person, "lsns-9"));
        deliver(app, &person.secret, &seed::delivery(entries)).await;
        // Kept apart: nobody asked for it.
        let stray = answers(app, person, "lsns-6");
        deliver(app, &person.secret, &seed::delivery(vec![stray])).await;
        let call = seed::call(app, person.intake, "2026-03-01").await;
        let try_it = serde_json::json!({ "outcome": "not_reached", "next_try": "2026-03-03" });
        let tried = leader
            .post(app, &path(paths::CALL_ATTEMPT, call), &try_it)
            .await;
        assert!(tried.status.is_success(), "{}", tried.text());
        let phone = serde_json::json!({ "phone": "12 34 56 78" });
        let told = leader
            .post(app, &path(paths::PERSON_PHONE, person.id), &phone)
            .await;
        assert!(told.status.is_success(), "{}", told.text());
        let invited = leader
            .post(
                app,
                &format!(
                    "{}?keep_earlier=true",
                    path(paths::PERSON_INVITATION, person.id)
                ),
                &serde_json::json!({}),
            )
            .await;
        assert!(invited.status.is_success(), "{}", invited.text());
        let erase = serde_json::json!({ "why": "other", "note": "tog fejl" });
        let asked = leader
            .post(app, &path(paths::PERSON_ERASURE, person.id), &erase)
            .await;
        assert!(asked.status.is_success(), "{}", asked.text());
    }
    bedring_server::jobs::run_due(&app.state).await.unwrap();
    let calendar = leader
        .post(app, paths::CALENDAR, &serde_json::json!({}))
        .await;
    let calendar: CalendarAddress = calendar.json();
    let at = calendar.url.find("/api/").unwrap();
    let told = mine(app, &whole).await;
    Place {
        feed: calendar.url[at..].to_owned(),
        receipt: told.responses[0].receipt.clone(),
        project,
        damaged,
        whole,
        leader,
        administrator,
    }
}

/// Everything that shows people, as a leader or the person sees it.
async fn pages(app: &TestApp, at: &Place) -> Vec<(String, Answer)> {
    let list = path(paths::PROJECT_PERSONS, at.project);
    let mut wanted = vec![
        list.clone(),
        format!("{list}?q=p-"),
        paths::PROGRAMMES.to_owned(),
        paths::WORKLIST.to_owned(),
        paths::QUARANTINE.to_owned(),
        paths::QUARANTINE_PEOPLE.to_owned(),
        path(paths::PROJECT_BOARD, at.project),
        paths::RECEIPT.replace("{receipt}", &at.receipt),
    ];
    for person in [&at.damaged, &at.whole] {
        wanted.push(path(paths::PERSON, person.id));
        wanted.push(path(paths::PERSON_COURSE, person.id));
        wanted.push(path(paths::PERSON_HISTORY, person.id));
        wanted.push(path(paths::PERSON_ERASURE, person.id));
        wanted.push(path(paths::PERSON_WAYS, person.id));
        wanted.push(path(paths::QUARANTINE_PERSON, person.id));
    }
    let mut answers = Vec::new();
    for page in wanted {
        let answer = at.leader.get(app, &page).await;
        answers.push((page, answer));
    }
    let operations = at.administrator.get(app, paths::OPERATIONS).await;
    answers.push((paths::OPERATIONS.to_owned(), operations));
    let asks = request(Method::GET, paths::OCCASION);
    let asks = asks.header("authorization", format!("Bearer {}", at.whole.secret));
    let bundle = app.send(asks.body(Body::empty()).unwrap()).await;
    answers.push((paths::OCCASION.to_owned(), bundle));
    for person in [&at.damaged, &at.whole] {
        answers.push((
            paths::MINE.to_owned(),
            mine_answer(app, &person.secret).await,
        ));
    }
    answers
}

/// Tables that hold rows about people, and by which column those of one are found.
const TABLES: [(&str, &str); 16] = [
    ("persons", "id"),
    ("contacts", "person_id"),
    ("occasions", "person_id"),
    ("consents", "person_id"),
    ("responses", "person_id"),
    (
        "scores",
        "response_id IN (SELECT id FROM responses WHERE person_id",
    ),
    ("journal_entries", "person_id"),
    ("followups", "person_id"),
    ("call_tasks", "person_id"),
    ("person_changes", "person_id"),
    ("occasion_changes", "person_id"),
    ("course_facts", "person_id"),
    ("mail_choices", "person_id"),
    ("reminder_pauses", "person_id"),
    ("erasure_requests", "person_id"),
    ("audit", "person_id"),
];

/// What ties a row to its person and its neighbours: a row without these is not this person's any more.
fn is_key(column: &str) -> bool {
    column == "id" || column.ends_with("_id")
}

fn columns(db: &rusqlite::Connection, table: &str) -> Vec<String> {
    let sql = format!("SELECT name FROM pragma_table_info('{table}')");
    let mut columns = db.prepare(&sql).unwrap();
    let columns = columns.query_map([], |row| row.get(0)).unwrap();
    columns
        .map(Result::unwrap)
        .filter(|column: &String| !is_key(column))
        .collect()
}

#[tokio::test]
async fn no_column_of_any_row_takes_a_page_down() {
    let app = TestApp::start(Backend::Sqlite).await;
    let at = place(&app).await;
    let file = app.state.config.sqlite_file().unwrap();
    let spoiler = rusqlite::Connection::open(file).unwrap();
    spoiler
        .busy_timeout(std::time::Duration::from_secs(5))
        .unwrap();
    spoiler.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let mut tried = 0;
    let mut failed = Vec::new();
    let rows = |column: &str| {
        let close = if column.contains('(') { ")" } else { "" };
        format!("{column} = X'{}'{close}", at.damaged.id.simple())
    };
    let mut wheres: Vec<(&str, String)> = TABLES.map(|(table, of)| (table, rows(of))).into();
    for table in ["projects", "programmes"] {
        wheres.push((table, "1 = 1".to_owned()));
    }
    for (table, which) in wheres {
        for column in columns(&spoiler, table) {
            let sql = format!("SELECT rowid, {column} FROM {table} WHERE {which}");
            let mut found = spoiler.prepare(&sql).unwrap();
            let before: Vec<(i64, Value)> = found
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            drop(found);
            let set = format!("UPDATE {table} SET {column} = ?1 WHERE {which}");
            for bad in [
                Value::Text("gone wrong".to_owned()),
                // No such day, and between days that there are.
                Value::Text("2026-02-31".to_owned()),
                Value::Blob(vec![0xff, 0xfe, 0x00]),
            ] {
                if before.is_empty() || spoiler.execute(&set, [&bad]).is_err() {
                    continue;
                }
                tried += 1;
                for (page, answer) in pages(&app, &at).await {
                    // What a phone asks comes from these two: nobody is asked questions that cannot be read. It has its own copy.
                    let asks = matches!(table, "projects" | "programmes");
                    let expected = asks && page == paths::OCCASION;
                    if answer.status != StatusCode::OK && !expected {
                        failed.push(format!(
                            "{table}.{column} {bad:?}: {page} {}",
                            answer.status
                        ));
                    }
                }
            }
            let back = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2");
            for (rowid, was) in before {
                spoiler
                    .execute(&back, rusqlite::params![was, rowid])
                    .unwrap();
            }
        }
    }
    assert!(tried > 80, "only {tried} columns could be spoilt");
    failed.sort();
    failed.dedup();
    assert!(failed.is_empty(), "{}\n{}", failed.len(), failed.join("\n"));
}

async fn run(app: &TestApp, sql: &str) {
    let db = app.state.db.read();
    let statement = Statement::from_string(db.get_database_backend(), sql.to_owned());
    assert!(db.execute_raw(statement).await.unwrap().rows_affected() > 0);
}

fn id_in_sql(app: &TestApp, id: Uuid) -> String {
    match app.backend {
        Backend::Sqlite => format!("X'{}'", id.simple()),
        Backend::Postgres => format!("'{id}'"),
    }
}

fn garbage(app: &TestApp) -> &'static str {
    match app.backend {
        Backend::Sqlite => "X'0102030405060708'",
        Backend::Postgres => "'\\x0102030405060708'::bytea",
    }
}

async fn list(app: &TestApp, at: &Place) -> Vec<Json> {
    let page = path(paths::PROJECT_PERSONS, at.project);
    let answer: Json = at.leader.get(app, &page).await.json();
    answer["persons"].as_array().unwrap().clone()
}

fn of<'a>(lines: &'a [Json], key: &str, person: &Someone) -> &'a Json {
    lines
        .iter()
        .find(|line| line[key] == person.id.to_string())
        .unwrap()
}

#[tokio::test]
async fn a_name_that_cannot_be_opened_is_shown_as_damaged_and_the_others_as_before() {
    on_both(|app| async move {
        let at = place(&app).await;
        assert!(list(&app, &at).await.iter().all(|l| l["damaged"] == false));
        let sql = format!(
            "UPDATE contacts SET name_sealed = {} WHERE person_id = {}",
            garbage(&app),
            id_in_sql(&app, at.damaged.id)
        );
        run(&app, &sql).await;
        let lines = list(&app, &at).await;
        let spoilt = of(&lines, "id", &at.damaged);
        assert_eq!(spoilt["damaged"], true);
        assert_eq!(spoilt["name"], Json::Null);
        assert_eq!(of(&lines, "id", &at.whole)["damaged"], false);

        let worklist: Json = at.leader.get(&app, paths::WORKLIST).await.json();
        let calls = worklist["calls"]["lines"].as_array().unwrap();
        assert_eq!(of(calls, "person", &at.damaged)["damaged"], true);
        assert_eq!(of(calls, "person", &at.whole)["damaged"], false);

        let page = path(paths::PERSON, at.damaged.id);
        let page: Json = at.leader.get(&app, &page).await.json();
        assert_eq!(page["damaged"], true);
        assert_eq!(
            page["phone"], "12 34 56 78",
            "what can be opened is shown: {page}"
        );

        let told = serde_json::to_value(mine(&app, &at.damaged).await).unwrap();
        assert_eq!(told["damaged"], 1);
        assert_eq!(told["responses"].as_array().unwrap().len(), 1);
        let whole = serde_json::to_value(mine(&app, &at.whole).await).unwrap();
        assert_eq!(whole["damaged"], 0);
    })
    .await;
}

#[tokio::test]
async fn a_day_that_there_is_not_leaves_the_other_days_of_a_calendar() {
    // PostgreSQL takes no such day.
    let app = TestApp::start(Backend::Sqlite).await;
    let at = place(&app).await;
    let days = async || {
        let answer = app.get(&at.feed).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.text().matches("BEGIN:VEVENT").count()
    };
    let before = days().await;
    assert!(before > 0);
    let whose = id_in_sql(&app, at.damaged.id);
    for (table, column) in [("occasions", "due_on"), ("call_tasks", "next_try_on")] {
        let sql = format!("UPDATE {table} SET {column} = '2026-02-31' WHERE person_id = {whose}");
        run(&app, &sql).await;
        assert_eq!(days().await, before, "{table}");
    }
}

#[tokio::test]
async fn words_and_answers_that_nobody_knows_are_counted_as_damaged() {
    on_both(|app| async move {
        let at = place(&app).await;
        let whose = id_in_sql(&app, at.damaged.id);
        run(&app, &format!("UPDATE occasions SET kind = 'sideways' WHERE person_id = {whose}")).await;
        let lines = list(&app, &at).await;
        assert_eq!(of(&lines, "id", &at.damaged)["damaged"], true);
        assert_eq!(of(&lines, "id", &at.whole)["damaged"], false);
        let board: Json = at.leader.get(&app, &path(paths::PROJECT_BOARD, at.project)).await.json();
        assert_eq!(board["damaged"], 1);
        assert_eq!(board["kinds"][0]["total"], 1, "the other one is counted: {board}");
        run(&app, &format!("UPDATE occasions SET kind = 'intake' WHERE person_id = {whose}")).await;

        run(&app, &format!("UPDATE responses SET answers = '[broken' WHERE person_id = {whose}")).await;
        let told = serde_json::to_value(mine(&app, &at.damaged).await).unwrap();
        assert_eq!((&told["damaged"], told["responses"].as_array().unwrap().len()), (&Json::from(1), 0));

        let spoil = format!("UPDATE consents SET decision = 'perhaps' WHERE purpose = 'leader_sees_answers' AND person_id = {whose}");
        run(&app, &spoil).await;
        let page: Json = at.leader.get(&app, &path(paths::PERSON, at.damaged.id)).await.json();
        // A word that cannot be read may have been a no.
        assert_eq!(page["scores"]["shown"], Json::Null, "{page}");
        assert_eq!(page["damaged"], true);
        let history: Json = at.leader.get(&app, &path(paths::PERSON_HISTORY, at.damaged.id)).await.json();
        assert_eq!(history["damaged"], 1);
        let others: Json = at.leader.get(&app, &path(paths::PERSON_HISTORY, at.whole.id)).await.json();
        assert_eq!(others["damaged"], 0);
    })
    .await;
}
