//! Receipts: found however they are typed, whatever a phone's clock said, and of one entry only.

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
        let day = 24 * 60;
        let year = 366 * day;
        for minute in [
            -56 * year,
            -2 * year,
            -200 * day,
            0,
            200 * day,
            5 * year,
            7_900 * year,
        ] {
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

/// Two entries that shared a receipt while receipts were shorter: each has one of its own, and the one that both were given then shows
/// both.
#[tokio::test]
async fn each_entry_has_its_own_receipt_and_those_given_before_are_found() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let (someone, other) = (
            seed::someone(&app, project).await,
            seed::someone(&app, project).await,
        );
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let (short, first, second) = sharing_a_short_receipt(&app);
        let expected = [&someone, &other].map(|s| format!("P-{}", s.id.simple()));
        let stored = deliver(&app, &someone.secret, &seed::delivery(vec![first])).await;
        assert_eq!(receipt(&app, &helper, &short).await.entries.len(), 1);
        app.clock.advance(std::time::Duration::from_secs(60));
        let stored_too = deliver(&app, &other.secret, &seed::delivery(vec![second])).await;
        for (result, code) in [(&stored[0], &expected[0]), (&stored_too[0], &expected[1])] {
            let status = receipt(&app, &helper, &receipt_of(result)).await;
            assert_eq!(status.entries.len(), 1);
            assert_eq!(status.person_code.as_ref(), Some(code));
        }
        let status = receipt(&app, &helper, &short).await;
        let people: Vec<_> = status.entries.iter().flat_map(|e| &e.person_code).collect();
        assert_eq!(people, expected.iter().collect::<Vec<_>>());
        assert_eq!(status.received_at, status.entries[0].received_at);
    })
    .await;
}

/// Of some thousand entries of one minute two have the same short receipt.
fn sharing_a_short_receipt(app: &TestApp) -> (String, DeliveredEntry, DeliveredEntry) {
    let mut seen = std::collections::HashMap::new();
    for n in 0..50_000 {
        let event = Event::LetterRead {
            letter: n.to_string(),
            language: "da".to_owned(),
        };
        let entry = seed::entry(app, seed::minute(0), event, false);
        let sha256 = bedring_domain::journal::body_sha256(&entry.body);
        let code = bedring_domain::code::short_receipt(entry.id.parse().unwrap(), &sha256);
        if let Some(first) = seen.insert(code.clone(), entry.clone()) {
            return (code, first, entry);
        }
    }
    panic!("short receipts are longer than they were")
}
