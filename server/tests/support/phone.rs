//! A person's phone, as far as the journal sees one: what it writes and what it is answered.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::journal::{DeliveredEntry, Delivery, DeliveryResults, EntryResult};
use bedring_contract::paths;
use bedring_domain::consent::Purpose;
use bedring_domain::journal::{Event, Outcome, Reason};

use super::seed::{self, Someone};
use super::{Answer, TestApp, request};

/// A yes to the evaluation.
pub fn yes(app: &TestApp, minute: i64) -> DeliveredEntry {
    let event = seed::consent(Purpose::Evaluation, true);
    seed::entry(app, seed::minute(minute), event, true)
}

/// A finished questionnaire.
pub fn answers(app: &TestApp, someone: &Someone, instrument: &str) -> DeliveredEntry {
    let event = seed::response(someone, instrument, 3);
    seed::entry(app, seed::minute(10), event, true)
}

/// The bytes of a delivery of entries.
pub fn bytes(entries: Vec<DeliveredEntry>) -> Vec<u8> {
    serde_json::to_vec(&seed::delivery(entries)).unwrap()
}

/// Any bytes, whatever comes back.
pub async fn post_bytes(app: &TestApp, secret: &str, body: Vec<u8>) -> Answer {
    let request = request(Method::POST, paths::JOURNAL)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {secret}"));
    app.send(request.body(Body::from(body)).unwrap()).await
}

/// A delivery, whatever comes back.
pub async fn post(app: &TestApp, secret: &str, delivery: &Delivery) -> Answer {
    post_bytes(app, secret, serde_json::to_vec(delivery).unwrap()).await
}

/// A delivery that is taken in.
pub async fn deliver(app: &TestApp, secret: &str, delivery: &Delivery) -> Vec<EntryResult> {
    let answer = post(app, secret, delivery).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    answer.json::<DeliveryResults>().results
}

/// A delivery of these entries that is taken in.
pub async fn send(
    app: &TestApp,
    someone: &Someone,
    entries: Vec<DeliveredEntry>,
) -> Vec<EntryResult> {
    deliver(app, &someone.secret, &seed::delivery(entries)).await
}

/// What becomes of one entry in a delivery of its own.
pub async fn one(
    app: &TestApp,
    someone: &Someone,
    entry: DeliveredEntry,
) -> (Outcome, Option<Reason>) {
    let results = send(app, someone, vec![entry]).await;
    (results[0].outcome, results[0].reason)
}

/// It delivers these, written a minute apart from the first minute of the test.
pub async fn say(app: &TestApp, someone: &Someone, events: Vec<Event>) -> Vec<EntryResult> {
    say_at(app, someone, 0, events).await
}

/// The same, from another minute on.
pub async fn say_at(
    app: &TestApp,
    someone: &Someone,
    minute: i64,
    events: Vec<Event>,
) -> Vec<EntryResult> {
    let entries = (minute..)
        .zip(events)
        .map(|(minute, event)| seed::entry(app, seed::minute(minute), event, true))
        .collect();
    deliver(app, &someone.secret, &seed::delivery(entries)).await
}

/// What the server answers a person about themselves, whatever it is.
pub async fn mine(app: &TestApp, someone: &Someone) -> Answer {
    let request = request(Method::GET, paths::MINE)
        .header(header::AUTHORIZATION, format!("Bearer {}", someone.secret));
    app.send(request.body(Body::empty()).unwrap()).await
}
