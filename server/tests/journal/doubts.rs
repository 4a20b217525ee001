//! A stop counts: where clocks leave the order of a yes and a no open the no holds, staff see the doubt, and a yes again ends it.

use bedring_contract::course::{Happening, History, Said};
use bedring_contract::paths;
use bedring_contract::person::PersonBundle;
use bedring_contract::staff::{PersonDetail, Role};
use bedring_domain::consent::{Purpose, Scope, Standing};
use bedring_domain::journal::{Event, Outcome};
use bedring_server::ports::Clock;
use chrono::TimeDelta;
use uuid::Uuid;

use crate::support::seed::{self, Someone};
use crate::support::staff::{logged_in, path};
use crate::support::{TestApp, on_both, phone, request};

/// A device whose clock is so many minutes behind when it records, and when it sends.
struct Device {
    id: u128,
    behind: i64,
    behind_when_sent: i64,
}

const GOOD: Device = Device {
    id: 1,
    behind: 0,
    behind_when_sent: 0,
};

/// Says something now, and sends it so many minutes later.
async fn says(app: &TestApp, someone: &Someone, device: &Device, event: Event, waits: u64) {
    let by = |behind: i64| (app.clock.now() - TimeDelta::minutes(behind)).fixed_offset();
    let entry = seed::entry(app, by(device.behind), event, true);
    pass(app, waits);
    let mut delivery = seed::delivery(vec![entry]);
    delivery.device_id = Uuid::from_u128(device.id);
    delivery.sent_at = by(device.behind_when_sent).into();
    let results = phone::deliver(app, &someone.secret, &delivery).await;
    assert_eq!(results[0].outcome, Outcome::Stored);
}

fn pass(app: &TestApp, minutes: u64) {
    app.clock
        .advance(std::time::Duration::from_secs(60 * minutes));
}

async fn bundle(app: &TestApp, someone: &Someone) -> PersonBundle {
    use axum::http::{Method, header};
    let bearer = format!("Bearer {}", someone.secret);
    let request = request(Method::GET, paths::OCCASION).header(header::AUTHORIZATION, bearer);
    let body = axum::body::Body::empty();
    app.send(request.body(body).unwrap()).await.json()
}

/// What staff see: doubts, and the lines of the history that are in doubt.
async fn seen(app: &TestApp, someone: &Someone, project: Uuid) -> (Vec<Purpose>, Vec<Said>) {
    let staff = logged_in(app, Role::Helper, &[project]).await;
    let detail: PersonDetail = staff
        .get(app, &path(paths::PERSON, someone.id))
        .await
        .json();
    let history: History = staff
        .get(app, &path(paths::PERSON_HISTORY, someone.id))
        .await
        .json();
    let lines = history
        .lines
        .into_iter()
        .filter_map(|line| match line.what {
            Happening::Consent {
                said,
                in_doubt: true,
                ..
            } => Some(said),
            _ => None,
        });
    (detail.in_doubt, lines.collect())
}

fn given(bundle: &PersonBundle, purpose: Purpose) -> Option<bool> {
    let mut words = bundle.consents.iter().filter(|c| c.purpose == purpose);
    words.next().map(|c| c.given)
}

