//! A link is not a person: what staff, a mail server or a stranger can do with one, and what only the person's own phone can.

mod vouching;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedring_contract::device::{
    AnotherDevice, DEVICE_HEADER, DeviceAnswer, DeviceKey, Pin, SealedMine, WaysIn,
};
use bedring_contract::paths;
use bedring_contract::person::Mine;
use bedring_contract::problem::{Code, Problem};
use bedring_domain::consent::Purpose;
use bedring_server::journal::secret_hash;
use bedring_server::ports::Clock;
use bedring_server::programme::invitation::{Maker, invite, kind, let_in, new_link};
use bedring_store::entities::access_secret;
use bedring_store::sea_orm::{EntityTrait, PaginatorTrait};
use crypto_box::SecretKey;
use std::time::Duration;
use uuid::Uuid;

use crate::support::seed::{self, Someone};
use crate::support::{Answer, TestApp, on_both, phone, request};

/// A device that is not the person's phone, or not yet.
pub struct Device {
    pub secret: String,
    id: Uuid,
    key: SecretKey,
    pub token: Option<String>,
}

impl Device {
    pub fn new(secret: &str, number: u8) -> Self {
        Self {
            secret: secret.to_owned(),
            id: Uuid::from_bytes([number; 16]),
            key: SecretKey::from([number; 32]),
            token: None,
        }
    }

