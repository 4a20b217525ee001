//! What staff write about people, what is kept apart, and how it is settled.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use axum::http::StatusCode;
use bedring_contract::journal::{DeliveredEntry, DeliveryResults, EntryResult};
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::quarantine::{Quarantine, QuarantineLine, ReceiptStatus, Resolved};
use bedring_contract::staff::{PersonDetail, Role, Scores};
use bedring_domain::consent::{Channel, Purpose};
use bedring_domain::course::Mode;
use bedring_domain::journal::{Event, Outcome, Reason};
use bedring_store::entities::{
    consent, instrument_edition, journal_conflict, journal_entry, response,
};
use bedring_store::sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::json;
use support::phone::{deliver, say, say_at};
use support::seed::{self, Someone};
use support::staff::{Browser, logged_in, path};
use support::{TestApp, on_both, tables};
use uuid::Uuid;

/// An entry that staff write about a person.
fn about(app: &TestApp, person: Option<Uuid>, minute: i64, event: Event) -> DeliveredEntry {
    seed::entry_about(app, person, seed::minute(minute), event, false)
}

async fn write(app: &TestApp, staff: &Browser, entries: Vec<DeliveredEntry>) -> Vec<EntryResult> {
    let answer = staff
        .post(app, paths::JOURNAL, &seed::delivery(entries))
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    answer.json::<DeliveryResults>().results
}

async fn quarantine(app: &TestApp, staff: &Browser) -> Vec<QuarantineLine> {
    let quarantine: Quarantine = staff.get(app, paths::QUARANTINE).await.json();
    assert_eq!(quarantine.total, quarantine.entries.len() as u64);
    quarantine.entries
}

