//! Another program that opens and closes the same SQLite file beside a server that runs: it takes nothing away from the server.

use std::io::Read;
use std::path::Path;
use std::process::Command;

use bedring_contract::journal::{DeliveredEntry, Delivery, DeliveryResults};
use bedring_contract::paths;
use bedring_domain::journal::{Entry, Event, Outcome, body_sha256, entry_id, hex};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::running::{Server, http};
use crate::support::program::run;
use crate::support::{seed, start_of_time};

const PROGRAMME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/programme.toml");

/// It did what it was asked, and this is what it said.
#[track_caller]
fn said(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

/// Somebody is invited on the command line; the secret of their link.
fn invited(folder: &Path, code: &str) -> String {
    let args = ["person", "invite", "--project", "HAVN", "--code", code];
    let printed = said(folder, &args);
    let (_, secret) = printed.split_once("/s#").unwrap();
    secret.split_whitespace().next().unwrap().to_owned()
}

fn delivery(nth: u8) -> Delivery {
    let at: DateTime<Utc> = start_of_time();
    let body = serde_json::to_string(&Entry {
        recorded_at: seed::minute(0).into(),
        app_version: "test".to_owned(),
        person: None,
        event: Event::LetterRead {
            letter: "1".to_owned(),
            language: "da".to_owned(),
        },
    });
    let body = body.unwrap();
    Delivery {
        device_id: Uuid::from_u128(7),
        sent_at: seed::minute(1).into(),
        entries: vec![DeliveredEntry {
            id: entry_id(at.timestamp_millis(), &[nth; 10]).to_string(),
            sha256: hex(&body_sha256(&body)),
            seal: None,
            body,
            mac: None,
        }],
    }
}

/// A delivery to the server that runs is stored.
#[track_caller]
fn assert_stored(address: &str, secret: &str, nth: u8) {
    let body = serde_json::to_string(&delivery(nth)).unwrap();
    let answer = http(
        address,
        &format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            paths::JOURNAL,
            body.len()
        ),
    );
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    let (_, results) = answer.split_once("\r\n\r\n").unwrap();
    let results: DeliveryResults = serde_json::from_str(results).unwrap();
    assert_eq!(results.results[0].outcome, Outcome::Stored, "{answer}");
}

/// A server that looks at its health, as those who watch over it ask it to.
#[track_caller]
fn assert_ready(address: &str) {
    let asked = "GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = http(address, asked);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// Another program with a SQLite of its own: it looks, and on closing asks whether it is the last one.
fn opened_and_closed(file: &Path) {
    let looks = "import sqlite3, sys\n\
                 db = sqlite3.connect(sys.argv[1])\n\
                 print(db.execute('SELECT count(*) > 0 FROM journal_entries').fetchone()[0])\n\
                 db.close()";
    let looked = Command::new("/usr/bin/python3")
        .args(["-c", looks])
        .arg(file)
        .output()
        .unwrap_or_else(|e| panic!("/usr/bin/python3: {e}; type: make tools"));
    let said = String::from_utf8_lossy(&looked.stdout);
    assert_eq!(said.trim(), "1", "what was delivered can be seen");
}

/// A program that closes the file and takes itself for the last one removes the log, and with it what the server wrote there.
#[test]
fn a_command_beside_a_server_that_runs_takes_no_delivery_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    said(path, &["programme", "create", PROGRAMME]);
    let secret = invited(path, "before");
    let file = path.join("data/bedring.sqlite");
    let log = path.join("data/bedring.sqlite-wal");
    let mut server = Server::start(path, &[]);

    let invite = ["person", "invite", "--project", "HAVN", "--code"];
    let with = |code: &'static str| [&invite[..], &[code]].concat();
    let beside: [&[&str]; 4] = [
        &["doctor"],
        &with("beside-1"),
        &["backup", "copy.sqlite"],
        &with("beside-2"),
    ];
    let mut delivered = 0;
    for command in beside {
        // The file changed since the server looked last, so it looks through all of it.
        delivered += 1;
        assert_stored(&server.address, &secret, delivered);
        assert_ready(&server.address);
        said(path, command);
        opened_and_closed(&file);
        assert!(log.exists(), "{command:?} took the log away");
        delivered += 1;
        assert_stored(&server.address, &secret, delivered);
        assert_ready(&server.address);
        assert!(log.exists(), "{command:?} took the log away");
    }
    // Whoever was invited beside the server comes in, and by what came in after the server had been busy.
    assert_stored(&server.address, &invited(path, "after"), delivered + 1);
    assert!(server.stop());
    let mut rest = String::new();
    server.log.read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("\"ERROR\""), "{rest}");

    let open = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = rusqlite::Connection::open_with_flags(file, open).unwrap();
    let counted = "SELECT count(*) FROM journal_entries WHERE state = 'applied'";
    let stored: u8 = db.query_row(counted, [], |row| row.get(0)).unwrap();
    assert_eq!(stored, delivered + 1, "all that was answered for is there");
}
