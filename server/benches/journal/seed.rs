//! What is sent: people with a link and an open occasion each, and their sealed submissions, prepared before the clock runs.

use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedring_domain::journal::{body_sha256, entry_id, hex};
use bedring_store::entities::{
    access_secret, instrument_edition, occasion, person, programme, project,
};
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel,
};
use bedring_store::{Db, DbConfig};
use chrono::{DateTime, TimeDelta, Utc};
use crypto_box::{PublicKey, SecretKey};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::server::Bedring;

const ITEMS: [(&str, &str, usize, i64); 2] = [("mhrm-30", "mhrm", 30, 4), ("lsns-9", "lsns", 9, 5)];
const NOW_MS: i64 = 1_795_000_000_000;

/// Counts up; the whole run uses each number once.
static NEXT: Mutex<u64> = Mutex::new(1);

fn next(count: u64) -> u64 {
    let mut next = NEXT.lock().unwrap();
    let first = *next;
    *next += count;
    first
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(NOW_MS).unwrap()
}

fn random(n: u64, what: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update(what)
        .chain_update(n.to_be_bytes())
        .finalize()
        .into()
}

fn id(n: u64, what: &str) -> Uuid {
    let bytes = random(n, what);
    entry_id(
        NOW_MS + i64::try_from(n / 4).unwrap(),
        bytes[..10].try_into().unwrap(),
    )
}

fn secret(n: u64) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&random(n, "secret")[..16])
}

fn entry_json(n: u64, (instrument, prefix, items, highest): (&str, &str, usize, i64)) -> String {
    let bytes = random(n, instrument);
    let answers: Vec<String> = (1..=items)
        .map(|i| {
            let code = if items > 9 {
                format!("{prefix}{i:02}")
            } else {
                format!("{prefix}{i}")
            };
            format!("\"{code}\":{}", i64::from(bytes[i % 32]) % (highest + 1))
        })
        .collect();
    format!(
        "{{\"recorded_at\":\"2026-11-21T10:10:00+01:00\",\"app_version\":\"0.1.0\",\"kind\":\"response_submitted\",\"occasion\":\"{}\",\
         \"instrument\":\"{instrument}\",\"edition\":\"demo-1\",\"language\":\"da\",\"mode\":\"own_device\",\
         \"started_at\":\"2026-11-21T10:00:00+01:00\",\"finished_at\":\"2026-11-21T10:10:00+01:00\",\"answers\":{{{}}}}}",
        id(n, "occasion"),
        answers.join(",")
    )
}

struct Counter(u64);

