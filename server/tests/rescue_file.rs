//! The rescue file, brought in by the operator: what comes in, once, and what a damaged or foreign one leaves behind.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use bedring_contract::journal::{DeliveredEntry, EntryResult};
use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_domain::consent::Scope;
use bedring_domain::journal::{Entry, Outcome, Reason, body_sha256, entry_id, entry_mac, hex};
use bedring_server::journal::rescue::{self, RescueError};
use bedring_server::journal::secret_hash;
use bedring_store::entities::{consent, journal_entry, person, response};
use bedring_store::plan::to_json;
use serde_json::{Value, json};
use support::seed::{self, Someone};
use support::staff::{account, path, session_of};
use support::{TestApp, on_both, phone, program, tables};
use uuid::Uuid;

/// What a phone saves.
fn file(entries: &[(Uuid, DeliveredEntry)]) -> String {
    let entries: Vec<Value> = entries
        .iter()
        .map(|(person, entry)| {
            let mut line = serde_json::to_value(entry).unwrap();
            line["person"] = json!(person);
            line
        })
        .collect();
    json!({
        "format": "bedring-rescue", "version": 1, "app_version": "0.1.0", "device_id": Uuid::from_u128(7),
        "made_at": seed::minute(30), "entries": entries,
    })
    .to_string()
}

async fn import(app: &TestApp, text: &str) -> Result<Vec<EntryResult>, RescueError> {
    let file = rescue::read(text)?;
    rescue::import(&app.state.db, &app.state.journal, file).await
}

fn outcomes(results: &[EntryResult]) -> Vec<(Outcome, Option<Reason>)> {
    results.iter().map(|r| (r.outcome, r.reason)).collect()
}

/// As the person's phone writes it.
fn of(someone: &Someone, entry: DeliveredEntry) -> (Uuid, DeliveredEntry) {
    signed(&someone.secret, someone, entry)
}

/// As whoever holds a secret writes it.
fn signed(secret: &str, someone: &Someone, entry: DeliveredEntry) -> (Uuid, DeliveredEntry) {
    let mac = entry_mac(&secret_hash(secret), &entry.id, &entry.sha256);
    let mac = Some(hex(&mac));
    (someone.id, DeliveredEntry { mac, ..entry })
}

#[tokio::test]
async fn nobody_can_write_a_rescue_file_for_somebody_else() {
    on_both(|app| async move {
        let (someone, other) = seed::two(&app).await;
        phone::one(&app, &someone, phone::yes(&app, 0)).await;
        let erase = || seed::entry(&app, seed::minute(5), seed::withdrawal(Scope::Erase), false);
        let forged = [
            (someone.id, erase()),
            signed(&other.secret, &someone, erase()),
            signed("", &someone, erase()),
            // The code of one entry proves nothing of another.
            (
                someone.id,
                DeliveredEntry {
                    mac: of(&someone, phone::yes(&app, 1)).1.mac,
                    ..erase()
                },
            ),
        ];
        let text = file(&forged);
        let read = rescue::read(&text).unwrap();
        let told = rescue::tell(&app.state.db, &app.state.keys, &read);
        let told = told.await.unwrap();
        assert_eq!((told[0].unsigned, told[0].erases), (4, false));
        let results = import(&app, &text).await.unwrap();
        let apart = (Outcome::Quarantined, Some(Reason::EntryUnsigned));
        assert_eq!(outcomes(&results), [apart; 4]);
        let row = tables::row::<person::Entity>(&app, someone.id).await;
        assert!(row.erased_at.is_none());

        // An answer of a phone of before comes in when somebody vouches for it, and names them; an erasure does not.
        let answers = phone::answers(&app, &someone, "lsns-9");
        let id: Uuid = answers.id.parse().unwrap();
        import(&app, &file(&[(someone.id, answers)])).await.unwrap();
        let project = row.project_id;
        let account = account(&app, "leder@example.org", Role::ProjectLeader, &[project]).await;
        let leader = session_of(&app, account).await;
        let retry = serde_json::json!({ "action": "retry" });
        let forged: Uuid = forged[0].1.id.parse().unwrap();
        for entry in [id, forged] {
            let url = path(paths::QUARANTINE_RESOLUTION, entry);
            leader.post(&app, &url, &retry).await;
        }
        let rows = tables::all::<response::Entity>(&app).await;
        assert_eq!((rows.len(), rows[0].account_id), (1, Some(account)));
        let row = tables::row::<journal_entry::Entity>(&app, forged).await;
        assert_eq!(row.reason.as_deref(), Some("erasure.by_staff"));

        let own = file(&[of(&someone, erase())]);
        let read = rescue::read(&own).unwrap();
        let told = rescue::tell(&app.state.db, &app.state.keys, &read);
        assert!(told.await.unwrap()[0].erases);
    })
    .await;
}

