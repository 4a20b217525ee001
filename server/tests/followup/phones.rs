//! The telephone number of a person: sealed like the address, seen by whoever sees names in the project, on the call that it is for, gone
//! with the person, and never in a log.

use bedring_contract::course::{Actor, Happening, History};
use bedring_contract::problem::Code;
use bedring_domain::consent::{Purpose, Scope};
use bedring_store::entities::{audit, contact, journal_entry, person_change};

use super::*;
use crate::support::log::Log;
use crate::support::{on_both, phone, seed};

/// Nobody has it: no Danish number begins with 0, and no country code does.
const NUMBER: &str = "00 91 82 73";
const DIGITS: &str = "00918273";

async fn dial(app: &TestApp, staff: &Browser, person: Uuid, number: Option<&str>) -> StatusCode {
    let form = json!({ "phone": number });
    let target = path(paths::PERSON_PHONE, person);
    staff.post(app, &target, &form).await.status
}

async fn sealed(app: &TestApp, person: Uuid) -> Option<Vec<u8>> {
    let row = tables::find::<contact::Entity>(app, person).await;
    row.and_then(|row| row.phone_sealed)
}

/// Whether these digits stand somewhere in what the database has on its disk, with or without spaces.
fn on_disk(app: &TestApp) -> bool {
    let data = &app.state.config.data.dir;
    let files = std::fs::read_dir(data).unwrap().map(|f| f.unwrap().path());
    let names = |path: &std::path::PathBuf| path.to_string_lossy().contains(".sqlite");
    let mut seen = 0;
    let found = files.filter(names).any(|path| {
        seen += 1;
        let bytes = std::fs::read(path).unwrap();
        [NUMBER, DIGITS]
            .iter()
            .any(|n| bytes.windows(n.len()).any(|w| w == n.as_bytes()))
    });
    assert!(seen > 0 || found, "there is no database file to look into");
    found
}

#[tokio::test]
async fn a_number_is_sealed_on_the_disk_and_opened_for_those_who_see_names() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let form = json!({ "name": "Bo", "phone": format!(" {NUMBER} ") });
        let person = register(&app, project, form).await.id;
        let plain = sealed(&app, person).await.unwrap();
        assert!(!plain.windows(3).any(|w| w == b"918"));
        if app.backend == crate::support::Backend::Sqlite {
            assert!(!on_disk(&app));
            // The look itself works: what is not sealed is found.
            change(&app, occasions(&app, person).await[0].id, |row| {
                row.missed_reason = Set(Some(DIGITS.to_owned()));
            })
            .await;
            assert!(on_disk(&app));
        }
        assert_eq!(
            detail(&app, project, person).await.phone.as_deref(),
            Some(NUMBER)
        );
        let evaluator = logged_in(&app, Role::Evaluator, &[]).await;
        let answer = evaluator.get(&app, &path(paths::PERSON, person)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.text().contains("91 82 73"), "{}", answer.text());
    })
    .await;
}

#[tokio::test]
async fn another_projects_leader_neither_reads_nor_writes_it() {
    on_both(|app| async move {
        let (ours, theirs) = (seed::project(&app).await, seed::project(&app).await);
        let form = json!({ "start": "2026-01-01", "phone": NUMBER });
        let person = register(&app, ours, form).await.id;
        let intake = occasions(&app, person).await[0].id;
        seed::call(&app, intake, "2026-03-02").await;
        let stranger = leader(&app, theirs).await;
        stranger
            .get(&app, &path(paths::PERSON, person))
            .await
            .assert_problem(Code::NotFound);
        let status = dial(&app, &stranger, person, Some("00 11 22 33")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let status = dial(&app, &stranger, person, None).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let list = stranger.get(&app, paths::WORKLIST).await;
        assert!(!list.text().contains("91 82 73"), "{}", list.text());
        assert_eq!(
            detail(&app, ours, person).await.phone.as_deref(),
            Some(NUMBER),
            "and it is what it was"
        );
    })
    .await;
}

#[tokio::test]
async fn the_call_carries_the_number_and_only_the_call_does() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let form = json!({ "start": "2026-01-01", "phone": NUMBER });
        let with = register(&app, project, form).await.id;
        let without = register(&app, project, json!({ "start": "2026-01-01" }))
            .await
            .id;
        let staff = leader(&app, project).await;
        let list = staff.get(&app, paths::WORKLIST).await;
        assert!(!list.text().contains("91 82 73"), "nobody is to be called");
        for person in [with, without] {
            let intake = occasions(&app, person).await[0].id;
            seed::call(&app, intake, "2026-03-02").await;
        }
        let list = worklist(&app, &staff).await;
        let phone_of = |person: Uuid| {
            let mut lines = list.calls.lines.iter();
            let line = lines.find(|l| l.line.who.person == person).unwrap();
            line.phone.as_deref()
        };
        assert_eq!((phone_of(with), phone_of(without)), (Some(NUMBER), None));
    })
    .await;
}