impl crypto_box::aead::rand_core::RngCore for Counter {
    fn next_u32(&mut self) -> u32 {
        self.0 as u32
    }
    fn next_u64(&mut self) -> u64 {
        self.0
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        for (i, chunk) in dest.chunks_mut(32).enumerate() {
            chunk.copy_from_slice(&random(self.0 * 8 + i as u64, "seal")[..chunk.len()]);
        }
        self.0 += 1;
    }
    fn try_fill_bytes(
        &mut self,
        dest: &mut [u8],
    ) -> Result<(), crypto_box::aead::rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl crypto_box::aead::rand_core::CryptoRng for Counter {}

fn delivery(n: u64, key_id: &str, key: &PublicKey) -> String {
    let entries: Vec<String> = ITEMS
        .iter()
        .map(|item| {
            let body = STANDARD.encode(key.seal(&mut Counter(n), entry_json(n, *item).as_bytes()).unwrap());
            format!(
                "{{\"id\":\"{}\",\"sha256\":\"{}\",\"seal\":{{\"key_id\":\"{key_id}\"}},\"body\":\"{body}\"}}",
                id(n, item.0),
                hex(&body_sha256(&body))
            )
        })
        .collect();
    format!(
        "{{\"device_id\":\"{}\",\"sent_at\":\"2026-11-21T10:10:01+01:00\",\"entries\":[{}]}}",
        id(n, "device"),
        entries.join(",")
    )
}

fn request(n: u64, body: &str) -> Vec<u8> {
    format!(
        "POST /api/v1/journal HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        secret(n),
        body.len()
    )
    .into_bytes()
}

/// Bytes of the two stored bodies of a submission.
pub fn sample_size() -> usize {
    let key = SecretKey::from_bytes([1; 32]).public_key();
    ITEMS
        .iter()
        .map(|i| {
            STANDARD
                .encode(
                    key.seal(&mut Counter(1), entry_json(1, *i).as_bytes())
                        .unwrap(),
                )
                .len()
        })
        .sum()
}

/// Requests for the echo server, like the real ones.
pub fn echo_requests() -> Vec<Vec<u8>> {
    let key = SecretKey::from_bytes([1; 32]).public_key();
    let body = delivery(1, "00000000", &key);
    vec![request(1, &body)]
}

/// A programme in the server's database, and the key of that server.
pub struct People {
    db: Db,
    url: String,
    project: Uuid,
    key_id: String,
    key: PublicKey,
}

impl People {
    /// Makes programme and project.
    pub async fn prepare(server: &Bedring) -> Self {
        let text = std::fs::read_to_string(&server.seal_key).unwrap();
        let line = text.lines().find(|l| !l.starts_with('#')).unwrap();
        let bytes: [u8; 32] = STANDARD.decode(line).unwrap().try_into().unwrap();
        let key = SecretKey::from_bytes(bytes).public_key();
        let key_id = hex(&Sha256::digest(key.as_bytes())[..4]);
        let config = DbConfig {
            url: server.url.clone(),
            max_connections: 2,
            acquire_timeout: std::time::Duration::from_secs(30),
        };
        let db = Db::connect(&config).await.unwrap();
        let editions = instrument_edition::Entity::find()
            .all(db.read())
            .await
            .unwrap();
        assert!(
            editions.iter().any(|e| e.instrument == "mhrm-30"),
            "the server publishes its demonstration editions at start"
        );
        let n = next(1);
        let (programme, project) = (id(n, "programme"), id(n, "project"));
        let plan = r#"{"instruments":[{"instrument":"mhrm-30","edition":"demo-1"},{"instrument":"lsns-9","edition":"demo-1"}],"purposes":["evaluation"]}"#;
        let row = programme::Model {
            id: programme,
            code: "bench".to_owned(),
            name: r#"{"da":"Maaling"}"#.to_owned(),
            language: "da".to_owned(),
            plan: plan.to_owned(),
            contacts: "[]".to_owned(),
            contacts_checked_on: None,
            senders: "[]".to_owned(),
            letter_edition: "1".to_owned(),
            created_at: now(),
        };
        programme::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(db.read())
            .await
            .unwrap();
        let row = project::Model {
            id: project,
            programme_id: programme,
            code: "bench".to_owned(),
            name: "bench".to_owned(),
            intervention: String::new(),
            status: "active".to_owned(),
            status_on: None,
        };
        project::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(db.read())
            .await
            .unwrap();
        Self {
            db,
            url: server.url.clone(),
            project,
            key_id,
            key,
        }
    }

    /// Makes people and the submission that each will send.
    pub async fn requests(&self, count: usize) -> Vec<Vec<u8>> {
        let first = next(count as u64);
        let numbers: Vec<u64> = (first..first + count as u64).collect();
        for chunk in numbers.chunks(1500) {
            self.insert(chunk).await;
        }
        let (key_id, key) = (self.key_id.clone(), self.key.clone());
        tokio::task::spawn_blocking(move || {
            let half = numbers.len() / 2;
            let make = |numbers: &[u64]| -> Vec<Vec<u8>> {
                numbers
                    .iter()
                    .map(|n| request(*n, &delivery(*n, &key_id, &key)))
                    .collect()
            };
            std::thread::scope(|scope| {
                let other = scope.spawn(|| make(&numbers[half..]));
                let mut requests = make(&numbers[..half]);
                requests.extend(other.join().unwrap());
                requests
            })
        })
        .await
        .unwrap()
    }

