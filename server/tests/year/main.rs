//! A year of a programme of five hundred people, on a clock that is moved by hand, judged by a model in another language
//! (`e2e/model/reminders.py`) that knows the rules from their words alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod model;
mod people;
mod recorder;
mod story;
mod world;

use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};

use crate::world::World;

/// What a year may take here, with everything that the model does.
const LONGEST: Duration = Duration::from_secs(120);

#[tokio::test]
async fn a_year_of_five_hundred_people_is_as_the_model_says() {
    let started = Instant::now();
    let mut world = World::start().await;
    story::live(&mut world).await;
    let lived = started.elapsed();
    let (failed, said) = model::judge(&world.events, &world.outputs);
    println!(
        "a year in {:.1} s, {} turns of the worker; judged in {:.1} s: {}",
        lived.as_secs_f64(),
        world.turns,
        (started.elapsed() - lived).as_secs_f64(),
        said.last().map_or("", String::as_str),
    );
    let first: Vec<&String> = said.iter().take(20).collect();
    assert!(!failed, "{first:#?} {:?}", said.last());
    // The year had something of everything, or it would prove little.
    for (what, least) in [
        ("mail", 500),
        ("mail again", 5),
        ("mail refused", 3),
        ("call", 100),
        ("answered", 300),
        ("withdrawn", 10),
        ("refused", 5),
        ("never_again", 5),
        ("in_a_week", 5),
        ("later_today", 5),
        ("bounced", 5),
        ("new_address", 5),
        ("mail_down", 3),
        ("clock", 2),
        ("project_idle", 2),
    ] {
        assert!(
            model::count(&said, what) >= least,
            "{what}: fewer than {least}"
        );
    }
    assert!(started.elapsed() < LONGEST, "{:?}", started.elapsed());
    the_model_notices(&world);
}

/// The same year with one line changed.
fn the_model_notices(world: &World) {
    let mails =
        |line: &Value| line["what"] == "mail" && line["taken"] == true && line["again"] == false;
    let at = world.outputs.iter().position(mails).unwrap();
    let complains = |outputs: &[Value], about: &str| {
        let (failed, said) = model::judge(&world.events, outputs);
        assert!(failed && said[0].contains(about), "{about}: {said:?}");
    };
    let mut dropped = world.outputs.clone();
    dropped.remove(at);
    complains(&dropped, "missing");

    let mut doubled = world.outputs.clone();
    doubled.insert(at, doubled[at].clone());
    complains(&doubled, "twice");

    // Ten in the morning and sixteen hours: two at night.
    let mut at_night = world.outputs.clone();
    let mut moved = at_night.remove(at);
    let moment: DateTime<FixedOffset> = moved["at"].as_str().unwrap().parse().unwrap();
    moved["at"] = json!((moment + chrono::TimeDelta::hours(16)).to_rfc3339());
    moved["tick"] = json!(moved["tick"].as_u64().unwrap() + 32);
    let (failed, said) = {
        at_night.push(moved);
        at_night.sort_by_key(|line| line["tick"].as_u64());
        model::judge(&world.events, &at_night)
    };
    let quiet = said.iter().any(|line| line.contains("quiet hours"));
    assert!(failed && quiet, "{said:?}");

    let mut early = world.outputs.clone();
    let call = early.iter().position(|l| l["what"] == "call").unwrap();
    early[call]["on"] = json!("2026-01-01");
    complains(&early, "a call on a wrong day");
}
