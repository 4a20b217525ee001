//! What one person may deliver in a day: it survives a restart, and it never holds up a no or a stop.

use axum::http::StatusCode;
use bedring_contract::journal::DeliveredEntry;
use bedring_contract::problem::Code;
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::{Outcome, Reason};
use bedring_store::entities::{consent, journal_entry, person, response};

use crate::support::phone::{answers, one, post, send, yes};
use crate::support::seed::{self, Someone};
use crate::support::{TestApp, on_both, tables};

/// Junk that is kept apart, each entry another.
fn junk(app: &TestApp, count: usize) -> Vec<DeliveredEntry> {
    let one = || seed::delivered(app, seed::fresh(app), "junk".to_owned(), false);
    (0..count).map(|_| one()).collect()
}

fn stop(app: &TestApp, scope: Scope) -> DeliveredEntry {
    seed::entry(app, seed::minute(30), seed::withdrawal(scope), true)
}

fn no(app: &TestApp) -> DeliveredEntry {
    let event = seed::consent(Purpose::Research, false);
    seed::entry(app, seed::minute(31), event, true)
}

async fn fill_the_day(app: &TestApp, someone: &Someone) {
    assert_eq!(one(app, someone, yes(app, 1)).await.0, Outcome::Stored);
    send(app, someone, junk(app, 99)).await;
    for _ in 0..4 {
        send(app, someone, junk(app, 100)).await;
    }
}

async fn is_full(app: &TestApp, someone: &Someone, entries: Vec<DeliveredEntry>) {
    let answer = post(app, &someone.secret, &seed::delivery(entries)).await;
    answer.assert_problem(Code::TooManyRequests);
    assert_eq!(answer.header("retry-after"), "57600");
}

#[tokio::test]
async fn what_a_day_took_is_known_after_a_restart() {
    on_both(|app| async move {
        let (someone, other) = seed::two(&app).await;
        send(&app, &someone, junk(&app, 100)).await;
        let app = app.restarted();
        for _ in 0..3 {
            send(&app, &someone, junk(&app, 100)).await;
        }
        let app = app.restarted();
        send(&app, &someone, junk(&app, 100)).await;
        is_full(&app, &someone, junk(&app, 1)).await;
        send(&app, &other, junk(&app, 100)).await;
    })
    .await;
}

#[tokio::test]
async fn bytes_and_conflicts_of_before_a_restart_count_too() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let large = |n: usize| seed::delivered(&app, seed::fresh(&app), "x".repeat(n), false);
        for _ in 0..8 {
            send(&app, &someone, (0..19).map(|_| large(32 * 1024)).collect()).await;
        }
        let id = seed::fresh(&app);
        for n in 0..5 {
            let body = format!("{n}{}", "x".repeat(32 * 1024 - 1));
            one(&app, &someone, seed::delivered(&app, id, body, false)).await;
        }
        // 157 pieces of 32 KiB, and a day takes 160.
        let app = app.restarted();
        for _ in 0..3 {
            let more = seed::delivered(&app, seed::fresh(&app), "x".repeat(32 * 1024), false);
            assert_eq!(one(&app, &someone, more).await.0, Outcome::Quarantined);
        }
        is_full(&app, &someone, junk(&app, 1)).await;
    })
    .await;
}

#[tokio::test]
async fn a_full_day_still_takes_a_no_and_a_stop_before_and_after_a_restart() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        fill_the_day(&app, &someone).await;
        is_full(&app, &someone, junk(&app, 1)).await;
        assert_eq!(one(&app, &someone, no(&app)).await.0, Outcome::Stored);
        let app = app.restarted();
        is_full(&app, &someone, junk(&app, 1)).await;
        let stop = stop(&app, Scope::StopAsking);
        assert_eq!(one(&app, &someone, stop).await.0, Outcome::Stored);
        let row = tables::row::<person::Entity>(&app, someone.id).await;
        assert_eq!(row.withdrawn.as_deref(), Some("stop_asking"));
    })
    .await;
}

#[tokio::test]
async fn a_stop_among_other_entries_comes_in_and_the_others_stay_on_the_phone() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        fill_the_day(&app, &someone).await;
        let (stop, late) = (stop(&app, Scope::StopUsing), junk(&app, 2));
        let entries = vec![late[0].clone(), stop.clone(), late[1].clone()];
        let results = send(&app, &someone, entries.clone()).await;
        let told: Vec<_> = results.iter().map(|r| (r.outcome, r.reason)).collect();
        let waits = (Outcome::NotStored, Some(Reason::DayFull));
        assert_eq!(told, [waits, (Outcome::Stored, None), waits]);
        assert!(results[0].receipt.is_none() && results[1].receipt.is_some());
        assert_eq!(results[0].sha256, late[0].sha256);
        assert_eq!(tables::count::<journal_entry::Entity>(&app).await, 501);
        // Sent again it is known, and the others are told when to come.
        is_full(&app, &someone, entries.clone()).await;
        app.clock.advance(std::time::Duration::from_secs(57_600));
        let results = send(&app, &someone, entries).await;
        let told: Vec<_> = results.iter().map(|r| r.outcome).collect();
        let apart = Outcome::Quarantined;
        assert_eq!(told, [apart, Outcome::Repeated, apart]);
    })
    .await;
}

#[tokio::test]
async fn stops_beyond_fifty_a_day_are_entries_like_any_other() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        fill_the_day(&app, &someone).await;
        for _ in 0..25 {
            let both = vec![stop(&app, Scope::StopAsking), no(&app)];
            let results = send(&app, &someone, both).await;
            assert!(results.iter().all(|r| r.outcome == Outcome::Stored));
        }
        is_full(&app, &someone, vec![stop(&app, Scope::StopAsking)]).await;
        let app = app.restarted();
        is_full(&app, &someone, vec![no(&app)]).await;
        // 50 of them and the yes.
        assert_eq!(tables::count::<consent::Entity>(&app).await, 51);
        app.clock.advance(std::time::Duration::from_secs(57_600));
        let tomorrow = seed::delivery(vec![stop(&app, Scope::StopAsking)]);
        let answer = post(&app, &someone.secret, &tomorrow).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
    })
    .await;
}

#[tokio::test]
async fn a_full_day_takes_an_erasure() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        fill_the_day(&app, &someone).await;
        let entry = stop(&app, Scope::Erase);
        assert_eq!(one(&app, &someone, entry).await.0, Outcome::Stored);
        let row = tables::row::<person::Entity>(&app, someone.id).await;
        assert!(row.erased_at.is_some());
        let entries = tables::all::<journal_entry::Entity>(&app).await;
        assert!(
            entries
                .iter()
                .all(|e| e.body.is_none() && e.state == "gone")
        );
    })
    .await;
}

#[tokio::test]
async fn a_yes_brings_in_what_one_day_takes_and_staff_try_the_rest_again() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        for n in 0..6 {
            if n == 5 {
                app.clock.advance(std::time::Duration::from_secs(86_400));
            }
            let many = (0..100)
                .map(|_| answers(&app, &someone, "lsns-9"))
                .collect();
            send(&app, &someone, many).await;
        }
        assert_eq!(one(&app, &someone, yes(&app, 1)).await.0, Outcome::Stored);
        let entries = tables::all::<journal_entry::Entity>(&app).await;
        let of = |reason| {
            let fits = move |e: &&journal_entry::Model| e.reason.as_deref() == Some(reason);
            entries.iter().filter(fits).count()
        };
        assert_eq!((of("consent.missing"), of("response.too_many")), (100, 470));
        assert_eq!(tables::count::<response::Entity>(&app).await, 30);
    })
    .await;
}
