//! `bedring serve --demo`: what it prints, that it does so once, and where it refuses.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::support::program::{bedring, run};
use crate::{MANIFEST, assert_refused, said};

/// A server that stops with the test.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the demonstration and reads until the short code is printed.
fn demo(folder: &Path) -> (Stopped, Vec<String>) {
    let mut command = bedring(folder);
    command
        .args(["serve", "--demo", "--bind", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut lines = Vec::new();
    for line in output.lines() {
        let line = line.unwrap();
        let last = line.starts_with("Kode / code: ");
        lines.push(line);
        if last {
            break;
        }
    }
    (Stopped(child), lines)
}

#[test]
fn the_demonstration_says_how_to_get_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (server, first) = demo(path);
    let text = first.join("\n");
    assert_eq!(
        first.iter().filter(|l| l.contains("@example.org")).count(),
        4,
        "{text}"
    );
    let link = first
        .iter()
        .find_map(|l| l.strip_prefix("Link: http://localhost:"))
        .unwrap();
    assert!(
        !link.starts_with("8080/") && link.contains("/s#"),
        "the port that is really open: {link}"
    );
    assert!(text.contains("█▄▄▄▄▄▄▄█"), "{text}");
    drop(server);
    let (server, second) = demo(path);
    assert!(
        !second.join("\n").contains("@example.org"),
        "passwords are shown once"
    );
    drop(server);

    let with_password = |password: &str, bind: &str| {
        let mut command = bedring(path);
        command.args([
            "serve",
            "--demo",
            "--bind",
            bind,
            "--data-dir",
            "other",
            "--log-level",
            "error",
        ]);
        command
            .env("BEDRING_DEMO_PASSWORD", password)
            .output()
            .unwrap()
    };
    assert_refused(
        &with_password("correct horse battery", "0.0.0.0:0"),
        "on this machine alone",
    );
    assert_refused(&with_password("short", "127.0.0.1:0"), "12 characters");
    let example = format!("{MANIFEST}/demo/programme.toml");
    said(&run(
        path,
        &["programme", "create", &example, "--data-dir", "own"],
    ));
    let refused = run(
        path,
        &[
            "serve",
            "--demo",
            "--bind",
            "127.0.0.1:0",
            "--data-dir",
            "own",
            "--log-level",
            "error",
        ],
    );
    assert_refused(&refused, "--demo is for an empty database");
}
