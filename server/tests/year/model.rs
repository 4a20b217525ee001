//! Asks the model in Python.

use std::io::Write;
use std::process::Command;

use serde_json::Value;
use tempfile::NamedTempFile;

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../e2e/model/reminders.py");

/// Did it find anything, and what it said, line by line; the last sums up.
pub fn judge(events: &[Value], outputs: &[Value]) -> (bool, Vec<String>) {
    let (events, outputs) = (written(events), written(outputs));
    let ran = Command::new("python3")
        .arg(MODEL)
        .args([events.path(), outputs.path()])
        .output()
        .unwrap_or_else(|e| panic!("cannot run python3 ({e}): make tools installs it"));
    let said = String::from_utf8(ran.stdout).unwrap();
    let complaint = String::from_utf8_lossy(&ran.stderr);
    let status = ran.status.code();
    assert!(
        matches!(status, Some(0 | 1)) && complaint.is_empty(),
        "{complaint}"
    );
    (status != Some(0), said.lines().map(str::to_owned).collect())
}

/// How often something came, by the model's last line.
pub fn count(said: &[String], what: &str) -> u64 {
    let told = said.last().map_or("", String::as_str);
    let mut parts = told.split([';', ',']).map(str::trim);
    let counted = parts.find_map(|part| part.strip_suffix(what)?.strip_suffix(' ')?.parse().ok());
    counted.unwrap_or(0)
}

fn written(lines: &[Value]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    let mut text = String::new();
    for line in lines {
        text.push_str(&line.to_string());
        text.push('\n');
    }
    file.write_all(text.as_bytes()).unwrap();
    file
}
