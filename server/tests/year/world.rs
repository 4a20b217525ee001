//! The server, its clock in steps of half an hour, and the two records: what happened, and what came of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::paths;
use bedring_domain::journal::{Event, Outcome};
use bedring_server::http::assets::Assets;
use bedring_server::http::router;
use bedring_server::mail::marks::mail_of_message_id;
use bedring_server::mail::run_due;
use bedring_server::ports::{Clock, SeededRandom};
use bedring_server::state::{AppState, Parts};
use bedring_store::entities::{call_task, followup, mail, project};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::Copenhagen;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::people::{self, Member};
use crate::recorder::{Handed, Recorder};
use crate::support::seed::{self, Someone};
use crate::support::{Backend, TestApp, phone, request};

const BOUNCES: &str = "a-token-for-bounces";
pub const STEP_MINUTES: u64 = 30;

pub struct World {
    pub app: TestApp,
    pub mailer: Arc<Recorder>,
    pub projects: Vec<Uuid>,
    pub members: Vec<Member>,
    pub tick: u64,
    pub events: Vec<Value>,
    pub outputs: Vec<Value>,
    /// How often the worker was at work.
    pub turns: u64,
    /// Nothing happens by itself before this moment.
    wake: Option<DateTime<Utc>>,
    /// By occasion, its name and its person's place among the members.
    names: HashMap<Uuid, (String, usize)>,
    /// The last mail that somebody got.
    last: BTreeMap<usize, Handed>,
    /// Calls that were written down: a clock that is set back shows the moment of their opening again.
    called: HashSet<Uuid>,
    _folder: TempDir,
}

impl World {
    /// Monday 2 March 2026, 9 in the morning.
    pub async fn start() -> Self {
        // What is not tested here is how well a disk keeps things, and half of the time would go there.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        let folder = folder.unwrap();
        let mut app = TestApp::with(Backend::Sqlite, |config| {
            config.data.dir = folder.path().to_owned();
            config.server.public_url = Some("https://svar.example".to_owned());
            config.mail.from = "hilsen@svar.example".to_owned();
            config.mail.per_minute = 600;
            config.mail.bounce_token = Some(BOUNCES.to_owned().into());
        })
        .await;
        let mailer = Arc::new(Recorder::default());
        app.state = AppState::new(Parts {
            config: app.state.config.clone(),
            clock: app.clock.clone(),
            random: Arc::new(SeededRandom::new(3)),
            keys: (*app.state.keys).clone(),
            assets: Assets::embedded(),
            mailer: Some(mailer.clone()),
            db: app.state.db.clone(),
        });
        app.router = router(app.state.clone());
        let mut projects = Vec::new();
        for _ in 0..5 {
            projects.push(seed::project(&app).await);
        }
        Self {
            app,
            mailer,
            projects,
            members: Vec::new(),
            tick: 0,
            events: Vec::new(),
            outputs: Vec::new(),
            turns: 0,
            wake: None,
            names: HashMap::new(),
            last: BTreeMap::new(),
            called: HashSet::new(),
            _folder: folder,
        }
    }

    pub async fn settle(&mut self, members: Vec<Member>) {
        people::insert(&self.app, &self.projects, &members).await;
        for (i, member) in members.iter().enumerate() {
            for planned in &member.occasions {
                self.names.insert(planned.id, (planned.name.clone(), i));
            }
        }
        self.members = members;
    }

    fn at(&self) -> String {
        let now = self.app.clock.now();
        now.with_timezone(&Copenhagen).fixed_offset().to_rfc3339()
    }

    /// Writes down that something happened.
    pub fn happened(&mut self, what: &str, mut more: Value) {
        more["what"] = json!(what);
        more["tick"] = json!(self.tick);
        more["at"] = json!(self.at());
        self.events.push(more);
        self.wake = None;
    }

    fn came(&mut self, what: &str, mut more: Value) {
        more["what"] = json!(what);
        more["tick"] = json!(self.tick);
        more["at"] = json!(self.at());
        self.outputs.push(more);
    }

    /// A person's phone delivers this.
    pub async fn says(&self, who: usize, events: Vec<Event>) {
        let member = &self.members[who];
        let at = self.app.clock.now().fixed_offset();
        let entries = events
            .into_iter()
            .map(|event| seed::entry(&self.app, at, event, false))
            .collect();
        let results = phone::deliver(&self.app, &member.secret, &seed::delivery(entries)).await;
        assert!(
            results.iter().all(|r| r.outcome == Outcome::Stored),
            "{results:?}"
        );
    }

    /// A person answers everything of an occasion.
    pub async fn answers(&mut self, who: usize, which: usize) {
        let member = &self.members[who];
        let someone = Someone {
            id: member.id,
            secret: member.secret.clone(),
            intake: member.occasions[which].id,
        };
        let responses = ["mhrm-30", "lsns-9"].map(|i| seed::response(&someone, i, 2));
        self.says(who, responses.into()).await;
        let planned = &mut self.members[who].occasions[which];
        planned.answered = true;
        let name = planned.name.clone();
        self.happened("answered", json!({ "occasion": name }));
    }