async fn resolve(app: &TestApp, staff: &Browser, id: Uuid, action: &str) -> Resolved {
    let answer = staff
        .post(
            app,
            &path(paths::QUARANTINE_RESOLUTION, id),
            &json!({ "action": action }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn receipt(app: &TestApp, staff: &Browser, receipt: &str) -> ReceiptStatus {
    let answer = staff.get(app, &path(paths::RECEIPT, receipt)).await;
    assert_eq!(
        answer.status,
        StatusCode::OK,
        "{receipt}: {}",
        answer.text()
    );
    answer.json()
}

fn spoken(given: bool) -> Event {
    let Event::ConsentGiven(mut words) = seed::consent(Purpose::Evaluation, given) else {
        unreachable!()
    };
    (words.channel, words.witness) = (Channel::Spoken, Some("hjælper HH".to_owned()));
    Event::ConsentGiven(words)
}

fn on_paper(someone: &Someone, instrument: &str) -> Event {
    let Event::ResponseSubmitted(mut response) = seed::response(someone, instrument, 2) else {
        unreachable!()
    };
    (response.mode, response.helped_by) = (Mode::Paper, Some("hjælper".to_owned()));
    Event::ResponseSubmitted(response)
}

fn receipt_of(result: &EntryResult) -> String {
    result.receipt.clone().unwrap()
}

#[tokio::test]
async fn helpers_write_what_was_said_and_filled_in_on_paper_in_their_own_projects() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        let (ours, theirs) = (
            seed::someone(&app, project).await,
            seed::someone(&app, other).await,
        );
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let results = write(
            &app,
            &helper,
            vec![
                about(&app, Some(ours.id), 0, spoken(true)),
                // The occasion says whose it is.
                about(&app, None, 1, on_paper(&ours, "lsns-9")),
                about(&app, Some(theirs.id), 2, spoken(true)),
                about(&app, None, 3, on_paper(&theirs, "lsns-9")),
                about(&app, None, 4, spoken(true)),
            ],
        )
        .await;
        let outcomes: Vec<_> = results.iter().map(|r| (r.outcome, r.reason)).collect();
        let stranger = (Outcome::Quarantined, Some(Reason::PersonUnknown));
        assert_eq!(
            outcomes,
            [
                (Outcome::Stored, None),
                (Outcome::Stored, None),
                stranger,
                stranger,
                stranger
            ]
        );

        let ledger = tables::all::<consent::Entity>(&app).await;
        assert_eq!(
            (
                ledger.len(),
                ledger[0].person_id,
                ledger[0].channel.as_str()
            ),
            (1, ours.id, "spoken")
        );
        assert_eq!(tables::all::<response::Entity>(&app).await[0].mode, "paper");

        assert!(
            quarantine(&app, &helper).await.is_empty(),
            "nobody's entries are not told in a project"
        );
        let administrator = logged_in(&app, Role::Administrator, &[]).await;
        let apart = quarantine(&app, &administrator).await;
        assert_eq!(apart.len(), 3);
        assert!(
            apart
                .iter()
                .all(|l| l.reason == "person.unknown" && l.person_code.is_none())
        );
        let elsewhere = path(paths::RECEIPT, results[2].receipt.as_deref().unwrap());
        helper
            .get(&app, &elsewhere)
            .await
            .assert_problem(Code::NotFound);
        for role in [Role::Administrator, Role::Evaluator] {
            let staff = logged_in(&app, role, &[]).await;
            let answer = staff
                .post(&app, paths::JOURNAL, &seed::delivery(vec![]))
                .await;
            answer.assert_problem(Code::AccessDenied);
        }
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_listed_where_it_belongs_and_settled_when_its_cause_is_mended() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        let someone = seed::someone(&app, project).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let elsewhere = logged_in(&app, Role::ProjectLeader, &[other]).await;
        let yes = seed::consent(Purpose::Evaluation, true);
        let Event::ResponseSubmitted(mut newer) = seed::response(&someone, "lsns-9", 4) else {
            unreachable!()
        };
        newer.edition = "licensed-1".to_owned();
        let results = say(&app, &someone, vec![yes, Event::ResponseSubmitted(newer)]).await;
        assert_eq!(results[1].reason, Some(Reason::InstrumentUnknownEdition));

        let apart = quarantine(&app, &leader).await;
        assert_eq!(apart.len(), 1);
        let line = &apart[0];
        assert_eq!(
            (line.reason.as_str(), line.kind.as_deref()),
            ("instrument.unknown_edition", Some("response_submitted"))
        );
        assert_eq!(
            (line.person, line.project_code.as_deref()),
            (Some(someone.id), Some("P"))
        );
        assert_eq!(line.id.to_string(), results[1].id);
        assert_eq!(Some(&line.receipt), results[1].receipt.as_ref());
        assert!(quarantine(&app, &elsewhere).await.is_empty());

        let still = resolve(&app, &leader, line.id, "retry").await;
        assert_eq!(
            (still.settled, still.reason.as_deref()),
            (false, Some("instrument.unknown_edition"))
        );
        let status = receipt(&app, &leader, &line.receipt).await;
        assert_eq!(
            (status.outcome.as_str(), status.reason),
            ("quarantined", still.reason)
        );

        let db = app.state.db.read();
        let key = ("lsns-9".to_owned(), "demo-1".to_owned());
        let mut edition = instrument_edition::Entity::find_by_id(key)
            .one(db)
            .await
            .unwrap()
            .unwrap();
        edition.edition = "licensed-1".to_owned();
        edition.definition = edition
            .definition
            .replace("\"edition\":\"demo-1\"", "\"edition\":\"licensed-1\"");
        let row = edition.into_active_model().reset_all();
        instrument_edition::Entity::insert(row)
            .exec_without_returning(db)
            .await
            .unwrap();
        assert!(resolve(&app, &leader, line.id, "retry").await.settled);
        assert!(quarantine(&app, &leader).await.is_empty());
        assert_eq!(tables::count::<response::Entity>(&app).await, 1);
        let status = receipt(&app, &leader, &line.receipt).await;
        assert_eq!((status.outcome.as_str(), status.reason), ("stored", None));
        let again = json!({ "action": "retry" });
        let answer = leader
            .post(&app, &path(paths::QUARANTINE_RESOLUTION, line.id), &again)
            .await;
        answer.assert_problem(Code::NotFound);
        let evaluator = logged_in(&app, Role::Evaluator, &[]).await;
        let detail: PersonDetail = evaluator
            .get(&app, &path(paths::PERSON, someone.id))
            .await
            .json();
        let Scores::Shown { responses } = detail.scores else {
            panic!("{:?}", detail.scores)
        };
        assert_eq!(responses[0].edition.edition, "licensed-1");
    })
    .await;
}

