//! Erasing a person in two steps: one account asks, another one confirms; and everything that comes between the two.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::correct::MergeEffect;
use bedring_contract::course::{Actor, Happening, History};
use bedring_contract::erasure::{Erasure, ErasureBecame, ErasureReason};
use bedring_contract::followup::Worklist;
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::staff::Role;
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::{Outcome, Reason};
use bedring_server::jobs;
use bedring_store::entities::{
    account_project, audit, consent, device, erasure_request, erasure_waiting, journal_entry,
    person, response,
};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

mod between;
mod lost;

use super::devices::Device;
use crate::support::seed::{self, Someone};
use crate::support::staff::{Browser, account, disable, logged_in, path, session_of};
use crate::support::{Answer, TestApp, on_both, phone, request, tables};

fn about(person: Uuid) -> String {
    path(paths::PERSON_ERASURE, person)
}

fn one(person: Uuid, request: Uuid) -> String {
    path(&path(paths::PERSON_ERASURE_ONE, person), request)
}

fn confirming(person: Uuid, request: Uuid) -> String {
    path(&path(paths::PERSON_ERASURE_CONFIRM, person), request)
}

async fn seen(app: &TestApp, staff: &Browser, person: Uuid) -> Erasure {
    let answer = staff.get(app, &about(person)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

async fn asks(app: &TestApp, staff: &Browser, person: Uuid) -> Uuid {
    let answer = staff
        .post(app, &about(person), &json!({ "why": "person_asked" }))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json::<Erasure>().open.unwrap().id
}

async fn confirms(app: &TestApp, staff: &Browser, person: Uuid, request: Uuid) -> Answer {
    let path = confirming(person, request);
    staff.send(app, Method::POST, &path, None).await
}

#[track_caller]
fn done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
}

async fn is_erased(app: &TestApp, person: Uuid) -> bool {
    let row = tables::row::<person::Entity>(app, person).await;
    row.erased_at.is_some()
}

async fn became(app: &TestApp, request: Uuid) -> Option<String> {
    let row = tables::row::<erasure_request::Entity>(app, request).await;
    assert_eq!(row.closed_at.is_some(), row.became.is_some());
    assert!(
        row.closed_at.is_none() || row.note_sealed.is_none(),
        "what was answered keeps no words"
    );
    row.became
}

/// Somebody who answered, in a project.
async fn answered(app: &TestApp, project: Uuid) -> Someone {
    let someone = seed::someone(app, project).await;
    let said = vec![
        seed::consent(Purpose::Evaluation, true),
        seed::response(&someone, "lsns-9", 3),
    ];
    let results = phone::say(app, &someone, said).await;
    assert!(results.iter().all(|r| r.outcome == Outcome::Stored));
    someone
}

/// As a browser sends it again after the connection broke.
async fn with_key(app: &TestApp, staff: &Browser, key: Uuid, path: &str, body: &Value) -> Answer {
    let request = request(Method::POST, path)
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, staff.cookie().unwrap())
        .header(header::CONTENT_TYPE, "application/json")
        .header(paths::IDEMPOTENCY_KEY, key.to_string())
        .body(Body::from(body.to_string()))
        .unwrap();
    app.send(request).await
}

