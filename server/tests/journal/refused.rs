//! What cannot be used is kept apart; what is damaged, or no delivery, or from nobody known is refused and stays on the phone.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::journal::{DeliveredEntry, Seal};
use bedring_contract::problem::Code;
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::{Event, Outcome, Reason, body_sha256, hex};
use bedring_server::journal::Early;
use bedring_server::journal::retry::replay;
use bedring_store::entities::{journal_entry, letter, person, project, response};
use bedring_store::sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::phone::{answers, bytes, one, post_bytes, send, yes};
use crate::support::seed::Someone;
use crate::support::{TestApp, on_both, request, seed, tables};

#[tokio::test]
async fn what_cannot_be_used_is_kept_apart_with_a_reason_and_a_receipt() {
    on_both(|app| async move {
        let (someone, other) = seed::two(&app).await;
        one(&app, &someone, yes(&app, 1)).await;
        let changed = |pointer: &str, value: Value| {
            let event = seed::response(&someone, "mhrm-30", 3);
            let mut json = serde_json::to_value(&event).unwrap();
            json["recorded_at"] = json!("1970-01-01T00:10:00+01:00");
            json["app_version"] = json!("test");
            json["helped_by"] = json!("å".repeat(60));
            *json.pointer_mut(pointer).unwrap() = value;
            seed::delivered(&app, seed::fresh(&app), json.to_string(), false)
        };
        let mut no_such_key = answers(&app, &someone, "mhrm-30");
        no_such_key.seal = Some(Seal {
            key_id: "ffffffff".to_owned(),
        });
        let mut broken = seed::delivered(&app, seed::fresh(&app), "AAAA".to_owned(), false);
        broken.seal = Some(Seal {
            key_id: app.state.keys.seal.newest().id().to_owned(),
        });
        let text = |json: &str| seed::delivered(&app, seed::fresh(&app), json.to_owned(), false);
        let deep = format!("{}{}", "[".repeat(16_000), "]".repeat(16_000));
        let cases = [
            (
                changed("/occasion", json!(Uuid::from_u128(5))),
                Reason::OccasionUnknown,
            ),
            (
                changed("/occasion", json!(other.intake)),
                Reason::OccasionOtherPerson,
            ),
            (
                changed("/instrument", json!("who-5")),
                Reason::InstrumentNotAsked,
            ),
            (
                changed("/edition", json!("1999")),
                Reason::InstrumentUnknownEdition,
            ),
            (
                changed("/language", json!("tlh")),
                Reason::InstrumentUnknownLanguage,
            ),
            (
                changed("/helped_by", json!("å".repeat(61))),
                Reason::EntryMalformed,
            ),
            (changed("/answers/mhrm01", json!(9)), Reason::AnswersInvalid),
            (
                changed("/answers/mhrm01", json!("not_relevant")),
                Reason::AnswersInvalid,
            ),
            (
                changed("/answers/mhrm01", json!(1.5)),
                Reason::EntryMalformed,
            ),
            (
                changed("/answers/mhrm01", json!({"$gt": 0})),
                Reason::EntryMalformed,
            ),
            (
                changed("/kind", json!("weather_report")),
                Reason::EntryUnknownKind,
            ),
            (
                changed("/language", json!("d\u{0}a")),
                Reason::EntryMalformed,
            ),
            (
                changed("/started_at", json!("yesterday")),
                Reason::EntryMalformed,
            ),
            (text(""), Reason::EntryMalformed),
            (text("{\"kind\":"), Reason::EntryMalformed),
            (text("null"), Reason::EntryMalformed),
            (text(&deep), Reason::EntryMalformed),
            (
                text("{\"kind\":\"response_submitted\"}"),
                Reason::EntryMalformed,
            ),
            (no_such_key, Reason::SealUnknownKey),
            (broken, Reason::SealBroken),
        ];
        for (entry, reason) in cases {
            let result = send(&app, &someone, vec![entry.clone()]).await.remove(0);
            assert_eq!(
                (result.outcome, result.reason),
                (Outcome::Quarantined, Some(reason))
            );
            assert!(result.receipt.unwrap().starts_with("KVIT-"));
            let row = tables::row::<journal_entry::Entity>(&app, entry.id.parse().unwrap()).await;
            assert_eq!(row.reason.as_deref(), Some(reason.as_str()));
            assert_eq!(one(&app, &someone, entry).await.0, Outcome::Repeated);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_damaged_on_the_way_stays_on_the_phone() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let good = yes(&app, 1);
        let damaged = DeliveredEntry {
            body: format!("{} ", good.body),
            ..good.clone()
        };
        assert_eq!(
            one(&app, &someone, damaged).await,
            (Outcome::NotStored, Some(Reason::HashMismatch))
        );
        let shouted = DeliveredEntry {
            sha256: good.sha256.to_uppercase(),
            ..good.clone()
        };
        assert_eq!(
            one(&app, &someone, shouted).await,
            (Outcome::NotStored, Some(Reason::HashMismatch))
        );
        for id in [
            "",
            "7",
            "00000000-0000-0000-0000-000000000000",
            "' OR 1=1 --",
        ] {
            let named = DeliveredEntry {
                id: id.to_owned(),
                ..good.clone()
            };
            assert_eq!(
                one(&app, &someone, named).await,
                (Outcome::NotStored, Some(Reason::IdInvalid))
            );
        }
        let huge = "x".repeat(256 * 1024 + 1);
        let huge = DeliveredEntry {
            sha256: hex(&body_sha256(&huge)),
            body: huge,
            ..good.clone()
        };
        assert_eq!(
            one(&app, &someone, huge).await,
            (Outcome::NotStored, Some(Reason::EntryTooLarge))
        );
        assert_eq!(tables::count::<journal_entry::Entity>(&app).await, 0);
        assert_eq!(one(&app, &someone, good).await.0, Outcome::Stored);
    })
    .await;
}

#[tokio::test]
async fn deliveries_that_are_none_are_refused_whole() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let good = bytes(vec![yes(&app, 1)]);
        for cut in [0, 1, good.len() / 2, good.len() - 1] {
            post_bytes(&app, &someone.secret, good[..cut].to_vec())
                .await
                .assert_problem(Code::RequestMalformed);
        }
        let deep = format!(
            "{{\"device_id\":{}1{}",
            "[".repeat(50_000),
            "]".repeat(50_000)
        );
        post_bytes(&app, &someone.secret, deep.into_bytes())
            .await
            .assert_problem(Code::RequestMalformed);
        for wrong in [
            json!(null),
            json!([]),
            json!({"device_id": 7}),
            json!({"device_id": Uuid::nil(), "sent_at": "now", "entries": []}),
        ] {
            post_bytes(&app, &someone.secret, wrong.to_string().into_bytes())
                .await
                .assert_problem(Code::RequestMalformed);
        }
        let many: Vec<_> = (0..101).map(|n| yes(&app, n)).collect();
        post_bytes(&app, &someone.secret, bytes(many))
            .await
            .assert_problem(Code::RequestTooLarge);
        let too_large = vec![b' '; 1024 * 1024 + 64 * 1024];
        post_bytes(&app, &someone.secret, too_large)
            .await
            .assert_problem(Code::RequestTooLarge);
        assert_eq!(tables::count::<journal_entry::Entity>(&app).await, 0);
    })
    .await;
}

