//! Several phones, one server, and a network that drops, delays, repeats and reorders: every finished answer ends up exactly once in
//! the data, or in quarantine with a reason, or gone because its person erased everything.
//!
//! The phones (`device`) run the outbox of `bedring_domain`, the server is the real router with a real database. What must come out is
//! worked out from the truth, by rules that stand in `judge`, share nothing with the server's and know nothing of deliveries.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod device;
mod judge;
mod network;

use bedring_contract::staff::Role;
use support::staff::logged_in;
use support::{Backend, TestApp, seed};

/// Schedules on SQLite; on PostgreSQL a tenth, the rules being the same code.
const SCHEDULES: u64 = 1_000;
/// Schedules that run side by side: they share commits, as phones do.
const LANES: usize = 16;

async fn run(backend: Backend, schedules: u64) {
    let app = std::sync::Arc::new(TestApp::start(backend).await);
    let project = seed::project(&app).await;
    let staff = std::sync::Arc::new(logged_in(&app, Role::Helper, &[project]).await);
    let lanes: Vec<_> = (0..LANES as u64)
        .map(|lane| {
            let app = std::sync::Arc::clone(&app);
            let staff = std::sync::Arc::clone(&staff);
            tokio::spawn(async move {
                let place = network::Place {
                    app: &app,
                    project,
                    staff: &staff,
                };
                for number in (lane..schedules).step_by(LANES) {
                    network::schedule(&place, number).await;
                }
            })
        })
        .collect();
    for lane in lanes {
        lane.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_finished_answer_ends_up_exactly_once_on_sqlite() {
    run(Backend::Sqlite, SCHEDULES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_finished_answer_ends_up_exactly_once_on_postgresql() {
    run(Backend::Postgres, SCHEDULES / 10).await;
}
