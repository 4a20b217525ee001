//! What staff see and do about a person's ways in, and what phones are answered then.

use axum::http::{Method, StatusCode};
use bedring_contract::device::WaysIn;
use bedring_contract::invitation::Invitation;
use bedring_contract::paths;
use bedring_contract::person::Exchange;
use bedring_contract::problem::Code;
use bedring_contract::staff::Role;
use bedring_domain::consent::{Purpose, Scope};
use bedring_server::programme::invitation::kind;
use bedring_store::entities::{audit, person};
use uuid::Uuid;

use crate::devices::{Device, link};
use crate::support::seed::{self, Someone};
use crate::support::staff::{Browser, logged_in, path};
use crate::support::{TestApp, on_both, phone, tables};
use crate::{bundle, get_with, invited};

async fn ways(app: &TestApp, staff: &Browser, someone: &Someone) -> WaysIn {
    let answer = staff.get(app, &path(paths::PERSON_WAYS, someone.id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

fn one(person: Uuid, way: Uuid) -> String {
    path(&path(paths::PERSON_WAYS_ONE, person), way)
}

async fn project_of(app: &TestApp, someone: &Someone) -> Uuid {
    let row = tables::row::<person::Entity>(app, someone.id).await;
    row.project_id
}

async fn invite(app: &TestApp, staff: &Browser, someone: &Someone, how: &str) -> Invitation {
    let path = path(paths::PERSON_INVITATION, someone.id) + how;
    let answer = staff.send(app, Method::POST, &path, None).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

fn secret_of(invitation: &Invitation) -> String {
    let (_, secret) = invitation.link.split_once('#').unwrap();
    secret.to_owned()
}

/// What a stranger's browser is answered, which has the link alone.
async fn stranger(app: &TestApp, secret: &str) -> Result<(), Code> {
    let answer = get_with(app, paths::OCCASION, secret).await;
    match answer.status {
        StatusCode::OK => Ok(()),
        _ => Err(answer.json::<bedring_contract::problem::Problem>().code),
    }
}

#[tokio::test]
async fn ways_in_are_seen_and_ended_by_those_who_may_and_by_nobody_elsewhere() {
    on_both(|app| async move {
        let (someone, _) = invited(&app).await;
        let (project, other) = (project_of(&app, &someone).await, seed::project(&app).await);
        let elsewhere = logged_in(&app, Role::Helper, &[other]).await;
        let evaluator = logged_in(&app, Role::Evaluator, &[]).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;

        let seen = ways(&app, &evaluator, &someone).await;
        let mut kinds: Vec<_> = seen.ways.iter().map(|w| w.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, [kind::CODE, kind::LINK]);
        assert_eq!(seen.devices.len(), 1);
        assert!(seen.devices[0].known && seen.erasing.is_none());
        assert_eq!(ways(&app, &helper, &someone).await, seen);

        let way = seen.ways[0].id;
        let all = path(paths::PERSON_WAYS, someone.id);
        elsewhere
            .get(&app, &all)
            .await
            .assert_problem(Code::NotFound);
        for path in [all, one(someone.id, way)] {
            let refused = elsewhere.delete(&app, &path).await;
            refused.assert_problem(Code::NotFound);
            let refused = evaluator.delete(&app, &path).await;
            refused.assert_problem(Code::AccessDenied);
        }
        // A way in is ended under its own person's address only.
        let neighbour = seed::someone(&app, project).await;
        let refused = helper.delete(&app, &one(neighbour.id, way)).await;
        refused.assert_problem(Code::NotFound);
        assert_eq!(
            ways(&app, &helper, &someone).await,
            seen,
            "nothing was ended"
        );
        assert_eq!(stranger(&app, &someone.secret).await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn a_link_that_staff_ended_lets_no_stranger_in_and_the_persons_phone_goes_on() {
    on_both(|app| async move {
        let (someone, _) = invited(&app).await;
        let project = project_of(&app, &someone).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let mailed = link(&app, &someone, kind::MAIL).await;
        let seen = ways(&app, &helper, &someone).await;
        let way = seen.ways.iter().find(|w| w.kind == kind::LINK).unwrap();
        assert_eq!(way.ended_at, None);

        let answer = helper.delete(&app, &one(someone.id, way.id)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());

        let ended = Err(Code::AuthSecretEnded);
        assert_eq!(stranger(&app, &someone.secret).await, ended);
        assert_eq!(stranger(&app, &mailed).await, Ok(()), "only this one");
        let after = ways(&app, &helper, &someone).await;
        let is_ended = |id| {
            after
                .ways
                .iter()
                .any(|w| w.id == id && w.ended_at.is_some())
        };
        assert!(is_ended(way.id));
        assert_eq!(
            after.ways.iter().filter(|w| w.ended_at.is_some()).count(),
            1
        );

        // The person's own phone reads, and is told who ended it and when.
        let mine = phone::mine(&app, &someone).await;
        let told: Vec<_> = mine
            .seen_by
            .iter()
            .filter(|s| s.what == "ways_ended")
            .collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].role, "helper");
        let rows = tables::all::<audit::Entity>(&app).await;
        let row = rows.iter().find(|r| r.action == "ways_ended").unwrap();
        assert_eq!(
            (row.person_id, row.project_id),
            (Some(someone.id), Some(project))
        );
        assert_eq!(row.subject, Some(way.id.to_string()));
    })
    .await;
}

#[tokio::test]
async fn ending_all_ends_links_mails_and_codes_that_nobody_has_typed() {
    on_both(|app| async move {
        let (someone, way_in) = invited(&app).await;
        let project = project_of(&app, &someone).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[project]).await;
        let mailed = link(&app, &someone, kind::MAIL).await;
        let neighbour = seed::someone(&app, project).await;

        let all = path(paths::PERSON_WAYS, someone.id);
        let answer = leader.delete(&app, &all).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());

        for secret in [&someone.secret, &mailed] {
            let ended = Err(Code::AuthSecretEnded);
            assert_eq!(stranger(&app, secret).await, ended);
        }
        let code = way_in.short_code.clone();
        let typed = app.post(paths::EXCHANGE, &Exchange { code }).await;
        typed.assert_problem(Code::CodeUnknown);
        let after = ways(&app, &leader, &someone).await;
        assert!(after.ways.iter().all(|w| w.ended_at.is_some()));
        assert_eq!(stranger(&app, &neighbour.secret).await, Ok(()));
        phone::mine(&app, &someone).await;

        // A new invitation lets somebody in again.
        let secret = secret_of(&invite(&app, &leader, &someone, "").await);
        assert_eq!(bundle(&app, &secret).await.person, someone.id);
    })
    .await;
}

#[tokio::test]
async fn of_whoever_erased_everything_nothing_is_ended() {
    on_both(|app| async move {
        let (someone, _) = invited(&app).await;
        let project = project_of(&app, &someone).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        crate::deliver(&app, &someone, 0, vec![seed::withdrawal(Scope::Erase)]).await;
        let all = path(paths::PERSON_WAYS, someone.id);
        let answer = helper.delete(&app, &all).await;
        answer.assert_problem(Code::PersonErased);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_ends_the_ways_before_unless_staff_keep_them() {
    on_both(|app| async move {
        let (someone, _) = invited(&app).await;
        let project = project_of(&app, &someone).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let kept = secret_of(&invite(&app, &helper, &someone, "?keep_earlier=true").await);
        assert_eq!(stranger(&app, &someone.secret).await, Ok(()));
        let last = secret_of(&invite(&app, &helper, &someone, "").await);
        for secret in [&someone.secret, &kept] {
            let ended = Err(Code::AuthSecretEnded);
            assert_eq!(stranger(&app, secret).await, ended);
        }
        assert_eq!(stranger(&app, &last).await, Ok(()));
        // Whose it is, and whose phone is known, goes on by a link that was ended.
        phone::mine(&app, &someone).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_said_stop_gets_a_way_in_on_their_own_wish_that_reads_nothing_of_before() {
    on_both(|app| async move {
        let (someone, _) = invited(&app).await;
        let project = project_of(&app, &someone).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let said = vec![
            seed::consent(Purpose::Evaluation, true),
            seed::withdrawal(Scope::StopUsing),
        ];
        crate::deliver(&app, &someone, 0, said).await;
        let asked = path(paths::PERSON_INVITATION, someone.id);
        let refused = helper.send(&app, Method::POST, &asked, None).await;
        refused.assert_problem(Code::PersonUnwilling);

        let secret = secret_of(&invite(&app, &helper, &someone, "?own_wish=true").await);
        assert_eq!(bundle(&app, &secret).await.person, someone.id);
        let mut device = Device::new(&secret, 9);
        assert!(!device.registers(&app).await, "a link is not a person");
        let read = device.ask(&app, Method::GET, paths::MINE, None).await;
        read.assert_problem(Code::DeviceUnknown);
        phone::mine(&app, &someone).await;
    })
    .await;
}