    async fn insert(&self, numbers: &[u64]) {
        let tx = self.db.begin().await.unwrap();
        let people = numbers.iter().map(|n| person::ActiveModel {
            id: Set(id(*n, "person")),
            project_id: Set(self.project),
            code: Set(format!("B{n}")),
            language: Set("da".to_owned()),
            respondent_type: Set(None),
            start_on: Set(None),
            end_on: Set(None),
            ever_given: Set(true),
            refused: Set(false),
            withdrawn: Set(None),
            erased_at: Set(None),
            created_at: Set(now()),
            discarded_at: Set(None),
        });
        person::Entity::insert_many(people)
            .exec_without_returning(&*tx)
            .await
            .unwrap();
        let instruments = r#"[{"instrument":"mhrm-30","edition":"demo-1"},{"instrument":"lsns-9","edition":"demo-1"}]"#;
        let occasions = numbers.iter().map(|n| occasion::ActiveModel {
            id: Set(id(*n, "occasion")),
            person_id: Set(id(*n, "person")),
            kind: Set("intake".to_owned()),
            number: Set(1),
            opens_on: Set(Some(now().date_naive())),
            due_on: Set(None),
            instruments: Set(instruments.to_owned()),
            completed_at: Set(None),
            missed_reason: Set(None),
        });
        occasion::Entity::insert_many(occasions)
            .exec_without_returning(&*tx)
            .await
            .unwrap();
        let secrets = numbers.iter().map(|n| access_secret::ActiveModel {
            secret_hash: Set(Sha256::digest(secret(*n).as_bytes()).to_vec()),
            person_id: Set(id(*n, "person")),
            kind: Set("link".to_owned()),
            created_at: Set(now()),
            expires_at: Set(now() + TimeDelta::days(4000)),
            used_at: Set(None),
            made_by: Set(None),
            ended_at: Set(None),
            vouches_until: Set(None),
        });
        access_secret::Entity::insert_many(secrets)
            .exec_without_returning(&*tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Stores many responses with their entries, as if they had come in over years: straight into the tables, spread over the people
    /// that exist. SQLite only.
    pub async fn store_responses(&self, count: u64) {
        assert!(
            self.url.starts_with("sqlite"),
            "stored responses are measured on SQLite"
        );
        let body = "s".repeat(sample_size() / 2);
        for first in (0..count).step_by(100_000) {
            let last = (first + 100_000).min(count);
            let sql = format!(
                "WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {last}),
                 o AS MATERIALIZED (SELECT row_number() OVER () - 1 AS k, id, person_id FROM (SELECT id, person_id FROM occasions LIMIT 50000)),
                 m AS (SELECT i, unhex(printf('0190%08x', i) || '7' || substr(hex(randomblob(2)), 2) || '8' || substr(hex(randomblob(8)), 2)) AS id FROM n)
                 INSERT INTO journal_entries (id, sha256, seal_key, body, person_id, device_id, device_sent_at, received_at, kind, state)
                 SELECT m.id, randomblob(32), '00000000', '{body}', o.person_id, randomblob(16), '2026-01-01T00:00:00+00:00',
                 '2026-01-01T00:00:00+00:00', 'response_submitted', 'applied' FROM m JOIN o ON o.k = m.i % (SELECT count(*) FROM o)"
            );
            let tx = self.db.begin().await.unwrap();
            tx.execute_unprepared(&sql).await.unwrap();
            tx.execute_unprepared(
                "INSERT INTO responses (id, person_id, occasion_id, instrument, edition, language, mode, device_started_at, \
                 device_finished_at, clock_suspect, received_at, chosen, answers) \
                 SELECT e.id, e.person_id, (SELECT id FROM occasions o WHERE o.person_id = e.person_id), 'mhrm-30', 'demo-1', 'da', \
                 'own_device', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00', 0, '2026-01-01T00:00:00+00:00', 0, \
                 '{\"mhrm01\":3,\"mhrm02\":3,\"mhrm03\":3,\"mhrm04\":3,\"mhrm05\":3,\"mhrm06\":3,\"mhrm07\":3,\"mhrm08\":3,\"mhrm09\":3}' \
                 FROM journal_entries e WHERE e.seal_key = '00000000' AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.id = e.id)",
            )
            .await
            .unwrap();
            tx.commit().await.unwrap();
        }
    }
}
