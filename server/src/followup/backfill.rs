//! Occasions from before there were plans: the plan takes hold of those that still lie ahead or fell due a short while ago, once, at start.
//!
//! Their days stay as they are. What fell due long ago is left alone, so that an old import sets off nothing; so is what the plan does not
//! have. Doing it again changes nothing.

use std::collections::{BTreeSet, HashMap};

use bedring_domain::course::{Anchors, PlannedOccasion};
use bedring_store::entities::{followup, occasion, person, programme, project};
use bedring_store::plan::{Plan, from_json};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationDef, SelectTwo, TryInsertResult,
};
use bedring_store::{StoreError, convert};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use crate::calendar;
use crate::state::Services;

/// Days after the due day beyond which nothing is taken hold of.
const LONGEST_AGO_DAYS: u64 = 60;
/// Occasions of one transaction.
const CHUNK: u64 = 500;

/// Takes hold. Says of how many.
///
/// # Errors
/// As the database says; chunks before the one that failed are done.
pub async fn run(services: &Services) -> Result<u64, StoreError> {
    let today = calendar::day_of(services.clock.now());
    let days = Days::new(LONGEST_AGO_DAYS);
    let since = today.checked_sub_days(days).unwrap_or(NaiveDate::MIN);
    let plans = plans(services.db.read()).await?;
    let (mut after, mut held) = ((since, Uuid::nil()), 0);
    loop {
        let tx = services.db.begin().await?;
        let rows = without_hold(after).all(&*tx).await?;
        let Some(last) = rows.last().and_then(|(row, _)| Some((row.due_on?, row.id))) else {
            return Ok(held);
        };
        after = last;
        held += take_hold(&*tx, &plans, rows).await?;
        tx.commit().await?;
    }
}

/// The next of them, in the order of the index `occasions_waiting`, with their people.
fn without_hold((due, id): (NaiveDate, Uuid)) -> SelectTwo<occasion::Entity, person::Entity> {
    let later = Condition::any()
        .add(occasion::Column::DueOn.gt(due))
        .add(occasion::Column::Id.gt(id));
    // Unscoped on purpose: the server looks after all projects.
    occasion::Entity::find()
        .join(JoinType::LeftJoin, occasion_followup())
        .select_also(person::Entity)
        .join(JoinType::InnerJoin, occasion_person())
        .filter(followup::Column::OccasionId.is_null())
        .filter(occasion::Column::CompletedAt.is_null())
        .filter(occasion::Column::MissedReason.is_null())
        .filter(person::Column::ErasedAt.is_null())
        .filter(person::Column::Refused.eq(false))
        .filter(person::Column::Withdrawn.is_null())
        .filter(occasion::Column::DueOn.gte(due))
        .filter(later)
        .order_by_asc(occasion::Column::DueOn)
        .order_by_asc(occasion::Column::Id)
        .limit(CHUNK)
}

async fn take_hold<C: ConnectionTrait>(
    tx: &C,
    plans: &HashMap<Uuid, Plan>,
    rows: Vec<(occasion::Model, Option<person::Model>)>,
) -> Result<u64, StoreError> {
    let people: BTreeSet<Uuid> = rows.iter().map(|(row, _)| row.person_id).collect();
    let taken: Vec<(Uuid, String, i32)> = followup::Entity::find()
        .select_only()
        .column(followup::Column::PersonId)
        .column(followup::Column::PlanKey)
        .column(followup::Column::PlanRepeat)
        .filter(followup::Column::PersonId.is_in(people))
        .into_tuple()
        .all(tx)
        .await?;
    let mut taken: BTreeSet<(Uuid, String, i32)> = taken.into_iter().collect();
    let mut held = Vec::new();
    for (row, person) in rows {
        let Some(person) = person else { continue };
        let Some(plan) = plans.get(&person.project_id) else {
            continue;
        };
        let Some((planned, repeat)) = place(plan, &row)? else {
            continue;
        };
        if taken.insert((person.id, planned.key.clone(), repeat)) {
            held.extend(hold(plan, planned, repeat, &row, &person));
        }
    }
    if held.is_empty() {
        return Ok(0);
    }
    // Another server may be doing the same.
    let inserted = followup::Entity::insert_many(held)
        .on_conflict_do_nothing()
        .exec_without_returning(tx)
        .await?;
    Ok(match inserted {
        TryInsertResult::Inserted(n) => n,
        TryInsertResult::Empty | TryInsertResult::Conflicted => 0,
    })
}

/// Where an occasion stands in the plan: under the name of its kind as the default plan has it, or else by its kind and number.
fn place<'p>(
    plan: &'p Plan,
    row: &occasion::Model,
) -> Result<Option<(&'p PlannedOccasion, i32)>, StoreError> {
    let kind = convert::kind_of(row)?;
    let windows = plan.course.windows(&Anchors::default());
    let of_kind = || windows.iter().filter(|w| w.kind == kind);
    let whole = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let named = of_kind().find(|w| w.key == row.kind && whole(w.repeat) == row.number - 1);
    let found = named.or_else(|| of_kind().find(|w| whole(w.number) == row.number));
    Ok(found.and_then(|w| Some((plan.course.occasion(&w.key)?, whole(w.repeat)))))
}

fn hold(
    plan: &Plan,
    planned: &PlannedOccasion,
    repeat: i32,
    row: &occasion::Model,
    person: &person::Model,
) -> Option<followup::ActiveModel> {
    let due = row.due_on?;
    let later = |days: u32| due.checked_add_days(Days::new(u64::from(days)));
    Some(followup::ActiveModel {
        occasion_id: Set(row.id),
        person_id: Set(person.id),
        project_id: Set(person.project_id),
        plan_key: Set(planned.key.clone()),
        plan_repeat: Set(repeat),
        overdue_from: Set(later(planned.grace_days.saturating_add(1))),
        closes_on: Set(planned.closes_after_days.and_then(later)),
        missed_by: Set(None),
        missed_at: Set(None),
        next_look_at: Set(Some(calendar::moment(due, plan.reminders.send_at))),
    })
}

/// The plans there are, by project.
async fn plans<C: ConnectionTrait>(db: &C) -> Result<HashMap<Uuid, Plan>, StoreError> {
    let programmes = programme::Entity::find().all(db).await?;
    // Unscoped on purpose: the server looks after all projects.
    let projects = project::Entity::find().all(db).await?;
    let mut plans = HashMap::new();
    for project in projects {
        if let Some(row) = programmes.iter().find(|p| p.id == project.programme_id) {
            plans.insert(project.id, from_json("programmes", &row.plan)?);
        }
    }
    Ok(plans)
}

fn occasion_followup() -> RelationDef {
    occasion::Entity::belongs_to(followup::Entity)
        .from(occasion::Column::Id)
        .to(followup::Column::OccasionId)
        .into()
}

fn occasion_person() -> RelationDef {
    occasion::Entity::belongs_to(person::Entity)
        .from(occasion::Column::PersonId)
        .to(person::Column::Id)
        .into()
}
