//! One bad entry never holds back its neighbours, and bytes that no database takes are nobody's internal error.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::journal::{DeliveryResults, Seal};
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::staff::Role;
use bedring_domain::journal::{Outcome, Reason};
use bedring_store::entities::{journal_conflict, journal_entry, letter_read};
use bedring_store::sea_orm::ConnectionTrait;
use serde_json::json;

use crate::support::phone::{answers, deliver, one, post_bytes, send, yes};
use crate::support::staff::{Browser, logged_in, path};
use crate::support::{Backend, TestApp, on_both, request, seed, tables};

#[tokio::test]
async fn a_nul_in_a_body_or_a_key_is_kept_apart_and_its_neighbours_come_in() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let fresh = |body: &str| seed::delivered(&app, seed::fresh(&app), body.to_owned(), false);
        let mut key = fresh("AAAA");
        key.seal = Some(Seal {
            key_id: "k\0".to_owned(),
        });
        let mut both = fresh("AA\0AA");
        both.seal = Some(Seal {
            key_id: app.state.keys.seal.newest().id().to_owned(),
        });
        for bad in [fresh("{\"kind\":\"\0\"}"), fresh("\0"), key, both] {
            let entries = vec![
                yes(&app, 1),
                bad.clone(),
                answers(&app, &someone, "mhrm-30"),
            ];
            let results = send(&app, &someone, entries).await;
            let outcomes: Vec<_> = results.iter().map(|r| (r.outcome, r.reason)).collect();
            assert_eq!(
                outcomes,
                [
                    (Outcome::Stored, None),
                    (Outcome::Quarantined, Some(Reason::EntryMalformed)),
                    (Outcome::Stored, None)
                ]
            );
            assert_eq!(one(&app, &someone, bad.clone()).await.0, Outcome::Repeated);
            // Its bytes are kept as they came, where only the server's key opens them.
            let id = bad.id.parse().unwrap();
            let row = tables::row::<journal_entry::Entity>(&app, id).await;
            let sealed = base64_decoded(row.body.as_deref().unwrap());
            let opened = app
                .state
                .keys
                .seal
                .open(row.seal_key.as_deref().unwrap(), &sealed);
            assert_eq!(opened.unwrap(), bad.body.as_bytes());
        }
    })
    .await;
}

fn base64_decoded(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap()
}

#[tokio::test]
async fn what_is_no_entry_is_answered_and_its_neighbours_come_in() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        for bad in [
            json!(null),
            json!(5),
            json!("entry"),
            json!({}),
            json!({ "id": 5, "sha256": [], "seal": 1, "body": {} }),
            json!(["id", "sha", null, "body"]),
            json!({ "id": "id", "sha256": "sha", "seal": ["key"], "body": "body" }),
        ] {
            let neighbour = yes(&app, 1);
            let mut delivery =
                serde_json::to_value(seed::delivery(vec![neighbour.clone()])).unwrap();
            delivery["entries"].as_array_mut().unwrap().insert(0, bad);
            let answer = post_bytes(&app, &someone.secret, delivery.to_string().into_bytes()).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
            let results = answer.json::<DeliveryResults>().results;
            assert_eq!(results[0].outcome, Outcome::NotStored);
            assert_eq!(results[1].outcome, Outcome::Stored);
            assert_eq!(results[1].id, neighbour.id);
        }
        // Half a character pair is JSON, but no text.
        let half = r#"{"device_id":"00000000-0000-7000-8000-000000000000","sent_at":"2026-03-02T09:00:00Z",
            "entries":[{"id":"a","sha256":"b","seal":null,"body":"\ud800"}]}"#;
        let answer = post_bytes(&app, &someone.secret, half.into()).await;
        let results = answer.json::<DeliveryResults>().results;
        assert_eq!(results[0].outcome, Outcome::NotStored);
    })
    .await;
}

/// Whatever else a database may refuse about one row.
#[tokio::test]
async fn an_entry_that_the_database_refuses_stays_on_its_phone_alone() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let sql = match app.backend {
            Backend::Sqlite => vec![
                "CREATE TRIGGER boom BEFORE INSERT ON letters_read WHEN NEW.language = 'xx' BEGIN SELECT RAISE(ABORT, 'boom'); END",
            ],
            Backend::Postgres => vec![
                "CREATE FUNCTION boom() RETURNS trigger AS $$ BEGIN IF NEW.language = 'xx' THEN RAISE EXCEPTION 'boom'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
                "CREATE TRIGGER boom BEFORE INSERT ON letters_read FOR EACH ROW EXECUTE FUNCTION boom()",
            ],
        };
        for statement in sql {
            app.state.db.read().execute_unprepared(statement).await.unwrap();
        }
        let letter = |language: &str| {
            let event = bedring_domain::journal::Event::LetterRead {
                letter: "1".to_owned(),
                language: language.to_owned(),
            };
            seed::entry(&app, seed::minute(1), event, true)
        };
        let entries = vec![answers(&app, &someone, "mhrm-30"), letter("xx"), letter("da"), yes(&app, 1)];
        let delivery = seed::delivery(entries.clone());
        let results = deliver(&app, &someone.secret, &delivery).await;
        let outcomes: Vec<_> = results.iter().map(|r| (r.id.clone(), r.outcome)).collect();
        let wanted = [Outcome::Stored, Outcome::NotStored, Outcome::Stored, Outcome::Stored];
        let wanted: Vec<_> = entries.iter().map(|e| e.id.clone()).zip(wanted).collect();
        assert_eq!(outcomes, wanted, "the yes counts before what needs it");
        assert_eq!(tables::count::<letter_read::Entity>(&app).await, 1);
    })
    .await;
}

