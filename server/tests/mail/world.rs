//! People with an address and something that is due, a mail server, and what can be looked at afterwards.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bedring_domain::consent::Purpose;
use bedring_domain::journal::{Event, Outcome};
use bedring_server::calendar;
use bedring_server::config::{Config, MailTls};
use bedring_server::http::assets::Assets;
use bedring_server::mail::smtp::SmtpMailer;
use bedring_server::mail::{plan_due, run_due, send_due};
use bedring_server::ports::{Clock, SeededRandom};
use bedring_server::state::{AppState, Parts};
use bedring_store::entities::{call_task, followup, mail, mail_choice, occasion};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use chrono::{NaiveDate, NaiveDateTime};
use uuid::Uuid;

use crate::support::seed::{self, Someone};
use crate::support::smtp::{Behaviour, Sink};
use crate::support::{Backend, TestApp, phone};

/// A server with a mail server. Every test begins on Monday 2 March 2026 at 9 in the morning in Denmark.
pub struct World {
    pub app: TestApp,
    pub sink: Sink,
}

/// Runs a test on both databases.
pub async fn with_mail<F, Fut>(test: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = ()>,
{
    for backend in [Backend::Sqlite, Backend::Postgres] {
        println!("on {backend:?}");
        test(World::start(backend).await).await;
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl World {
    pub async fn start(backend: Backend) -> Self {
        let sink = Sink::start().await;
        let port = sink.port;
        let app = TestApp::with(backend, |config| {
            config.server.public_url = Some("https://svar.example".to_owned());
            config.mail.host = Some("127.0.0.1".to_owned());
            config.mail.port = Some(port);
            config.mail.tls = MailTls::None;
            config.mail.from = "hilsen@svar.example".to_owned();
            config.mail.from_name = "Svar".to_owned();
            config.mail.per_minute = 600;
            config.mail.timeout_s = 5;
            config.mail.bounce_token = Some("a-token-for-bounces".to_owned().into());
        })
        .await;
        Self { app, sink }
    }

    /// Somebody who said yes, left an address, and has something due on a day.
    pub async fn somebody(&self, email: &str, due: &str) -> Someone {
        let project = seed::project(&self.app).await;
        self.somebody_in(project, email, due).await
    }

    pub async fn somebody_in(&self, project: Uuid, email: &str, due: &str) -> Someone {
        let someone = seed::someone(&self.app, project).await;
        let (db, due) = (self.app.state.db.read(), day(due));
        let row = followup::ActiveModel {
            occasion_id: Set(someone.intake),
            person_id: Set(someone.id),
            project_id: Set(project),
            plan_key: Set("intake".to_owned()),
            plan_repeat: Set(0),
            overdue_from: Set(Some(due + chrono::TimeDelta::days(14))),
            closes_on: Set(None),
            missed_by: Set(None),
            missed_at: Set(None),
            next_look_at: Set(Some(self.app.clock.now())),
        };
        followup::Entity::insert(row)
            .exec_without_returning(db)
            .await
            .unwrap();
        occasion::Entity::update_many()
            .col_expr(occasion::Column::DueOn, Expr::value(due))
            .filter(occasion::Column::Id.eq(someone.intake))
            .exec(db)
            .await
            .unwrap();
        let email = email.to_owned();
        self.says(
            &someone,
            vec![
                seed::consent(Purpose::Evaluation, true),
                seed::consent(Purpose::Reminders, true),
                Event::ContactGiven { email },
            ],
        )
        .await;
        someone
    }

    /// The person's phone delivers this.
    pub async fn says(&self, someone: &Someone, events: Vec<Event>) {
        // Days pass in these tests; every statement is later than the one before.
        let at = self.app.clock.now().fixed_offset();
        let entries = events
            .into_iter()
            .map(|event| seed::entry(&self.app, at, event, true))
            .collect();
        let results = phone::deliver(&self.app, &someone.secret, &seed::delivery(entries)).await;
        assert!(
            results.iter().all(|r| r.outcome == Outcome::Stored),
            "{results:?}"
        );
    }

    /// The person answers everything.
    pub async fn answers(&self, someone: &Someone) {
        let events = vec![
            seed::response(someone, "mhrm-30", 2),
            seed::response(someone, "lsns-9", 2),
        ];
        self.says(someone, events).await;
    }

    /// What a clock on a wall in Denmark shows.
    pub fn wall(&self) -> NaiveDateTime {
        calendar::local(self.app.clock.now())
    }

    /// Until that moment, without anything happening.
    pub fn skip_to(&self, wall: &str) {
        let wall: NaiveDateTime = wall.parse().unwrap();
        let moment = calendar::moment(wall.date(), wall.time());
        let by = (moment - self.app.clock.now()).to_std().unwrap();
        self.app.clock.advance(by);
    }

    /// Until that moment, with a worker that looks every so often.
    pub async fn live_to(&self, wall: &str, step_minutes: u64) {
        let wall: NaiveDateTime = wall.parse().unwrap();
        let end = calendar::moment(wall.date(), wall.time());
        while self.app.clock.now() < end {
            let step = Duration::from_secs(60 * step_minutes);
            let left = (end - self.app.clock.now()).to_std().unwrap();
            self.app.clock.advance(step.min(left));
            self.work().await;
        }
    }

    /// Another server on the same database, with connections of its own.
    pub fn another_server(&self) -> AppState {
        self.server_with(self.app.state.config.clone())
    }

    /// Another that logs in to the mail server.
    pub fn another_server_that_logs_in(&self) -> AppState {
        let mut config = self.app.state.config.clone();
        config.mail.username = Some("bedring".to_owned());
        config.mail.password = Some("hunter2".to_owned().into());
        self.server_with(config)
    }

    /// Another with these settings.
    pub fn server_with(&self, config: Config) -> AppState {
        let state = &self.app.state;
        let mailer = SmtpMailer::new(&config.mail).unwrap().unwrap();
        AppState::new(Parts {
            config,
            clock: self.app.clock.clone(),
            random: Arc::new(SeededRandom::new(77)),
            keys: (*state.keys).clone(),
            assets: Assets::embedded(),
            mailer: Some(Arc::new(mailer)),
            db: state.db.clone(),
        })
    }

    /// A server takes a mail, hands it over, and dies before it can write that down.
    pub async fn a_server_dies_while_sending(&self) {
        plan_due(&self.app.state).await.unwrap();
        self.sink.behave(Behaviour::Silent);
        let state = self.another_server();
        let dying = tokio::spawn(async move { send_due(&state).await });
        self.sink.wait_for(1).await;
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());
        self.sink.behave(Behaviour::Takes);
    }

    /// The worker looks.
    pub async fn work(&self) {
        run_due(&self.app.state).await.unwrap();
    }

    pub async fn mails(&self) -> Vec<mail::Model> {
        mail::Entity::find()
            .order_by_asc(mail::Column::CreatedAt)
            .order_by_asc(mail::Column::Number)
            .all(self.app.state.db.read())
            .await
            .unwrap()
    }

    /// State, reason and number of all rows, in order.
    pub async fn states(&self) -> Vec<(String, String, i32)> {
        let rows = self.mails().await;
        rows.into_iter()
            .map(|m| (m.state, m.reason.unwrap_or_default(), m.number))
            .collect()
    }

    pub async fn choice(&self, someone: &Someone) -> Option<mail_choice::Model> {
        mail_choice::Entity::find_by_id(someone.id)
            .one(self.app.state.db.read())
            .await
            .unwrap()
    }

    /// Open calls, by the day on which to try.
    pub async fn calls(&self) -> Vec<NaiveDate> {
        let rows = call_task::Entity::find()
            .filter(call_task::Column::ClosedAt.is_null())
            .all(self.app.state.db.read())
            .await
            .unwrap();
        rows.into_iter().map(|c| c.next_try_on).collect()
    }
}
