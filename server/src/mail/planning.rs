//! From what is due to mails that wait and calls to make. Costs what is due, not what there is.

use bedring_domain::reminder::{NextStep, WhyNothing};
use bedring_store::StoreError;
use bedring_store::entities::followup;
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Statement,
};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::facts::{self, Known, Reading};
use super::{marks, outbox};
use crate::calendar;
use crate::followup::calls;
use crate::ports::uuid_v7;
use crate::state::Services;

/// Occasions in one transaction.
const CHUNK: u64 = 200;
/// When to look again at what somebody outside has to change: a mail that waits, a project that pauses.
const LOOK_AGAIN: TimeDelta = TimeDelta::days(1);
/// When to look again at what cannot be read.
const UNREADABLE_AGAIN: TimeDelta = TimeDelta::hours(1);

/// Plans everything that is due. Gives how many occasions were looked at.
///
/// # Errors
/// As the database says.
pub async fn plan_due(services: &Services) -> Result<usize, StoreError> {
    let mut all = 0;
    loop {
        let count = plan_chunk(services).await?;
        all += count;
        if count < usize::try_from(CHUNK).unwrap_or(usize::MAX) {
            return Ok(all);
        }
    }
}

async fn plan_chunk(services: &Services) -> Result<usize, StoreError> {
    let now = services.clock.now();
    // Unscoped on purpose: the server's own work.
    let rows = followup::Entity::find()
        .filter(followup::Column::NextLookAt.lte(now))
        .order_by_asc(followup::Column::NextLookAt)
        .limit(CHUNK)
        .all(services.db.read())
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let reading = Reading {
        keys: &services.keys.contact,
        mail_on: services.mail.is_on(),
        except: None,
    };
    let tx = services.db.begin().await?;
    let known = facts::load(&*tx, reading, &rows).await?;
    let mut statements = Vec::new();
    for row in &rows {
        if !known
            .iter()
            .any(|k| k.followup.occasion_id == row.occasion_id)
        {
            let again = Some(now + UNREADABLE_AGAIN);
            statements.push(look(&*tx, &[row.occasion_id], again));
        }
    }
    let mut looks: Vec<(Uuid, Option<DateTime<Utc>>)> = Vec::new();
    for known in &known {
        // Somebody else may have been here between the reading and the lock.
        if known.followup.next_look_at.is_some_and(|at| at <= now) {
            let at = decide(services, &*tx, known, now, &mut statements).await?;
            looks.push((known.followup.occasion_id, at));
        }
    }
    looks.sort_by_key(|(_, at)| *at);
    for same in looks.chunk_by(|a, b| a.1 == b.1) {
        let ids: Vec<Uuid> = same.iter().map(|(id, _)| *id).collect();
        statements.extend(same.first().map(|(_, at)| look(&*tx, &ids, *at)));
    }
    tx.commit_with(statements).await?;
    Ok(rows.len())
}

/// Does what the rule says and gives when to look again.
async fn decide<C: ConnectionTrait>(
    services: &Services,
    tx: &C,
    known: &Known,
    now: DateTime<Utc>,
    statements: &mut Vec<Statement>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let step = known.next_step(now);
    let today = calendar::day_of(now);
    let here = |at: NaiveDateTime| at <= calendar::local(now);
    let goes = match step {
        NextStep::Mail { number, at } if here(at) => Some((outbox::REMINDER, number)),
        NextStep::Again { number, at } if here(at) => Some((outbox::AGAIN, number)),
        _ => None,
    };
    // Of what waits only what the rule wants now may go on waiting.
    let calls = matches!(step, NextStep::Call { .. });
    let (in_vain, overtaken): (Vec<_>, Vec<_>) = known
        .waiting
        .iter()
        .filter(|m| Some((&*m.kind, u32::try_from(m.number).unwrap_or(0))) != goes)
        .partition(|m| calls && m.attempts > 0);
    if !in_vain.is_empty() {
        statements.push(outbox::give_up(tx, in_vain.iter().map(|m| m.id), now));
    }
    if !overtaken.is_empty() {
        let why = goes.map_or_else(|| reason(known, step), |_| "overtaken");
        let ids = overtaken.iter().map(|m| m.id);
        statements.push(outbox::stop_waiting(tx, ids, why));
    }
    Ok(match step {
        NextStep::Again { number, .. } if goes.is_some() => {
            statements.push(outbox::put(tx, once_more(services, known, number, now)));
            Some(now + LOOK_AGAIN)
        }
        NextStep::Mail { number, .. } if goes.is_some() => {
            statements.push(outbox::put(tx, reminder(services, known, number, now)));
            let call = known.call_if_untaken(now);
            let call = call.map(|on| at_wall(on.and_time(known.policy.send_at), now));
            call.into_iter().chain([now + LOOK_AGAIN]).min()
        }
        NextStep::Call { on } if on <= today => {
            let id = known.followup.occasion_id;
            calls::open_call(tx, &*services.random, id, on, now).await?;
            None
        }
        NextStep::Call { on } => Some(at_wall(on.and_time(known.policy.send_at), now)),
        NextStep::Mail { at, .. } | NextStep::Again { at, .. } | NextStep::Look { at } => {
            Some(at_wall(at, now))
        }
        NextStep::Nothing { why } => match why {
            WhyNothing::Paused => Some(
                known
                    .pause
                    .as_ref()
                    .and_then(|pause| pause.until_on)
                    .map_or(now + LOOK_AGAIN, |until| {
                        at_wall(until.and_time(known.policy.send_at), now)
                    }),
            ),
            WhyNothing::ProjectNotActive | WhyNothing::NotExpected => Some(now + LOOK_AGAIN),
            // Whatever ends these asks for another look: an answer, a yes, a day, the end of a call.
            WhyNothing::Finished
            | WhyNothing::MayNotAsk
            | WhyNothing::CallOpen
            | WhyNothing::DueUnknown
            | WhyNothing::ReasonIsMissing => None,
        },
    })
}

