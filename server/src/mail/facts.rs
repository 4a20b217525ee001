//! What the rule of reminders has to know about occasions, read in a handful of queries however many they are.

use std::collections::{BTreeSet, HashMap};

use bedring_domain::reminder::{
    Address, CallState, NextStep, ReminderFacts, ReminderPolicy, Sent, next_step,
};
use bedring_store::entities::{
    call_task, followup, mail, occasion, person, programme, project, reminder_pause,
};
use bedring_store::plan::{Plan, from_json};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use bedring_store::{StoreError, convert};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use uuid::Uuid;

use super::outbox;
use super::people::{People, Target};
use super::recipients::last_days;
use super::went::Went;
use crate::calendar;
use crate::keys::ContactKeys;

/// Everything about one occasion.
#[derive(Clone)]
pub struct Known {
    /// Where it stands in the plan.
    pub followup: followup::Model,
    /// Whose it is; the row is locked.
    pub person: person::Model,
    /// How its programme reminds of it.
    pub policy: ReminderPolicy,
    /// Where a mail would go.
    pub target: Option<Target>,
    /// Mails about it that wait.
    pub waiting: Vec<mail::Model>,
    /// The person said "never again".
    pub never: bool,
    /// The person said yes to reminders, and there is a mail server.
    pub may_remind: bool,
    /// "Later", on the wall.
    pub snoozed_until: Option<NaiveDateTime>,
    /// Staff paused reminders of the person, which may be over.
    pub pause: Option<reminder_pause::Model>,
    occasion: occasion::Model,
    exempt_from: Option<NaiveDate>,
    sent: Vec<Sent>,
    went: Went,
    asked_again: Option<NaiveDateTime>,
    sent_again: Option<NaiveDateTime>,
    waits_since: Option<NaiveDateTime>,
    last_to_recipient: Option<NaiveDate>,
    call: CallState,
}

impl Known {
    /// What happens next, by the rule.
    #[must_use]
    pub fn next_step(&self, now: DateTime<Utc>) -> NextStep {
        let standing = convert::standing(&self.person);
        let today = calendar::day_of(now);
        let beside = convert::Beside {
            standing,
            overdue_from: self.followup.overdue_from,
            exempt_from: self.exempt_from,
        };
        let facts = ReminderFacts {
            state: convert::state_of(&self.occasion, beside, today),
            due: self.occasion.due_on,
            closes: self.followup.closes_on,
            may_ask: standing.may_ask() && self.person.erased_at.is_none(),
            may_remind: self.may_remind,
            never: self.never,
            address: match &self.target {
                None => Address::None,
                Some(target) if target.bounced => Address::Bounced,
                Some(_) => Address::Good,
            },
            snoozed_until: self.snoozed_until,
            sent: &self.sent,
            asked_again: self.asked_again,
            sent_again: self.sent_again,
            waits_since: self.waits_since,
            last_to_recipient: self.last_to_recipient,
            call: self.call,
            plan_active: self.exempt_from.is_none_or(|from| from > today),
            paused: self.pause.as_ref().is_some_and(|p| p.holds_on(today)),
        };
        next_step(&self.policy, &facts, calendar::local(now))
    }

    /// Whether a mail would go again if the person asked for it now: also where the plan has no more, but not where somebody calls already.
    #[must_use]
    pub fn may_come_again(&self, now: DateTime<Utc>) -> bool {
        let asked = Self {
            asked_again: Some(calendar::local(now)),
            ..self.clone()
        };
        matches!(
            asked.next_step(now),
            NextStep::Again { .. } | NextStep::Mail { .. }
        )
    }

    /// When the person wants the mail once more, on the wall.
    #[must_use]
    pub const fn asked_again(&self) -> Option<NaiveDateTime> {
        self.asked_again
    }

    /// When a mail that the person had asked for once more went last, on the wall.
    #[must_use]
    pub const fn sent_again(&self) -> Option<NaiveDateTime> {
        self.sent_again
    }

    /// What became of the mails about it.
    #[must_use]
    pub const fn went(&self) -> Went {
        self.went
    }

    /// The day on which somebody calls if the mail that waits, or is put there now, is never taken.
    #[must_use]
    pub fn call_if_untaken(&self, now: DateTime<Utc>) -> Option<NaiveDate> {
        let since = self.waits_since.unwrap_or(calendar::local(now));
        let due = self.occasion.due_on?;
        Some(self.policy.call_if_untaken(due, since.date()))
    }

    /// Mails to the address come back.
    #[must_use]
    pub fn is_bounced(&self) -> bool {
        self.target.as_ref().is_some_and(|t| t.bounced)
    }
}