#[tokio::test]
async fn what_a_helper_asks_and_a_leader_confirms_is_as_if_the_person_had_done_it() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = answered(&app, project).await;
        let neighbour = answered(&app, project).await;
        let helper_id = account(&app, "hjaelper@example.org", Role::Helper, &[project]).await;
        let leader_id = account(&app, "leder@example.org", Role::ProjectLeader, &[project]).await;
        let helper = session_of(&app, helper_id).await;
        let leader = session_of(&app, leader_id).await;
        assert_eq!(seen(&app, &helper, someone.id).await.open, None);

        let note = "Ringede mandag fra en lånt telefon";
        let form = json!({ "why": "person_asked", "note": format!(" {note} ") });
        let asked = helper.post(&app, &about(someone.id), &form).await;
        assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.text());
        assert!(
            !is_erased(&app, someone.id).await,
            "nothing is, until somebody else says so"
        );
        let mine = phone::mine(&app, &someone).await;
        assert_eq!(mine.responses.len(), 1);
        let told = mine.seen_by.iter().find(|s| s.what == "erasure_requested");
        assert_eq!(told.unwrap().role, "helper", "the person can see it");

        // Both see it; whoever asked may only take it back.
        let open = seen(&app, &helper, someone.id).await.open.unwrap();
        assert!(open.may_take_back && !open.may_confirm);
        let found = seen(&app, &leader, someone.id).await;
        let open = found.open.unwrap();
        assert_eq!(open.asked_by, "hjaelper@example.org");
        assert_eq!(open.why, Some(ErasureReason::PersonAsked));
        assert_eq!(open.note.as_deref(), Some(note));
        assert!(open.may_confirm && open.may_take_back);
        assert_eq!((found.held.responses, found.held.devices), (1, 1));
        let stored = tables::row::<erasure_request::Entity>(&app, open.id).await;
        let sealed = stored.note_sealed.unwrap();
        assert!(
            !sealed
                .windows(6)
                .any(|bytes| bytes == &note.as_bytes()[..6])
        );
        let list: Worklist = leader.get(&app, paths::WORKLIST).await.json();
        assert_eq!(list.erasures.total, 1);
        let line = &list.erasures.lines[0];
        assert_eq!((line.who.person, line.may_confirm), (someone.id, true));
        let list: Worklist = helper.get(&app, paths::WORKLIST).await.json();
        assert!(!list.erasures.lines[0].may_confirm);

        confirms(&app, &helper, someone.id, open.id)
            .await
            .assert_problem(Code::AccessDenied);
        done(&confirms(&app, &leader, someone.id, open.id).await);

        // What is left of it is what is left when the person does it.
        assert!(is_erased(&app, someone.id).await);
        let answers = tables::all::<response::Entity>(&app).await;
        assert!(answers.iter().all(|r| r.person_id == neighbour.id) && answers.len() == 1);
        let devices = tables::all::<device::Entity>(&app).await;
        assert!(devices.iter().all(|d| d.person_id == neighbour.id));
        for row in tables::all::<journal_entry::Entity>(&app).await {
            let theirs = row.person_id == Some(someone.id);
            assert_eq!(theirs, row.state == "gone", "{row:?}");
            assert_eq!(theirs, row.body.is_none());
        }
        phone::mine_answer(&app, &someone.secret)
            .await
            .assert_problem(Code::PersonErased);
        let late = phone::answers(&app, &someone, "mhrm-30");
        let gone = (Outcome::Gone, Some(Reason::PersonErased));
        assert_eq!(phone::one(&app, &someone, late).await, gone);
        assert_eq!(tables::all::<response::Entity>(&app).await.len(), 1);

        // And who did it stands for good, without a word of content.
        assert_eq!(became(&app, open.id).await.as_deref(), Some("erased"));
        let row = tables::row::<erasure_request::Entity>(&app, open.id).await;
        assert_eq!((row.asked_by, row.closed_by), (helper_id, Some(leader_id)));
        assert_eq!(row.why, "person_asked");
        let ledger = tables::row::<consent::Entity>(&app, open.id).await;
        assert_eq!(ledger.account_id, Some(leader_id));
        for (deed, account) in [
            ("erasure_requested", helper_id),
            ("erasure_confirmed", leader_id),
        ] {
            let rows = tables::all::<audit::Entity>(&app).await;
            let rows: Vec<_> = rows.iter().filter(|r| r.action == deed).collect();
            assert_eq!(rows.len(), 1, "{deed}");
            assert_eq!(rows[0].account_id, Some(account));
            assert_eq!(
                (rows[0].person_id, rows[0].project_id),
                (Some(someone.id), Some(project))
            );
            assert_eq!(rows[0].subject, Some(open.id.to_string()));
        }
        let history: History = leader
            .get(&app, &path(paths::PERSON_HISTORY, someone.id))
            .await
            .json();
        let by = |what: &Happening| {
            let line = history.lines.iter().find(|l| l.what == *what);
            line.map(|l| l.by.clone())
        };
        let why = Some(ErasureReason::PersonAsked);
        let email = |email: &str| {
            Some(Actor::Staff {
                email: email.to_owned(),
            })
        };
        let requested = by(&Happening::ErasureRequested { why });
        assert_eq!(requested, email("hjaelper@example.org"));
        let erased = Some(ErasureBecame::Erased);
        let answered = by(&Happening::ErasureAnswered { became: erased });
        assert_eq!(answered, email("leder@example.org"));
        let list: Worklist = leader.get(&app, paths::WORKLIST).await.json();
        assert_eq!(list.erasures.total, 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_two_people_and_no_two_helpers_are_enough() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let other = seed::project(&app).await;
        let someone = answered(&app, project).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let evaluator = logged_in(&app, Role::Evaluator, &[]).await;
        let elsewhere = logged_in(&app, Role::ProjectLeader, &[other]).await;
        let form = json!({ "why": "not_needed" });
        let refused = evaluator.post(&app, &about(someone.id), &form).await;
        refused.assert_problem(Code::AccessDenied);
        let refused = elsewhere.post(&app, &about(someone.id), &form).await;
        refused.assert_problem(Code::NotFound);

        let request = asks(&app, &leader, someone.id).await;
        for (staff, code) in [
            (&leader, Code::ErasureSecondPerson),
            (&leader.copy(), Code::ErasureSecondPerson),
            (&helper, Code::AccessDenied),
            (&evaluator, Code::AccessDenied),
            (&elsewhere, Code::NotFound),
        ] {
            confirms(&app, staff, someone.id, request)
                .await
                .assert_problem(code);
        }
        // Under its own person's address only.
        let neighbour = seed::someone(&app, project).await;
        let administrator = logged_in(&app, Role::Administrator, &[]).await;
        for path in [
            one(neighbour.id, request),
            one(someone.id, Uuid::from_u128(1)),
        ] {
            let refused = administrator.delete(&app, &path).await;
            refused.assert_problem(Code::NotFound);
        }
        confirms(&app, &administrator, neighbour.id, request)
            .await
            .assert_problem(Code::NotFound);
        assert!(!is_erased(&app, someone.id).await);
        // Where a project has one leader, an administrator is the other one.
        done(&confirms(&app, &administrator, someone.id, request).await);
        assert!(is_erased(&app, someone.id).await);
        assert!(!is_erased(&app, neighbour.id).await);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_not_there_any_more_confirms_nothing() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = answered(&app, project).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let request = asks(&app, &helper, someone.id).await;

        let left = account(&app, "gaaet@example.org", Role::ProjectLeader, &[project]).await;
        let gone = session_of(&app, left).await;
        account_project::Entity::delete_many()
            .filter(account_project::Column::AccountId.eq(left))
            .exec(app.state.db.read())
            .await
            .unwrap();
        confirms(&app, &gone, someone.id, request)
            .await
            .assert_problem(Code::NotFound);
        let ended = account(&app, "lukket@example.org", Role::ProjectLeader, &[project]).await;
        let disabled = session_of(&app, ended).await;
        disable(&app, "lukket@example.org").await;
        let answer = confirms(&app, &disabled, someone.id, request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(!is_erased(&app, someone.id).await);
        assert_eq!(
            became(&app, request).await,
            None,
            "it waits for somebody else"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_twice_or_by_two_at_once_happens_once() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = answered(&app, project).await;
        let helpers = [
            logged_in(&app, Role::Helper, &[project]).await,
            logged_in(&app, Role::Helper, &[project]).await,
        ];
        let leaders = [
            logged_in(&app, Role::ProjectLeader, &[project]).await,
            logged_in(&app, Role::ProjectLeader, &[project]).await,
        ];
        let form = json!({ "why": "representative_asked" });
        let (to, key) = (about(someone.id), Uuid::from_u128(17));
        let (a, b) = tokio::join!(
            with_key(&app, &helpers[0], key, &to, &form),
            with_key(&app, &helpers[1], key, &to, &form)
        );
        let mut both = [a.status, b.status];
        both.sort();
        assert_eq!(both, [StatusCode::CREATED, StatusCode::CONFLICT]);
        let refused = if a.status == StatusCode::CONFLICT {
            &a
        } else {
            &b
        };
        refused.assert_problem(Code::ErasureOpen);
        let first = if a.status == StatusCode::CREATED {
            0
        } else {
            1
        };
        let again = with_key(&app, &helpers[first], key, &to, &form).await;
        assert_eq!(again.status, StatusCode::CREATED);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(tables::count::<erasure_request::Entity>(&app).await, 1);

        let request = seen(&app, &leaders[0], someone.id).await.open.unwrap().id;
        let (to, key) = (confirming(someone.id, request), Uuid::from_u128(18));
        let none = Value::Null;
        let (a, b) = tokio::join!(
            with_key(&app, &leaders[0], key, &to, &none),
            with_key(&app, &leaders[1], key, &to, &none)
        );
        let mut both = [a.status, b.status];
        both.sort();
        assert_eq!(both, [StatusCode::NO_CONTENT, StatusCode::GONE]);
        let first = usize::from(a.status != StatusCode::NO_CONTENT);
        let again = with_key(&app, &leaders[first], key, &to, &none).await;
        assert_eq!(again.status, StatusCode::NO_CONTENT, "the same answer");
        let rows = tables::all::<audit::Entity>(&app).await;
        let erased = rows.iter().filter(|r| r.action == "erasure_confirmed");
        assert_eq!(erased.count(), 1);
        leaders[first]
            .post(&app, &about(someone.id), &form)
            .await
            .assert_problem(Code::PersonErased);
    })
    .await;
}