fn reminder(services: &Services, known: &Known, number: u32, now: DateTime<Utc>) -> outbox::New {
    let id = uuid_v7(now, &*services.random);
    let occasion = known.followup.occasion_id;
    outbox::New {
        id,
        unique_key: format!("{occasion}/email/{}/{number}", outbox::REMINDER),
        kind: outbox::REMINDER,
        about: Some((occasion, known.person.id)),
        account: None,
        number,
        message_id: marks::message_id(id, services.config.mail.domain()),
        now,
    }
}

/// The mail for which the person asked: one for each moment that was asked for.
fn once_more(services: &Services, known: &Known, number: u32, now: DateTime<Utc>) -> outbox::New {
    let (occasion, kind) = (known.followup.occasion_id, outbox::AGAIN);
    let at = known.asked_again().unwrap_or(calendar::local(now));
    outbox::New {
        unique_key: format!("{occasion}/email/{kind}/{}", at.format("%Y%m%dT%H%M%S")),
        kind,
        ..reminder(services, known, number, now)
    }
}

/// Why a mail does not go, in one word for the row.
#[must_use]
pub fn reason(known: &Known, step: NextStep) -> &'static str {
    match step {
        NextStep::Nothing { why } => why.as_str(),
        NextStep::Call { .. } if known.never => "never_again",
        NextStep::Call { .. } if known.is_bounced() => "bounced",
        NextStep::Call { .. } if known.target.is_none() => "no_address",
        NextStep::Call { .. } if !known.may_remind => "no_consent",
        NextStep::Call { .. } => "call",
        NextStep::Mail { .. } | NextStep::Again { .. } | NextStep::Look { .. } => "later",
    }
}

/// A time on the wall that lies ahead, as a moment that does too: in the hour that comes twice, the wall's time is past and to come.
#[must_use]
pub fn at_wall(at: NaiveDateTime, now: DateTime<Utc>) -> DateTime<Utc> {
    calendar::moment(at.date(), at.time()).max(now + TimeDelta::minutes(1))
}

/// The statement that asks for a look at occasions at a moment, or for none.
fn look<C: ConnectionTrait>(db: &C, ids: &[Uuid], at: Option<DateTime<Utc>>) -> Statement {
    followup::Entity::update_many()
        .col_expr(followup::Column::NextLookAt, Expr::value(at))
        .filter(followup::Column::OccasionId.is_in(ids.iter().copied()))
        .build(db.get_database_backend())
}

/// The statement that asks for a look at all occasions of a person now: something about them has changed.
pub fn look_at_person<C: ConnectionTrait>(db: &C, person: Uuid, now: DateTime<Utc>) -> Statement {
    followup::Entity::update_many()
        .col_expr(followup::Column::NextLookAt, Expr::value(Some(now)))
        .filter(followup::Column::PersonId.eq(person))
        .build(db.get_database_backend())
}

/// The same for one occasion.
pub fn look_at_occasion<C: ConnectionTrait>(
    db: &C,
    occasion: Uuid,
    now: DateTime<Utc>,
) -> Statement {
    look(db, &[occasion], Some(now))
}
