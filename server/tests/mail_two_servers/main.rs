//! Two servers on one PostgreSQL, real processes, killed at random moments while they send: every mail goes, and what goes twice is the
//! same mail with the same Message-ID, at most one for each kill.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod fleet;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use bedring_server::ports::Random;
use bedring_server::ports::SeededRandom;

use crate::fleet::Fleet;

const PEOPLE: usize = 80;
/// Each kills both servers, one after the other.
const ROUNDS: usize = 6;
const LONGEST: Duration = Duration::from_secs(60);

/// A number below another, the same at every run.
fn below(random: &SeededRandom, end: u64) -> u64 {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    u64::from_be_bytes(bytes) % end
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_moments_they_send_every_mail_and_none_anew() {
    let started = Instant::now();
    let random = SeededRandom::new(20_261_124);
    let mut fleet = Fleet::start(PEOPLE).await;
    for _ in 0..ROUNDS {
        fleet.run(0);
        fleet.run(1);
        let before = fleet.sink.all().len();
        // At random, once they are at work: from the first mail on. When all have gone there is nothing to wait for.
        fleet
            .until(|f| f.sink.all().len() > before || f.is_done())
            .await;
        for victim in [below(&random, 2), 2] {
            let pause = Duration::from_millis(below(&random, 250));
            tokio::time::sleep(pause).await;
            if victim == 2 {
                fleet.kill_all();
            } else {
                fleet.kill(usize::try_from(victim).unwrap());
            }
        }
        // Nobody lives who could hold one: what would take twenty minutes by the clock.
        fleet.leases_run_out().await;
    }
    let (kills, by_then) = (fleet.kills, fleet.sink.all().len());
    fleet.run(0);
    fleet.run(1);
    fleet.all_sent().await;
    fleet.kill_all();

    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in fleet.sink.all() {
        let id = mail.header("message-id");
        assert_ne!(id, "");
        ids.entry(mail.to).or_default().push(id);
    }
    let got: BTreeSet<&String> = ids.keys().collect();
    assert_eq!(
        got,
        fleet.addresses.iter().collect(),
        "everybody got theirs"
    );
    for (address, of_address) in &ids {
        let different: BTreeSet<&String> = of_address.iter().collect();
        assert_eq!(different.len(), 1, "{address}: {of_address:?}");
    }
    let repeats = fleet.sink.all().len() - PEOPLE;
    println!(
        "{kills} kills, {by_then} mails of {PEOPLE} by the last, {repeats} repeats, {:.1} s",
        started.elapsed().as_secs_f64()
    );
    assert!(repeats <= kills, "{repeats} repeats after {kills} kills");
    assert!(
        kills >= 10 && by_then > 10,
        "{kills} kills, {by_then} mails"
    );
    assert!(started.elapsed() < LONGEST, "{:?}", started.elapsed());
}
