//! What follow-ups cost among a million occasions: the worklist's first page, planning what is due, and mails through a local sink beside
//! lettre alone in the same run: through a mail server that acknowledges as kernels do (lettre waits for that with every mail), and through
//! one that acknowledges at once, where what is left is two durable transactions a mail.
//!
//! Everything runs in this process, on SQLite with its usual durability and on a PostgreSQL of the tests (which does not flush: its figures
//! are about queries, not about disks). Prints a table and writes `target/bench/followup.json`.
//!
//! `cargo bench -p bedring-server --bench followup -- [--occasions 1000000] [--mails 600] [--pages 60]`

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measuring program stops at the first surprise"
)]

#[path = "../../tests/support/mod.rs"]
mod support;

mod table;

use std::path::PathBuf;
use std::time::Instant;

use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_server::config::MailTls;
use bedring_server::mail::smtp::SmtpMailer;
use bedring_server::mail::{plan_due, send_due, test_mail};
use bedring_server::ports::{Clock, Mailer};
use bedring_store::entities::mail;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::support::smtp::Sink;
use crate::support::staff::{account, session_of};
use crate::support::{Backend, TestApp, seed};

/// Few occasions, to compare with many.
const FEW: u64 = 10_000;
/// Due in one planning run.
const DUE: u64 = 100;
const RUNS: u64 = 9;
const CONNECTIONS: u32 = 4;

fn main() {
    let (mut occasions, mut mails, mut pages) = (1_000_000, 600, 60);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("a value").parse().expect("a number");
        match word.as_str() {
            "--occasions" => occasions = value(),
            "--mails" => mails = value(),
            "--pages" => pages = value(),
            _ => {}
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut report = json!({ "occasions": occasions });
    for (name, backend) in [("sqlite", Backend::Sqlite), ("postgres", Backend::Postgres)] {
        report[name] = runtime.block_on(measure(name, backend, occasions, mails, pages));
    }
    let target = std::env::var_os("BEDRING_BENCH_TARGET").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target"),
        PathBuf::from,
    );
    let folder = target.join("bench");
    std::fs::create_dir_all(&folder).unwrap();
    let text = serde_json::to_string_pretty(&report).unwrap();
    std::fs::write(folder.join("followup.json"), text).unwrap();
}

async fn measure(name: &str, backend: Backend, occasions: u64, mails: u64, pages: u64) -> Value {
    let few = Bench::start(backend, FEW, DUE * RUNS).await;
    let plan_few = few.plan().await;
    let many = Bench::start(backend, occasions, DUE * RUNS + 2 * mails).await;
    let plan_many = many.plan().await;
    let (page_p50, page_p95, total) = many.worklist(pages).await;
    many.sink.take_its_time(true);
    let alone = many.lettre_alone(mails).await;
    let ours = many.mails(RUNS * DUE, mails).await;
    many.sink.take_its_time(false);
    let alone_at_once = many.lettre_alone(mails).await;
    let ours_at_once = many.mails(RUNS * DUE + mails, mails).await;
    println!("{name}: {occasions} occasions");
    println!(
        "  worklist, first page: p50 {page_p50:.1} ms, p95 {page_p95:.1} ms ({total} due and late)"
    );
    println!(
        "  planning {DUE} due: {plan_many:.1} ms, among {FEW} {plan_few:.1} ms: {:.2} of it",
        plan_many / plan_few
    );
    println!(
        "  mails: {ours:.0} per s, lettre alone {alone:.0} per s: {:.2} of it",
        ours / alone
    );
    println!(
        "  mails, if the other side acknowledges every packet at once: {ours_at_once:.0} per s, lettre alone {alone_at_once:.0} per s"
    );
    json!({
        "worklist_p50_ms": page_p50,
        "worklist_p95_ms": page_p95,
        "plan_ms": plan_many,
        "plan_ms_among_few": plan_few,
        "plan_ratio": plan_many / plan_few,
        "mails_per_s": ours,
        "lettre_alone_per_s": alone,
        "mails_of_lettre": ours / alone,
        "mails_per_s_at_once": ours_at_once,
        "lettre_alone_per_s_at_once": alone_at_once,
    })
}

