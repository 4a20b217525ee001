//! Keys that are valid, but not those of this database: found at start, by every command, and told by doctor and readiness.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::assert_refused;
use crate::support::program::run;

const SEAL: &str = "data/keys/seal.key";
const CONTACT: &str = "data/keys/contact.key";

fn read(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

fn write(folder: &Path, file: &str, text: &str) {
    std::fs::write(folder.join(file), text).unwrap();
}

fn line(byte: u8) -> String {
    STANDARD.encode([byte; 32]) + "\n"
}

/// Server, every command on data and the doctor say the same.
#[track_caller]
fn refused(folder: &Path, words: &str) {
    for command in [
        &["serve", "--bind", "127.0.0.1:0", "--log-level", "error"][..],
        &["migrate"],
        &["account", "list"],
    ] {
        assert_refused(&run(folder, command), 1, words);
    }
    let doctor = run(folder, &["doctor"]);
    let said = String::from_utf8_lossy(&doctor.stdout);
    assert_eq!(doctor.status.code(), Some(1), "{said}");
    let told = said
        .lines()
        .any(|l| l.starts_with("  WRONG  ") && l.contains(words));
    assert!(told, "{said}");
}

#[track_caller]
fn fine(folder: &Path) {
    let output = run(folder, &["migrate"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let doctor = run(folder, &["doctor"]);
    let said = String::from_utf8_lossy(&doctor.stdout);
    assert!(
        said.contains("the keys are those of this database"),
        "{said}"
    );
}

#[test]
fn keys_of_another_database_are_found_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert!(run(path, &["migrate"]).status.success());
    fine(path);
    for file in [SEAL, CONTACT] {
        let right = read(path, file);
        write(path, file, &line(7));
        refused(path, "does not belong to this database");
        // A refusal leaves nothing behind that would let the wrong key in the next time.
        refused(path, "does not belong to this database");
        write(path, file, &right);
        fine(path);
    }
    // Each file is valid by itself.
    let (seal, contact) = (read(path, SEAL), read(path, CONTACT));
    write(path, SEAL, &contact);
    write(path, CONTACT, &seal);
    refused(path, "the key files are exchanged");
}

#[test]
fn an_older_key_is_missed_until_it_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert!(run(path, &["migrate"]).status.success());
    let old = read(path, CONTACT);
    write(path, CONTACT, &format!("{}{old}", line(9)));
    fine(path);
    write(path, CONTACT, &line(9));
    refused(path, "lacks the key");
    // The newest is missing: an old copy of the key file was put back.
    write(path, CONTACT, &old);
    refused(path, "lacks the key");
    // In another order all of them are there.
    write(path, CONTACT, &format!("{old}{}", line(9)));
    fine(path);

    write(path, CONTACT, &line(9));
    let said = run(path, &["migrate"]);
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    let name = said.split("lacks the key ").nth(1).unwrap();
    let name = name.split(',').next().unwrap();
    assert_refused(
        &run(path, &["keys", "give-up", "00000000"]),
        1,
        "no key 00000000",
    );
    let gave = run(path, &["keys", "give-up", name]);
    assert!(
        gave.status.success(),
        "{}",
        String::from_utf8_lossy(&gave.stderr)
    );
    fine(path);
}

/// A database as it was before there were check values, with names in it.
#[test]
fn a_database_from_before_is_judged_by_what_was_encrypted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert!(run(path, &["migrate"]).status.success());
    let keys = read(path, CONTACT);
    let secret = STANDARD.decode(keys.lines().last().unwrap()).unwrap();
    let secret = <[u8; 32]>::try_from(secret).unwrap();
    let ring = bedring_server::keys::ContactKeys::new(secret, &[]);
    let sealed = ring.encrypt(&bedring_server::ports::SeededRandom::new(1), b"Anna");
    let db = rusqlite::Connection::open(path.join("data/bedring.sqlite")).unwrap();
    db.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM key_checks")
        .unwrap();
    db.execute(
        "INSERT INTO contacts (person_id, name_sealed) VALUES (zeroblob(16), ?1)",
        [&sealed],
    )
    .unwrap();
    // One box that names a key which never was: damage, and no reason not to start.
    let mut damaged = sealed.clone();
    damaged[2] ^= 0xff;
    let other = [1_u8; 16];
    db.execute(
        "INSERT INTO contacts (person_id, name_sealed) VALUES (?1, ?2)",
        rusqlite::params![&other[..], &damaged],
    )
    .unwrap();
    write(path, CONTACT, &line(7));
    refused(path, "does not belong to this database");
    write(path, CONTACT, &keys);
    fine(path);
}

/// Only the owner reads the database, in whatever folder it lies and whoever made the file.
#[test]
fn the_database_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::create_dir(path.join("data")).unwrap();
    let mode = |name: &str| {
        let found = std::fs::metadata(path.join("data").join(name)).unwrap();
        found.permissions().mode() & 0o777
    };
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path.join("data"), open).unwrap();
    assert!(run(path, &["migrate"]).status.success());
    assert_eq!(mode("bedring.sqlite"), 0o600);
    // Made by an earlier version.
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(path.join("data/bedring.sqlite"), open).unwrap();
    let db = rusqlite::Connection::open(path.join("data/bedring.sqlite")).unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE kept (n)")
        .unwrap();
    for name in ["bedring.sqlite-wal", "bedring.sqlite-shm"] {
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(path.join("data").join(name), open).unwrap();
    }
    assert!(run(path, &["migrate"]).status.success());
    for name in ["bedring.sqlite", "bedring.sqlite-wal", "bedring.sqlite-shm"] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
}

/// What tests of the demonstration need must not work where others get in, and behind a proxy the server listens on this machine, too.
#[test]
fn the_demonstrations_password_works_on_this_machine_alone() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["BEDRING_DEMO_PASSWORD", "BEDRING_DEMO_CLOCK_AHEAD_S"] {
        let value = if name.ends_with('S') {
            "60"
        } else {
            "en lang sætning"
        };
        let output = crate::support::program::bedring(folder.path())
            .args([
                "serve",
                "--demo",
                "--bind",
                "127.0.0.1:0",
                "--log-level",
                "error",
            ])
            .args(["--public-url", "https://svar.example.dk"])
            .env(name, value)
            .output()
            .unwrap();
        assert_refused(
            &output,
            1,
            "works only where people reach the server at localhost",
        );
    }
}

#[test]
fn a_file_that_is_no_database_is_one_true_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert!(run(path, &["migrate"]).status.success());
    std::fs::write(
        path.join("data/bedring.sqlite"),
        "this is a letter, not a database\n".repeat(400),
    )
    .unwrap();
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(path.join(format!("data/bedring.sqlite{ending}")));
    }
    for command in [
        &["serve", "--bind", "127.0.0.1:0", "--log-level", "error"][..],
        &["migrate"],
    ] {
        let output = run(path, command);
        assert_refused(&output, 1, "is damaged, or no database at all");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !said.contains("code:") && said.matches(": ").count() <= 3,
            "{said}"
        );
    }
    let doctor = run(path, &["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
}
