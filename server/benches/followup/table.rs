//! Many people with four occasions each, written by the database itself. Three of four are made or lie ahead; of the rest some are due and
//! some late. Of one person in twenty the course still runs, and of few of those somebody has to say whether it does. The first people can
//! be made due at will, and mail can go to them.

use bedring_server::calendar;
use bedring_server::ports::Clock;
use bedring_store::entities::{consent, contact, followup, occasion, person};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::support::{Backend, TestApp, seed};

/// Of so many people one has something that is due or late.
const ONE_IN: u64 = 100;
/// Of so many people one still takes part, and nobody knows yet for how long.
const RUNS_ON: u64 = 20;

/// The person, or with `kind` the occasion, of that number among those that mail can go to.
fn id(kind: u128, n: u64) -> Uuid {
    Uuid::from_u128((0xbe << 120) | (kind << 64) | u128::from(n))
}

/// Values as the two databases write them.
#[derive(Clone, Copy)]
struct Words {
    sqlite: bool,
}

impl Words {
    fn day(self, day: NaiveDate) -> String {
        if self.sqlite {
            format!("'{day}'")
        } else {
            format!("CAST('{day}' AS date)")
        }
    }

    fn moment(self, moment: DateTime<Utc>) -> String {
        let text = moment.to_rfc3339();
        if self.sqlite {
            format!("'{text}'")
        } else {
            format!("CAST('{text}' AS timestamptz)")
        }
    }

    fn uuid(self, id: Uuid) -> String {
        if self.sqlite {
            format!("x'{}'", id.simple())
        } else {
            format!("CAST('{id}' AS uuid)")
        }
    }

    /// The key of row `i` of a kind.
    fn key(self, kind: i64) -> String {
        if self.sqlite {
            format!("unhex(printf('%016x%016x', {kind}, i))")
        } else {
            format!("CAST(lpad(to_hex({kind}), 16, '0') || lpad(to_hex(i), 16, '0') AS uuid)")
        }
    }

    /// A table of numbers `i` from 1 on.
    fn numbers(self, last: u64) -> String {
        if self.sqlite {
            format!(
                "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) SELECT i FROM n)"
            )
        } else {
            format!("generate_series(1, {last}) AS n(i)")
        }
    }
}

pub async fn fill(app: &TestApp, project: Uuid, occasions: u64, ready: u64) {
    make_ready(app, project, ready).await;
    let words = Words {
        sqlite: app.backend == Backend::Sqlite,
    };
    let now = app.clock.now();
    let today = calendar::day_of(now);
    let days = |n: i64| words.day(today + TimeDelta::days(n));
    let run = async |sql: String| {
        let db = app.state.db.read();
        db.execute_unprepared(&sql)
            .await
            .unwrap_or_else(|e| panic!("{e}: {sql}"));
    };
    let (person, numbers) = (words.key(1), words.numbers(occasions / 4));
    let (project, at) = (words.uuid(project), words.moment(now));
    let start = format!(
        "CASE WHEN i % {} = 0 THEN {} ELSE {} END",
        50 * RUNS_ON,
        days(-200),
        days(-170)
    );
    let end = format!(
        "CASE WHEN i % {RUNS_ON} = 0 THEN NULL ELSE {} END",
        days(-100)
    );
    run(format!(
        "INSERT INTO persons (id, project_id, code, language, start_on, end_on, ever_given, refused, created_at) \
         SELECT {person}, {project}, 'B-' || i, 'da', {start}, {end}, true, false, {at} FROM {numbers}"
    ))
    .await;
    let now_or_later = format!(
        "CASE WHEN i % {ONE_IN} <> 0 THEN {} WHEN i % {} = 0 THEN {} ELSE {} END",
        days(40),
        2 * ONE_IN,
        days(-20),
        days(0),
    );
    let exit = format!(
        "CASE WHEN i % {RUNS_ON} = 0 THEN NULL ELSE {} END",
        days(90)
    );
    for (number, due, made) in [
        (1, days(-180), true),
        (2, days(-90), true),
        (3, now_or_later, false),
        (4, exit, false),
    ] {
        let occasion = words.key(1 + number);
        let ahead = words.moment(now + TimeDelta::days(number * 20));
        let (completed, look) = if made {
            (at.as_str(), "NULL")
        } else {
            ("NULL", ahead.as_str())
        };
        let asked = seed::ASKED;
        run(format!(
            "INSERT INTO occasions (id, person_id, kind, number, opens_on, due_on, instruments, completed_at) \
             SELECT {occasion}, {person}, 'follow_up', {number}, {due}, {due}, '{asked}', {completed} FROM {numbers}"
        ))
        .await;
        run(format!(
            "INSERT INTO followups (occasion_id, person_id, project_id, plan_key, plan_repeat, next_look_at) \
             SELECT {occasion}, {person}, {project}, 'follow_up', {number}, {look} FROM {numbers}"
        ))
        .await;
    }
    run("ANALYZE".to_owned()).await;
}

