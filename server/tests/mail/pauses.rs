//! Staff pause a person's reminders: nothing goes, nobody calls, nothing is lost, and afterwards nothing goes twice.

use axum::http::StatusCode;
use bedring_contract::course::{Happening, History, MailWay, NextStep, PersonCourse};
use bedring_contract::followup::{WorkPause, Worklist};
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::staff::Role;
use bedring_domain::consent::Scope;
use bedring_server::mail::plan_due;
use bedring_store::entities::followup;
use serde_json::{Value, json};

use crate::support::seed::{self, Someone};
use crate::support::staff::{Browser, account, path, session_of};
use crate::support::tables;
use crate::world::{World, day, with_mail};

struct Desk {
    someone: Someone,
    helper: uuid::Uuid,
}

/// Mails to the person; staff get theirs as well.
fn mails(world: &World) -> usize {
    world.sink.to("a@people.example").len()
}

/// Of reminders: state, reason and number.
async fn states(world: &World) -> Vec<(String, String, i32)> {
    let rows = world.mails().await.into_iter();
    rows.filter(|m| m.kind == "reminder")
        .map(|m| (m.state, m.reason.unwrap_or_default(), m.number))
        .collect()
}

async fn desk(world: &World) -> Desk {
    let project = seed::project(&world.app).await;
    let someone = world
        .somebody_in(project, "a@people.example", "2026-03-02")
        .await;
    let helper = account(&world.app, "helper@staff.example", Role::Helper, &[project]).await;
    Desk { someone, helper }
}

impl Desk {
    /// Days pass, so everything is done in a session of its own.
    async fn staff(&self, world: &World) -> Browser {
        session_of(&world.app, self.helper).await
    }

    async fn pause(&self, world: &World, form: Value) {
        let target = path(paths::PERSON_PAUSE, self.someone.id);
        let answer = self
            .staff(world)
            .await
            .post(&world.app, &target, &form)
            .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }

    async fn resume(&self, world: &World) {
        let target = path(paths::PERSON_PAUSE, self.someone.id);
        let answer = self.staff(world).await.delete(&world.app, &target).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }

    async fn course(&self, world: &World) -> PersonCourse {
        let target = path(paths::PERSON_COURSE, self.someone.id);
        self.staff(world)
            .await
            .get(&world.app, &target)
            .await
            .json()
    }

    async fn worklist(&self, world: &World) -> Worklist {
        self.staff(world)
            .await
            .get(&world.app, paths::WORKLIST)
            .await
            .json()
    }

    fn step(&self, course: &PersonCourse) -> NextStep {
        let of = course
            .steps
            .iter()
            .find(|s| s.occasion == self.someone.intake);
        of.unwrap().next.clone()
    }
}

#[tokio::test]
async fn paused_before_the_first_mail_it_goes_on_from_what_is_owed_and_none_twice() {
    with_mail(|world| async move {
        let desk = desk(&world).await;
        desk.pause(&world, json!({ "until": "2026-03-11" })).await;
        world.live_to("2026-03-11T09:59:00", 60).await;
        assert_eq!(mails(&world), 0);
        assert_eq!(world.calls().await.len(), 0);
        let course = desk.course(&world).await;
        assert_eq!(course.reminders.pause, None, "its day has come");
        assert_eq!(course.reminders.mail, MailWay::Goes);
        // Three mails were owed meanwhile, of which the newest goes, and then there is only the call.
        world.live_to("2026-03-12T12:00:00", 60).await;
        assert_eq!(mails(&world), 1);
        world.live_to("2026-04-10T12:00:00", 240).await;
        let numbers: Vec<i32> = states(&world).await.iter().map(|s| s.2).collect();
        let mut once = numbers.clone();
        once.dedup();
        assert_eq!(numbers, once, "none twice");
        assert_eq!(mails(&world), numbers.len());
        assert_eq!(world.calls().await.len(), 1, "and nobody is lost");
    })
    .await;
}

