//! What arrives is taken in once, whole, with a receipt: however often it comes and whatever the phone's clock says.

use std::collections::BTreeSet;
use std::sync::Arc;

use bedring_contract::journal::{Delivery, DeliveryResults};
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::{Event, Outcome, Reason};
use bedring_server::journal::scoring::score_responses;
use bedring_store::entities::{job, journal_conflict, occasion, person, response, score};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, FixedOffset};
use uuid::Uuid;

use crate::support::phone::{answers, bytes, one, post, post_bytes, send, yes};
use crate::support::{on_both, seed, tables};

#[tokio::test]
async fn fifty_identical_posts_at_once_give_one_row_and_fifty_equal_receipts() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        one(&app, &someone, yes(&app, 1)).await;
        let body = bytes(vec![answers(&app, &someone, "mhrm-30")]);
        let app = Arc::new(app);
        let posts: Vec<_> = (0..50)
            .map(|_| {
                let (app, secret, body) = (Arc::clone(&app), someone.secret.clone(), body.clone());
                tokio::spawn(async move {
                    post_bytes(&app, &secret, body)
                        .await
                        .json::<DeliveryResults>()
                })
            })
            .collect();
        let mut outcomes = Vec::new();
        let mut receipts = BTreeSet::new();
        for post in posts {
            let result = post.await.unwrap().results.remove(0);
            outcomes.push(result.outcome);
            receipts.insert(result.receipt.unwrap());
        }
        assert_eq!(receipts.len(), 1);
        assert_eq!(
            outcomes.iter().filter(|o| **o == Outcome::Stored).count(),
            1
        );
        assert_eq!(
            outcomes.iter().filter(|o| **o == Outcome::Repeated).count(),
            49
        );
        assert_eq!(tables::count::<response::Entity>(&app).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_whole_measurement_completes_the_occasion_and_is_scored() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let entries = vec![
            yes(&app, 1),
            answers(&app, &someone, "mhrm-30"),
            answers(&app, &someone, "lsns-9"),
        ];
        let results = send(&app, &someone, entries).await;
        assert!(
            results
                .iter()
                .all(|r| r.outcome == Outcome::Stored && r.reason.is_none()),
            "{results:?}"
        );
        let occasion = tables::row::<occasion::Entity>(&app, someone.intake).await;
        assert!(occasion.completed_at.is_some());
        let jobs = tables::all::<job::Entity>(&app).await;
        let ids: Vec<Uuid> = jobs
            .iter()
            .flat_map(|j| serde_json::from_str::<Vec<Uuid>>(&j.payload).unwrap())
            .collect();
        assert_eq!(ids.len(), 2);
        for _ in 0..2 {
            score_responses(&app.state.db, app.state.journal.editions(), &ids)
                .await
                .unwrap();
        }
        // 30 × 3 = 90, 9 × 3 = 27, and of these the six of family and friends 6 × 3 = 18.
        for (instrument, expected) in [("mhrm-30", 90.0), ("lsns-9", 27.0), ("lsns-6", 18.0)] {
            let rows = score::Entity::find()
                .filter(score::Column::Instrument.eq(instrument))
                .all(app.state.db.read())
                .await
                .unwrap();
            let total: Vec<_> = rows
                .iter()
                .filter(|r| r.scale == "total")
                .map(|r| r.score)
                .collect();
            assert_eq!(total, [Some(expected)], "{instrument}");
        }
    })
    .await;
}

#[tokio::test]
async fn other_bytes_under_the_same_id_are_kept_beside_the_first() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let first = yes(&app, 1);
        let id: Uuid = first.id.parse().unwrap();
        let other = seed::delivered(&app, id, r#"{"kind":"other"}"#.to_owned(), false);
        assert_eq!(one(&app, &someone, first).await.0, Outcome::Stored);
        for _ in 0..3 {
            assert_eq!(
                one(&app, &someone, other.clone()).await,
                (Outcome::Conflict, Some(Reason::EntryConflict))
            );
        }
        let kept = tables::all::<journal_conflict::Entity>(&app).await;
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].body.as_deref(), Some(r#"{"kind":"other"}"#));
    })
    .await;
}

#[tokio::test]
async fn a_phone_in_1970_is_taken_in_and_marked() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let at: DateTime<FixedOffset> = "1970-01-01T01:00:05+01:00".parse().unwrap();
        let consent = seed::entry(&app, at, seed::consent(Purpose::Evaluation, true), true);
        let Event::ResponseSubmitted(mut r) = seed::response(&someone, "mhrm-30", 2) else {
            panic!()
        };
        (r.started_at, r.finished_at) = (at.into(), at.into());
        let response_entry = seed::entry(&app, at, Event::ResponseSubmitted(r), true);
        let mut delivery: Delivery = seed::delivery(vec![consent, response_entry]);
        delivery.sent_at = at.into();
        let answer = post(&app, &someone.secret, &delivery).await;
        assert!(
            answer
                .json::<DeliveryResults>()
                .results
                .iter()
                .all(|r| r.outcome == Outcome::Stored)
        );
        let row = response::Entity::find()
            .one(app.state.db.read())
            .await
            .unwrap()
            .unwrap();
        assert!(row.clock_suspect);
        assert_eq!(row.device_finished_at, "1970-01-01T01:00:05+01:00");
    })
    .await;
}

/// What is said is ordered by when it was said, not by what a phone's clock believes.
#[tokio::test]
async fn a_no_from_a_phone_in_1970_and_one_after_a_yes_from_the_future_both_hold() {
    on_both(|app| async move {
        for (yes_at, no_at) in [
            ("2026-03-02T09:00:00+01:00", "1970-01-01T01:00:05+01:00"),
            ("9998-01-01T00:00:00+00:00", "2026-03-02T09:03:30+01:00"),
        ] {
            let someone = seed::somebody(&app).await;
            for (at, event) in [
                (yes_at, seed::consent(Purpose::Evaluation, true)),
                (no_at, seed::withdrawal(Scope::StopUsing)),
            ] {
                let at: DateTime<FixedOffset> = at.parse().unwrap();
                let mut delivery = seed::delivery(vec![seed::entry(&app, at, event, true)]);
                delivery.sent_at = at.into();
                post(&app, &someone.secret, &delivery).await;
                app.clock.advance(std::time::Duration::from_secs(60));
            }
            let row = tables::row::<person::Entity>(&app, someone.id).await;
            assert_eq!(row.withdrawn.as_deref(), Some("stop_using"), "{yes_at}");
        }
    })
    .await;
}
