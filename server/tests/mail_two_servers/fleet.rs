//! Two servers that can be killed, the database that they share, a mail server, and people who wait for a mail.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::Duration;

use bedring_domain::consent::Purpose;
use bedring_domain::journal::{Event, Outcome};
use bedring_server::calendar;
use bedring_server::http::assets::Assets;
use bedring_server::http::router;
use bedring_server::keys;
use bedring_server::ports::{Clock, OsRandom, SystemClock};
use bedring_server::state::{AppState, Parts};
use bedring_store::entities::{followup, mail, occasion, programme};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use chrono::TimeDelta;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::program::bedring;
use crate::support::smtp::Sink;
use crate::support::{Backend, TestApp, phone, seed};

/// The servers' clock is the machine's, and the test must run at night as well: no hour is quiet.
const NEVER_QUIET: &str =
    r#"{"quiet_from":"00:00:00","quiet_until":"00:00:00","send_at":"00:00:00"}"#;

pub struct Fleet {
    app: TestApp,
    pub sink: Sink,
    pub addresses: BTreeSet<String>,
    pub kills: usize,
    environment: Vec<(&'static str, String)>,
    running: [Option<Child>; 2],
    folder: TempDir,
}

/// However the test ends, none outlives it.
impl Drop for Fleet {
    fn drop(&mut self) {
        for server in self.running.iter_mut().flatten() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

impl Fleet {
    /// So many people wait; no server runs.
    pub async fn start(people: usize) -> Self {
        let sink = Sink::start().await;
        let folder = tempfile::tempdir().unwrap();
        let [seal, contact] = keys::create_files(folder.path(), &OsRandom).unwrap();
        let mut app = TestApp::with(Backend::Postgres, |config| {
            config.keys.seal_file = Some(seal.clone());
            config.keys.contact_file = Some(contact.clone());
        })
        .await;
        let config = app.state.config.clone();
        let url = config.database.url.as_ref().unwrap().expose().to_owned();
        app.state = AppState::new(Parts {
            keys: keys::open(&config, &OsRandom).unwrap(),
            config,
            clock: app.clock.clone(),
            random: app.state.random.clone(),
            assets: Assets::embedded(),
            mailer: None,
            db: app.state.db.clone(),
        });
        app.router = router(app.state.clone());
        let now = SystemClock::new().now();
        let passed = (now - app.clock.now()).to_std().unwrap();
        app.clock.advance(passed);
        let file = |path: &std::path::Path| path.to_str().unwrap().to_owned();
        let environment = vec![
            ("BEDRING__DATABASE__URL", url),
            ("BEDRING__KEYS__SEAL_FILE", file(&seal)),
            ("BEDRING__KEYS__CONTACT_FILE", file(&contact)),
            ("BEDRING__MAIL__HOST", "127.0.0.1".to_owned()),
            ("BEDRING__MAIL__PORT", sink.port.to_string()),
            ("BEDRING__MAIL__TLS", "none".to_owned()),
            ("BEDRING__MAIL__FROM", "hilsen@svar.example".to_owned()),
            ("BEDRING__MAIL__PER_MINUTE", "6000".to_owned()),
            // One mail under way in each server, so that a kill can make at most one go twice.
            ("BEDRING__MAIL__MAX_CONNECTIONS", "1".to_owned()),
        ];
        let mut fleet = Self {
            app,
            sink,
            addresses: BTreeSet::new(),
            kills: 0,
            environment,
            running: [None, None],
            folder,
        };
        fleet.people(people).await;
        fleet
    }

    async fn people(&mut self, count: usize) {
        let app = &self.app;
        let project = seed::project(app).await;
        let rows = programme::Entity::find().all(app.state.db.read()).await;
        let plan = &rows.unwrap()[0].plan;
        let mut plan: serde_json::Value = serde_json::from_str(plan).unwrap();
        plan["reminders"] = serde_json::from_str(NEVER_QUIET).unwrap();
        programme::Entity::update_many()
            .col_expr(programme::Column::Plan, Expr::value(plan.to_string()))
            .exec(app.state.db.read())
            .await
            .unwrap();
        for i in 0..count {
            let email = format!("p{i}@people.example");
            waits_for_mail(app, project, &email).await;
            self.addresses.insert(email);
        }
    }

    pub fn run(&mut self, which: usize) {
        let mut command = bedring(self.folder.path());
        command
            .args(["serve", "--bind", "127.0.0.1:0", "--log-level", "error"])
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        self.running[which] = Some(command.spawn().unwrap());
    }

    /// With SIGKILL: it can do nothing about it.
    pub fn kill(&mut self, which: usize) {
        if let Some(mut server) = self.running[which].take() {
            assert_eq!(server.try_wait().unwrap(), None, "it ended by itself");
            server.kill().unwrap();
            server.wait().unwrap();
            self.kills += 1;
        }
    }

    pub fn kill_all(&mut self) {
        self.kill(0);
        self.kill(1);
    }

    /// All addresses had something.
    pub fn is_done(&self) -> bool {
        let all = self.sink.all();
        let reached: BTreeSet<&String> = all.iter().map(|m| &m.to).collect();
        reached.len() == self.addresses.len()
    }

    pub async fn until(&self, done: impl Fn(&Self) -> bool) {
        for _ in 0..3000 {
            if done(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("nothing happens");
    }

    /// Time for it would be in twenty minutes.
    pub async fn leases_run_out(&self) {
        let past = SystemClock::new().now() - TimeDelta::seconds(1);
        mail::Entity::update_many()
            .col_expr(mail::Column::LeaseUntil, Expr::value(past))
            .filter(mail::Column::State.eq("sending"))
            .exec(self.app.state.db.read())
            .await
            .unwrap();
    }

    /// Until every row says that its mail went.
    pub async fn all_sent(&self) {
        let db = self.app.state.db.read();
        for _ in 0..400 {
            let sent = mail::Entity::find().filter(mail::Column::State.eq("sent"));
            let (sent, all) = (sent.count(db).await, mail::Entity::find().count(db).await);
            if (sent.unwrap(), all.unwrap())
                == (self.addresses.len() as u64, self.addresses.len() as u64)
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{:?}", mail::Entity::find().all(db).await);
    }
}

/// Somebody with a yes, an address, and something that is due today.
async fn waits_for_mail(app: &TestApp, project: Uuid, email: &str) {
    let someone = seed::someone(app, project).await;
    let (db, now) = (app.state.db.read(), app.clock.now());
    let today = calendar::day_of(now);
    let events = [
        seed::consent(Purpose::Evaluation, true),
        seed::consent(Purpose::Reminders, true),
        Event::ContactGiven {
            email: email.to_owned(),
        },
    ];
    let entry = |event| seed::entry(app, now.fixed_offset(), event, false);
    let delivery = seed::delivery(events.map(entry).into());
    let results = phone::deliver(app, &someone.secret, &delivery).await;
    assert!(results.iter().all(|r| r.outcome == Outcome::Stored));
    occasion::Entity::update_many()
        .col_expr(occasion::Column::DueOn, Expr::value(today))
        .filter(occasion::Column::Id.eq(someone.intake))
        .exec(db)
        .await
        .unwrap();
    let row = followup::ActiveModel {
        occasion_id: Set(someone.intake),
        person_id: Set(someone.id),
        project_id: Set(project),
        plan_key: Set("intake".to_owned()),
        plan_repeat: Set(0),
        overdue_from: Set(Some(today + TimeDelta::days(15))),
        closes_on: Set(None),
        missed_by: Set(None),
        missed_at: Set(None),
        next_look_at: Set(Some(now)),
    };
    followup::Entity::insert(row)
        .exec_without_returning(db)
        .await
        .unwrap();
}