#[tokio::test]
async fn every_change_is_told_without_the_number_and_what_is_so_already_is_not() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let staff = leader(&app, project).await;
        for number in [
            Some(NUMBER),
            Some(NUMBER),
            Some("+45 00 91 82 74"),
            None,
            None,
        ] {
            let status = dial(&app, &staff, someone.id, number).await;
            assert_eq!(status, StatusCode::NO_CONTENT);
            app.clock.advance(std::time::Duration::from_secs(60));
        }
        let history = path(paths::PERSON_HISTORY, someone.id);
        let answer = staff.get(&app, &history).await;
        assert!(!answer.text().contains("91 82"), "{}", answer.text());
        let history: History = answer.json();
        let told: Vec<_> = history.lines.iter().map(|l| &l.what).collect();
        assert_eq!(
            told,
            [
                &Happening::PhoneRemoved,
                &Happening::PhoneChanged,
                &Happening::PhoneChanged
            ]
        );
        let by_staff =
            |l: &bedring_contract::course::HistoryLine| matches!(l.by, Actor::Staff { .. });
        assert!(history.lines.iter().all(by_staff));
        let lines = tables::all::<person_change::Entity>(&app).await;
        assert!(
            lines
                .iter()
                .all(|l| l.before.is_none() && l.after.is_none())
        );
        let audit = tables::all::<audit::Entity>(&app).await;
        let count = |action: &str| audit.iter().filter(|a| a.action == action).count();
        assert_eq!((count("phone_changed"), count("phone_removed")), (2, 1));
        let text = format!("{audit:?}");
        assert!(!text.contains("91 82") && !text.contains("918274"));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_number_is_refused_and_a_removed_one_is_gone() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let person = register(&app, project, json!({ "name": "Bo", "phone": NUMBER }))
            .await
            .id;
        let staff = leader(&app, project).await;
        for wrong in ["12345", "0123456789012345", "ring på døren", "00-91-82-73"] {
            let form = json!({ "phone": wrong });
            for target in [
                path(paths::PERSON_PHONE, person),
                path(paths::PROJECT_PERSONS, project),
            ] {
                let answer = staff.post(&app, &target, &form).await;
                let problem = answer.assert_problem(Code::InputInvalid);
                let at = &problem.errors[0];
                assert_eq!((&*at.pointer, &*at.code), ("/phone", "format"));
                assert!(!answer.text().contains(wrong), "nothing typed comes back");
            }
        }
        dial(&app, &staff, person, None).await;
        assert_eq!(sealed(&app, person).await, None);
        let found = detail(&app, project, person).await;
        assert_eq!(
            (found.line.name.as_deref(), found.phone),
            (Some("Bo"), None)
        );
    })
    .await;
}

#[tokio::test]
async fn it_ends_with_a_no_a_stop_and_an_erasure_and_the_person_sees_it_before() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let staff = leader(&app, project).await;
        for said in [
            vec![seed::consent(Purpose::Evaluation, false)],
            vec![
                seed::consent(Purpose::Evaluation, true),
                seed::withdrawal(Scope::StopAsking),
            ],
            vec![seed::withdrawal(Scope::Erase)],
        ] {
            let someone = seed::someone(&app, project).await;
            dial(&app, &staff, someone.id, Some(NUMBER)).await;
            let mine = phone::mine(&app, &someone).await;
            assert_eq!(mine.phone.as_deref(), Some(NUMBER));
            phone::say(&app, &someone, said).await;
            assert_eq!(sealed(&app, someone.id).await, None);
            let entries = tables::all::<journal_entry::Entity>(&app).await;
            assert!(!format!("{entries:?}").contains("91 82 73"));
            let status = dial(&app, &staff, someone.id, Some(NUMBER)).await;
            assert!(status.is_client_error(), "nobody is called: {status}");
        }
    })
    .await;
}

/// An address that arrives from the phone later leaves the number alone.
#[tokio::test]
async fn an_address_from_the_phone_leaves_the_number_alone() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let staff = leader(&app, project).await;
        let someone = seed::someone(&app, project).await;
        dial(&app, &staff, someone.id, Some(NUMBER)).await;
        let email = "bo@example.org".to_owned();
        let said = vec![
            seed::consent(Purpose::Evaluation, true),
            seed::consent(Purpose::Reminders, true),
            bedring_domain::journal::Event::ContactGiven { email },
        ];
        phone::say(&app, &someone, said).await;
        let found = detail(&app, project, someone.id).await;
        assert_eq!(
            (found.email.as_deref(), found.phone.as_deref()),
            (Some("bo@example.org"), Some(NUMBER))
        );
    })
    .await;
}

#[tokio::test]
async fn no_log_line_has_a_number() {
    let log = Log::listen();
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let form = json!({ "start": "2026-01-01", "phone": NUMBER });
        let person = register(&app, project, form).await.id;
        let staff = leader(&app, project).await;
        dial(&app, &staff, person, Some("00 91 82 74")).await;
        dial(&app, &staff, person, Some("00-91-82-75")).await;
        let intake = occasions(&app, person).await[0].id;
        seed::call(&app, intake, "2026-03-02").await;
        assert_eq!(worklist(&app, &staff).await.calls.total, 1);
        // Something that does go wrong, and is logged: contact data that cannot be read.
        let mut row = tables::row::<contact::Entity>(&app, person)
            .await
            .into_active_model();
        row.phone_sealed = Set(Some(NUMBER.as_bytes().to_vec()));
        let db = app.state.db.read();
        contact::Entity::update(row).exec(db).await.unwrap();
        let answer = staff.get(&app, &path(paths::PERSON, person)).await;
        assert_eq!(answer.json::<serde_json::Value>()["damaged"], true);
        assert!(!answer.text().contains("91 82 73"));
    })
    .await;
    let log = log.text();
    let ours: String = log
        .lines()
        .filter(|line| line.contains("bedring_"))
        .collect();
    assert!(
        ours.contains("cannot be read"),
        "the log is really kept: {ours}"
    );
    for part in ["91 82 7", "009182", "91-82"] {
        assert!(!ours.contains(part), "{ours}");
    }
}
