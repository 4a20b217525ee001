//! Receipts: found however they are typed, whatever a phone's clock said, and all of them where two are the same.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use axum::http::{Method, StatusCode};
use bedring_contract::journal::{DeliveredEntry, EntryResult};
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::quarantine::ReceiptStatus;
use bedring_contract::staff::Role;
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::Event;
use support::phone::{deliver, say, say_at};
use support::seed;
use support::staff::{Browser, logged_in, path};
use support::{TestApp, on_both};

async fn receipt(app: &TestApp, staff: &Browser, receipt: &str) -> ReceiptStatus {
    let answer = staff.get(app, &path(paths::RECEIPT, receipt)).await;
    assert_eq!(
        answer.status,
        StatusCode::OK,
        "{receipt}: {}",
        answer.text()
    );
    answer.json()
}

fn receipt_of(result: &EntryResult) -> String {
    result.receipt.clone().unwrap()
}

#[tokio::test]
async fn a_receipt_is_found_however_it_is_typed_and_whatever_the_phones_clock_said() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        say(
            &app,
            &someone,
            vec![seed::consent(Purpose::Evaluation, true)],
        )
        .await;
        // Minutes.
        let year = 366 * 24 * 60;
        for minute in [-56 * year, -2 * year, 0, 5 * year] {
            let entry = seed::entry(
                &app,
                seed::minute(minute),
                Event::LetterRead {
                    letter: "1".to_owned(),
                    language: "da".to_owned(),
                },
                true,
            );
            let results = deliver(&app, &someone.secret, &seed::delivery(vec![entry])).await;
            let typed = receipt_of(&results[0]).to_lowercase().replace('-', "");
            let status = receipt(&app, &helper, &typed).await;
            assert_eq!(
                (status.outcome.as_str(), status.kind.as_deref()),
                ("stored", Some("letter_read"))
            );
            assert_eq!(Some(status.receipt), results[0].receipt);
            assert!(status.person_code.is_some_and(|c| c.starts_with("P-")));
        }
        let letter = say(
            &app,
            &someone,
            vec![Event::LetterRead {
                letter: "1".into(),
                language: "da".into(),
            }],
        )
        .await;
        say_at(&app, &someone, 60, vec![seed::withdrawal(Scope::Erase)]).await;
        let status = receipt(&app, &helper, &receipt_of(&letter[0])).await;
        assert_eq!(
            (status.outcome.as_str(), status.reason.as_deref()),
            ("gone", Some("person.erased"))
        );
        for wrong in ["KVIT-000-000-000", "KVIT-123-456-789", "x", "%00"] {
            let answer = helper
                .send(&app, Method::GET, &path(paths::RECEIPT, wrong), None)
                .await;
            answer.assert_problem(Code::NotFound);
        }
    })
    .await;
}

#[tokio::test]
async fn all_entries_that_share_a_receipt_are_shown() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let (someone, other) = (
            seed::someone(&app, project).await,
            seed::someone(&app, project).await,
        );
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let (first, second) = sharing_a_receipt(&app);
        let stored = deliver(&app, &someone.secret, &seed::delivery(vec![first])).await;
        let code = receipt_of(&stored[0]);
        assert_eq!(receipt(&app, &helper, &code).await.entries.len(), 1);
        app.clock.advance(std::time::Duration::from_secs(60));
        let stored = deliver(&app, &other.secret, &seed::delivery(vec![second])).await;
        assert_eq!(receipt_of(&stored[0]), code);
        let status = receipt(&app, &helper, &code).await;
        let people: Vec<_> = status
            .entries
            .iter()
            .map(|e| e.person_code.clone())
            .collect();
        let expected = [&someone, &other].map(|s| Some(format!("P-{}", s.id.simple())));
        assert_eq!(people, expected);
        assert_eq!(status.person_code, expected[0]);
        assert_eq!(status.received_at, status.entries[0].received_at);
    })
    .await;
}

/// Of some thousand entries of one minute two have the same receipt.
fn sharing_a_receipt(app: &TestApp) -> (DeliveredEntry, DeliveredEntry) {
    let mut seen = std::collections::HashMap::new();
    for n in 0..50_000 {
        let event = Event::LetterRead {
            letter: n.to_string(),
            language: "da".to_owned(),
        };
        let entry = seed::entry(app, seed::minute(0), event, false);
        let sha256 = bedring_domain::journal::body_sha256(&entry.body);
        let code = bedring_domain::code::receipt(entry.id.parse().unwrap(), &sha256);
        if let Some(first) = seen.insert(code, entry.clone()) {
            return (first, entry);
        }
    }
    panic!("receipts are longer than they were")
}