/// How facts are read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The keys of addresses.
    pub keys: &'a ContactKeys,
    /// There is a mail server.
    pub mail_on: bool,
    /// A mail that is not counted: the one that is about to go.
    pub except: Option<Uuid>,
}

/// Locks the people, then the rows in the plan, in one order for all writers, and reads what the rule needs. Occasions that are not in the
/// plan, or whose programme cannot be read, are left out.
///
/// # Errors
/// As the database says.
pub async fn load<C: ConnectionTrait>(
    tx: &C,
    reading: Reading<'_>,
    rows: &[followup::Model],
) -> Result<Vec<Known>, StoreError> {
    read(tx, reading, rows, true).await
}

/// As [`load`], to be looked at: nothing is locked, so what is true may have changed by the time it is shown.
///
/// # Errors
/// As the database says.
pub async fn look<C: ConnectionTrait>(
    db: &C,
    reading: Reading<'_>,
    rows: &[followup::Model],
) -> Result<Vec<Known>, StoreError> {
    read(db, reading, rows, false).await
}

async fn read<C: ConnectionTrait>(
    tx: &C,
    reading: Reading<'_>,
    rows: &[followup::Model],
    locked: bool,
) -> Result<Vec<Known>, StoreError> {
    let person_ids: BTreeSet<Uuid> = rows.iter().map(|row| row.person_id).collect();
    let occasion_ids: BTreeSet<Uuid> = rows.iter().map(|row| row.occasion_id).collect();
    let mut damage = Damage::default();
    // Unscoped on purpose, here and below: the server's own work, for all projects.
    let persons = by(
        person::Entity::find()
            .filter(person::Column::Id.is_in(person_ids.iter().copied()))
            .order_by_asc(person::Column::Id)
            .apply_if(locked.then_some(()), |q, ()| q.lock(LockType::Update))
            .readable(tx, "persons", &mut damage, |row| row.id)
            .await?,
        |row| row.id,
    );
    let followups = followup::Entity::find()
        .filter(followup::Column::OccasionId.is_in(occasion_ids.iter().copied()))
        .order_by_asc(followup::Column::OccasionId)
        .apply_if(locked.then_some(()), |q, ()| q.lock(LockType::Update))
        .readable(tx, "followups", &mut damage, |row| row.person_id)
        .await?;
    let mut occasions = by(
        occasion::Entity::find()
            .filter(occasion::Column::Id.is_in(occasion_ids.iter().copied()))
            .readable(tx, "occasions", &mut damage, |row| row.person_id)
            .await?,
        |row| row.id,
    );
    let programmes = Programmes::load(tx, persons.values()).await?;
    let people = People::load(tx, reading.keys, &person_ids).await?;
    let mut mails: HashMap<Uuid, Vec<mail::Model>> = HashMap::new();
    let mut waiting: HashMap<Uuid, DateTime<Utc>> = HashMap::new();
    // By person, because that has an index; what is about their other occasions is not looked up.
    for row in mail::Entity::find()
        .filter(mail::Column::PersonId.is_in(person_ids.iter().copied()))
        .readable(tx, "mails", &mut damage, |row| {
            row.person_id.unwrap_or_default()
        })
        .await?
    {
        if let Some(occasion) = row.occasion_id.filter(|_| is_untaken(&row)) {
            let since = waiting.entry(occasion).or_insert(row.created_at);
            *since = row.created_at.min(*since);
        }
        if let Some(occasion) = row.occasion_id.filter(|_| Some(row.id) != reading.except) {
            mails.entry(occasion).or_default().push(row);
        }
    }
    let calls = by(
        call_task::Entity::find()
            .filter(call_task::Column::OccasionId.is_in(occasion_ids.iter().copied()))
            .readable(tx, "call_tasks", &mut damage, |row| row.person_id)
            .await?,
        |row| row.occasion_id,
    );
    let days = last_days(tx, people.targets.values(), reading.except).await?;
    damage.add(&people.damage);
    if damage.count() > 0 {
        tracing::error!(tables = ?damage.tables(), "rows cannot be read; nobody whom they are about is reminded");
    }
    let mut known = Vec::with_capacity(followups.len());
    for followup in followups {
        let id = followup.occasion_id;
        if damage.is_about(followup.person_id) {
            continue;
        }
        let (Some(person), Some(occasion)) = (
            persons.get(&followup.person_id).cloned(),
            occasions.remove(&id),
        ) else {
            continue;
        };
        let Some((policy, exempt_from)) = programmes.of(&person, &followup.plan_key) else {
            continue;
        };
        let mails = mails.remove(&id).unwrap_or_default();
        let choice = people.choices.get(&person.id);
        let target = people.targets.get(&person.id).cloned();
        known.push(Known {
            never: choice.is_some_and(|c| c.stopped_at.is_some()),
            may_remind: reading.mail_on && people.reminded.contains(&person.id),
            snoozed_until: choice.and_then(|c| c.snoozed_until).map(calendar::local),
            pause: people.pauses.get(&person.id).cloned(),
            asked_again: choice
                .filter(|c| c.again_occasion_id == Some(id))
                .and_then(|c| c.again_at)
                .map(calendar::local),
            sent_again: mails
                .iter()
                .filter(|m| m.kind == outbox::AGAIN)
                .filter_map(|m| m.sent_at.map(calendar::local))
                .max(),
            sent: mails.iter().filter_map(sent).collect(),
            went: Went::of(&mails),
            waits_since: waiting.get(&id).copied().map(calendar::local),
            waiting: mails
                .into_iter()
                .filter(|m| m.state == outbox::WAITING)
                .collect(),
            last_to_recipient: target
                .as_ref()
                .and_then(|t| days.get(t.hash.as_slice()))
                .copied(),
            call: call_state(calls.get(&id)),
            policy: policy.clone(),
            followup,
            person,
            target,
            occasion,
            exempt_from,
        });
    }
    Ok(known)
}

