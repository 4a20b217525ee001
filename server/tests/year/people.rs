//! The people of the programme and what is planned for them, straight in the tables, in one transaction.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedring_server::calendar;
use bedring_server::journal::secret_hash;
use bedring_server::ports::Clock;
use bedring_store::entities::{access_secret, device, followup, occasion, person};
use bedring_store::sea_orm::ActiveValue::Set;
use bedring_store::sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use uuid::Uuid;

use crate::support::TestApp;
use crate::support::{phone, seed};

/// A person in one project. Who takes part in two is two of these with one address.
#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    pub id: Uuid,
    pub secret: String,
    pub project: usize,
    /// Said yes to everything and left this; or said nothing yet.
    pub email: Option<String>,
    pub occasions: Vec<Planned>,
    /// Nothing more is to be heard from them.
    pub over: bool,
}

#[derive(Debug, Clone)]
pub struct Planned {
    pub name: String,
    pub id: Uuid,
    pub due: NaiveDate,
    pub closes: Option<NaiveDate>,
    pub answered: bool,
}

impl Member {
    pub fn new(
        app: &TestApp,
        name: String,
        project: usize,
        email: Option<String>,
        days: &[(NaiveDate, Option<NaiveDate>)],
    ) -> Self {
        let mut random = [0; 16];
        app.state.random.fill(&mut random);
        let planned = |(i, (due, closes)): (usize, &(NaiveDate, Option<NaiveDate>))| Planned {
            name: format!("{name}/{}", i + 1),
            id: seed::fresh(app),
            due: *due,
            closes: *closes,
            answered: false,
        };
        Self {
            id: seed::fresh(app),
            secret: URL_SAFE_NO_PAD.encode(random),
            project,
            email,
            occasions: days.iter().enumerate().map(planned).collect(),
            over: false,
            name,
        }
    }
}

/// Writes them all down.
pub async fn insert(app: &TestApp, projects: &[Uuid], members: &[Member]) {
    let now = app.clock.now();
    let ten = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
    let (mut persons, mut secrets, mut devices) = (Vec::new(), Vec::new(), Vec::new());
    let (mut occasions, mut followups) = (Vec::new(), Vec::new());
    for member in members {
        let project_id = projects[member.project];
        let row = person::Model {
            id: member.id,
            project_id,
            code: format!("P-{}", member.id.simple()),
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
        persons.push(row.into_active_model().reset_all());
        secrets.push(access_secret::ActiveModel {
            secret_hash: Set(secret_hash(&member.secret).to_vec()),
            person_id: Set(member.id),
            kind: Set("link".to_owned()),
            created_at: Set(now),
            expires_at: Set(now + TimeDelta::days(500)),
            used_at: Set(None),
            made_by: Set(None),
            ended_at: Set(None),
            vouches_until: Set(None),
        });
        devices.push(phone::known(member.id, &member.secret, now));
        for (i, planned) in member.occasions.iter().enumerate() {
            let kind = if i == 0 { "intake" } else { "exit" };
            let row = occasion::Model {
                id: planned.id,
                person_id: member.id,
                kind: kind.to_owned(),
                number: 1,
                // The story answers up to twenty days before the due day.
                opens_on: Some(planned.due - TimeDelta::days(21)),
                due_on: Some(planned.due),
                instruments: seed::ASKED.to_owned(),
                completed_at: None,
                missed_reason: None,
            };
            occasions.push(row.into_active_model().reset_all());
            followups.push(followup::ActiveModel {
                occasion_id: Set(planned.id),
                person_id: Set(member.id),
                project_id: Set(project_id),
                plan_key: Set(kind.to_owned()),
                plan_repeat: Set(0),
                overdue_from: Set(Some(planned.due + TimeDelta::days(15))),
                closes_on: Set(planned.closes),
                missed_by: Set(None),
                missed_at: Set(None),
                next_look_at: Set(Some(calendar::moment(planned.due, ten))),
            });
        }
    }
    let tx = app.state.db.begin().await.unwrap();
    person::Entity::insert_many(persons)
        .exec_without_returning(&*tx)
        .await
        .unwrap();
    access_secret::Entity::insert_many(secrets)
        .exec_without_returning(&*tx)
        .await
        .unwrap();
    device::Entity::insert_many(devices)
        .exec_without_returning(&*tx)
        .await
        .unwrap();
    occasion::Entity::insert_many(occasions)
        .exec_without_returning(&*tx)
        .await
        .unwrap();
    followup::Entity::insert_many(followups)
        .exec_without_returning(&*tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}
