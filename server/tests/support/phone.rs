//! A person's phone, as far as the journal sees one: what it writes and what it is answered.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedring_contract::device::{DEVICE_HEADER, SealedMine};
use bedring_contract::journal::{DeliveredEntry, Delivery, DeliveryResults, EntryResult};
use bedring_contract::paths;
use bedring_contract::person::Mine;
use bedring_domain::consent::Purpose;
use bedring_domain::journal::{Event, Outcome, Reason, hex};
use bedring_server::journal::secret_hash;
use bedring_store::entities::device;
use bedring_store::sea_orm::{ActiveValue::Set, EntityTrait};
use chrono::{DateTime, Utc};
use crypto_box::SecretKey;
use serde::de::DeserializeOwned;
use uuid::Uuid;

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
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .header(DEVICE_HEADER, token(secret));
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

/// The key pair of the phone that came in by a secret.
pub fn key(secret: &str) -> SecretKey {
    SecretKey::from(secret_hash(&format!("key of {secret}")))
}

/// Its token.
pub fn token(secret: &str) -> String {
    hex(&secret_hash(&format!("token of {secret}")))
}

/// The row of a phone that is known, and came in by a secret.
pub fn known(person: Uuid, secret: &str, now: DateTime<Utc>) -> device::ActiveModel {
    device::ActiveModel {
        id: Set(Uuid::from_slice(&secret_hash(secret)[16..]).unwrap()),
        person_id: Set(person),
        public_key: Set(key(secret).public_key().as_bytes().to_vec()),
        token_hash: Set(secret_hash(&token(secret)).to_vec()),
        older_token_hash: Set(None),
        came_by: Set(secret_hash(secret).to_vec()),
        known_at: Set(Some(now)),
        read_at: Set(None),
        registered_at: Set(now),
        seen_at: Set(now),
        ended_at: Set(None),
    }
}

/// The person's phone, which came in by this secret, is known.
pub async fn is_known(app: &TestApp, person: Uuid, secret: &str) {
    let now = bedring_server::ports::Clock::now(&*app.clock);
    device::Entity::insert(known(person, secret, now))
        .exec_without_returning(app.state.db.read())
        .await
        .unwrap();
}

/// What the server answers this phone about the person, whatever it is.
pub async fn mine_answer(app: &TestApp, secret: &str) -> Answer {
    let request = request(Method::GET, paths::MINE)
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .header(DEVICE_HEADER, token(secret));
    app.send(request.body(Body::empty()).unwrap()).await
}

/// What is held about the person, as their phone opens it.
pub async fn mine(app: &TestApp, someone: &Someone) -> Mine {
    let answer = mine_answer(app, &someone.secret).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    open(&key(&someone.secret), &answer.json::<SealedMine>().sealed)
}

/// Opens what was sealed for a phone's key.
pub fn open<T: DeserializeOwned>(key: &SecretKey, sealed: &str) -> T {
    let plain = key.unseal(&STANDARD.decode(sealed).unwrap()).unwrap();
    serde_json::from_slice(&plain).unwrap()
}