#[tokio::test]
async fn what_is_set_aside_loses_its_bytes_and_keeps_its_answer() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let early = say(&app, &someone, vec![seed::response(&someone, "mhrm-30", 1)]).await;
        let apart = quarantine(&app, &leader).await;
        assert_eq!(apart[0].reason, "consent.missing");
        assert!(resolve(&app, &leader, apart[0].id, "dismiss").await.settled);
        assert!(quarantine(&app, &leader).await.is_empty());
        let row = tables::row::<journal_entry::Entity>(&app, apart[0].id).await;
        assert_eq!((row.state.as_str(), row.body), ("dismissed", None));
        assert!(row.settled_by.is_some() && row.size > Some(100));
        assert_eq!(row.settled_at, Some(app.state.clock.now()));
        say_at(
            &app,
            &someone,
            5,
            vec![seed::consent(Purpose::Evaluation, true)],
        )
        .await;
        assert_eq!(
            tables::count::<response::Entity>(&app).await,
            0,
            "a person decided to leave it out"
        );
        let status = receipt(&app, &leader, early[0].receipt.as_deref().unwrap()).await;
        assert_eq!(status.outcome, "quarantined");
        assert_eq!(status.entries[0].set_aside_at, row.settled_at);
        assert_eq!(status.reason.as_deref(), Some("consent.missing"));
    })
    .await;
}

#[tokio::test]
async fn other_bytes_under_a_known_id_are_listed_and_can_only_be_set_aside() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let first = seed::entry(
            &app,
            seed::minute(0),
            seed::consent(Purpose::Evaluation, true),
            false,
        );
        let id = Uuid::parse_str(&first.id).unwrap();
        let second = seed::delivered(&app, id, first.body.replace("\"da\"", "\"en\""), false);
        let stored = deliver(&app, &someone.secret, &seed::delivery(vec![first])).await;
        let conflict = deliver(&app, &someone.secret, &seed::delivery(vec![second])).await;
        assert_eq!(conflict[0].outcome, Outcome::Conflict);

        let apart = quarantine(&app, &leader).await;
        assert_eq!(apart.len(), 1);
        let line = &apart[0];
        assert_eq!((line.reason.as_str(), line.entry), ("entry.conflict", id));
        assert_ne!(line.id, id);
        assert_eq!(Some(&line.receipt), conflict[0].receipt.as_ref());
        assert_eq!(
            receipt(&app, &leader, &receipt_of(&stored[0]))
                .await
                .outcome,
            "stored"
        );
        let told = receipt(&app, &leader, &receipt_of(&conflict[0])).await;
        assert_eq!(
            (told.outcome.as_str(), told.reason.as_deref()),
            ("conflict", Some("entry.conflict"))
        );

        let retried = resolve(&app, &leader, line.id, "retry").await;
        assert_eq!(
            (retried.settled, retried.reason.as_deref()),
            (false, Some("entry.conflict"))
        );
        assert!(resolve(&app, &leader, line.id, "dismiss").await.settled);
        assert!(quarantine(&app, &leader).await.is_empty());
        let row = tables::row::<journal_conflict::Entity>(&app, line.id).await;
        assert_eq!((row.state.as_str(), row.body), ("dismissed", None));
        assert!(row.size > Some(0));
        let told = receipt(&app, &leader, &receipt_of(&conflict[0])).await;
        assert_eq!(
            (told.outcome.as_str(), told.set_aside_at),
            ("conflict", row.settled_at)
        );
    })
    .await;
}
