//! A clock that ran a year ahead and was set back: nobody waits for a year, and nothing goes twice.

use std::collections::BTreeSet;
use std::time::Duration;

use bedring_contract::mail::Operations;
use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_domain::consent::Purpose;
use bedring_server::jobs;
use bedring_server::ports::Clock;
use bedring_store::entities::{call_task, followup, job, mail, occasion, session};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, TimeDelta, Utc};

use crate::support::smtp::Behaviour;
use crate::support::staff::logged_in;
use crate::support::{seed, tables};
use crate::world::{World, day, with_mail};

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Two who are written to, one who is called, and one whose turn comes long after.
async fn people(world: &World) {
    world.somebody("a@people.example", "2026-03-05").await;
    let called = world.somebody("b@people.example", "2026-03-10").await;
    let no = seed::consent(Purpose::Reminders, false);
    world.app.clock.advance(Duration::from_secs(60));
    world.says(&called, vec![no]).await;
    world.somebody("c@people.example", "2026-04-20").await;
    world.somebody("d@people.example", "2028-04-20").await;
    world.work().await;
}

/// The clock is put a year ahead for some hours, and then to where it ought to be.
async fn a_year_ahead(world: &World, hours: u32) {
    let before = world.app.clock.now();
    world.app.clock.advance(YEAR);
    for _ in 0..hours {
        world.app.clock.advance(Duration::from_secs(60 * 60));
        world.work().await;
    }
    let by = world.app.clock.now() - before;
    world.app.clock.set_back(by.to_std().unwrap());
    assert_eq!(world.app.clock.now(), before);
}

/// Whom mails went to and when, and which calls there are.
async fn what_happened(world: &World) -> (Vec<(String, String)>, Vec<String>) {
    let mails = world.sink.all();
    let mails = mails.iter().map(|m| (m.to.clone(), m.header("date")));
    let mut calls: Vec<String> = tables::all::<call_task::Entity>(&world.app)
        .await
        .into_iter()
        .map(|c| format!("{} {} {:?}", c.next_try_on, c.opened_at, c.closed_at))
        .collect();
    calls.sort();
    (mails.collect(), calls)
}

#[tokio::test]
async fn everything_comes_as_if_the_clock_had_never_been_wrong() {
    with_mail(|world| async move {
        people(&world).await;
        world.sink.behave(Behaviour::NotNow);
        a_year_ahead(&world, 30).await;
        assert_eq!(world.sink.all(), []);
        let waiting = world.mails().await;
        assert!(waiting.iter().all(|m| m.run_at > world.app.clock.now()));
        assert_eq!((waiting.len(), world.calls().await.len()), (2, 1));
        world.sink.behave(Behaviour::Takes);
        world.live_to("2026-05-20T12:00:00", 30).await;

        let control = World::start(world.app.backend).await;
        people(&control).await;
        control.live_to("2026-05-20T12:00:00", 30).await;
        let (mails, calls) = what_happened(&world).await;
        assert_eq!((mails.len(), calls.len()), (6, 3));
        assert_eq!((mails, calls), what_happened(&control).await);
        // The one whose turn is in two years waits for that day again, and not for less.
        let last = day("2028-04-20");
        let row = occasion::Entity::find()
            .filter(occasion::Column::DueOn.eq(last))
            .one(world.app.state.db.read())
            .await
            .unwrap()
            .unwrap();
        let row = tables::row::<followup::Entity>(&world.app, row.id).await;
        let ten: DateTime<Utc> = "2028-04-20T08:00:00Z".parse().unwrap();
        assert_eq!(row.next_look_at, Some(ten));
    })
    .await;
}