async fn refused(answer: crate::support::Answer, what: &str) {
    assert!(
        answer.status.is_client_error(),
        "{what}: {} {}",
        answer.status,
        answer.text()
    );
}

#[tokio::test]
async fn a_nul_in_a_query_a_search_a_path_or_a_form_is_the_senders_fault() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let persons = path(paths::PROJECT_PERSONS, project);
        for url in [
            format!("{persons}?search=%00"),
            format!("{persons}?q=a%00b"),
            format!("{}?project=%00", paths::WORKLIST),
            paths::RECEIPT.replace("{receipt}", "KVIT-%00"),
            paths::CALENDAR_FEED.replace("{token}", "%00"),
            paths::MAIL.replace("{token}", "%00"),
        ] {
            refused(leader.get(&app, &url).await, &url).await;
        }
        for (url, form) in [
            (persons, json!({ "code": "a\u{0}b" })),
            (
                path(paths::PROJECT_PERSONS, project),
                json!({ "name": "\u{0}" }),
            ),
            (
                path(paths::PERSON_PHONE, someone.id),
                json!({ "phone": "12\u{0}345678" }),
            ),
        ] {
            refused(leader.post(&app, &url, &form).await, &url).await;
        }
        let log_in = json!({ "email": "a\u{0}@example.org", "password": "x" });
        let browser = Browser::default();
        refused(browser.post(&app, paths::SESSION, &log_in).await, "log-in").await;
        refused(
            app.post(paths::EXCHANGE, &json!({ "code": "\u{0}" })).await,
            "code",
        )
        .await;
        let bearer = request(Method::GET, paths::MINE).header(header::AUTHORIZATION, "Bearer %00");
        refused(
            app.send(bearer.body(Body::empty()).unwrap()).await,
            "secret",
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_day_takes_so_much_of_one_person_and_nothing_of_it_from_another() {
    on_both(|app| async move {
        let (someone, other) = seed::two(&app).await;
        let first = filled(&app, 100);
        send(&app, &someone, first.clone()).await;
        for _ in 0..4 {
            send(&app, &someone, filled(&app, 100)).await;
        }
        let more = seed::delivery(vec![yes(&app, 1)]);
        let bytes = serde_json::to_vec(&more).unwrap();
        let full = post_bytes(&app, &someone.secret, bytes.clone()).await;
        full.assert_problem(Code::TooManyRequests);
        // It is eight in the morning: sixteen hours are left of the day.
        assert_eq!(full.header("retry-after"), "57600");
        assert_eq!(tables::count::<journal_entry::Entity>(&app).await, 500);
        let again = send(&app, &someone, first).await;
        assert!(again.iter().all(|r| r.outcome == Outcome::Repeated));
        assert_eq!(one(&app, &other, yes(&app, 1)).await.0, Outcome::Stored);
        app.clock.advance(std::time::Duration::from_secs(57_600));
        let next = post_bytes(&app, &someone.secret, bytes).await;
        assert_eq!(next.status, StatusCode::ACCEPTED);
    })
    .await;
}

/// Junk that is kept apart, each entry another.
fn filled(app: &TestApp, count: usize) -> Vec<bedring_contract::journal::DeliveredEntry> {
    let one = || seed::delivered(app, seed::fresh(app), "junk".to_owned(), false);
    (0..count).map(|_| one()).collect()
}

#[tokio::test]
async fn a_day_takes_five_mebibytes() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let large = || seed::delivered(&app, seed::fresh(&app), "x".repeat(32 * 1024), false);
        for _ in 0..8 {
            let entries = (0..20).map(|_| large()).collect();
            send(&app, &someone, entries).await;
        }
        let bytes = serde_json::to_vec(&seed::delivery(vec![yes(&app, 1)])).unwrap();
        post_bytes(&app, &someone.secret, bytes)
            .await
            .assert_problem(Code::TooManyRequests);
        let too_large = seed::delivered(&app, seed::fresh(&app), "x".repeat(32 * 1024 + 1), false);
        app.clock.advance(std::time::Duration::from_secs(86_400));
        assert_eq!(
            one(&app, &someone, too_large).await,
            (Outcome::NotStored, Some(Reason::EntryTooLarge))
        );
    })
    .await;
}

#[tokio::test]
async fn of_conflicts_the_first_five_are_kept_and_all_are_counted() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let entry = yes(&app, 1);
        one(&app, &someone, entry.clone()).await;
        for n in 0..12 {
            let other =
                seed::delivered(&app, entry.id.parse().unwrap(), format!("other {n}"), false);
            assert_eq!(one(&app, &someone, other).await.0, Outcome::Conflict);
        }
        assert_eq!(tables::count::<journal_conflict::Entity>(&app).await, 5);
        let row = tables::row::<journal_entry::Entity>(&app, entry.id.parse().unwrap()).await;
        assert_eq!(row.conflicts, 12);
    })
    .await;
}

