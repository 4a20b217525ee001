//! Which plan holds where for whom: the places at which an edit was held back, and the plans that were replaced.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use bedring_domain::course::{CoursePlan, Holds, Place};
use bedring_store::StoreError;
use bedring_store::entities::{plan_hold, plan_revision, project};
use bedring_store::plan::{Plan, from_json, to_json};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::windows;
use crate::ports::{Random, uuid_v7};

/// Rows of one statement.
const ROWS: usize = 1000;

/// What holds for each of these people; nothing for those for whom the plan in force holds everywhere.
///
/// # Errors
/// As the database says.
pub(super) async fn of_people<C: ConnectionTrait>(
    db: &C,
    people: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Holds>, StoreError> {
    // Unscoped on purpose, here and below: people who were found in scope.
    let rows = plan_hold::Entity::find()
        .filter(plan_hold::Column::PersonId.is_in(people))
        .all(db)
        .await?;
    let mut holds: HashMap<Uuid, Holds> = HashMap::new();
    if rows.is_empty() {
        return Ok(holds);
    }
    let wanted: BTreeSet<Uuid> = rows.iter().map(|row| row.revision_id).collect();
    let mut plans: HashMap<Uuid, Arc<CoursePlan>> = HashMap::new();
    for row in plan_revision::Entity::find()
        .filter(plan_revision::Column::Id.is_in(wanted))
        .all(db)
        .await?
    {
        let plan: Plan = from_json("plan_revisions", &row.plan)?;
        plans.insert(row.id, Arc::new(plan.course));
    }
    for row in rows {
        if let Some(plan) = plans.get(&row.revision_id) {
            let place = (row.plan_key, u32::try_from(row.plan_repeat).unwrap_or(0));
            let own = holds.entry(row.person_id).or_default();
            own.insert(place, Arc::clone(plan));
        }
    }
    Ok(holds)
}

/// Keeps a plan that is being replaced. Gives its name.
///
/// # Errors
/// As the database says.
pub(super) async fn put_away<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    programme: Uuid,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<Uuid, StoreError> {
    let id = uuid_v7(now, random);
    let row = plan_revision::ActiveModel {
        id: Set(id),
        programme_id: Set(programme),
        plan: Set(to_json(plan)),
        replaced_at: Set(now),
    };
    plan_revision::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(id)
}

/// At these places the plan of that name goes on to hold, unless an older one does.
///
/// # Errors
/// As the database says.
pub(super) async fn keep<C: ConnectionTrait>(
    tx: &C,
    revision: Uuid,
    places: &[(Uuid, Place)],
) -> Result<(), StoreError> {
    for some in places.chunks(ROWS) {
        let rows = some
            .iter()
            .map(|(person, (key, repeat))| plan_hold::ActiveModel {
                person_id: Set(*person),
                plan_key: Set(key.clone()),
                plan_repeat: Set(i32::try_from(*repeat).unwrap_or(i32::MAX)),
                revision_id: Set(revision),
            });
        plan_hold::Entity::insert_many(rows)
            .on_conflict_do_nothing()
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// At these places the plan in force holds again.
///
/// # Errors
/// As the database says.
pub(super) async fn release<C: ConnectionTrait>(
    tx: &C,
    places: &[(Uuid, Place)],
) -> Result<(), StoreError> {
    for (person, (key, repeat)) in places {
        let repeat = i32::try_from(*repeat).unwrap_or(i32::MAX);
        plan_hold::Entity::delete_by_id((*person, key.clone(), repeat))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Is any occasion of a project counted from the day on which another was made, by the plan in force or by one that holds for somebody?
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such project.
pub(super) async fn count_from_occasions<C: ConnectionTrait>(
    db: &C,
    project: Uuid,
) -> Result<bool, StoreError> {
    if windows::counts_from_occasions(&windows::plan_of(db, project).await?.course) {
        return Ok(true);
    }
    let programme = project::Entity::find_by_id(project)
        .select_only()
        .column(project::Column::ProgrammeId)
        .into_query();
    let holding = plan_hold::Entity::find()
        .select_only()
        .column(plan_hold::Column::RevisionId)
        .into_query();
    let rows = plan_revision::Entity::find()
        .filter(plan_revision::Column::ProgrammeId.in_subquery(programme))
        .filter(plan_revision::Column::Id.in_subquery(holding))
        .all(db)
        .await?;
    for row in rows {
        let plan: Plan = from_json("plan_revisions", &row.plan)?;
        if windows::counts_from_occasions(&plan.course) {
            return Ok(true);
        }
    }
    Ok(false)
}
