//! `bedring account …` as the operator types it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const SENTENCE: &str = "en sætning at huske";

fn bedring(folder: &std::path::Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_bedring"))
        .current_dir(folder)
        .env_clear()
        .arg("account")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses early does not read it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

#[track_caller]
fn fails(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.lines().count(), 1, "one line: {said}");
    assert!(
        said.starts_with("bedring: ") && said.contains(words),
        "{said}"
    );
    assert!(output.stdout.is_empty());
}

#[track_caller]
fn works(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn accounts_are_made_listed_and_disabled_and_what_cannot_be_is_told_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str], input: &str| bedring(folder.path(), args, input);
    let create = [
        "create",
        "--email",
        "Chef@Example.org",
        "--role",
        "administrator",
    ];
    fails(&run(&create, "for kort\n"), "at least 12 characters");
    assert_eq!(works(&run(&["list"], "")), "", "nothing half done");
    assert_eq!(
        works(&run(&create, &format!("{SENTENCE}\r\n"))),
        "chef@example.org administrator\n"
    );
    fails(&run(&create, SENTENCE), "already");
    fails(
        &run(
            &["create", "--email", "nej", "--role", "evaluator"],
            SENTENCE,
        ),
        "e-mail",
    );
    let helper = ["create", "--email", "h@example.org", "--role", "helper"];
    fails(&run(&helper, SENTENCE), "--project");
    fails(
        &run(&[&helper[..], &["--project", "X9"]].concat(), SENTENCE),
        "no project X9",
    );
    let all = [
        "create",
        "--email",
        "e@example.org",
        "--role",
        "evaluator",
        "--project",
        "X9",
    ];
    fails(&run(&all, SENTENCE), "sees all projects");
    let file = [
        "create",
        "--email",
        "e@example.org",
        "--role",
        "evaluator",
        "--password-file",
    ];
    fails(&run(&[&file[..], &["mangler"]].concat(), ""), "mangler");
    std::fs::write(folder.path().join("kode"), format!("{SENTENCE}\n")).unwrap();
    works(&run(&[&file[..], &["kode"]].concat(), ""));

    works(&run(&["disable", "--email", "chef@example.org"], ""));
    fails(
        &run(&["disable", "--email", "ingen@example.org"], ""),
        "no account",
    );
    let listed = works(&run(&["list"], ""));
    assert_eq!(
        listed,
        "chef@example.org\tadministrator\t\tdisabled\ne@example.org\tevaluator\t\n"
    );
    works(&run(
        &["password", "--email", "chef@example.org"],
        "en anden sætning\n",
    ));
    assert!(!works(&run(&["list"], "")).contains("disabled"));

    let role = run(
        &["create", "--email", "x@example.org", "--role", "boss"],
        "",
    );
    assert_eq!(role.status.code(), Some(2), "not understood");
}
