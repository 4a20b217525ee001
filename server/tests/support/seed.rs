//! A programme, a project and people, straight in the tables: for tests that are about what devices write.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedring_contract::journal::{DeliveredEntry, Delivery, Seal};
use bedring_domain::consent::{Channel, Purpose, Scope};
use bedring_domain::course::Mode;
use bedring_domain::instrument::file;
use bedring_domain::journal::{
    Answer as Answered, Answers, ConsentWords, Entry, Event, Response, body_sha256, entry_id, hex,
};
use bedring_server::followup::calls::open_call;
use bedring_server::journal::secret_hash;
use bedring_server::ports::uuid_v7;
use bedring_store::entities::{
    access_secret, call_task, instrument_edition, letter, occasion, person, programme, project,
};
use bedring_store::plan::to_json;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use chrono::{DateTime, FixedOffset, TimeDelta};
use uuid::Uuid;

use super::{TestApp, phone};

const EDITIONS: [&str; 3] = [
    include_str!("../../../app/domain/instruments/mhrm-30.demo-1.toml"),
    include_str!("../../../app/domain/instruments/lsns-9.demo-1.toml"),
    include_str!("../../../app/domain/instruments/lsns-6.demo-1.toml"),
];

/// What an occasion asks.
pub const ASKED: &str =
    r#"[{"instrument":"mhrm-30","edition":"demo-1"},{"instrument":"lsns-9","edition":"demo-1"}]"#;

/// A person with an open intake and a link.
#[derive(Debug, Clone)]
pub struct Someone {
    pub id: Uuid,
    pub secret: String,
    pub intake: Uuid,
}

pub fn fresh(app: &TestApp) -> Uuid {
    uuid_v7(
        bedring_server::ports::Clock::now(&*app.clock),
        &*app.state.random,
    )
}

/// Publishes the demonstration editions and makes a project.
pub async fn project(app: &TestApp) -> Uuid {
    let db = app.state.db.read();
    for source in EDITIONS {
        let definition = file::read(source).unwrap().definition;
        let row = instrument_edition::Model {
            instrument: definition.instrument.clone(),
            edition: definition.edition.clone(),
            kind: definition.kind.as_str().to_owned(),
            sha256: hex(&body_sha256(source)),
            source_file: source.to_owned(),
            derived_from_instrument: definition
                .derived_from
                .as_ref()
                .map(|d| d.instrument.clone()),
            derived_from_edition: definition.derived_from.as_ref().map(|d| d.edition.clone()),
            definition: to_json(&definition),
            imported_at: bedring_server::ports::Clock::now(&*app.clock),
        };
        let insert = instrument_edition::Entity::insert_many([row.into_active_model().reset_all()]);
        insert
            .on_conflict_do_nothing()
            .exec_without_returning(db)
            .await
            .unwrap();
    }
    let (programme, project) = (fresh(app), fresh(app));
    let row = programme::Model {
        id: programme,
        code: format!("programme-{programme}"),
        name: r#"{"da":"Prøve","en":"Test"}"#.to_owned(),
        language: "da".to_owned(),
        plan: format!(
            r#"{{"instruments":{ASKED},"purposes":["evaluation","reminders","leader_sees_answers","research"]}}"#
        ),
        contacts: "[]".to_owned(),
        contacts_checked_on: None,
        senders: "[]".to_owned(),
        letter_edition: "1".to_owned(),
        created_at: bedring_server::ports::Clock::now(&*app.clock),
    };
    programme::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
    let row = letter::Model {
        programme_id: programme,
        edition: "1".to_owned(),
        sha256: hex(&body_sha256("1")),
        title: r#"{"da":"Brev","en":"Letter"}"#.to_owned(),
        body: r#"{"da":"Hej","en":"Hello"}"#.to_owned(),
        summary: "{}".to_owned(),
        published_at: bedring_server::ports::Clock::now(&*app.clock),
    };
    letter::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
    let row = project::Model {
        id: project,
        programme_id: programme,
        code: "P".to_owned(),
        name: "Prøve".to_owned(),
        intervention: String::new(),
        status: "active".to_owned(),
        status_on: None,
    };
    project::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
    project
}

/// A person in a project, with a phone that is known.
pub async fn someone(app: &TestApp, project: Uuid) -> Someone {
    let db = app.state.db.read();
    let now = bedring_server::ports::Clock::now(&*app.clock);
    let mut random = [0; 16];
    app.state.random.fill(&mut random);
    let someone = Someone {
        id: fresh(app),
        secret: base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random),
        intake: fresh(app),
    };
    let row = person::Model {
        id: someone.id,
        project_id: project,
        code: format!("P-{}", someone.id.simple()),
        language: "da".to_owned(),
        respondent_type: None,
        start_on: Some(now.date_naive()),
        end_on: None,
        ever_given: false,
        refused: false,
        withdrawn: None,
        erased_at: None,
        discarded_at: None,
        created_at: now,
    };
    person::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
    let row = occasion::Model {
        id: someone.intake,
        person_id: someone.id,
        kind: "intake".to_owned(),
        number: 1,
        opens_on: Some(now.date_naive()),
        due_on: None,
        instruments: ASKED.to_owned(),
        completed_at: None,
        missed_reason: None,
    };
    occasion::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
    let row = access_secret::ActiveModel {
        secret_hash: Set(secret_hash(&someone.secret).to_vec()),
        person_id: Set(someone.id),
        kind: Set("link".to_owned()),
        created_at: Set(now),
        expires_at: Set(now + TimeDelta::days(400)),
        used_at: Set(None),
        made_by: Set(None),
        ended_at: Set(None),
        vouches_until: Set(None),
    };
    access_secret::Entity::insert(row)
        .exec_without_returning(db)
        .await
        .unwrap();
    phone::is_known(app, someone.id, &someone.secret).await;
    someone
}