pub(super) fn by<T>(rows: Vec<T>, key: impl Fn(&T) -> Uuid) -> HashMap<Uuid, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

/// A reminder that is to go and that nobody has, also while it is tried.
fn is_untaken(mail: &mail::Model) -> bool {
    mail.kind == outbox::REMINDER
        && mail.sent_at.is_none()
        && matches!(mail.state.as_str(), outbox::WAITING | outbox::SENDING)
}

/// A reminder that has had its turn: went, may have gone, or failed.
fn sent(mail: &mail::Model) -> Option<Sent> {
    if mail.kind != outbox::REMINDER {
        return None;
    }
    Some(Sent {
        number: u32::try_from(mail.number).ok()?,
        at: calendar::local(mail.sent_at?),
    })
}

fn call_state(task: Option<&call_task::Model>) -> CallState {
    match task {
        None => CallState::None,
        Some(task) if task.closed_at.is_none() => CallState::Open,
        Some(task) => CallState::Done {
            // A day that lies before the end of the call was that call's own.
            until: Some(task.next_try_on)
                .filter(|day| task.closed_at.is_some_and(|at| calendar::day_of(at) < *day)),
        },
    }
}

/// How each project reminds, and from which day it takes no part.
struct Programmes {
    projects: HashMap<Uuid, (Uuid, Option<NaiveDate>)>,
    plans: HashMap<Uuid, Plan>,
}

impl Programmes {
    async fn load<C: ConnectionTrait>(
        tx: &C,
        persons: impl Iterator<Item = &person::Model>,
    ) -> Result<Self, StoreError> {
        let ids: BTreeSet<Uuid> = persons.map(|p| p.project_id).collect();
        let rows = project::Entity::find()
            .filter(project::Column::Id.is_in(ids))
            .all(tx)
            .await?;
        let projects: HashMap<Uuid, (Uuid, Option<NaiveDate>)> = rows
            .iter()
            .map(|row| (row.id, (row.programme_id, convert::exempt_from(row))))
            .collect();
        let ids: BTreeSet<Uuid> = projects.values().map(|(id, _)| *id).collect();
        let plans: Vec<(Uuid, String)> = programme::Entity::find()
            .select_only()
            .columns([programme::Column::Id, programme::Column::Plan])
            .filter(programme::Column::Id.is_in(ids))
            .into_tuple()
            .all(tx)
            .await?;
        let mut read = HashMap::new();
        for (id, json) in plans {
            match from_json::<Plan>("programmes", &json) {
                Ok(plan) => {
                    read.insert(id, plan);
                }
                Err(error) => tracing::error!(%error, programme = %id, "nobody is reminded"),
            }
        }
        Ok(Self {
            projects,
            plans: read,
        })
    }

    /// For an occasion by its key: its own, or else the programme's.
    fn of(
        &self,
        person: &person::Model,
        key: &str,
    ) -> Option<(&ReminderPolicy, Option<NaiveDate>)> {
        let (programme, exempt_from) = self.projects.get(&person.project_id)?;
        let plan = self.plans.get(programme)?;
        let own = plan.course.occasion(key).and_then(|o| o.reminders.as_ref());
        Some((own.unwrap_or(&plan.reminders), *exempt_from))
    }
}