struct Bench {
    app: TestApp,
    sink: Sink,
    project: uuid::Uuid,
}

impl Bench {
    async fn start(backend: Backend, occasions: u64, ready: u64) -> Self {
        let sink = Sink::start().await;
        let port = sink.port;
        let app = TestApp::with(backend, |config| {
            config.mail.host = Some("127.0.0.1".to_owned());
            config.mail.port = Some(port);
            config.mail.tls = MailTls::None;
            config.mail.from = "hilsen@svar.example".to_owned();
            config.mail.per_minute = 10_000_000;
            config.mail.max_connections = CONNECTIONS;
        })
        .await;
        // Ten in the morning, when mails go.
        app.clock.advance(std::time::Duration::from_secs(3700));
        let project = seed::project(&app).await;
        table::fill(&app, project, occasions, ready).await;
        Self { app, sink, project }
    }

    /// The middle of some planning runs, in ms.
    async fn plan(&self) -> f64 {
        let mut took = Vec::new();
        for run in 0..RUNS {
            table::make_due(&self.app, run * DUE, DUE).await;
            let started = Instant::now();
            let planned = plan_due(&self.app.state).await.unwrap();
            took.push(started.elapsed().as_secs_f64() * 1000.0);
            assert_eq!(planned as u64, DUE);
        }
        let waiting = self.waiting().await;
        assert_eq!(waiting, DUE * RUNS, "all are mails");
        quantile(took, 0.5)
    }

    /// The page that a leader opens in the morning: median and 95th percentile in ms, and how many lines there would be.
    async fn worklist(&self, pages: u64) -> (f64, f64, u64) {
        let leader = account(
            &self.app,
            "leader@example.org",
            Role::ProjectLeader,
            &[self.project],
        )
        .await;
        let browser = session_of(&self.app, leader).await;
        let (mut took, mut total) = (Vec::new(), 0);
        for _ in 0..pages {
            let started = Instant::now();
            let answer = browser.get(&self.app, paths::WORKLIST).await;
            took.push(started.elapsed().as_secs_f64() * 1000.0);
            assert_eq!(answer.status, 200, "{}", answer.text());
            let page: Value = answer.json();
            total = ["due", "overdue"]
                .map(|s| page[s]["total"].as_u64().unwrap())
                .iter()
                .sum();
        }
        (quantile(took.clone(), 0.5), quantile(took, 0.95), total)
    }

    /// Mails per second, from claimed to written down.
    async fn mails(&self, from: u64, count: u64) -> f64 {
        table::make_due(&self.app, from, count).await;
        plan_due(&self.app.state).await.unwrap();
        let waiting = self.waiting().await;
        let before = self.sink.all().len();
        let started = Instant::now();
        while send_due(&self.app.state).await.unwrap() > 0 {}
        let took = started.elapsed().as_secs_f64();
        assert_eq!((self.sink.all().len() - before) as u64, waiting);
        waiting as f64 / took
    }

    /// The same library with as many connections, and nothing around it.
    async fn lettre_alone(&self, count: u64) -> f64 {
        let config = &self.app.state.config;
        let mailer = SmtpMailer::new(&config.mail).unwrap().unwrap();
        let now = self.app.clock.now();
        let id = "<1@svar.example>".to_owned();
        let mail = test_mail(config, "a@people.example", id, now).unwrap();
        let started = Instant::now();
        stream::iter(0..count)
            .for_each_concurrent(CONNECTIONS as usize, |_| async {
                mailer.send(mail.clone()).await.unwrap();
            })
            .await;
        count as f64 / started.elapsed().as_secs_f64()
    }

    async fn waiting(&self) -> u64 {
        mail::Entity::find()
            .filter(mail::Column::State.eq("waiting"))
            .count(self.app.state.db.read())
            .await
            .unwrap()
    }
}

fn quantile(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * part).round() as usize]
}
