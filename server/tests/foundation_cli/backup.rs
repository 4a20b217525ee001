//! `bedring backup`: a copy that opens, for its owner alone, and nothing that looks like one where there is none.

use std::os::unix::fs::PermissionsExt;

use crate::assert_refused;
use crate::support::program::{bedring, run};

#[test]
fn a_backup_is_whole_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert_refused(
        &run(path, &["backup", "copy.sqlite"]),
        1,
        "there is no database data/bedring.sqlite",
    );
    let empty = std::fs::read_dir(path).unwrap().next().is_none();
    assert!(empty, "neither a database nor a copy was made");

    assert!(run(path, &["migrate"]).status.success());
    let made = run(path, &["backup", "copy.sqlite"]);
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success() && said.lines().count() == 1, "{said}");
    assert!(
        said.contains("copy.sqlite is a copy of data/bedring.sqlite"),
        "{said}"
    );
    let copy = path.join("copy.sqlite");
    let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!path.join("copy.sqlite.partial").exists());
    let counted = |file: &std::path::Path| -> (i64, String) {
        let open = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let db = rusqlite::Connection::open_with_flags(file, open).unwrap();
        let editions = db
            .query_row("SELECT count(*) FROM instrument_editions", [], |r| r.get(0))
            .unwrap();
        let check = db
            .query_row("PRAGMA integrity_check", [], |r| r.get(0))
            .unwrap();
        (editions, check)
    };
    assert_eq!(counted(&copy), (3, "ok".to_owned()));

    let before = std::fs::read(&copy).unwrap();
    assert_refused(
        &run(path, &["backup", "copy.sqlite"]),
        1,
        "copy.sqlite is there already",
    );
    assert_eq!(std::fs::read(&copy).unwrap(), before);
    assert_refused(
        &run(path, &["backup", "no/copy.sqlite"]),
        1,
        "no/copy.sqlite",
    );
    assert_refused(&run(path, &["backup"]), 2, "FILE");

    // It is a database to go on with.
    std::fs::rename(&copy, path.join("data/bedring.sqlite")).unwrap();
    let restored = run(path, &["migrate"]);
    assert_eq!(
        String::from_utf8_lossy(&restored.stdout),
        "The database was up to date.\n"
    );
}

#[test]
fn a_postgresql_database_is_left_to_pg_dump() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://bedring:hunter2@127.0.0.1:1/bedring";
    let mut command = bedring(folder.path());
    let output = command.args(["backup", "copy", "--database-url", url]);
    assert_refused(&output.output().unwrap(), 1, "use pg_dump");
}
