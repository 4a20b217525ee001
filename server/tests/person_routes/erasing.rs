//! An erasure from a device that is not known waits seven days, and can be taken back.

use axum::http::{Method, StatusCode};
use bedring_contract::device::WaysIn;
use bedring_contract::paths;
use bedring_contract::person::PersonBundle;
use bedring_contract::problem::Code;
use bedring_domain::consent::{Purpose, Scope};
use bedring_server::jobs;
use bedring_store::entities::{person, response};
use bedring_store::sea_orm::{EntityTrait, PaginatorTrait};
use std::time::Duration;

use super::devices::{Device, newcomer};
use crate::support::seed::{self, Someone};
use crate::support::{TestApp, on_both, phone, tables};

const DAY: u64 = 86_400;

async fn says(app: &TestApp, device: &Device, minute: i64, event: bedring_domain::journal::Event) {
    let entry = seed::entry(app, seed::minute(minute), event, true);
    let body = String::from_utf8(phone::bytes(vec![entry])).unwrap();
    let answer = device
        .ask(app, Method::POST, paths::JOURNAL, Some(body))
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
}

async fn answered(app: &TestApp) -> (Someone, Device) {
    let someone = newcomer(app).await;
    let mut own = Device::new(&someone.secret, 1);
    assert!(own.registers(app).await);
    says(app, &own, 0, seed::consent(Purpose::Evaluation, true)).await;
    says(app, &own, 1, seed::response(&someone, "lsns-9", 3)).await;
    (someone, own)
}

async fn days_pass(app: &TestApp, days: u64) {
    app.clock.advance(Duration::from_secs(days * DAY));
    while jobs::run_due(&app.state).await.unwrap() > 0 {}
}

async fn held(app: &TestApp, someone: &Someone) -> (u64, bool) {
    let responses = response::Entity::find()
        .count(app.state.db.read())
        .await
        .unwrap();
    let row = tables::row::<person::Entity>(app, someone.id).await;
    (responses, row.erased_at.is_some())
}

#[tokio::test]
async fn a_stranger_with_a_link_erases_nothing_that_the_person_wants_to_keep() {
    on_both(|app| async move {
        let (someone, own) = answered(&app).await;
        let mut stranger = Device::new(&someone.secret, 2);
        assert!(!stranger.registers(&app).await);
        says(&app, &stranger, 5, seed::withdrawal(Scope::Erase)).await;
        assert_eq!(held(&app, &someone).await, (1, false));
        let bundle: PersonBundle = own
            .ask(&app, Method::GET, paths::OCCASION, None)
            .await
            .json();
        assert_eq!(
            bundle.standing.withdrawn,
            Some(Scope::StopAsking),
            "nobody asks meanwhile"
        );
        assert_eq!(bundle.erasing.unwrap().on.to_string(), "2026-03-09");
        stranger
            .ask(&app, Method::POST, paths::ERASURE_TAKE_BACK, None)
            .await
            .assert_problem(Code::DeviceUnknown);
        days_pass(&app, 6).await;
        let taken = own
            .ask(&app, Method::POST, paths::ERASURE_TAKE_BACK, None)
            .await;
        assert_eq!(taken.status, StatusCode::NO_CONTENT);
        days_pass(&app, 2).await;
        assert_eq!(held(&app, &someone).await, (1, false));
        // Asked for again, it waits its own seven days.
        says(&app, &stranger, 8, seed::withdrawal(Scope::Erase)).await;
        days_pass(&app, 6).await;
        assert_eq!(held(&app, &someone).await, (1, false));
        let ways: WaysIn = own.ask(&app, Method::GET, paths::WAYS, None).await.json();
        assert!(ways.erasing.is_some());
        days_pass(&app, 1).await;
        assert_eq!(held(&app, &someone).await, (0, true));
        own.ask(&app, Method::GET, paths::OCCASION, None)
            .await
            .assert_problem(Code::PersonErased);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_known_erases_at_once_also_what_waits() {
    on_both(|app| async move {
        let (someone, own) = answered(&app).await;
        let mut stranger = Device::new(&someone.secret, 2);
        stranger.registers(&app).await;
        says(&app, &stranger, 5, seed::withdrawal(Scope::Erase)).await;
        says(&app, &own, 6, seed::withdrawal(Scope::Erase)).await;
        assert_eq!(held(&app, &someone).await, (0, true));
        days_pass(&app, 8).await;
        assert_eq!(
            held(&app, &someone).await,
            (0, true),
            "the job finds nothing to do"
        );
    })
    .await;
}

#[tokio::test]
async fn a_yes_after_taking_it_back_goes_on_as_before() {
    on_both(|app| async move {
        let (_, own) = answered(&app).await;
        let stranger = Device::new(&own.secret, 7);
        says(&app, &stranger, 5, seed::withdrawal(Scope::Erase)).await;
        own.ask(&app, Method::POST, paths::ERASURE_TAKE_BACK, None)
            .await;
        own.ask(&app, Method::POST, paths::ERASURE_TAKE_BACK, None)
            .await
            .assert_problem(Code::NotFound);
        says(&app, &own, 40, seed::consent(Purpose::Evaluation, true)).await;
        let bundle: PersonBundle = own
            .ask(&app, Method::GET, paths::OCCASION, None)
            .await
            .json();
        assert_eq!(bundle.standing.withdrawn, None);
        assert_eq!(bundle.erasing, None);
    })
    .await;
}
