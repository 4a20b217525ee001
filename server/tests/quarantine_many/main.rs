//! What is kept apart of one person in great number: it hides nobody else's, and is settled part by part.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod settling;

use std::collections::HashSet;

use axum::http::StatusCode;
use bedring_contract::journal::DeliveredEntry;
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::quarantine::{
    Quarantine, QuarantineOf, QuarantinePeople, ReceiptStatus, ResolvedMany,
};
use bedring_contract::staff::Role;
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::Outcome;
use bedring_store::entities::journal_entry;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use support::phone::{one, say, send};
use support::seed::{self, Someone};
use support::staff::{Browser, logged_in, path};
use support::{TestApp, on_both, tables};
use uuid::Uuid;

const A_DAY: std::time::Duration = std::time::Duration::from_secs(86_400);

fn junk(app: &TestApp, count: usize) -> Vec<DeliveredEntry> {
    let one = || seed::delivered(app, seed::fresh(app), "junk".to_owned(), false);
    (0..count).map(|_| one()).collect()
}

/// So many hundreds of junk, five in a day.
async fn flood(app: &TestApp, someone: &Someone, hundreds: usize) {
    for n in 0..hundreds {
        if n > 0 && n % 5 == 0 {
            app.clock.advance(A_DAY);
        }
        let results = send(app, someone, junk(app, 100)).await;
        assert!(results.iter().all(|r| r.outcome == Outcome::Quarantined));
    }
}

async fn people(app: &TestApp, staff: &Browser, query: &str) -> QuarantinePeople {
    let url = format!("{}?{query}", paths::QUARANTINE_PEOPLE);
    let answer = staff.get(app, &url).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn of(
    app: &TestApp,
    staff: &Browser,
    whose: impl std::fmt::Display,
    query: &str,
) -> QuarantineOf {
    let url = format!("{}?{query}", path(paths::QUARANTINE_PERSON, whose));
    let answer = staff.get(app, &url).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn settle(
    app: &TestApp,
    staff: &Browser,
    whose: impl std::fmt::Display,
    form: &Value,
) -> ResolvedMany {
    let url = path(paths::QUARANTINE_PERSON_RESOLUTION, whose);
    let answer = staff.post(app, &url, form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

fn now(app: &TestApp) -> DateTime<Utc> {
    app.state.clock.now()
}

async fn receipt(app: &TestApp, staff: &Browser, receipt: &str) -> ReceiptStatus {
    staff.get(app, &path(paths::RECEIPT, receipt)).await.json()
}

#[tokio::test]
async fn three_thousand_of_one_person_do_not_hide_one_of_another() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let (loud, quiet) = (
            seed::someone(&app, project).await,
            seed::someone(&app, project).await,
        );
        flood(&app, &loud, 30).await;
        say(&app, &quiet, vec![seed::response(&quiet, "mhrm-30", 1)]).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;

        let found = people(&app, &leader, "").await;
        assert_eq!((found.people.len(), found.total), (2, 3001));
        assert_eq!(found.next, None);
        let (first, second) = (&found.people[0], &found.people[1]);
        assert_eq!((first.person, first.entries), (Some(loud.id), 3000));
        assert_eq!(first.reasons[0].reason, "entry.malformed");
        assert_eq!(first.reasons[0].count, 3000);
        assert_eq!(first.oldest, Some(support::start_of_time()));
        assert_eq!(first.newest, Some(now(&app)));
        assert_eq!((second.person, second.entries), (Some(quiet.id), 1));
        assert_eq!(second.reasons[0].reason, "consent.missing");
        assert!(second.person_code.as_deref().unwrap().starts_with("P-"));
        assert!(second.project_code.is_some());

        // Page by page everything is there, once.
        let mut seen = HashSet::new();
        let mut after = String::new();
        loop {
            let page = of(&app, &leader, loud.id, &format!("limit=170&after={after}")).await;
            assert!(page.entries.iter().all(|l| l.person == Some(loud.id)));
            assert_eq!(page.of.entries, 3000);
            seen.extend(page.entries.iter().map(|l| l.id));
            let Some(next) = page.next else { break };
            assert_eq!(page.entries.len(), 170);
            after = next;
        }
        assert_eq!(seen.len(), 3000);
        let one = of(&app, &leader, quiet.id, "").await;
        assert_eq!((one.entries.len(), one.of.entries), (1, 1));

        // The list of all has pages, too.
        let first: Quarantine = leader.get(&app, paths::QUARANTINE).await.json();
        assert_eq!((first.entries.len(), first.total), (200, 3001));
        let next = format!("{}?after={}", paths::QUARANTINE, first.next.unwrap());
        let second: Quarantine = leader.get(&app, &next).await.json();
        assert!(second.entries[0].received_at >= first.entries[199].received_at);
        assert_ne!(second.entries[0].id, first.entries[199].id);
    })
    .await;
}

#[tokio::test]
async fn people_come_page_by_page_whoever_waited_longest_first() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let mut expected = Vec::new();
        for n in 0..7_u64 {
            let someone = seed::someone(&app, project).await;
            send(&app, &someone, junk(&app, 2)).await;
            expected.push(someone.id);
            // Some at the same moment: then their ids decide.
            if n % 2 == 0 {
                app.clock.advance(std::time::Duration::from_secs(61));
            }
        }
        let mut found = Vec::new();
        let mut after = String::new();
        loop {
            let page = people(&app, &leader, &format!("limit=3&after={after}")).await;
            assert_eq!(page.total, 14);
            found.extend(page.people.iter().map(|p| p.person.unwrap()));
            let Some(next) = page.next else { break };
            after = next;
        }
        let same = |ids: &[Uuid]| ids.iter().copied().collect::<HashSet<_>>();
        assert_eq!(found.len(), 7);
        assert_eq!(found[0], expected[0]);
        for pair in [1, 3, 5] {
            assert_eq!(
                same(&found[pair..pair + 2]),
                same(&expected[pair..pair + 2])
            );
        }
        let wrong = format!("{}?after=x", paths::QUARANTINE_PEOPLE);
        leader
            .get(&app, &wrong)
            .await
            .assert_problem(Code::InputInvalid);
    })
    .await;
}