#[tokio::test]
async fn two_people_of_one_phone_come_in_once_and_the_phone_may_still_send() {
    on_both(|app| async move {
        let (one, two) = seed::two(&app).await;
        let entries = [
            of(&one, phone::yes(&app, 0)),
            of(&two, phone::yes(&app, 1)),
            of(&one, phone::answers(&app, &one, "lsns-9")),
            of(&two, phone::answers(&app, &two, "mhrm-30")),
        ];
        let text = file(&entries);
        let first = import(&app, &text).await.unwrap();
        assert_eq!(outcomes(&first), [(Outcome::Stored, None); 4]);
        let rows = tables::all::<response::Entity>(&app).await;
        let mut whose: Vec<Uuid> = rows.iter().map(|r| r.person_id).collect();
        whose.sort();
        let mut both = [one.id, two.id];
        both.sort();
        assert_eq!(whose, both);
        assert_eq!(tables::count::<consent::Entity>(&app).await, 2);

        let again = import(&app, &text).await.unwrap();
        assert_eq!(outcomes(&again), [(Outcome::Repeated, None); 4]);
        let later = phone::send(&app, &one, vec![entries[2].1.clone()]).await;
        assert_eq!(later[0].outcome, Outcome::Repeated);
        assert!(
            later[0].receipt.is_some()
                && first
                    .iter()
                    .chain(&again)
                    .any(|r| r.receipt == later[0].receipt)
        );
        assert_eq!(tables::count::<response::Entity>(&app).await, 2);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_used_is_kept_apart_and_a_stranger_is_nobody() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let stranger = Uuid::from_u128(99);
        let text = file(&[
            of(&someone, phone::answers(&app, &someone, "lsns-9")),
            (stranger, phone::yes(&app, 1)),
        ]);
        let results = import(&app, &text).await.unwrap();
        assert_eq!(
            outcomes(&results),
            [
                (Outcome::Quarantined, Some(Reason::ConsentMissing)),
                (Outcome::Quarantined, Some(Reason::PersonUnknown)),
            ]
        );
        let rows = tables::all::<journal_entry::Entity>(&app).await;
        assert!(
            rows.iter()
                .all(|r| r.person_id.is_none_or(|id| id == someone.id))
        );
    })
    .await;
}

#[tokio::test]
async fn a_damaged_or_foreign_file_leaves_nothing() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let entries = [
            of(&someone, phone::yes(&app, 0)),
            of(&someone, phone::answers(&app, &someone, "lsns-9")),
        ];
        let text = file(&entries);
        let cut = import(&app, &text[..text.len() / 2]).await.unwrap_err();
        assert!(matches!(cut, RescueError::Damaged { .. }), "{cut}");
        let changed = text.replace(&entries[1].1.body, &entries[0].1.body);
        let changed = import(&app, &changed).await.unwrap_err().to_string();
        assert!(changed.starts_with("entry 2 ("), "{changed}");
        let strangers = text.replace(&someone.id.to_string(), &Uuid::from_u128(99).to_string());
        let strangers = import(&app, &strangers).await.unwrap_err();
        assert!(matches!(strangers, RescueError::Strangers), "{strangers}");
        assert_eq!(tables::count::<journal_entry::Entity>(&app).await, 0);
    })
    .await;
}

