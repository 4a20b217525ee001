//! A server that cannot do its work says so at once, takes nothing in that would not last, and goes on by itself when it can again.

#![allow(clippy::unwrap_used, reason = "a test that stops has said enough")]

mod support;

use std::io::{Seek, SeekFrom, Write};

use axum::http::StatusCode;
use bedring_contract::problem::Code;
use bedring_server::keys::{KeyRing, checks};
use bedring_server::ports::SeededRandom;
use bedring_store::sea_orm::ConnectionTrait;
use support::phone::{answers, post, yes};
use support::seed::Someone;
use support::{Answer, Backend, TestApp, on_both, seed};

#[track_caller]
fn assert_not_ready(answer: &Answer, words: &str) {
    let problem = answer.assert_problem(Code::Unavailable);
    assert!(problem.detail.contains(words), "{problem:?}");
    assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
}

/// A delivery is turned away with a time to come back, and nothing of it was taken in.
async fn assert_turned_away(app: &TestApp, someone: &Someone) {
    let delivery = seed::delivery(vec![answers(app, someone, "mhrm-30")]);
    let answer = post(app, &someone.secret, &delivery).await;
    assert_eq!(answer.status.as_u16(), 503, "{}", answer.text());
    assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
}

async fn assert_taken_in(app: &TestApp, someone: &Someone) {
    let delivery = seed::delivery(vec![yes(app, 1)]);
    let answer = post(app, &someone.secret, &delivery).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
}

async fn ready(app: &TestApp) -> Answer {
    app.get("/health/ready").await
}

#[tokio::test]
async fn a_whole_server_is_ready() {
    on_both(|app| async move {
        assert_eq!(ready(&app).await.status, StatusCode::OK);
        // The write that is taken back leaves nothing behind that stands in its own way.
        assert_eq!(ready(&app).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_database_file_that_was_moved_away_takes_nothing_in() {
    let app = TestApp::start(Backend::Sqlite).await;
    let (someone, _) = seed::two(&app).await;
    let file = app.state.config.sqlite_file().unwrap();
    let aside = file.with_extension("aside");
    std::fs::rename(&file, &aside).unwrap();
    // Before anybody asked for readiness: what went into that file would be gone at the next start.
    assert_turned_away(&app, &someone).await;
    assert_not_ready(&ready(&app).await, "moved, removed or replaced");
    assert_turned_away(&app, &someone).await;
    // Another file in its place is not the one that is open.
    std::fs::copy(&aside, &file).unwrap();
    assert_not_ready(&ready(&app).await, "moved, removed or replaced");
    assert_turned_away(&app, &someone).await;
    std::fs::rename(&aside, &file).unwrap();
    assert_eq!(ready(&app).await.status, StatusCode::OK);
    assert_taken_in(&app, &someone).await;
}

#[tokio::test]
async fn a_damaged_file_is_found_and_takes_nothing_in() {
    for place in [0_u64, 8 * 4096] {
        let app = TestApp::start(Backend::Sqlite).await;
        let (someone, _) = seed::two(&app).await;
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let tx = app.state.db.read().execute_unprepared(checkpoint).await;
        tx.unwrap();
        assert_eq!(ready(&app).await.status, StatusCode::OK);
        let file = app.state.config.sqlite_file().unwrap();
        let mut open = std::fs::OpenOptions::new().write(true).open(file).unwrap();
        open.seek(SeekFrom::Start(place)).unwrap();
        open.write_all(&[0x5a; 3 * 4096]).unwrap();
        open.sync_all().unwrap();
        assert_not_ready(&ready(&app).await, "damaged");
        assert_turned_away(&app, &someone).await;
    }
}

#[tokio::test]
async fn a_full_disk_is_told_until_there_is_room() {
    let app = TestApp::start(Backend::Sqlite).await;
    let (someone, _) = seed::two(&app).await;
    let pages = async |most: u32| {
        let tx = app.state.db.begin().await.unwrap();
        let pragma = format!("PRAGMA max_page_count = {most}");
        tx.execute_unprepared(&pragma).await.unwrap();
        tx.commit().await.unwrap();
    };
    pages(1).await;
    assert_not_ready(&ready(&app).await, "disk is full");
    let delivery = seed::delivery(vec![answers(&app, &someone, "mhrm-30")]);
    let answer = post(&app, &someone.secret, &delivery).await;
    answer.assert_problem(Code::StorageFull);
    assert_eq!(answer.header("retry-after"), "60");
    pages(u32::MAX - 1).await;
    assert_eq!(ready(&app).await.status, StatusCode::OK);
    assert_taken_in(&app, &someone).await;
}

#[tokio::test]
async fn keys_of_another_server_are_told() {
    on_both(|app| async move {
        let (someone, _) = seed::two(&app).await;
        // Another server wrote down its keys: this one's are others.
        let theirs = KeyRing::generate(&SeededRandom::new(99));
        let (db, config) = (&app.state.db, &app.state.config);
        checks::settle(db, config, &theirs, support::start_of_time())
            .await
            .unwrap();
        assert_not_ready(&ready(&app).await, "keys are not those of this database");
        assert_turned_away(&app, &someone).await;
    })
    .await;
}

#[tokio::test]
async fn a_postgresql_that_is_away_is_told_at_once() {
    let app = TestApp::with(Backend::Postgres, |config| {
        config.database.acquire_timeout_s = 20;
    })
    .await;
    let (someone, _) = seed::two(&app).await;
    assert_eq!(ready(&app).await.status, StatusCode::OK);
    support::postgres::close(&app.state.config.database_url()).await;
    let asked = std::time::Instant::now();
    assert_not_ready(&ready(&app).await, "database");
    assert_turned_away(&app, &someone).await;
    assert!(asked.elapsed().as_secs() < 10, "{:?}", asked.elapsed());
}

/// What was erased is not left readable in the files of the database.
#[tokio::test]
async fn an_erasure_leaves_nothing_in_the_files() {
    use bedring_domain::consent::Scope;
    let app = TestApp::start(Backend::Sqlite).await;
    let (someone, _) = seed::two(&app).await;
    let file = app.state.config.sqlite_file().unwrap();
    // As answers stand in their row.
    let marker = "\"mhrm01\":3";
    let found = || {
        let mut copies = 0;
        for ending in ["", "-wal"] {
            let mut name = file.clone().into_os_string();
            name.push(ending);
            let bytes = std::fs::read(name).unwrap_or_default();
            copies += bytes
                .windows(marker.len())
                .filter(|w| *w == marker.as_bytes())
                .count();
        }
        copies
    };
    assert!(app.state.db.empty_log().await.unwrap());
    let before = found();
    support::phone::say(
        &app,
        &someone,
        vec![
            seed::consent(bedring_domain::consent::Purpose::Evaluation, true),
            seed::response(&someone, "mhrm-30", 3),
        ],
    )
    .await;
    assert!(found() > before, "there is something to be erased");
    let erase = bedring_domain::journal::Event::ConsentWithdrawn {
        scope: Scope::Erase,
    };
    support::phone::say_at(&app, &someone, 60, vec![erase]).await;
    assert_eq!(found(), before);
}
