//! The table of mails: its states, claiming with a lease, and what became of each.
//!
//! `waiting` → `sending` (claimed) → `sent`, `failed` or back to `waiting`; or `stopped`, because by then it should not go any more. A row whose
//! `sent_at` is set went or may have gone, in whatever state it is; a `stopped` or `failed` one without may wait again under the same key.

use bedring_store::entities::mail::{ActiveModel, Column, Entity, Model};
use bedring_store::sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select, Statement,
};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::rate::{LastMinute, Limit};

/// To be sent.
pub const WAITING: &str = "waiting";
/// A server has it.
pub const SENDING: &str = "sending";
/// The mail server took it, or (with a reason) may have.
pub const SENT: &str = "sent";
/// The mail server will not take it.
pub const FAILED: &str = "failed";
/// It is not to go any more.
pub const STOPPED: &str = "stopped";
/// It was taken and came back.
pub const BOUNCED: &str = "bounced";

/// The channel to somebody's own address.
pub const TO_SELF: &str = "email";
/// The channel to the address of the contact that a person named. It is known in the moment of sending, and stays known when the contact has
/// had their address removed.
pub const TO_CONTACT: &str = "email_contact";

/// Why a mail failed that was taken and then did not arrive, which was not the address's fault.
pub const RETURNED: &str = "returned";

/// What there is to say of a mail that has had its turn. Sent, failed and returned are told apart wherever mails are counted or named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// The mail server has it, and nothing came back.
    Sent,
    /// It was given up: nobody ever took it.
    Failed,
    /// It was taken and came back.
    Returned,
}

/// When a mail had its turn; one that was given up because somebody calls never went, so that the call is not counted from it.
#[must_use]
pub fn had_its_turn(mail: &Model) -> DateTime<Utc> {
    mail.sent_at.unwrap_or(mail.run_at)
}

/// What became of a mail; `None` if it is still to go, or never was to.
#[must_use]
pub fn became(mail: &Model) -> Option<Became> {
    match (mail.state.as_str(), mail.reason.as_deref()) {
        (BOUNCED, _) | (FAILED, Some(RETURNED)) => Some(Became::Returned),
        (FAILED, _) => Some(Became::Failed),
        _ => mail.sent_at.map(|_| Became::Sent),
    }
}

/// About an occasion.
pub const REMINDER: &str = "reminder";
/// About an occasion, once more, because the person asked for it.
pub const AGAIN: &str = "again";
/// To staff, what is due.
pub const DIGEST: &str = "digest";

/// How long a server may take before others think that it died. Longer than any mail takes.
pub const LEASE: TimeDelta = TimeDelta::minutes(20);
/// With less of it left no mail is begun: thirteen steps of a minute at most, from connecting to the last answer.
pub const SPARE: TimeDelta = TimeDelta::minutes(14);
/// A mail that the mail server has not taken for so long never goes; what follows it does.
pub const PATIENCE: TimeDelta = TimeDelta::days(14);
/// Tries that take longer than that, at the waits between them.
pub const MOST_TRIES: i32 = 80;
/// First and longest wait after "not now".
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);

/// A new mail.
pub struct New {
    /// Its id, from which its link, token and Message-ID follow.
    pub id: Uuid,
    /// What no two mails share.
    pub unique_key: String,
    /// [`REMINDER`], [`AGAIN`] or [`DIGEST`].
    pub kind: &'static str,
    /// The occasion and its person, of a reminder.
    pub about: Option<(Uuid, Uuid)>,
    /// The account, of a digest.
    pub account: Option<Uuid>,
    /// From 1.
    pub number: u32,
    /// See [`super::marks::message_id`].
    pub message_id: String,
    /// Now.
    pub now: DateTime<Utc>,
}

/// The statement that puts a mail there, once: one that waits, goes or went under the same key stays as it is; one that was stopped before it
/// went waits again.
pub fn put<C: ConnectionTrait>(db: &C, new: New) -> Statement {
    let row = ActiveModel {
        id: Set(new.id),
        occasion_id: Set(new.about.map(|(occasion, _)| occasion)),
        person_id: Set(new.about.map(|(_, person)| person)),
        account_id: Set(new.account),
        channel: Set(TO_SELF.to_owned()),
        kind: Set(new.kind.to_owned()),
        number: Set(i32::try_from(new.number).unwrap_or(i32::MAX)),
        unique_key: Set(new.unique_key),
        state: Set(WAITING.to_owned()),
        reason: Set(None),
        run_at: Set(new.now),
        lease_until: Set(None),
        attempts: Set(0),
        message_id: Set(new.message_id),
        recipient_hash: Set(None),
        sent_at: Set(None),
        created_at: Set(new.now),
    };
    let again = OnConflict::column(Column::UniqueKey)
        .update_columns([
            Column::State,
            Column::Reason,
            Column::RunAt,
            Column::Attempts,
            // It waits from now on, and not since it was stopped.
            Column::CreatedAt,
        ])
        .action_and_where(
            Column::State
                .is_in([STOPPED, FAILED])
                .and(Column::SentAt.is_null()),
        )
        .to_owned();
    Entity::insert(row)
        .on_conflict(again)
        .build(db.get_database_backend())
}

/// Due and free. The states stand there in plain words, because only so does the partial index serve.
fn due(now: DateTime<Utc>) -> Condition {
    let free = Condition::any()
        .add(Column::LeaseUntil.is_null())
        .add(Column::LeaseUntil.lt(now));
    Condition::all()
        .add(Expr::cust("state IN ('waiting', 'sending')"))
        .add(Column::RunAt.lte(now))
        .add(free)
}