/// People with a yes and an address, whose occasion is due but looked at by nobody yet.
async fn make_ready(app: &TestApp, project: Uuid, count: u64) {
    let state = &app.state;
    let (db, now) = (state.db.read(), app.clock.now());
    let today = calendar::day_of(now);
    let numbers: Vec<u64> = (0..count).collect();
    for chunk in numbers.chunks(500) {
        let (mut persons, mut contacts, mut consents) = (Vec::new(), Vec::new(), Vec::new());
        let (mut occasions, mut followups) = (Vec::new(), Vec::new());
        for n in chunk.iter().copied() {
            let row = person::Model {
                id: id(1, n),
                project_id: project,
                code: format!("R-{n}"),
                language: "da".to_owned(),
                respondent_type: None,
                start_on: Some(today),
                end_on: None,
                ever_given: true,
                refused: false,
                withdrawn: None,
                erased_at: None,
                created_at: now,
            };
            persons.push(row.into_active_model().reset_all());
            let address = format!("r{n}@people.example");
            contacts.push(contact::ActiveModel {
                person_id: Set(id(1, n)),
                name_sealed: Set(None),
                email_sealed: Set(Some(
                    state
                        .keys
                        .contact
                        .encrypt(&*state.random, address.as_bytes()),
                )),
                email_said_at: Set(Some(now)),
                email_entry_id: Set(None),
                phone_sealed: Set(None),
                written_at: Set(Some(now)),
            });
            consents.push(consent::ActiveModel {
                id: Set(id(3, n)),
                person_id: Set(id(1, n)),
                purpose: Set("reminders".to_owned()),
                decision: Set("given".to_owned()),
                letter_edition: Set("1".to_owned()),
                language: Set("da".to_owned()),
                channel: Set("screen".to_owned()),
                witness: Set(None),
                device_id: Set(None),
                device_recorded_at: Set(now.to_rfc3339()),
                device_sent_at: Set(None),
                said_at: Set(now),
                received_at: Set(now),
                account_id: Set(None),
            });
            let row = occasion::Model {
                id: id(2, n),
                person_id: id(1, n),
                kind: "intake".to_owned(),
                number: 1,
                opens_on: Some(today),
                due_on: Some(today),
                instruments: seed::ASKED.to_owned(),
                completed_at: None,
                missed_reason: None,
            };
            occasions.push(row.into_active_model().reset_all());
            followups.push(followup::ActiveModel {
                occasion_id: Set(id(2, n)),
                person_id: Set(id(1, n)),
                project_id: Set(project),
                plan_key: Set("intake".to_owned()),
                plan_repeat: Set(0),
                overdue_from: Set(Some(today + TimeDelta::days(15))),
                closes_on: Set(None),
                missed_by: Set(None),
                missed_at: Set(None),
                next_look_at: Set(None),
            });
        }
        person::Entity::insert_many(persons)
            .exec_without_returning(db)
            .await
            .unwrap();
        contact::Entity::insert_many(contacts)
            .exec_without_returning(db)
            .await
            .unwrap();
        consent::Entity::insert_many(consents)
            .exec_without_returning(db)
            .await
            .unwrap();
        occasion::Entity::insert_many(occasions)
            .exec_without_returning(db)
            .await
            .unwrap();
        followup::Entity::insert_many(followups)
            .exec_without_returning(db)
            .await
            .unwrap();
    }
}

/// So many of them, from one on, are to be looked at now.
pub async fn make_due(app: &TestApp, from: u64, count: u64) {
    let now = Some(app.clock.now());
    let numbers: Vec<u64> = (from..from + count).collect();
    for chunk in numbers.chunks(500) {
        followup::Entity::update_many()
            .col_expr(followup::Column::NextLookAt, Expr::value(now))
            .filter(followup::Column::OccasionId.is_in(chunk.iter().map(|n| id(2, *n))))
            .exec(app.state.db.read())
            .await
            .unwrap();
    }
}