#[tokio::test]
async fn a_paused_person_stays_in_the_worklist_and_is_looked_at_when_the_pause_ends() {
    with_mail(|world| async move {
        let desk = desk(&world).await;
        desk.pause(&world, json!({ "until": "2026-03-20" })).await;
        world.work().await;
        let row = tables::row::<followup::Entity>(&world.app, desk.someone.intake).await;
        let look = row.next_look_at.unwrap();
        assert_eq!(look.to_rfc3339(), "2026-03-20T09:00:00+00:00");
        let until = Some(day("2026-03-20"));
        let line = desk.worklist(&world).await.due.lines.remove(0);
        assert_eq!(line.paused, Some(WorkPause { until }));
        let course = desk.course(&world).await;
        assert_eq!(desk.step(&course), NextStep::Paused { until });
        let pause = course.reminders.pause.unwrap();
        assert_eq!((pause.until, pause.by.is_some()), (until, true));

        // Without a day it holds until somebody says so.
        desk.pause(&world, json!({})).await;
        world.live_to("2026-04-02T12:00:00", 240).await;
        assert_eq!((mails(&world), world.calls().await.len()), (0, 0));
        let line = desk.worklist(&world).await.overdue.lines.remove(0);
        assert_eq!(line.paused, Some(WorkPause { until: None }));
        desk.resume(&world).await;
        desk.resume(&world).await;
        assert_eq!(desk.worklist(&world).await.overdue.lines[0].paused, None);
        world.live_to("2026-04-03T12:00:00", 60).await;
        assert_eq!(mails(&world), 1);
        let target = path(paths::PERSON_HISTORY, desk.someone.id);
        let history: History = desk
            .staff(&world)
            .await
            .get(&world.app, &target)
            .await
            .json();
        let told: Vec<_> = history
            .lines
            .into_iter()
            .map(|line| line.what)
            .filter(|what| matches!(what, Happening::Paused { .. } | Happening::Resumed))
            .collect();
        let paused = |until| Happening::Paused { until };
        assert_eq!(told, [Happening::Resumed, paused(None), paused(until)]);
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_waits_is_stopped_by_a_pause_and_goes_later() {
    with_mail(|world| async move {
        let desk = desk(&world).await;
        world.skip_to("2026-03-02T10:00:00");
        plan_due(&world.app.state).await.unwrap();
        assert_eq!(states(&world).await[0].0, "waiting");
        // The pause comes between planning and sending; whoever sends asks again.
        desk.pause(&world, json!({ "until": "2026-03-03" })).await;
        world.work().await;
        assert_eq!(mails(&world), 0);
        let (state, reason, _) = states(&world).await.remove(0);
        assert_eq!((&*state, &*reason), ("stopped", "paused"));
        world.live_to("2026-03-03T11:00:00", 30).await;
        assert_eq!(mails(&world), 1);
    })
    .await;
}

#[tokio::test]
async fn a_pause_needs_a_day_to_come_and_somebody_who_may_be_asked() {
    with_mail(|world| async move {
        let desk = desk(&world).await;
        let target = path(paths::PERSON_PAUSE, desk.someone.id);
        for (until, code) in [
            ("2026-03-01", "in_past"),
            ("2026-03-02", "in_past"),
            ("2027-03-04", "too_far"),
        ] {
            let form = json!({ "until": until });
            let answer = desk
                .staff(&world)
                .await
                .post(&world.app, &target, &form)
                .await;
            let problem = answer.assert_problem(Code::InputInvalid);
            let told = &problem.errors[0];
            assert_eq!((&*told.pointer, &*told.code), ("/until", code), "{until}");
        }
        desk.pause(&world, json!({ "until": "2026-03-03" })).await;
        world.app.clock.advance(std::time::Duration::from_secs(60));
        let stop = vec![seed::withdrawal(Scope::StopAsking)];
        world.says(&desk.someone, stop).await;
        let answer = desk
            .staff(&world)
            .await
            .post(&world.app, &target, &json!({}))
            .await;
        answer.assert_problem(Code::PersonUnwilling);
    })
    .await;
}
