//! An erased person leaves nothing behind of calls, reasons, ends and reminders.

use bedring_domain::consent::Scope;
use bedring_store::entities::{
    call_attempt, call_task, course_facts, mail, mail_choice, occasion_change, person_change,
    person_language, person_pin, plan_hold, reminder_pause,
};

use super::*;
use crate::support::{on_both, phone, seed};

async fn about_mails(app: &TestApp, person: Uuid, occasion: Uuid) {
    let (now, db) = (app.clock.now(), app.state.db.read());
    let row = mail::Model {
        id: seed::fresh(app),
        occasion_id: Some(occasion),
        person_id: Some(person),
        account_id: None,
        channel: "email".to_owned(),
        kind: "reminder".to_owned(),
        number: 1,
        unique_key: format!("{occasion}:email:reminder:1"),
        state: "waiting".to_owned(),
        reason: None,
        run_at: now,
        lease_until: None,
        attempts: 0,
        message_id: "1@example.org".to_owned(),
        recipient_hash: None,
        sent_at: None,
        created_at: now,
    };
    mail::Entity::insert(mail::ActiveModel::from(row))
        .exec_without_returning(db)
        .await
        .unwrap();
    let row = mail_choice::Model {
        person_id: person,
        snoozed_until: None,
        stopped_at: Some(now),
        stopped_by_other: false,
        to_contact: false,
        contact_email_sealed: None,
        contact_name_sealed: None,
        contact_said_at: None,
        contact_entry_id: None,
        bounced_at: None,
        contact_bounced_at: None,
        again_at: None,
        again_occasion_id: None,
    };
    mail_choice::Entity::insert(mail_choice::ActiveModel::from(row))
        .exec_without_returning(db)
        .await
        .unwrap();
}

/// The tables of which an erasure leaves rows, and why.
const STAY: [(&str, &str); 12] = [
    ("access_secrets", "an old phone has to be told"),
    ("audit", "who looked and who did what, without content"),
    ("consents", "the proof of yes, no and withdrawal"),
    (
        "discards",
        "that a registration was a mistake; never of somebody who answered",
    ),
    (
        "erasure_requests",
        "who asked and who confirmed; the note is emptied",
    ),
    (
        "followups",
        "which measurement was not made, without who said so",
    ),
    ("journal_conflicts", "hashes, so that nothing comes back"),
    ("journal_entries", "hashes, so that nothing comes back"),
    ("letters_read", "which letter the yes was about"),
    (
        "merged_occasions",
        "ids alone, by which an old phone knows a measurement",
    ),
    ("merged_ways", "an old phone has to be told"),
    (
        "occasions",
        "which measurements there were, without answers",
    ),
];

/// The person used a language, chose a PIN, has a device and an erasure that waits.
async fn on_the_phone(app: &TestApp, person: Uuid) {
    let (now, db) = (app.clock.now(), app.state.db.read());
    let row = person_language::Model {
        person_id: person,
        language: "en".to_owned(),
        said_at: now,
        entry_id: seed::fresh(app),
    };
    person_language::Entity::insert(person_language::ActiveModel::from(row))
        .on_conflict_do_nothing()
        .exec_without_returning(db)
        .await
        .unwrap();
    let row = person_pin::Model {
        person_id: person,
        pin_hash: "-".to_owned(),
        wrong: 0,
        set_at: now,
    };
    person_pin::Entity::insert(person_pin::ActiveModel::from(row))
        .exec_without_returning(db)
        .await
        .unwrap();
}

/// As an edit of the plan leaves it.
async fn held_back(app: &TestApp, person: Uuid) {
    let row = plan_hold::ActiveModel {
        person_id: Set(person),
        plan_key: Set("exit".to_owned()),
        plan_repeat: Set(0),
        revision_id: Set(seed::fresh(app)),
    };
    plan_hold::Entity::insert(row)
        .exec_without_returning(app.state.db.read())
        .await
        .unwrap();
}

#[tokio::test]
async fn nothing_is_left_of_one_person_and_everything_of_the_other() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let staff = leader(&app, project).await;
        let (gone, stays) = (
            seed::someone(&app, project).await,
            seed::someone(&app, project).await,
        );
        for someone in [&gone, &stays] {
            end_course(&app, project, someone.id, "2026-04-01").await;
            let course = path(paths::PERSON_COURSE, someone.id);
            staff
                .post(&app, &course, &json!({ "end_planned": "2026-04-01" }))
                .await;
            let call = seed::call(&app, someone.intake, "2026-03-03").await;
            let form = json!({ "outcome": "reached", "reason": "illness" });
            staff
                .post(&app, &path(paths::CALL_ATTEMPT, call), &form)
                .await;
            staff
                .post(&app, &path(paths::PERSON_PAUSE, someone.id), &json!({}))
                .await;
            about_mails(&app, someone.id, someone.intake).await;
            held_back(&app, someone.id).await;
            on_the_phone(&app, someone.id).await;
        }
        phone::say(&app, &gone, vec![seed::withdrawal(Scope::Erase)]).await;
        for table in tables::about_people(&app).await {
            if STAY.iter().all(|(name, _)| *name != table) {
                let left = tables::rows_about(&app, &table, gone.id).await;
                assert_eq!(left, 0, "of {table}");
            }
        }
        assert_eq!(tables::count::<person_language::Entity>(&app).await, 1);
        assert_eq!(tables::count::<person_pin::Entity>(&app).await, 1);
        assert_eq!(tables::count::<call_task::Entity>(&app).await, 1);
        assert_eq!(tables::count::<call_attempt::Entity>(&app).await, 1);
        assert_eq!(tables::count::<course_facts::Entity>(&app).await, 1);
        assert_eq!(tables::count::<occasion_change::Entity>(&app).await, 1);
        assert_eq!(tables::count::<reminder_pause::Entity>(&app).await, 1);
        let lines = tables::all::<person_change::Entity>(&app).await;
        assert!(lines.iter().all(|line| line.person_id == stays.id));
        assert_eq!(lines.len(), 3, "an end, a planned end, a pause");
        assert_eq!(tables::count::<mail::Entity>(&app).await, 1);
        assert_eq!(tables::count::<plan_hold::Entity>(&app).await, 1);
        assert_eq!(tables::count::<mail_choice::Entity>(&app).await, 1);
        let task = tables::all::<call_task::Entity>(&app).await.remove(0);
        assert_eq!(task.person_id, stays.id);
        for row in tables::all::<followup::Entity>(&app).await {
            if row.person_id == gone.id {
                assert_eq!(
                    (row.missed_by, row.missed_at, row.next_look_at),
                    (None, None, None)
                );
            }
        }
        let exit = occasions(&app, stays.id).await[1].id;
        assert!(held(&app, exit).await.next_look_at.is_some());
        let list = worklist(&app, &staff).await;
        let total = list.calls.total + list.due.total + list.overdue.total + list.ends.total;
        assert_eq!(total, 0);
    })
    .await;
}