#[tokio::test]
async fn a_stop_from_a_slow_clock_holds_until_a_yes_again() {
    on_both(|app| async move {
        for (behind, id) in [(1, 2), (4, 2), (9, 2), (10, 2), (9, GOOD.id)] {
            let project = seed::project(&app).await;
            let someone = seed::someone(&app, project).await;
            let slow = Device {
                id,
                behind,
                behind_when_sent: behind,
            };
            for purpose in [Purpose::Evaluation, Purpose::LeaderSeesAnswers] {
                says(&app, &someone, &GOOD, seed::consent(purpose, true), 0).await;
            }
            pass(&app, 1);
            let no = seed::consent(Purpose::LeaderSeesAnswers, false);
            says(&app, &someone, &slow, no, 0).await;
            let stop = seed::withdrawal(Scope::StopUsing);
            says(&app, &someone, &slow, stop, 0).await;
            let told = bundle(&app, &someone).await;
            let stopped = Standing {
                ever_given: true,
                refused: false,
                withdrawn: Some(Scope::StopUsing),
            };
            assert_eq!(told.standing, stopped, "{behind} minutes");
            assert_eq!(given(&told, Purpose::LeaderSeesAnswers), Some(false));
            let (doubts, lines) = seen(&app, &someone, project).await;
            assert_eq!(doubts, [Purpose::Evaluation, Purpose::LeaderSeesAnswers]);
            assert_eq!(lines, [Said::Withdrawn, Said::No]);

            pass(&app, 20);
            let again = seed::consent(Purpose::Evaluation, true);
            says(&app, &someone, &GOOD, again, 0).await;
            let told = bundle(&app, &someone).await;
            assert!(told.standing.may_ask() && told.standing.may_use());
            assert_eq!(given(&told, Purpose::LeaderSeesAnswers), Some(false));
            let (doubts, _) = seen(&app, &someone, project).await;
            assert_eq!(doubts, [Purpose::LeaderSeesAnswers]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_stop_that_was_recorded_before_the_clock_was_set_right_holds() {
    on_both(|app| async move {
        for behind in [15, 180, 2 * 24 * 60, 200 * 24 * 60] {
            let project = seed::project(&app).await;
            let someone = seed::someone(&app, project).await;
            let yes = || seed::consent(Purpose::Evaluation, true);
            says(&app, &someone, &GOOD, yes(), 0).await;
            pass(&app, 5);
            let set_right = Device {
                id: 2,
                behind,
                behind_when_sent: 0,
            };
            let no = seed::consent(Purpose::Evaluation, false);
            says(&app, &someone, &set_right, no, 30).await;
            let told = bundle(&app, &someone).await;
            assert_eq!(told.standing.withdrawn, Some(Scope::StopAsking));
            // The phone that said yes must not take its own word for the later one.
            let word = &told.consents[0];
            assert!(!word.given && word.recorded_at > told.time - TimeDelta::minutes(36));
            let (doubts, lines) = seen(&app, &someone, project).await;
            assert_eq!((doubts, lines), (vec![Purpose::Evaluation], vec![Said::No]));
            // From any device whose clock is right, after the stop had come.
            pass(&app, 5);
            says(&app, &someone, &Device { id: 3, ..GOOD }, yes(), 0).await;
            assert!(bundle(&app, &someone).await.standing.may_ask());
            assert!(seen(&app, &someone, project).await.0.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn a_yes_from_a_clock_that_was_ahead_does_not_lift_a_stop() {
    on_both(|app| async move {
        for (ahead, ahead_when_sent) in [(8, 8), (45, 0), (20 * 60, 0), (200 * 24 * 60, 0)] {
            let project = seed::project(&app).await;
            let someone = seed::someone(&app, project).await;
            let fast = Device {
                id: 2,
                behind: -ahead,
                behind_when_sent: -ahead_when_sent,
            };
            // Said before the stop, and sent after it.
            let at = app.clock.now() + TimeDelta::minutes(ahead);
            let yes = seed::consent(Purpose::Evaluation, true);
            let entry = seed::entry(&app, at.fixed_offset(), yes, true);
            pass(&app, 2);
            let stop = seed::withdrawal(Scope::StopAsking);
            says(&app, &someone, &GOOD, stop, 0).await;
            pass(&app, 3);
            let mut delivery = seed::delivery(vec![entry]);
            delivery.device_id = Uuid::from_u128(fast.id);
            let behind = TimeDelta::minutes(fast.behind_when_sent);
            delivery.sent_at = (app.clock.now() - behind).fixed_offset().into();
            phone::deliver(&app, &someone.secret, &delivery).await;
            let told = bundle(&app, &someone).await;
            assert_eq!(told.standing.withdrawn, Some(Scope::StopAsking), "{ahead}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_two_good_clocks_say_is_in_no_doubt() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let other = Device { id: 2, ..GOOD };
        let (yes, no) = (
            seed::consent(Purpose::Evaluation, true),
            seed::consent(Purpose::Evaluation, false),
        );
        says(&app, &someone, &GOOD, no.clone(), 0).await;
        pass(&app, 3);
        says(&app, &someone, &other, yes.clone(), 0).await;
        assert!(bundle(&app, &someone).await.standing.may_ask());
        assert!(seen(&app, &someone, project).await.0.is_empty());
        // One phone a day without a network: it knows the order of what it wrote.
        says(&app, &someone, &GOOD, no, 24 * 60).await;
        pass(&app, 1);
        says(&app, &someone, &GOOD, yes, 24 * 60).await;
        assert!(bundle(&app, &someone).await.standing.may_ask());
        assert!(seen(&app, &someone, project).await.0.is_empty());
    })
    .await;
}