#[tokio::test]
async fn an_occasion_that_is_answered_for_ever_takes_thirty_and_keeps_the_rest_apart() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        one(&app, &someone, yes(&app, 1)).await;
        let many = (0..40)
            .map(|_| answers(&app, &someone, "mhrm-30"))
            .collect();
        let results = send(&app, &someone, many).await;
        let stored = results
            .iter()
            .filter(|r| r.outcome == Outcome::Stored)
            .count();
        assert_eq!(stored, 30);
        assert!(
            results[30..]
                .iter()
                .all(|r| r.reason == Some(Reason::ResponseTooMany))
        );
        let later = answers(&app, &someone, "mhrm-30");
        assert_eq!(
            one(&app, &someone, later).await.1,
            Some(Reason::ResponseTooMany)
        );
        let other = answers(&app, &someone, "lsns-9");
        assert_eq!(one(&app, &someone, other).await.0, Outcome::Stored);
    })
    .await;
}

/// As a server of before let them in: more than any list of ids in a query may be long.
#[tokio::test]
async fn a_person_with_forty_thousand_responses_sees_them_and_can_erase_them() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        one(&app, &someone, yes(&app, 1)).await;
        let entry = answers(&app, &someone, "mhrm-30");
        one(&app, &someone, entry).await;
        let uuid = match app.backend {
            Backend::Sqlite => "CAST(printf('%016x', n) AS BLOB)",
            Backend::Postgres => "CAST('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0') AS uuid)",
        };
        let sql = format!(
            "INSERT INTO responses (id, person_id, occasion_id, instrument, edition, language, mode, helped_by, private, device_started_at, \
             device_finished_at, clock_suspect, received_at, chosen, answers, account_id) WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 \
             FROM c WHERE n < 40000) SELECT {uuid}, r.person_id, r.occasion_id, r.instrument, r.edition, r.language, r.mode, r.helped_by, r.private, \
             r.device_started_at, r.device_finished_at, r.clock_suspect, r.received_at, r.chosen, r.answers, r.account_id FROM responses r, c"
        );
        app.state.db.read().execute_unprepared(&sql).await.unwrap();
        let mine = crate::support::phone::mine(&app, &someone).await;
        let mine = serde_json::to_value(mine).unwrap();
        assert_eq!(mine["responses"].as_array().unwrap().len(), 30);
        assert_eq!(mine["responses_held"], 40_001);
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let page = leader.get(&app, &path(paths::PERSON, someone.id)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        assert!(page.body.len() < 200_000, "{}", page.body.len());
        let erase = seed::withdrawal(bedring_domain::consent::Scope::Erase);
        let erase = seed::entry(&app, seed::minute(20), erase, true);
        assert_eq!(one(&app, &someone, erase).await.0, Outcome::Stored);
        assert_eq!(tables::count::<bedring_store::entities::response::Entity>(&app).await, 0);
    })
    .await;
}

/// Serde takes an object of one field for a word, and an array for an object; the document has neither.
#[tokio::test]
async fn an_entry_of_another_shape_is_kept_apart_and_its_neighbours_come_in() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let entry = |tail: &str| {
            let head = r#"{"recorded_at":"2026-03-02T08:00:00Z","app_version":"test","kind":"#;
            seed::delivered(&app, seed::fresh(&app), format!("{head}{tail}}}"), true)
        };
        let list = |body: &str| seed::delivered(&app, seed::fresh(&app), body.to_owned(), true);
        let consent = r#""consent_given","letter":"1","language":"da","purpose""#;
        for bad in [
            entry(r#""consent_withdrawn","scope":{"erase":null}"#),
            entry(r#""consent_withdrawn","scope":["erase"]"#),
            entry(&format!(r#"{consent}:{{"evaluation":null}}"#)),
            entry(&format!(
                r#"{consent}:"evaluation","channel":{{"screen":null}}"#
            )),
            entry(&format!(r#"{consent}:"evaluation","witness":["A"]"#)),
            list(r#"["2026-03-02T08:00:00Z","test",null,"contact_person_removed"]"#),
            list(r#"["of_tomorrow"]"#),
        ] {
            let entries = vec![yes(&app, 1), bad.clone(), yes(&app, 2)];
            let results = send(&app, &someone, entries).await;
            let outcomes: Vec<_> = results.iter().map(|r| (r.outcome, r.reason)).collect();
            assert_eq!(
                outcomes,
                [
                    (Outcome::Stored, None),
                    (Outcome::Quarantined, Some(Reason::EntryMalformed)),
                    (Outcome::Stored, None)
                ],
                "{bad:?}"
            );
        }
        // A field of tomorrow may hold anything.
        let more = entry(r#""letter_read","letter":"1","language":"da","more":[{"a":null}]"#);
        assert_eq!(one(&app, &someone, more).await, (Outcome::Stored, None));
    })
    .await;
}