#[tokio::test]
async fn what_went_meanwhile_does_not_go_again_and_a_call_follows_in_weeks() {
    with_mail(|world| async move {
        people(&world).await;
        a_year_ahead(&world, 30).await;
        // A year after both due days the last of the three is owed.
        let went = world.sink.all().len();
        assert_eq!(went, 2);
        world.live_to("2026-05-20T12:00:00", 60).await;
        assert_eq!(world.sink.all().len(), went, "the last went already");
        let mut calls = world.calls().await;
        calls.sort();
        let expected = ["2026-03-08", "2026-03-13", "2026-04-23"];
        assert_eq!(calls, expected.map(day));
        let keys: BTreeSet<String> = world
            .mails()
            .await
            .into_iter()
            .map(|m| m.unique_key)
            .collect();
        assert_eq!(keys.len(), went);
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_somebody_may_be_sending_is_left_to_them_first() {
    with_mail(|world| async move {
        world.somebody("a@people.example", "2026-03-02").await;
        world.work().await;
        world.app.clock.advance(YEAR);
        world.app.clock.advance(Duration::from_secs(2 * 60 * 60));
        bedring_server::set_back::look(&world.app.state)
            .await
            .unwrap();
        world.a_server_dies_while_sending().await;
        assert_eq!(world.sink.all().len(), 1);
        world.app.clock.set_back(YEAR);
        world.work().await;
        world.app.clock.advance(Duration::from_secs(19 * 60));
        world.work().await;
        let rows = world.mails().await;
        let held = rows.iter().find(|m| m.number == 3).unwrap();
        assert_eq!(held.state, "sending");
        world.app.clock.advance(Duration::from_secs(2 * 60));
        world.work().await;
        // It may have gone, so it counts as gone; by now another would be owed.
        let rows = world.mails().await;
        let held = rows.iter().find(|m| m.number == 3).unwrap();
        assert_eq!(
            (held.state.as_str(), held.reason.as_deref()),
            ("sent", Some("not_confirmed"))
        );
        world.live_to("2026-03-20T12:00:00", 60).await;
        assert_eq!(world.sink.all().len(), 1);
        assert_eq!(world.calls().await, [day("2026-03-05")]);
    })
    .await;
}

/// A job that the clock that was ahead put off, and one that it took.
async fn jobs_put_off(world: &World) {
    let ahead = world.app.clock.now();
    for (run_at, lease) in [
        (ahead + TimeDelta::hours(6), None),
        (ahead, Some(ahead + TimeDelta::minutes(5))),
    ] {
        let row = job::ActiveModel {
            id: Set(seed::fresh(&world.app)),
            kind: Set("score_responses".to_owned()),
            payload: Set("[]".to_owned()),
            run_at: Set(run_at),
            attempts: Set(1),
            lease_until: Set(lease),
            last_error: Set(None),
            created_at: Set(ahead),
        };
        job::Entity::insert(row)
            .exec_without_returning(world.app.state.db.read())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn agreed_days_jobs_sessions_and_digests_come_back_from_the_future() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        world
            .somebody_in(project, "a@people.example", "2026-03-02")
            .await;
        world.work().await;
        let before = world.app.clock.now();
        // A Monday, the day of digests, a year ahead.
        world
            .app
            .clock
            .advance(YEAR - Duration::from_secs(24 * 60 * 60));
        let helper = logged_in(&world.app, Role::Helper, &[project]).await;
        world.live_to("2027-03-01T12:00:00", 60).await;
        let ahead = world.app.clock.now();
        let db = world.app.state.db.read();
        let task = seed::call(
            &world.app,
            tables::all::<occasion::Entity>(&world.app).await[0].id,
            "2027-03-01",
        )
        .await;
        call_task::Entity::update_many()
            .col_expr(call_task::Column::ClosedAt, Expr::value(ahead))
            .col_expr(call_task::Column::Outcome, Expr::value("agreed_date"))
            .col_expr(call_task::Column::NextTryOn, Expr::value(day("2027-03-10")))
            .filter(call_task::Column::Id.eq(task))
            .exec(db)
            .await
            .unwrap();
        followup::Entity::update_many()
            .col_expr(
                followup::Column::NextLookAt,
                Expr::value(ahead + TimeDelta::days(9)),
            )
            .exec(db)
            .await
            .unwrap();
        jobs_put_off(&world).await;
        let digests = mail::Entity::find().filter(mail::Column::Kind.eq("digest"));
        assert_eq!(digests.clone().all(db).await.unwrap().len(), 1);
        assert_eq!(helper.get(&world.app, paths::SESSION).await.status, 200);

        world.app.clock.set_back((ahead - before).to_std().unwrap());
        world.work().await;
        while jobs::run_due(&world.app.state).await.unwrap() > 0 {}
        assert_eq!(tables::count::<job::Entity>(&world.app).await, 0);
        // It is a Monday again, and this week has its own.
        let digests = digests.all(db).await.unwrap();
        assert_eq!((digests.len(), digests[0].created_at), (1, before));
        assert_eq!(tables::count::<session::Entity>(&world.app).await, 0);
        assert_eq!(world.calls().await, []);
        world.live_to("2026-03-03T12:00:00", 60).await;
        assert_eq!(world.calls().await, [day("2026-03-03")]);

        let administrator = logged_in(&world.app, Role::Administrator, &[]).await;
        let told: Operations = administrator
            .get(&world.app, paths::OPERATIONS)
            .await
            .json();
        let told = told.clock_set_back.unwrap();
        assert_eq!(told.at, before);
        assert!(ahead - told.showed < TimeDelta::minutes(61) && told.showed <= ahead);
    })
    .await;
}

#[tokio::test]
async fn answers_of_a_year_that_has_not_come_count_from_now() {
    with_mail(|world| async move {
        let someone = world.somebody("a@people.example", "2026-03-02").await;
        world.work().await;
        let before = world.app.clock.now();
        world.app.clock.advance(YEAR);
        world.work().await;
        world.answers(&someone).await;
        world.app.clock.set_back(YEAR);
        world.work().await;
        let row = tables::row::<occasion::Entity>(&world.app, someone.intake).await;
        assert_eq!(row.completed_at, Some(before));
    })
    .await;
}

/// Years enough for a machine that has forgotten the time.
const TO_1970: Duration = Duration::from_secs(56 * 365 * 24 * 60 * 60);

#[tokio::test]
async fn a_machine_that_forgets_the_time_forgets_nothing_else() {
    with_mail(|world| async move {
        let control = World::start(world.app.backend).await;
        for world in [&world, &control] {
            people(world).await;
            let someone = world.somebody("e@people.example", "2026-03-03").await;
            world.live_to("2026-03-05T12:00:00", 30).await;
            world.answers(&someone).await;
        }
        let before = (
            world.mails().await,
            tables::all::<occasion::Entity>(&world.app).await,
        );
        logged_in(&world.app, Role::Administrator, &[]).await;
        for _ in 0..2 {
            world.app.clock.set_back(TO_1970);
            world.work().await;
            world.app.clock.advance(Duration::from_secs(20 * 60));
            world.work().await;
            world
                .app
                .clock
                .advance(TO_1970 - Duration::from_secs(20 * 60));
            world.work().await;
        }
        let after = (
            world.mails().await,
            tables::all::<occasion::Entity>(&world.app).await,
        );
        assert!(before == after, "what happened stays as it was");
        assert_eq!(tables::count::<session::Entity>(&world.app).await, 1);
        for world in [&world, &control] {
            world.live_to("2026-05-20T12:00:00", 120).await;
        }
        let (mails, calls) = what_happened(&world).await;
        assert_eq!((mails.len(), calls.len()), (7, 3));
        assert_eq!((mails, calls), what_happened(&control).await);
    })
    .await;
}
