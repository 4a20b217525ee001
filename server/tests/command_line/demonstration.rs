//! `bedring serve --demo`: what it prints, that it does so once, and where it refuses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::support::program::{bedring, run};
use crate::{MANIFEST, assert_refused, said};

const PASSWORD: &str = "correct horse battery";

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
        .env("BEDRING_DEMO_PASSWORD", PASSWORD)
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
    let ahead = |seconds: &str, bind: &str| {
        let mut command = bedring(path);
        command.args(["serve", "--demo", "--bind", bind, "--data-dir", "other"]);
        command
            .env("BEDRING_DEMO_CLOCK_AHEAD_S", seconds)
            .output()
            .unwrap()
    };
    assert_refused(&ahead("60", "0.0.0.0:0"), "on this machine alone");
    assert_refused(&ahead("soon", "127.0.0.1:0"), "number of seconds");
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

#[test]
fn links_that_a_leader_makes_open_where_the_server_really_listens() {
    let folder = tempfile::tempdir().unwrap();
    let (server, printed) = demo(folder.path());
    let base = printed
        .iter()
        .find_map(|l| l.strip_prefix("Link: ")?.split("/s#").next())
        .unwrap();
    let address = base.replace("http://localhost", "127.0.0.1");
    let account = json!({ "email": "leader@example.org", "password": PASSWORD });
    let (head, _) = ask(&address, "POST", "/api/v1/session", "", &account);
    let cookie = head
        .lines()
        .find_map(|l| l.strip_prefix("set-cookie: ")?.split(';').next())
        .unwrap_or_else(|| panic!("{head}"))
        .to_owned();
    let (_, programmes) = ask(
        &address,
        "GET",
        "/api/v1/staff/programmes",
        &cookie,
        &Value::Null,
    );
    let demo = programmes.as_array().unwrap().iter();
    let demo = demo.clone().find(|p| p["code"] == "demo").unwrap();
    let project = demo["projects"][0]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{programmes}"));
    let persons = format!("/api/v1/staff/projects/{project}/persons");
    let (head, person) = ask(&address, "POST", &persons, &cookie, &json!({}));
    let id = person["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{head} {person}"));
    let invitation = format!("/api/v1/staff/persons/{id}/invitation");
    let (head, invited) = ask(&address, "POST", &invitation, &cookie, &json!({}));
    let link = invited["link"]
        .as_str()
        .unwrap_or_else(|| panic!("{head} {invited}"));
    assert!(link.starts_with(&format!("{base}/s#")), "{base}: {link}");
    // As demo/programme.toml and its letter say it; mhrm-30 has 30 items and lsns-9 has 9.
    let senders = ["Prøvekommunen", "Foreningen Fælles Skridt"];
    let card = json!({ "senders": senders, "questions": 39, "minutes": 15 });
    assert_eq!(invited["card"], card);
    drop(server);
}

/// One request to a server that runs: the head of the answer, and its JSON.
fn ask(address: &str, method: &str, path: &str, cookie: &str, body: &Value) -> (String, Value) {
    let body = body.to_string();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (
        head.to_owned(),
        serde_json::from_str(body).unwrap_or_default(),
    )
}