#[tokio::test]
async fn unknown_and_expired_secrets_change_nothing_and_one_bad_sender_spoils_no_other() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let body = bytes(vec![yes(&app, 1)]);
        let (bad, good) = tokio::join!(
            post_bytes(&app, "no-such-secret", body.clone()),
            post_bytes(&app, &someone.secret, body.clone())
        );
        bad.assert_problem(Code::AuthSecretUnknown);
        assert_eq!(good.status, StatusCode::ACCEPTED);
        app.send(
            request(Method::POST, "/api/v1/journal")
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.clone()))
                .unwrap(),
        )
        .await
        .assert_problem(Code::AuthMissing);
        app.clock
            .advance(std::time::Duration::from_secs(401 * 24 * 3600));
        post_bytes(&app, &someone.secret, body)
            .await
            .assert_problem(Code::AuthSecretExpired);
    })
    .await;
}

#[tokio::test]
async fn a_yes_after_a_letter_that_was_never_published_waits_and_nothing_else_does() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let after = |minute: i64, given: bool, letter: &str| {
            let (Event::ConsentGiven(mut words) | Event::ConsentDeclined(mut words)) =
                seed::consent(Purpose::Evaluation, given)
            else {
                unreachable!()
            };
            words.letter = letter.to_owned();
            let event = if given {
                Event::ConsentGiven(words)
            } else {
                Event::ConsentDeclined(words)
            };
            seed::entry(&app, seed::minute(minute), event, true)
        };
        let apart = (Outcome::Quarantined, Some(Reason::LetterUnknownEdition));
        let yes = after(3, true, "autumn");
        let id: Uuid = yes.id.parse().unwrap();
        assert_eq!(one(&app, &someone, yes).await, apart);
        assert_eq!(
            one(&app, &someone, answers(&app, &someone, "mhrm-30")).await,
            (Outcome::Quarantined, Some(Reason::ConsentMissing))
        );
        assert_eq!(
            one(&app, &someone, after(1, false, "autumn")).await.0,
            Outcome::Stored
        );
        let withdrawal = seed::withdrawal(Scope::StopAsking);
        let withdrawal = seed::entry(&app, seed::minute(2), withdrawal, true);
        assert_eq!(one(&app, &someone, withdrawal).await.0, Outcome::Stored);

        // Published for another programme it is still not this one's.
        let (ours, other) = (
            programme_of(&app, &someone).await,
            seed::project(&app).await,
        );
        let other = tables::row::<project::Entity>(&app, other)
            .await
            .programme_id;
        publish(&app, other, "autumn").await;
        assert_eq!(one(&app, &someone, after(4, true, "autumn")).await, apart);
        publish(&app, ours, "autumn").await;
        let row = tables::row::<journal_entry::Entity>(&app, id).await;
        let tx = app.state.db.begin().await.unwrap();
        let reason = replay(&app.state.journal.context(), &*tx, row, Early::KeptApart).await;
        assert_eq!(reason.unwrap(), None);
        tx.commit().await.unwrap();
        assert_eq!(tables::count::<response::Entity>(&app).await, 1);
        assert_eq!(
            one(&app, &someone, after(5, true, "autumn")).await.0,
            Outcome::Stored
        );
    })
    .await;
}

async fn programme_of(app: &TestApp, someone: &Someone) -> Uuid {
    let person = tables::row::<person::Entity>(app, someone.id).await;
    tables::row::<project::Entity>(app, person.project_id)
        .await
        .programme_id
}

async fn publish(app: &TestApp, programme: Uuid, edition: &str) {
    let key = (programme, "1".to_owned());
    let db = app.state.db.read();
    let mut row = letter::Entity::find_by_id(key)
        .one(db)
        .await
        .unwrap()
        .unwrap();
    row.edition = edition.to_owned();
    letter::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
}
