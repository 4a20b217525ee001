//! The commands for instruments, programmes and people on the real binary: what they print, and how they end when something is wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod demonstration;

use std::process::{Command, Output};

use bedring_store::sea_orm::ConnectionTrait;

use support::program::run;

const MANIFEST: &str = env!("CARGO_MANIFEST_DIR");

#[track_caller]
fn said(output: &Output) -> String {
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// It failed, and the last line says this; lines before it are problems in files.
#[track_caller]
fn assert_refused(output: &Output, words: &str) -> Vec<String> {
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    let mut lines: Vec<String> = complaint.lines().map(str::to_owned).collect();
    let last = lines.pop().unwrap();
    assert!(
        last.starts_with("bedring: ") && last.contains(words),
        "{last:?} does not say {words:?}"
    );
    lines
}

fn shipped(name: &str) -> String {
    format!("{MANIFEST}/../app/domain/instruments/{name}")
}

#[test]
fn instruments_come_in_once_are_listed_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let list = said(&run(path, &["instrument", "list"]));
    let names: Vec<&str> = list
        .lines()
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    assert_eq!(
        names,
        ["lsns-6", "lsns-9", "mhrm-30"],
        "the shipped ones are there by themselves"
    );
    let again = said(&run(
        path,
        &["instrument", "import", &shipped("lsns-9.demo-1.toml")],
    ));
    assert_eq!(
        again,
        "lsns-9 demo-1 (demonstration) was published before; nothing changed.\n"
    );

    let text = std::fs::read_to_string(shipped("lsns-9.demo-1.toml")).unwrap();
    let file = path.join("own.toml");
    let import = |text: &str| {
        std::fs::write(&file, text).unwrap();
        run(path, &["instrument", "import", "own.toml"])
    };
    assert!(
        assert_refused(
            &import(&format!("{text}# changed\n")),
            "own.toml: the edition demo-1 of lsns-9"
        )
        .is_empty()
    );
    let licensed =
        text.replacen("demo-1", "forlag-2026", 1)
            .replacen("\"demonstration\"", "\"licensed\"", 1);
    assert_eq!(
        said(&import(&licensed)).split(':').next(),
        Some("lsns-9 forlag-2026 (licensed) is published")
    );
    let bare = text
        .split("[[vectors]]")
        .next()
        .unwrap()
        .replacen("demo-1", "bare", 1);
    assert_refused(&import(&bare), "no test vectors");
    let wrong = licensed
        .replacen("forlag-2026", "wrong", 1)
        .replacen("sum = 0", "sum = 1", 1);
    assert_refused(&import(&wrong), "own.toml:");
    let orphan = std::fs::read_to_string(shipped("lsns-6.demo-1.toml")).unwrap();
    let orphan = orphan.replacen("edition = \"demo-1\"", "edition = \"x\"", 1);
    let orphan = orphan.replace(
        "{ instrument = \"lsns-9\", edition = \"demo-1\" }",
        "{ instrument = \"lsns-9\", edition = \"gone\" }",
    );
    assert_refused(&import(&orphan), "derived from the edition gone of lsns-9");
    assert_refused(
        &run(path, &["instrument", "import", "missing.toml"]),
        "missing.toml",
    );

    let newest = said(&run(path, &["instrument", "show", "lsns-9"]));
    assert!(
        newest.starts_with("lsns-9 forlag-2026 (licensed)\n"),
        "{newest}"
    );
    let first = said(&run(path, &["instrument", "show", "lsns-6", "demo-1"]));
    assert!(
        first.contains("Derived from lsns-9 demo-1") && first.contains("at_risk below 12"),
        "{first}"
    );
    assert_refused(
        &run(path, &["instrument", "show", "lsns-9", "bare"]),
        "no edition lsns-9 bare",
    );
    assert_eq!(said(&run(path, &["instrument", "list"])).lines().count(), 4);
}

#[test]
fn a_programme_is_made_and_somebody_is_invited() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let example = format!("{MANIFEST}/demo/programme.toml");
    assert_refused(
        &run(path, &["person", "invite", "--project", "HAVN"]),
        "no project HAVN",
    );
    assert_eq!(
        said(&run(path, &["programme", "create", &example])),
        "The programme demo is made, with 2 projects.\n"
    );
    assert_refused(
        &run(path, &["programme", "create", &example]),
        "there is a programme demo already",
    );
    std::fs::write(path.join("bad.toml"), "code = \"x\"\nlanguage = 1\n").unwrap();
    assert_refused(
        &run(path, &["programme", "create", "bad.toml"]),
        "bad.toml:2: ",
    );
    assert_refused(
        &run(path, &["programme", "create", "missing.toml"]),
        "missing.toml",
    );

    let url = ["--public-url", "https://svar.example.dk/"];
    let invite = |more: &[&str]| {
        run(
            path,
            &[&["person", "invite", "--project", "HAVN"], &url[..], more].concat(),
        )
    };
    let first = said(&invite(&["--code", "anna-1"]));
    assert!(first.starts_with("anna-1\n"), "{first}");
    assert!(
        first.contains("Link: https://svar.example.dk/s#") && first.contains("█▄▄▄▄▄▄▄█"),
        "{first}"
    );
    let again = said(&invite(&["--code", "anna-1"]));
    assert_ne!(first, again, "a new link for the same person");
    assert!(said(&invite(&[])).starts_with("HAVN-"), "a code is made");
    assert_refused(
        &invite(&["--code", "Anna Jensen"]),
        "no name of several words",
    );
    assert_refused(&invite(&["--programme", "other"]), "no project HAVN");
}