#[tokio::test]
async fn another_projects_leader_sees_and_settles_nothing_of_it() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        let someone = seed::someone(&app, project).await;
        send(&app, &someone, junk(&app, 2)).await;
        let elsewhere = logged_in(&app, Role::ProjectLeader, &[other]).await;
        assert_eq!(people(&app, &elsewhere, "").await.total, 0);
        assert!(people(&app, &elsewhere, "").await.people.is_empty());
        let theirs = path(paths::QUARANTINE_PERSON, someone.id);
        elsewhere
            .get(&app, &theirs)
            .await
            .assert_problem(Code::NotFound);
        let url = path(paths::QUARANTINE_PERSON_RESOLUTION, someone.id);
        for action in ["dismiss", "retry"] {
            let form = json!({ "action": action, "seen_until": now(&app) });
            let answer = elsewhere.post(&app, &url, &form).await;
            answer.assert_problem(Code::NotFound);
        }
        // Those of whom nobody is known belong to no project.
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let event = seed::consent(Purpose::Evaluation, true);
        let about = seed::entry_about(&app, Some(seed::fresh(&app)), seed::minute(1), event, false);
        let written = helper
            .post(&app, paths::JOURNAL, &seed::delivery(vec![about]))
            .await;
        assert_eq!(written.status, StatusCode::ACCEPTED);
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let form = json!({ "action": "dismiss", "seen_until": now(&app) });
        assert_eq!(of(&app, &leader, "unknown", "").await.of.entries, 0);
        assert_eq!(settle(&app, &leader, "unknown", &form).await.settled, 0);
        let administrator = logged_in(&app, Role::Administrator, &[]).await;
        let found = people(&app, &administrator, "").await;
        assert_eq!((found.people.len(), found.total), (2, 3));
        let nobody = found.people.iter().find(|p| p.person.is_none()).unwrap();
        assert_eq!((nobody.entries, &nobody.person_code), (1, &None));
        assert_eq!(nobody.reasons[0].reason, "person.unknown");
        let page = of(&app, &administrator, "unknown", "").await;
        assert_eq!(page.entries.len(), 1);
        assert_eq!(
            settle(&app, &administrator, "unknown", &form).await.settled,
            1
        );
        assert_eq!(people(&app, &administrator, "").await.total, 2);
    })
    .await;
}

#[tokio::test]
async fn a_request_that_is_sent_twice_settles_once() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        flood(&app, &someone, 6).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let url = path(paths::QUARANTINE_PERSON_RESOLUTION, someone.id);
        let form = json!({ "action": "dismiss", "seen_until": now(&app) });
        let key = seed::fresh(&app).to_string();
        let mut answers = Vec::new();
        for _ in 0..2 {
            let body = serde_json::to_vec(&form).unwrap();
            let asked = support::request(axum::http::Method::POST, &url)
                .header(axum::http::header::COOKIE, leader.cookie().unwrap())
                .header(axum::http::header::CONTENT_TYPE, "application/json")
                .header("sec-fetch-site", "same-origin")
                .header(paths::IDEMPOTENCY_KEY, &key);
            let answer = app.send(asked.body(body.into()).unwrap()).await;
            answers.push(answer.json::<ResolvedMany>());
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!((answers[0].settled, answers[0].left), (500, 100));
        assert_eq!(of(&app, &leader, someone.id, "").await.of.entries, 100);
    })
    .await;
}

#[tokio::test]
async fn whoever_erases_everything_leaves_nothing_to_settle_however_much_it_was() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        flood(&app, &someone, 20).await;
        let entries = junk(&app, 1);
        app.clock.advance(A_DAY);
        send(&app, &someone, entries.clone()).await;
        let id = entries[0].id.parse().unwrap();
        let rival = seed::delivered(&app, id, "other".to_owned(), false);
        let conflict = send(&app, &someone, vec![rival]).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let form =
            json!({ "action": "dismiss", "reason": "entry.malformed", "seen_until": now(&app) });
        settle(&app, &leader, someone.id, &form).await;
        let form =
            json!({ "action": "dismiss", "reason": "entry.conflict", "seen_until": now(&app) });
        settle(&app, &leader, someone.id, &form).await;
        let erase = seed::withdrawal(Scope::Erase);
        assert_eq!(
            say(&app, &someone, vec![erase]).await[0].outcome,
            Outcome::Stored
        );
        assert_eq!(people(&app, &leader, "").await.total, 0);
        let rows = tables::all::<journal_entry::Entity>(&app).await;
        assert_eq!(rows.len(), 2002);
        assert!(rows.iter().all(|r| r.body.is_none() && r.state == "gone"));
        let told = receipt(&app, &leader, conflict[0].receipt.as_deref().unwrap()).await;
        assert_eq!((told.outcome.as_str(), told.set_aside_at), ("gone", None));
        let again = one(&app, &someone, entries[0].clone()).await;
        assert_eq!(again.0, Outcome::Gone);
    })
    .await;
}
