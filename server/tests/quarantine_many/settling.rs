//! All of one person's is set aside or tried again, part by part.

use bedring_contract::staff::Role;
use bedring_domain::consent::Purpose;
use bedring_domain::journal::{Event, Outcome};
use bedring_store::entities::{
    audit, instrument_edition, journal_conflict, journal_entry, letter, response,
};
use bedring_store::sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::phone::{one, say, send};
use crate::support::staff::{Browser, logged_in};
use crate::support::{TestApp, on_both, seed, tables};
use crate::{flood, junk, now, of, receipt, settle};

/// Settles all of it; how many requests it took, how many were settled and kept.
async fn settle_all(
    app: &TestApp,
    staff: &Browser,
    whose: Uuid,
    mut form: Value,
) -> (u64, u64, u64) {
    let (mut requests, mut settled, mut kept) = (0, 0, 0);
    loop {
        let part = settle(app, staff, whose, &form).await;
        requests += 1;
        settled += part.settled;
        kept += part.kept;
        assert_eq!(part.next.is_some(), part.left > 0);
        let Some(next) = part.next else {
            return (requests, settled, kept);
        };
        assert!(part.settled + part.kept > 0, "every request does something");
        form["after"] = json!(next);
    }
}

#[tokio::test]
async fn all_of_one_is_set_aside_in_parts_and_keeps_everything_but_the_bytes() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let (loud, quiet) = (
            seed::someone(&app, project).await,
            seed::someone(&app, project).await,
        );
        flood(&app, &loud, 12).await;
        let last = junk(&app, 1);
        let receipts = send(&app, &loud, last.clone()).await;
        let other = seed::delivered(&app, last[0].id.parse().unwrap(), "other".to_owned(), false);
        let conflict = send(&app, &loud, vec![other.clone()]).await;
        send(&app, &quiet, junk(&app, 1)).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let seen = of(&app, &leader, loud.id, "limit=1").await.of;
        assert_eq!((seen.entries, seen.reasons.len()), (1202, 2));
        // What comes after it was looked at is not decided with it.
        app.clock.advance(std::time::Duration::from_secs(1));
        send(&app, &loud, junk(&app, 3)).await;
        let form = json!({ "action": "dismiss", "seen_until": seen.newest });
        let (requests, settled, kept) = settle_all(&app, &leader, loud.id, form.clone()).await;
        assert_eq!((requests, settled, kept), (3, 1202, 0));
        assert_eq!(of(&app, &leader, loud.id, "").await.of.entries, 3);
        assert_eq!(of(&app, &leader, quiet.id, "").await.of.entries, 1);

        let rows = tables::all::<journal_entry::Entity>(&app).await;
        let (aside, waiting): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|r| r.state == "dismissed");
        assert_eq!((aside.len(), waiting.len()), (1201, 4));
        let account = aside[0].settled_by.unwrap();
        for row in &aside {
            assert_eq!((&row.body, row.size), (&None, Some(4)));
            assert_eq!(row.reason.as_deref(), Some("entry.malformed"));
            assert_eq!((row.sha256.len(), row.person_id), (32, Some(loud.id)));
            assert_eq!(
                (row.settled_at, row.settled_by),
                (Some(now(&app)), Some(account))
            );
        }
        assert!(waiting.iter().all(|r| r.body.is_some() && r.size.is_none()));
        let rivals = tables::all::<journal_conflict::Entity>(&app).await;
        assert_eq!((&rivals[0].body, rivals[0].size), (&None, Some(5)));
        assert_eq!(rivals[0].state, "dismissed");

        // Receipts still say something, and what is sent again is known.
        for (result, outcome) in [(&receipts[0], "quarantined"), (&conflict[0], "conflict")] {
            let told = receipt(&app, &leader, result.receipt.as_deref().unwrap()).await;
            assert_eq!(told.outcome, outcome);
            assert_eq!(told.set_aside_at, Some(now(&app)));
        }
        assert_eq!(one(&app, &loud, last[0].clone()).await.0, Outcome::Repeated);
        assert_eq!(of(&app, &leader, loud.id, "").await.of.entries, 3);

        // One row for each request, with how many.
        let deeds = tables::all::<audit::Entity>(&app).await;
        let mut deeds: Vec<_> = deeds
            .into_iter()
            .filter(|d| d.action == "entries_dismissed")
            .collect();
        deeds.sort_by_key(|d| d.id);
        let counts: Vec<_> = deeds.iter().map(|d| d.subject.clone().unwrap()).collect();
        assert_eq!(counts, ["500", "500", "202"]);
        for deed in deeds {
            assert_eq!(
                (deed.person_id, deed.project_id),
                (Some(loud.id), Some(project))
            );
            assert_eq!(deed.account_id, Some(account));
        }
        // Again, nothing is left to do and nothing is written down.
        assert_eq!(settle_all(&app, &leader, loud.id, form).await, (1, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn of_one_reason_only() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        say(&app, &someone, vec![seed::response(&someone, "mhrm-30", 1)]).await;
        let entries = junk(&app, 3);
        send(&app, &someone, entries.clone()).await;
        let id = entries[0].id.parse().unwrap();
        one(
            &app,
            &someone,
            seed::delivered(&app, id, "x".to_owned(), false),
        )
        .await;
        let malformed = of(&app, &leader, someone.id, "reason=entry.malformed").await;
        assert_eq!((malformed.entries.len(), malformed.of.entries), (3, 5));
        for (reason, settled) in [("entry.malformed", 3), ("entry.conflict", 1), ("x", 0)] {
            let form = json!({ "action": "dismiss", "reason": reason, "seen_until": now(&app) });
            let part = settle(&app, &leader, someone.id, &form).await;
            assert_eq!((part.settled, part.left), (settled, 0), "{reason}");
        }
        let left = of(&app, &leader, someone.id, "").await;
        assert_eq!(left.of.entries, 1);
        assert_eq!(left.entries[0].reason, "consent.missing");
    })
    .await;
}

