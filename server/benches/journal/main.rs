//! How fast the journal takes submissions in, beside what the disk and the HTTP library allow in the same run.
//!
//! Each request is one finished measurement: two sealed entries with 39 answers, from a person of its own, answered after a durable
//! commit. Raw is a loop that commits one row of the same bytes with SQLite, `synchronous = FULL`; echo is axum answering the same
//! requests without doing anything. Prints a table and writes `target/bench/journal.json`. Figures of one run are comparable with each
//! other, not with those of another machine.
//!
//! `cargo bench -p bedring-server --bench journal -- [--secs 8] [--stored 1000000] [--postgres URL]`

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measuring program stops at the first surprise"
)]

mod load;
mod raw;
mod seed;
mod server;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

/// Connections at once.
const CONNECTIONS: [usize; 3] = [1, 8, 32];
/// How many submissions are prepared for each second of measuring: more than is taken in; it says so if that was wrong.
const fn prepared_per_second(connections: usize) -> usize {
    match connections {
        1 => 4_000,
        2..=8 => 10_000,
        _ => 16_000,
    }
}

struct Options {
    secs: u64,
    stored: u64,
    postgres: Option<String>,
}

fn options() -> Options {
    let mut options = Options {
        secs: 6,
        stored: 1_000_000,
        postgres: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("a value");
        match word.as_str() {
            "--secs" => options.secs = value().parse().expect("seconds"),
            "--stored" => options.stored = value().parse().expect("a number"),
            "--postgres" => options.postgres = Some(value()),
            _ => {}
        }
    }
    options
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some("echo-server") {
        return server::echo();
    }
    let options = options();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let report = runtime.block_on(run(&options));
    let folder = target_folder().join("bench");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("journal.json"),
        serde_json::to_string_pretty(&report).unwrap(),
    )
    .unwrap();
}

fn target_folder() -> PathBuf {
    std::env::var_os("BEDRING_BENCH_TARGET").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target"),
        PathBuf::from,
    )
}

async fn run(options: &Options) -> Value {
    let measured = Duration::from_secs(options.secs);
    let folder = tempfile::tempdir_in(target_folder()).unwrap();
    let mut report = json!({ "unit": "submissions (2 sealed entries, 39 answers) per second" });
    let submission = seed::sample_size();
    let raw = raw::one_row_commits(&folder.path().join("raw.db"), submission, measured);
    println!(
        "{:34} {:>9} {:>8} {:>8} {:>10} {:>9}",
        "", "per s", "p50 ms", "p99 ms", "of raw", "CPU us"
    );
    line("raw SQLite commits, 1 writer", &raw, None);
    report["raw"] = raw.json();
    let echo = server::Echo::start().await;
    for connections in CONNECTIONS {
        let requests = seed::echo_requests();
        let figures = load::run(
            echo.address,
            requests,
            connections,
            measured,
            true,
            Some(echo.pid()),
        )
        .await;
        line(
            &format!("bare axum echo, {connections} connections"),
            &figures,
            None,
        );
        report["echo"][connections.to_string()] = figures.json();
    }
    drop(echo);
    let sqlite = format!("sqlite://{}", folder.path().join("bedring.db").display());
    report["sqlite"] = backend("SQLite", &sqlite, folder.path(), options, &raw).await;
    if let Some(url) = &options.postgres {
        report["postgres"] = backend(
            "PostgreSQL",
            url,
            folder.path(),
            &Options {
                stored: 0,
                ..Options {
                    secs: options.secs,
                    stored: 0,
                    postgres: None,
                }
            },
            &raw,
        )
        .await;
    }
    report
}

async fn backend(
    name: &str,
    url: &str,
    folder: &std::path::Path,
    options: &Options,
    raw: &load::Figures,
) -> Value {
    let measured = Duration::from_secs(options.secs);
    let server = server::Bedring::start(url, &folder.join(name)).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let mut report = json!({ "idle_mb": server.memory_mb() });
    println!("{name}: idle {:.1} MB", server.memory_mb());
    let people = seed::People::prepare(&server).await;
    for connections in CONNECTIONS {
        let requests = people
            .requests(prepared_per_second(connections) * options.secs as usize)
            .await;
        let figures = load::run(
            server.address,
            requests,
            connections,
            measured,
            false,
            Some(server.pid()),
        )
        .await;
        line(
            &format!("{name}, {connections} connections"),
            &figures,
            Some(raw),
        );
        report[connections.to_string()] = figures.json();
        report[connections.to_string()]["of_raw"] = json!(figures.rate / raw.rate);
    }
    report["peak_mb"] = json!(server.peak_mb());
    println!("{name}: peak under load {:.1} MB", server.peak_mb());
    if options.stored > 0 {
        people.store_responses(options.stored).await;
        let requests = people
            .requests(prepared_per_second(32) * options.secs as usize)
            .await;
        let figures = load::run(
            server.address,
            requests,
            32,
            measured,
            false,
            Some(server.pid()),
        )
        .await;
        let before = report["32"]["rate"].as_f64().unwrap();
        line(
            &format!("{name}, 32, {} responses stored", options.stored),
            &figures,
            Some(raw),
        );
        println!(
            "{name}: {:.2} of the rate without them",
            figures.rate / before
        );
        report["stored"] = figures.json();
        report["stored"]["of_empty"] = json!(figures.rate / before);
    }
    report
}

fn line(what: &str, figures: &load::Figures, raw: Option<&load::Figures>) {
    let of_raw = raw.map_or_else(String::new, |r| format!("{:.2}", figures.rate / r.rate));
    let cpu = figures
        .cpu_us
        .map_or_else(String::new, |c| format!("{c:.0}"));
    println!(
        "{what:34} {:>9.0} {:>8.2} {:>8.2} {of_raw:>10} {cpu:>9}",
        figures.rate, figures.p50_ms, figures.p99_ms
    );
}