/// What is written about a person in the file, as their phone would have left it.
async fn write_down(folder: &std::path::Path, code: &str, column: &str, value: &str) {
    let file = folder.join("data/bedring.sqlite");
    let url = format!("sqlite://{}", file.display());
    let db = bedring_store::sea_orm::Database::connect(url)
        .await
        .unwrap();
    let told = format!("UPDATE persons SET {column} = {value} WHERE code = '{code}'");
    let result = db.execute_unprepared(&told).await.unwrap();
    assert_eq!(result.rows_affected(), 1);
    db.close().await.unwrap();
}

#[tokio::test]
async fn whoever_said_no_gets_a_way_in_only_at_their_own_wish() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let example = format!("{MANIFEST}/demo/programme.toml");
    said(&run(path, &["programme", "create", &example]));
    let invite = |more: &[&str]| {
        let all = [&["person", "invite", "--project", "HAVN"], more].concat();
        run(path, &all)
    };
    for (code, column, value) in [
        ("nej-1", "refused", "1"),
        ("stop-1", "withdrawn", "'stop_using'"),
    ] {
        said(&invite(&["--code", code]));
        write_down(path, code, column, value).await;
        assert_refused(&invite(&["--code", code]), "use --own-wish");
        let way_in = said(&invite(&["--code", code, "--own-wish"]));
        assert!(way_in.contains("/s#"), "{way_in}");
    }
    said(&invite(&["--code", "gone-1"]));
    write_down(path, "gone-1", "erased_at", "'2026-03-01T00:00:00Z'").await;
    let gone = invite(&["--code", "gone-1", "--own-wish"]);
    assert_refused(&gone, "nothing left to see");
    // Without a code it would be a new person, who cannot have wished for anything.
    assert_eq!(invite(&["--own-wish"]).status.code(), Some(2));
}

#[test]
fn the_numbers_of_a_programme_are_called_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let example = format!("{MANIFEST}/demo/programme.toml");
    let contacts = |more: &[&str]| run(path, &[&["programme", "contacts"], more].concat());
    assert_refused(&contacts(&["demo"]), "there is no programme demo");
    said(&run(path, &["programme", "create", &example]));

    // The file says 2015: more than a year ago, whenever this runs.
    let asks = || {
        let doctor = String::from_utf8(run(path, &["doctor"]).stdout).unwrap();
        let asks = doctor
            .lines()
            .find(|l| l.contains("bedring programme contacts demo"));
        asks.map(str::to_owned)
    };
    assert!(asks().unwrap().contains("last called on 2015-10-26"));
    assert!(said(&contacts(&["demo"])).contains("Phones show 3 of them"));
    assert_eq!(asks(), None, "called today");
    said(&contacts(&["demo", "--checked", "2016-02-29"]));
    assert!(asks().unwrap().contains("last called on 2016-02-29"));
    assert_refused(
        &contacts(&["demo", "--checked", "2099-01-01"]),
        "has not come yet",
    );

    std::fs::write(
        path.join("new.toml"),
        "[[contacts]]\nname = { da = \"Vagten\" }\nphone = \"112\"\n",
    )
    .unwrap();
    assert!(said(&contacts(&["demo", "--file", "new.toml"])).contains("Phones show 1 of them"));
    std::fs::write(path.join("none.toml"), "contacts = []\n").unwrap();
    assert_refused(&contacts(&["demo", "--file", "none.toml"]), "at least one");
    std::fs::write(path.join("bad.toml"), "\n[[contacts]]\nphone = 112\n").unwrap();
    assert_refused(&contacts(&["demo", "--file", "bad.toml"]), "bad.toml:");
}