/// The ids of so many that are due, oldest first.
fn first_due(now: DateTime<Utc>, most: u64) -> Select<Entity> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(due(now))
        .order_by_asc(Column::RunAt)
        .limit(most)
}

/// What somebody got who wanted to send.
#[derive(Debug, Default)]
pub(super) struct Claim {
    /// Theirs for as long as the lease.
    pub mails: Vec<Model>,
    /// There is more, but nothing may go for so many seconds.
    pub wait_s: Option<u64>,
}

/// Takes mails that are due, oldest first, and no more than the limit allows. Two servers never get the same one.
pub(super) async fn claim(
    db: &Db,
    limit: &Limit,
    now: DateTime<Utc>,
    most: u64,
) -> Result<Claim, StoreError> {
    // A plain read first: most of the time there is nothing.
    let any: Option<Uuid> = first_due(now, 1).into_tuple().one(db.read()).await?;
    if any.is_none() {
        return Ok(Claim::default());
    }
    let tx = db.begin().await?;
    let minute = LastMinute::lock(&*tx, limit, now).await?;
    if minute.left() == 0 {
        let wait_s = Some(minute.wait_s());
        return Ok(Claim {
            wait_s,
            ..Claim::default()
        });
    }
    let these = first_due(now, std::cmp::min(most, minute.left())).into_query();
    let mut taken = Entity::update_many()
        .col_expr(Column::State, Expr::value(SENDING))
        .col_expr(Column::LeaseUntil, Expr::value(now + LEASE))
        .filter(Column::Id.in_subquery(these))
        .filter(due(now))
        .exec_with_returning(&*tx)
        .await?;
    minute.take(&*tx, taken.len()).await?;
    tx.commit().await?;
    taken.sort_by_key(|mail| (mail.run_at, mail.id));
    Ok(Claim {
        mails: taken,
        wait_s: None,
    })
}

/// What became of a mail that somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It went.
    Sent,
    /// It must count as gone, though nobody knows.
    Presumed,
    /// It is not to go.
    Stopped(&'static str),
    /// It never will.
    Failed(&'static str),
    /// It was tried in vain, and somebody calls now. What it failed for stays.
    GivenUp,
    /// Later, for a reason that is not the mail server's.
    PutOff(DateTime<Utc>),
    /// The mail server said "not now".
    Again(&'static str),
}

/// The statement that writes it down. Does nothing if the lease is another's by now.
pub fn settle<C: ConnectionTrait>(
    db: &C,
    mail: &Model,
    fate: Fate,
    now: DateTime<Utc>,
) -> Statement {
    let none = || Expr::value(None::<DateTime<Utc>>);
    let (state, reason) = match fate {
        Fate::Sent => (SENT, Some(None)),
        Fate::Presumed => (SENT, Some(Some("not_confirmed"))),
        Fate::Stopped(why) => (STOPPED, Some(Some(why))),
        Fate::Failed(why) => (FAILED, Some(Some(why))),
        Fate::GivenUp => (FAILED, None),
        // Waiting for the morning takes nothing back of what went wrong before.
        Fate::PutOff(_) => (WAITING, None),
        Fate::Again(why) => (WAITING, Some(Some(why))),
    };
    let mut update = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::LeaseUntil, none());
    if let Some(reason) = reason {
        update = update.col_expr(Column::Reason, Expr::value(reason.map(str::to_owned)));
    }
    match fate {
        Fate::PutOff(until) => update = update.col_expr(Column::RunAt, Expr::value(until)),
        Fate::Again(_) => {
            let wait = back_off(mail.attempts);
            update = update
                .col_expr(Column::RunAt, Expr::value(now + wait))
                .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
                // It did not go, so nobody was written to today.
                .col_expr(Column::SentAt, none());
        }
        // A mail that failed for good has had its turn as well: its number is used up, and the next step comes.
        Fate::GivenUp => update = update.col_expr(Column::RunAt, Expr::value(now)),
        Fate::Sent | Fate::Presumed | Fate::Failed(_) => {
            let at = Expr::col(Column::SentAt).if_null(Expr::value(now));
            update = update.col_expr(Column::SentAt, at);
        }
        Fate::Stopped(_) => {}
    }
    update
        .filter(Column::Id.eq(mail.id))
        .filter(Column::State.eq(SENDING))
        .filter(Column::LeaseUntil.eq(mail.lease_until))
        .build(db.get_database_backend())
}

/// One minute, two, four … six hours.
fn back_off(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(0, 12)).unwrap_or(0);
    std::cmp::min(FIRST_WAIT * 2_i32.pow(doublings), LONGEST_WAIT)
}

/// The statement that stops mails of an occasion that nobody holds.
pub fn stop_waiting<C: ConnectionTrait>(
    db: &C,
    ids: impl IntoIterator<Item = Uuid>,
    why: &str,
) -> Statement {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(STOPPED))
        .col_expr(Column::Reason, Expr::value(why))
        .filter(Column::Id.is_in(ids))
        .filter(Column::State.eq(WAITING))
        .build(db.get_database_backend())
}

/// The statement that gives up mails of an occasion that nobody holds: they were tried in vain, and somebody calls now.
pub fn give_up<C: ConnectionTrait>(
    db: &C,
    ids: impl IntoIterator<Item = Uuid>,
    now: DateTime<Utc>,
) -> Statement {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(FAILED))
        .col_expr(Column::RunAt, Expr::value(now))
        .filter(Column::Id.is_in(ids))
        .filter(Column::State.eq(WAITING))
        .build(db.get_database_backend())
}