    /// A person chooses something in the last mail they got, if they got any.
    pub async fn chooses(&mut self, who: usize, choice: &str, what: &str) {
        let Some(mail) = self.last.get(&who).filter(|m| m.taken) else {
            return;
        };
        let (occasion, address) = (mail.occasion.clone(), mail.to.clone());
        let path = mail.choose.strip_prefix("https://svar.example").unwrap();
        let request = request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = Body::from(format!("choice={choice}"));
        let answer = self.app.send(request.body(body).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let name = self.members[who].name.clone();
        let line = json!({ "person": name, "occasion": occasion, "address": address });
        self.happened(what, line);
    }

    /// The last mail that a person got comes back, if they got any and their address is still the same.
    pub async fn bounces(&mut self, who: usize) {
        let address = self.members[who].email.clone();
        let last = self.last.get(&who).filter(|m| m.taken);
        let Some(mail) = last.filter(|m| Some(&m.to) == address.as_ref()) else {
            return;
        };
        let body = json!({ "message_id": mail.message_id, "permanent": true });
        let request = request(Method::POST, paths::BOUNCES)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {BOUNCES}"));
        let body = Body::from(body.to_string());
        let answer = self.app.send(request.body(body).unwrap()).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
        let name = self.members[who].name.clone();
        self.happened("bounced", json!({ "person": name }));
    }

    pub async fn project(&mut self, which: usize, active: bool) {
        let status = if active { "active" } else { "exempt" };
        project::Entity::update_many()
            .col_expr(project::Column::Status, Expr::value(status))
            .filter(project::Column::Id.eq(self.projects[which]))
            .exec(self.app.state.db.read())
            .await
            .unwrap();
        let what = if active {
            "project_active"
        } else {
            "project_idle"
        };
        self.happened(what, json!({ "project": which }));
    }

    pub fn mail_server(&mut self, down: bool) {
        self.mailer.is_down(down);
        let what = if down { "mail_down" } else { "mail_up" };
        self.happened(what, json!({}));
    }

    pub fn set_back(&mut self, minutes: u64) {
        self.app.clock.set_back(Duration::from_secs(60 * minutes));
        self.happened("clock", json!({ "minutes_back": minutes }));
    }

    /// The worker looks, if there can be anything for it; then half an hour passes.
    pub async fn turn(&mut self) {
        let now = self.app.clock.now();
        if self.wake.is_none_or(|wake| wake <= now) {
            run_due(&self.app.state).await.unwrap();
            self.turns += 1;
            self.write_down(now).await;
            self.wake = Some(self.next_wake(now).await);
        }
        self.app
            .clock
            .advance(Duration::from_secs(60 * STEP_MINUTES));
        self.tick += 1;
    }

    async fn write_down(&mut self, now: DateTime<Utc>) {
        let handed = self.mailer.take();
        let ids = handed.iter().map(|h| mail_of_message_id(&h.message_id));
        let rows: HashMap<Uuid, mail::Model> = mail::Entity::find()
            .filter(mail::Column::Id.is_in(ids.flatten()))
            .all(self.app.state.db.read())
            .await
            .unwrap()
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        for mut mail in handed {
            let row = &rows[&mail_of_message_id(&mail.message_id).unwrap()];
            let (name, who) = self.names[&row.occasion_id.unwrap()].clone();
            let own = self.members[who].email.as_ref() == Some(&mail.to);
            let to = if own { "person" } else { "somebody else" };
            let line = json!({
                "occasion": &name, "number": row.number, "to": to, "taken": mail.taken, "id": mail.message_id,
                "again": row.kind == "again",
            });
            mail.occasion = name;
            self.came("mail", line);
            self.last.insert(who, mail);
        }
        let calls = call_task::Entity::find()
            .filter(call_task::Column::OpenedAt.eq(now))
            .all(self.app.state.db.read())
            .await
            .unwrap();
        for call in calls {
            if !self.called.insert(call.id) {
                continue;
            }
            let (name, _) = self.names[&call.occasion_id].clone();
            self.came("call", json!({ "occasion": name, "on": call.next_try_on }));
        }
    }

    /// The first moment at which the worker would find anything.
    async fn next_wake(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let db = self.app.state.db.read();
        let look: Option<Option<DateTime<Utc>>> = followup::Entity::find()
            .select_only()
            .column_as(followup::Column::NextLookAt.min(), "first")
            .into_tuple()
            .one(db)
            .await
            .unwrap();
        let run: Option<Option<DateTime<Utc>>> = mail::Entity::find()
            .select_only()
            .column_as(mail::Column::RunAt.min(), "first")
            .filter(mail::Column::State.is_in(["waiting", "sending"]))
            .into_tuple()
            .one(db)
            .await
            .unwrap();
        let far = now + TimeDelta::days(1000);
        let first = [look.flatten(), run.flatten()].into_iter().flatten().min();
        first.unwrap_or(far)
    }
}