#[test]
fn a_programme_without_numbers_is_told_and_none_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let data = format!("{MANIFEST}/demo/programme-15m");
    said(&run(path, &["programme", "import", &data]));
    let doctor = || String::from_utf8(run(path, &["doctor"]).stdout).unwrap();
    assert!(doctor().contains("programme programme-15m: people are shown no numbers to call"));
    let contacts = |more: &[&str]| {
        run(
            path,
            &[&["programme", "contacts", "programme-15m"], more].concat(),
        )
    };
    assert_refused(&contacts(&[]), "no numbers to call yet");
    assert!(
        doctor().contains("people are shown no numbers to call"),
        "no day was written"
    );
    let one = "[[contacts]]\nname = { da = \"Vagten\" }\nphone = \"112\"\n";
    std::fs::write(path.join("new.toml"), one).unwrap();
    said(&contacts(&["--file", "new.toml"]));
    assert!(!doctor().contains("programme programme-15m"));
}

#[test]
fn a_folder_comes_in_once_and_what_is_wrong_is_told_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let data = format!("{MANIFEST}/demo/programme-15m");
    assert_refused(
        &run(path, &["programme", "import", "missing"]),
        "missing/projects.csv: No such file",
    );
    assert!(
        !path.join("data").exists(),
        "a mistyped folder makes no database"
    );

    std::fs::create_dir(path.join("copy")).unwrap();
    for file in [
        "projects.csv",
        "persons.csv",
        "responses.csv",
        "refusals.csv",
    ] {
        std::fs::copy(format!("{data}/{file}"), path.join("copy").join(file)).unwrap();
    }
    std::fs::write(
        path.join("copy/refusals.csv"),
        "project,refusals\nA,3\nQ,1\nB,many\n",
    )
    .unwrap();
    let problems = assert_refused(
        &run(path, &["programme", "import", "copy"]),
        "2 things are wrong, nothing came in",
    );
    assert_eq!(
        problems,
        [
            "refusals.csv:3: project: \"Q\" is no project of projects.csv",
            "refusals.csv:4: refusals: \"many\" is no count"
        ]
    );

    let first = said(&run(path, &["programme", "import", &data]));
    assert_eq!(
        first,
        "Programme programme-15m\n  projects       11, 11 new\n  people        201, 201 new\n  responses     595, 595 new\n  refusals       37, 37 new\n"
    );
    let again = said(&run(path, &["programme", "import", &data]));
    assert_eq!(again.matches(", 0 new").count(), 4, "{again}");
    assert_refused(
        &run(path, &["programme", "import", &data, "--code", "to much"]),
        "\"to much\" is no code",
    );
    assert_refused(
        &run(
            path,
            &["programme", "import", &data, "--edition", "mhrm-30=x"],
        ),
        "the edition x of mhrm-30",
    );
    assert_refused(
        &run(
            path,
            &[
                "person",
                "invite",
                "--project",
                "A",
                "--code",
                "S999",
                "--programme",
                "demo",
            ],
        ),
        "no project A",
    );
}

/// On a file system of its own, which is small and then cannot be written to.
#[test]
fn a_full_or_read_only_disk_ends_with_one_line_and_nothing_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"
        set -u
        mount -t tmpfs -o size=1400k tmpfs "$2" || exit 99
        cd "$2"
        "$1" migrate || exit 98
        "$1" programme import "$3"; echo "full: $?"
        mount -o remount,size=50m "$2"
        "$1" programme import "$3" || exit 97
        mount -o remount,ro "$2" || exit 96
        "$1" programme import "$3" --code other; echo "read-only: $?"
        timeout 30 "$1" serve --bind 127.0.0.1:0 --log-level error; echo "serve: $?"
    "#;
    let data = format!("{MANIFEST}/demo/programme-15m");
    // A user and mount name space of its own: works without being root, and is gone with the script.
    let output = Command::new("unshare")
        .args([
            "-r",
            "-m",
            "sh",
            "-c",
            script,
            "sh",
            env!("CARGO_BIN_EXE_bedring"),
        ])
        .arg(folder.path())
        .arg(&data)
        .output()
        .unwrap();
    let (printed, complaints) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "{} {printed} {complaints}",
        output.status
    );
    for ending in ["full: 1", "read-only: 1", "serve: 1"] {
        assert!(printed.contains(ending), "{ending}: {printed} {complaints}");
    }
    assert!(
        printed.contains("people        201, 201 new"),
        "the failed import left nothing: {printed}"
    );
    let lines: Vec<&str> = complaints
        .lines()
        .filter(|l| l.starts_with("bedring: "))
        .collect();
    assert_eq!(lines.len(), 3, "{complaints}");
    assert!(lines[0].contains("the disk is full"), "{complaints}");
    // Whether it can still be opened for reading depends on what SQLite left beside the file.
    assert!(
        lines[1..].iter().all(|l| l.contains("database")),
        "{complaints}"
    );
    assert!(!complaints.contains("panicked"), "{complaints}");
}
