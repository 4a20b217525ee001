//! A disk that is full under a running server: nothing half taken in, nothing lost, and everything goes on once there is room again.

use axum::http::StatusCode;
use bedring_contract::journal::DeliveryResults;
use bedring_contract::problem::Code;
use bedring_domain::journal::Outcome;
use bedring_store::entities::journal_entry;
use bedring_store::sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};

use crate::support::phone::{answers, post, yes};
use crate::support::{Backend, TestApp, seed};

/// SQLite may use so many pages from now on; fewer than it has means not one more.
async fn pages(app: &TestApp, most: u32) {
    let tx = app.state.db.begin().await.unwrap();
    let pragma = format!("PRAGMA max_page_count = {most}");
    tx.execute_unprepared(&pragma).await.unwrap();
    tx.commit().await.unwrap();
}

async fn entries(app: &TestApp) -> u64 {
    let all = journal_entry::Entity::find();
    all.count(app.state.db.read()).await.unwrap()
}

#[tokio::test]
async fn a_full_disk_takes_nothing_in_and_says_when_to_come_back() {
    let app = TestApp::start(Backend::Sqlite).await;
    // Many people, for of one alone a day takes only so much.
    let project = seed::project(&app).await;
    let mut people = Vec::new();
    for _ in 0..250 {
        people.push(seed::someone(&app, project).await);
    }
    pages(&app, 1).await;
    // There is room left in the pages that it has; not for ever.
    let mut taken = entries(&app).await;
    let (refused, answer) = loop {
        let someone = people.pop().expect("it never got full");
        let answered = (0..19).map(|_| answers(&app, &someone, "mhrm-30"));
        let entries = std::iter::once(yes(&app, 1)).chain(answered).collect();
        let delivery = seed::delivery(entries);
        let answer = post(&app, &someone.secret, &delivery).await;
        if answer.status != StatusCode::ACCEPTED {
            break ((someone, delivery), answer);
        }
        taken += 20;
    };
    answer.assert_problem(Code::StorageFull);
    assert_eq!(answer.header("retry-after"), "60");
    assert_eq!(entries(&app).await, taken, "all of a delivery or nothing");

    pages(&app, u32::MAX - 1).await;
    let (someone, refused) = refused;
    let answer = post(&app, &someone.secret, &refused).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    let results = answer.json::<DeliveryResults>().results;
    assert!(results.iter().all(|r| r.outcome == Outcome::Stored));
    assert_eq!(entries(&app).await, taken + 20);
}