#[tokio::test]
async fn all_are_tried_again_in_parts_when_the_cause_is_mended() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        say(
            &app,
            &someone,
            vec![seed::consent(Purpose::Evaluation, true)],
        )
        .await;
        let mut events = Vec::new();
        for code in 0..5 {
            let Event::ResponseSubmitted(mut r) = seed::response(&someone, "mhrm-30", code % 4)
            else {
                unreachable!()
            };
            r.edition = "licensed-1".to_owned();
            events.push(Event::ResponseSubmitted(r));
        }
        say(&app, &someone, events).await;
        send(&app, &someone, junk(&app, 60)).await;
        let key = ("mhrm-30".to_owned(), "demo-1".to_owned());
        let edition = instrument_edition::Entity::find_by_id(key);
        let edition = edition.one(app.state.db.read()).await.unwrap();
        let mut edition = edition.unwrap();
        edition.edition = "licensed-1".to_owned();
        edition.definition = edition
            .definition
            .replace("\"edition\":\"demo-1\"", "\"edition\":\"licensed-1\"");
        let row = edition.into_active_model().reset_all();
        row.insert(app.state.db.read()).await.unwrap();

        let form = json!({ "action": "retry", "seen_until": now(&app) });
        let (requests, settled, kept) = settle_all(&app, &leader, someone.id, form).await;
        assert_eq!((requests, settled, kept), (2, 5, 60));
        assert_eq!(tables::count::<response::Entity>(&app).await, 5);
        let left = of(&app, &leader, someone.id, "").await.of;
        assert_eq!((left.entries, left.reasons.len()), (60, 1));
    })
    .await;
}

#[tokio::test]
async fn a_yes_among_them_brings_in_what_waited_for_it() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        // The yes names a letter that comes later; the answers wait for the yes.
        let Event::ConsentGiven(mut words) = seed::consent(Purpose::Evaluation, true) else {
            unreachable!()
        };
        words.letter = "2".to_owned();
        let yes = Event::ConsentGiven(words);
        let events = vec![
            yes,
            seed::response(&someone, "mhrm-30", 1),
            seed::response(&someone, "lsns-9", 1),
        ];
        let results = say(&app, &someone, events).await;
        assert!(results.iter().all(|r| r.outcome == Outcome::Quarantined));
        let mut letter = tables::all::<letter::Entity>(&app).await.remove(0);
        letter.edition = "2".to_owned();
        let row = letter.into_active_model().reset_all();
        row.insert(app.state.db.read()).await.unwrap();
        let form = json!({ "action": "retry", "seen_until": now(&app) });
        let part = settle(&app, &leader, someone.id, &form).await;
        assert_eq!((part.settled, part.kept, part.left), (3, 0, 0));
        assert_eq!(tables::count::<response::Entity>(&app).await, 2);
    })
    .await;
}