/// An open call task about an occasion, to be tried on a day.
pub async fn call(app: &TestApp, occasion: Uuid, on: &str) -> Uuid {
    let now = bedring_server::ports::Clock::now(&*app.clock);
    let tx = app.state.db.begin().await.unwrap();
    let day = on.parse().unwrap();
    open_call(&*tx, &*app.state.random, occasion, day, now)
        .await
        .unwrap();
    let task = call_task::Entity::find()
        .filter(call_task::Column::OccasionId.eq(occasion))
        .one(&*tx)
        .await
        .unwrap()
        .unwrap();
    tx.commit().await.unwrap();
    task.id
}

/// A person in a project of their own.
pub async fn somebody(app: &TestApp) -> Someone {
    let project = project(app).await;
    someone(app, project).await
}

/// Two people in one project.
pub async fn two(app: &TestApp) -> (Someone, Someone) {
    let project = project(app).await;
    (someone(app, project).await, someone(app, project).await)
}

/// A moment on a phone's clock.
pub fn minute(minute: i64) -> DateTime<FixedOffset> {
    (super::start_of_time() + TimeDelta::minutes(minute))
        .with_timezone(&FixedOffset::east_opt(3600).unwrap())
}

/// Yes or no to a purpose.
pub fn consent(purpose: Purpose, given: bool) -> Event {
    let words = ConsentWords {
        purpose,
        letter: "1".to_owned(),
        language: "da".to_owned(),
        channel: Channel::Screen,
        witness: None,
    };
    if given {
        Event::ConsentGiven(words)
    } else {
        Event::ConsentDeclined(words)
    }
}

/// A withdrawal.
pub fn withdrawal(scope: Scope) -> Event {
    Event::ConsentWithdrawn { scope }
}

/// A finished questionnaire in which every item has the answer `code`.
pub fn response(someone: &Someone, instrument: &str, code: i64) -> Event {
    let items: Vec<String> = match instrument {
        "mhrm-30" => (1..=30).map(|i| format!("mhrm{i:02}")).collect(),
        _ => (1..=9).map(|i| format!("lsns{i}")).collect(),
    };
    let answers: Answers = items
        .into_iter()
        .map(|i| (i, Answered::Code(code)))
        .collect();
    Event::ResponseSubmitted(Box::new(Response {
        occasion: someone.intake,
        instrument: instrument.to_owned(),
        edition: "demo-1".to_owned(),
        language: "da".to_owned(),
        mode: Mode::OwnDevice,
        helped_by: None,
        private: None,
        started_at: minute(0).into(),
        finished_at: minute(10).into(),
        answers,
    }))
}

/// An entry as a phone delivers it, open or sealed.
pub fn entry(
    app: &TestApp,
    recorded_at: DateTime<FixedOffset>,
    event: Event,
    sealed: bool,
) -> DeliveredEntry {
    entry_about(app, None, recorded_at, event, sealed)
}

/// An entry that says whom it is about, as staff write them.
pub fn entry_about(
    app: &TestApp,
    person: Option<Uuid>,
    recorded_at: DateTime<FixedOffset>,
    event: Event,
    sealed: bool,
) -> DeliveredEntry {
    let mut random = [0; 10];
    app.state.random.fill(&mut random);
    let id = entry_id(recorded_at.timestamp_millis(), &random);
    let json = to_json(&Entry {
        recorded_at: recorded_at.into(),
        app_version: "test".to_owned(),
        person,
        event,
    });
    delivered(app, id, json, sealed)
}

/// Any text as an entry.
pub fn delivered(app: &TestApp, id: Uuid, json: String, sealed: bool) -> DeliveredEntry {
    let newest = app.state.keys.seal.newest();
    let (seal, body) = if sealed {
        let body = app
            .state
            .keys
            .seal
            .seal(&*app.state.random, json.as_bytes());
        assert!(STANDARD.decode(&body).unwrap().len() > json.len());
        (
            Some(Seal {
                key_id: newest.id().to_owned(),
            }),
            body,
        )
    } else {
        (None, json)
    };
    DeliveredEntry {
        id: id.to_string(),
        sha256: hex(&body_sha256(&body)),
        seal,
        body,
        mac: None,
    }
}

/// A delivery of entries.
pub fn delivery(entries: Vec<DeliveredEntry>) -> Delivery {
    Delivery {
        device_id: Uuid::from_u128(7),
        sent_at: minute(30).into(),
        entries,
    }
}

/// Another project of the same programme.
pub async fn beside(app: &TestApp, first: Uuid, code: &str) -> Uuid {
    let mut row = super::tables::row::<project::Entity>(app, first).await;
    (row.id, row.code) = (fresh(app), code.to_owned());
    let id = row.id;
    let row = row.into_active_model().reset_all();
    row.insert(app.state.db.read()).await.unwrap();
    id
}