    pub async fn ask(
        &self,
        app: &TestApp,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Answer {
        let mut request =
            request(method, path).header(header::AUTHORIZATION, format!("Bearer {}", self.secret));
        if let Some(token) = &self.token {
            request = request.header(DEVICE_HEADER, token);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        app.send(request.body(Body::from(body.unwrap_or_default())).unwrap())
            .await
    }

    fn form(&self) -> String {
        let public_key = STANDARD.encode(self.key.public_key().as_bytes());
        serde_json::to_string(&DeviceKey {
            id: self.id,
            public_key,
        })
        .unwrap()
    }

    /// Registers, keeps the token, and answers whether it is known.
    pub async fn registers(&mut self, app: &TestApp) -> bool {
        let answer = self
            .ask(app, Method::PUT, paths::DEVICE, Some(self.form()))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let answer: DeviceAnswer = answer.json();
        let token = self
            .key
            .unseal(&STANDARD.decode(&answer.sealed_token).unwrap())
            .unwrap();
        self.token = Some(String::from_utf8(token).unwrap());
        answer.known
    }

    async fn reads(&self, app: &TestApp) -> Result<Mine, Code> {
        let answer = self.ask(app, Method::GET, paths::MINE, None).await;
        if answer.status != StatusCode::OK {
            return Err(answer.json::<Problem>().code);
        }
        Ok(phone::open(&self.key, &answer.json::<SealedMine>().sealed))
    }

    async fn pin(&self, app: &TestApp, method: Method, pin: &str) -> Answer {
        let body = serde_json::to_string(&Pin {
            pin: pin.to_owned(),
        })
        .unwrap();
        self.ask(app, method, paths::DEVICE_PIN, Some(body)).await
    }
}

fn maker(app: &TestApp) -> Maker<'_> {
    Maker {
        keys: &app.state.keys.contact,
        random: &*app.state.random,
        account: None,
        now: app.clock.now(),
    }
}

/// A person without any phone, and their link.
pub async fn newcomer(app: &TestApp) -> Someone {
    let project = seed::project(app).await;
    let mut someone = seed::someone(app, project).await;
    let db = app.state.db.read();
    bedring_store::entities::device::Entity::delete_many()
        .exec(db)
        .await
        .unwrap();
    someone.secret = link(app, &someone, kind::LINK).await;
    someone
}

pub async fn link(app: &TestApp, someone: &Someone, kind: &str) -> String {
    let tx = app.state.db.begin().await.unwrap();
    let link = new_link(&*tx, maker(app), kind, someone.id).await.unwrap();
    tx.commit().await.unwrap();
    link.secret
}

async fn answers(app: &TestApp, device: &Device, someone: &Someone) {
    let said = vec![
        seed::entry(
            app,
            seed::minute(0),
            seed::consent(Purpose::Evaluation, true),
            true,
        ),
        seed::entry(
            app,
            seed::minute(1),
            seed::response(someone, "lsns-9", 3),
            true,
        ),
    ];
    let body = String::from_utf8(phone::bytes(said)).unwrap();
    let answer = device
        .ask(app, Method::POST, paths::JOURNAL, Some(body))
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
}

#[tokio::test]
async fn whoever_makes_a_link_reads_no_answers_with_it() {
    on_both(|app| async move {
        let someone = newcomer(&app).await;
        let mut own = Device::new(&someone.secret, 1);
        assert!(own.registers(&app).await, "the first one is known");
        answers(&app, &own, &someone).await;
        assert_eq!(own.reads(&app).await.unwrap().responses.len(), 1);

        let made = link(&app, &someone, kind::LINK).await;
        let mut staff = Device::new(&made, 2);
        assert_eq!(
            staff.reads(&app).await.unwrap_err(),
            Code::DeviceUnknown,
            "no device"
        );
        assert!(!staff.registers(&app).await);
        assert_eq!(staff.reads(&app).await.unwrap_err(), Code::DeviceUnknown);
        for (method, path) in [
            (Method::GET, paths::WAYS),
            (Method::DELETE, paths::WAYS),
            (Method::POST, paths::DEVICE_ANOTHER),
            (Method::POST, paths::ERASURE_TAKE_BACK),
        ] {
            staff
                .ask(&app, method, path, None)
                .await
                .assert_problem(Code::DeviceUnknown);
        }
        staff
            .pin(&app, Method::PUT, "281946")
            .await
            .assert_problem(Code::DeviceUnknown);
        // What a link is for goes on.
        let bundle = staff.ask(&app, Method::GET, paths::OCCASION, None).await;
        assert_eq!(bundle.status, StatusCode::OK);
        answers(&app, &staff, &someone).await;

        // The token of another person's known device opens nothing here.
        let other = seed::someone(&app, seed::project(&app).await).await;
        let stolen = Device {
            token: Some(phone::token(&other.secret)),
            ..Device::new(&made, 3)
        };
        assert_eq!(stolen.reads(&app).await.unwrap_err(), Code::DeviceUnknown);
    })
    .await;
}

#[tokio::test]
async fn a_phone_that_never_registered_is_not_overtaken_by_a_later_link() {
    on_both(|app| async move {
        let someone = newcomer(&app).await;
        answers(&app, &Device::new(&someone.secret, 1), &someone).await;
        let mut staff = Device::new(&link(&app, &someone, kind::LINK).await, 2);
        assert!(!staff.registers(&app).await);
    })
    .await;
}

#[tokio::test]
async fn of_two_that_are_first_at_once_one_is_known() {
    on_both(|app| async move {
        for round in 0..4 {
            let someone = newcomer(&app).await;
            let (mut a, mut b) = (
                Device::new(&someone.secret, 10 + round),
                Device::new(&someone.secret, 20 + round),
            );
            let (a, b) = tokio::join!(a.registers(&app), b.registers(&app));
            assert!(a != b, "{a} {b}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_mail_makes_no_device_known_and_ends_with_its_thirty_days() {
    on_both(|app| async move {
        let someone = newcomer(&app).await;
        let tx = app.state.db.begin().await.unwrap();
        let_in(&*tx, "mail-secret-000000000", someone.id, app.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut reader = Device::new("mail-secret-000000000", 1);
        assert!(
            !reader.registers(&app).await,
            "the mailbox may be somebody else's"
        );
        app.clock.advance(Duration::from_secs(30 * 86_400));
        reader
            .ask(&app, Method::GET, paths::OCCASION, None)
            .await
            .assert_problem(Code::AuthSecretExpired);
        // The phone itself is the first one of the person all the same.
        assert!(Device::new(&someone.secret, 2).registers(&app).await);
    })
    .await;
}

#[tokio::test]
async fn a_new_invitation_ends_the_ways_before_but_not_the_phone_that_is_known() {
    on_both(|app| async move {
        let someone = newcomer(&app).await;
        let mut own = Device::new(&someone.secret, 1);
        own.registers(&app).await;
        let tx = app.state.db.begin().await.unwrap();
        let new = invite(&*tx, maker(&app), someone.id, false).await.unwrap();
        tx.commit().await.unwrap();
        Device::new(&someone.secret, 2)
            .ask(&app, Method::GET, paths::OCCASION, None)
            .await
            .assert_problem(Code::AuthSecretEnded);
        let late = phone::bytes(vec![phone::yes(&app, 0)]);
        let body = Some(String::from_utf8(late).unwrap());
        Device::new(&someone.secret, 2)
            .ask(&app, Method::POST, paths::JOURNAL, body.clone())
            .await
            .assert_problem(Code::AuthSecretEnded);
        let sent = own.ask(&app, Method::POST, paths::JOURNAL, body).await;
        assert_eq!(
            sent.status,
            StatusCode::ACCEPTED,
            "nothing finished is lost"
        );
        assert!(own.reads(&app).await.is_ok());
        let tx = app.state.db.begin().await.unwrap();
        invite(&*tx, maker(&app), someone.id, true).await.unwrap();
        tx.commit().await.unwrap();
        let earlier = Device::new(&new.link.secret, 3);
        let open = earlier.ask(&app, Method::GET, paths::OCCASION, None).await;
        assert_eq!(
            open.status,
            StatusCode::OK,
            "kept, because it was asked for"
        );
    })
    .await;
}

#[tokio::test]
async fn ways_and_devices_are_seen_and_ended_by_a_known_phone() {
    on_both(|app| async move {
        let someone = newcomer(&app).await;
        let mut own = Device::new(&someone.secret, 1);
        own.registers(&app).await;
        let made = link(&app, &someone, kind::LINK).await;
        let mut second = Device::new(&made, 2);
        second.registers(&app).await;
        let ways: WaysIn = own.ask(&app, Method::GET, paths::WAYS, None).await.json();
        let rows = access_secret::Entity::find()
            .count(app.state.db.read())
            .await
            .unwrap();
        assert_eq!(ways.ways.len() as u64, rows);
        assert_eq!(ways.ways.iter().filter(|w| w.own).count(), 1);
        assert_eq!(ways.devices.len(), 2);
        let theirs = ways
            .ways
            .iter()
            .find(|w| !w.own && w.used_at.is_some())
            .unwrap();
        let one = paths::WAYS_ONE.replace("{way}", &theirs.id.to_string());
        assert_eq!(
            own.ask(&app, Method::DELETE, &one, None).await.status,
            StatusCode::NO_CONTENT
        );
        second
            .ask(&app, Method::GET, paths::OCCASION, None)
            .await
            .assert_problem(Code::AuthSecretEnded);
        own.ask(&app, Method::DELETE, paths::WAYS, None).await;
        let ways: WaysIn = own.ask(&app, Method::GET, paths::WAYS, None).await.json();
        assert!(ways.ways.iter().all(|w| w.own || w.ended_at.is_some()));
        // What a stranger's device is, ends with it; one's own, too.
        let id = ways.devices.iter().find(|d| d.own).unwrap().id;
        let path = paths::DEVICE_ONE.replace("{device}", &id.to_string());
        own.ask(&app, Method::DELETE, &path, None).await;
        assert_eq!(own.reads(&app).await.unwrap_err(), Code::DeviceUnknown);
        let again = own
            .ask(&app, Method::PUT, paths::DEVICE, Some(own.form()))
            .await;
        again.assert_problem(Code::AuthSecretEnded);
    })
    .await;
}

#[tokio::test]
async fn a_token_is_renewed_and_nobody_takes_the_place_of_a_device() {
    on_both(|app| async move {
        let someone = newcomer(&app).await;
        let mut own = Device::new(&someone.secret, 1);
        own.registers(&app).await;
        let before = own.token.clone();
        assert!(own.registers(&app).await, "still known");
        assert_ne!(before, own.token);
        let older = Device {
            token: before,
            ..Device::new(&someone.secret, 1)
        };
        assert!(
            older.reads(&app).await.is_ok(),
            "the answer with the newer one may have been lost"
        );
        let impostor = Device {
            key: SecretKey::from([9; 32]),
            ..Device::new(&someone.secret, 1)
        };
        let answer = impostor
            .ask(&app, Method::PUT, paths::DEVICE, Some(impostor.form()))
            .await;
        answer.assert_problem(Code::Conflict);
        for bad in ["", "AAAA", &"=".repeat(44)] {
            let body = format!(r#"{{"id":"{}","public_key":"{bad}"}}"#, Uuid::nil());
            let answer = own.ask(&app, Method::PUT, paths::DEVICE, Some(body)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        }
        // The table holds hashes of tokens, never one.
        let rows = bedring_store::entities::device::Entity::find()
            .all(app.state.db.read())
            .await
            .unwrap();
        let hash = secret_hash(own.token.as_deref().unwrap());
        assert!(rows.iter().any(|r| r.token_hash == hash));
    })
    .await;
}