#[test]
fn the_command_names_the_file_and_the_place_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |text: &str| {
        std::fs::write(folder.path().join("r.json"), text).unwrap();
        let output = program::run(folder.path(), &["journal", "import", "r.json"]);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.lines().count(), 1, "{said}");
        said
    };
    let whole = file(&[]);
    let cut = refused(&whole[..40]);
    assert!(
        cut.starts_with("bedring: r.json:1:40: not a rescue file"),
        "{cut}"
    );
    let other = refused(&whole.replace("bedring-rescue", "bedring-mine-1"));
    assert!(other.starts_with("bedring: r.json: this is "), "{other}");
    let missing = program::run(folder.path(), &["journal", "import", "gone.json"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        !folder.path().join("data").exists(),
        "a mistake makes no database"
    );
    std::fs::write(folder.path().join("r.json"), whole).unwrap();
    let empty = program::run(folder.path(), &["journal", "import", "r.json"]);
    let said = String::from_utf8(empty.stdout).unwrap();
    assert_eq!(said, "r.json: 0 entries\n");
}

/// A program of somebody's own, with one person who was invited: their id and the secret of their link.
fn invited(folder: &std::path::Path) -> (Uuid, String) {
    let said = |args: &[&str]| {
        let output = program::run(folder, args);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaint}");
        String::from_utf8(output.stdout).unwrap()
    };
    let example = format!("{}/demo/programme.toml", env!("CARGO_MANIFEST_DIR"));
    said(&["programme", "create", &example]);
    let link = said(&["person", "invite", "--project", "HAVN", "--code", "anna-1"]);
    let (_, rest) = link.split_once("/s#").unwrap();
    let secret = rest.split_whitespace().next().unwrap().to_owned();
    let db = rusqlite::Connection::open(folder.join("data/bedring.sqlite")).unwrap();
    let id: Vec<u8> = db
        .query_row("SELECT id FROM persons WHERE code = 'anna-1'", [], |row| {
            row.get(0)
        })
        .unwrap();
    (Uuid::from_slice(&id).unwrap(), secret)
}

fn is_erased(folder: &std::path::Path, person: Uuid) -> bool {
    let db = rusqlite::Connection::open(folder.join("data/bedring.sqlite")).unwrap();
    let sql = "SELECT erased_at IS NOT NULL FROM persons WHERE id = ?1";
    db.query_row(sql, [person.as_bytes().to_vec()], |row| row.get(0))
        .unwrap()
}

#[test]
fn the_command_erases_nobody_unless_whoever_types_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (person, secret) = invited(path);
    let body = to_json(&Entry {
        recorded_at: seed::minute(1).into(),
        app_version: "test".to_owned(),
        person: None,
        event: seed::withdrawal(Scope::Erase),
    });
    let id = entry_id(seed::minute(1).timestamp_millis(), &[7; 10]).to_string();
    let sha256 = body_sha256(&body);
    let mac = hex(&entry_mac(&secret_hash(&secret), &id, &hex(&sha256)));
    let entry = DeliveredEntry {
        id,
        sha256: hex(&sha256),
        seal: None,
        body,
        mac: Some(mac),
    };
    std::fs::write(path.join("r.json"), file(&[(person, entry)])).unwrap();

    // Nobody sits there who could be asked.
    let asked = program::run(path, &["journal", "import", "r.json"]);
    let (told, refused) = (
        String::from_utf8(asked.stdout).unwrap(),
        String::from_utf8(asked.stderr).unwrap(),
    );
    assert_eq!(asked.status.code(), Some(1));
    assert!(
        told.contains("anna-1: 1 consent_withdrawn") && told.contains("ERASES everything"),
        "{told}"
    );
    assert!(
        refused.contains("nothing was brought in") && refused.contains("--yes"),
        "{refused}"
    );
    assert!(!is_erased(path, person));

    let meant = program::run(path, &["journal", "import", "r.json", "--yes"]);
    let told = String::from_utf8(meant.stdout).unwrap();
    assert!(meant.status.success() && told.contains("stored"), "{told}");
    assert!(told.contains("ERASES everything"), "{told}");
    assert!(is_erased(path, person));
}
