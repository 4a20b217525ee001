//! A measurement with reminders of its own, and a project that takes no part from a day on.

use bedring_domain::reminder::ReminderPolicy;
use bedring_store::entities::{person, programme, project};
use bedring_store::plan::{Plan, from_json, to_json};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::support::tables;
use crate::world::{World, day, with_mail};

async fn project_of(world: &World, person: Uuid) -> project::Model {
    let row = tables::row::<person::Entity>(&world.app, person).await;
    tables::row::<project::Entity>(&world.app, row.project_id).await
}

/// The measurement of that key gets reminders of its own.
async fn remind(world: &World, person: Uuid, key: &str, policy: ReminderPolicy) {
    let id = project_of(world, person).await.programme_id;
    let row = tables::row::<programme::Entity>(&world.app, id).await;
    let mut plan: Plan = from_json("programmes", &row.plan).unwrap();
    let mut occasions = plan.course.occasions.iter_mut();
    occasions.find(|o| o.key == key).unwrap().reminders = Some(policy);
    programme::Entity::update_many()
        .col_expr(programme::Column::Plan, Expr::value(to_json(&plan)))
        .filter(programme::Column::Id.eq(id))
        .exec(world.app.state.db.read())
        .await
        .unwrap();
}

fn one_late_mail() -> ReminderPolicy {
    ReminderPolicy {
        after_due_days: vec![2],
        call_after_days: 5,
        sender_name: "Fælles skridt".to_owned(),
        ..ReminderPolicy::default()
    }
}

#[tokio::test]
async fn a_measurement_reminds_in_its_own_way_and_others_as_the_programme_does() {
    with_mail(|world| async move {
        let own = world.somebody("own@people.example", "2026-03-02").await;
        let other = world.somebody("other@people.example", "2026-03-02").await;
        remind(&world, own.id, "intake", one_late_mail()).await;
        remind(&world, other.id, "exit", one_late_mail()).await;
        let got = async |until: &str| {
            world.live_to(until, 60).await;
            let sent = world.sink.all();
            let count = |to: &str| sent.iter().filter(|m| m.to == to).count();
            let counts = (count("own@people.example"), count("other@people.example"));
            (counts, world.calls().await.len())
        };
        assert_eq!(got("2026-03-03T23:00:00").await, ((0, 1), 0));
        assert_eq!(got("2026-03-04T11:00:00").await, ((1, 1), 0));
        assert_eq!(got("2026-03-08T23:00:00").await, ((1, 2), 0));
        // Five days after its only mail somebody calls.
        assert_eq!(got("2026-03-09T11:00:00").await, ((1, 2), 1));
        let sent = world.sink.all();
        let from = |to: &str| sent.iter().find(|m| m.to == to).unwrap().header("from");
        assert_ne!(from("own@people.example"), from("other@people.example"));
    })
    .await;
}

#[tokio::test]
async fn mails_stop_on_the_day_from_which_a_project_takes_no_part() {
    with_mail(|world| async move {
        let someone = world.somebody("a@people.example", "2026-03-02").await;
        let id = project_of(&world, someone.id).await.id;
        project::Entity::update_many()
            .col_expr(project::Column::Status, Expr::value("withdrawn"))
            .col_expr(project::Column::StatusOn, Expr::value(day("2026-03-06")))
            .filter(project::Column::Id.eq(id))
            .exec(world.app.state.db.read())
            .await
            .unwrap();
        world.live_to("2026-03-03T12:00:00", 60).await;
        assert_eq!(world.sink.all().len(), 1, "until then it takes part");
        world.live_to("2026-03-20T12:00:00", 120).await;
        assert_eq!(world.sink.all().len(), 1);
        assert_eq!(world.calls().await.len(), 0);
    })
    .await;
}
