//! A server that runs: it answers, finishes what is under way when it is told to stop, and its log and figures hold no secrets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::assert_refused;
use crate::support::program::{bedring, run};

#[test]
fn a_server_answers_is_healthy_and_finishes_what_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &[]);
    let address = server.address.clone();

    let health = run(folder.path(), &["healthcheck", "--bind", &address]);
    assert!(
        health.status.success(),
        "{}",
        String::from_utf8_lossy(&health.stderr)
    );

    // Half a request is under way when the server is told to stop.
    let mut slow = TcpStream::connect(&address).unwrap();
    let idle = TcpStream::connect(&address).unwrap();
    slow.write_all(b"GET /api/v1/meta HTTP/1.1\r\nHost: x\r\n")
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    server.terminate();
    std::thread::sleep(std::time::Duration::from_millis(300));
    slow.write_all(b"Connection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("\"product\":\"bedring\""),
        "{answer}"
    );
    drop(idle);
    assert!(server.stop());
    let mut rest = String::new();
    server.log.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("\"stopped\""), "{rest}");

    let gone = run(folder.path(), &["healthcheck", "--bind", &address]);
    assert_refused(&gone, 1, &address);
}

#[test]
fn the_log_and_the_figures_hold_no_paths_queries_or_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let metrics = free.to_string();
    let mut server = Server::start(
        folder.path(),
        &[("BEDRING__SERVER__METRICS_BIND", &metrics)],
    );
    let address = server.address.clone();
    let id = "0192b4f0-0000-7000-8000-00000000hemm";
    for path in [
        "/api/v1/meta?secret=hemmelig",
        "/api/v1/hemmelig",
        "/hemmelig",
        &format!("/api/v1/staff/persons/{id}"),
    ] {
        http(
            &address,
            &format!(
                "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer hemmelig\r\nConnection: close\r\n\r\n"
            ),
        );
    }
    let figures = http(
        &free.to_string(),
        "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    assert!(
        figures.contains(
            r#"bedring_http_requests_total{method="GET",route="/api/v1/meta",status="2xx"} 1"#
        ),
        "{figures}"
    );
    assert!(
        figures.contains("bedring_http_request_seconds_bucket"),
        "{figures}"
    );
    assert!(server.stop());
    let mut lines = String::new();
    server.log.read_to_string(&mut lines).unwrap();
    assert!(lines.contains("\"route\":\"/api/v1/meta\""), "{lines}");
    for text in [&lines, &figures] {
        assert!(!text.contains("hemm"), "{text}");
    }
    for line in lines.lines() {
        let line: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert!(
            line["timestamp"].is_string() && line["level"].is_string(),
            "{line}"
        );
    }
}

/// A server that runs, and is gone with the test.
pub struct Server {
    child: Child,
    pub log: BufReader<ChildStderr>,
    pub address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts it, and waits until it listens.
    pub fn start(folder: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = bedring(folder);
        command.args([
            "serve",
            "--bind",
            "127.0.0.1:0",
            "--log-level",
            "debug,hyper=info",
        ]);
        let mut child = command
            .envs(environment.iter().copied())
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let address = listening(&mut log);
        Self {
            child,
            log,
            address,
        }
    }

    /// Tells it to stop.
    pub fn terminate(&self) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").arg(id).status().unwrap();
        assert!(told.success());
    }

    /// Tells it to stop and waits for its end: whether all was well with it.
    pub fn stop(&mut self) -> bool {
        if self.child.try_wait().unwrap().is_none() {
            self.terminate();
        }
        self.child.wait().unwrap().success()
    }
}

/// Reads the log up to the line that says where it listens.
fn listening(log: &mut impl BufRead) -> String {
    let mut lines = String::new();
    loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended: {lines}");
        lines.push_str(&line);
        let line: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        if line["message"] == "listening" {
            return line["address"].as_str().unwrap().to_owned();
        }
    }
}

/// One request, and all that comes back.
pub fn http(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
