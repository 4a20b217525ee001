//! The worklist: what waits for somebody, most urgent first. Each section is found and counted in SQL and capped; what stands beside the
//! lines (names, owners, tries) is read once for all of them.

use bedring_contract::followup::{
    CallLine, CallOutcome, CallSection, EndLine, EndSection, OccasionSection, Worklist,
};
use bedring_domain::course::EndOfCourse;
use bedring_store::entities::{
    call_attempt, call_task, course_facts, followup, occasion, person, project,
};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
};
use bedring_store::{StoreError, convert, scope};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::lines::Lines;
use super::{FollowupError, ends};
use crate::accounts::access::{Proof, SeeWorklist};
use crate::keys::ContactKeys;

/// Most lines of a section.
const MOST: u64 = 200;

/// Everything that waits, of one project or of all within the proof.
///
/// # Errors
/// [`StoreError::NotFound`] for a project that is not within the proof's.
pub async fn worklist<C: ConnectionTrait>(
    proof: &Proof<SeeWorklist>,
    db: &C,
    keys: &ContactKeys,
    wanted: Option<Uuid>,
    today: NaiveDate,
) -> Result<Worklist, FollowupError> {
    if let Some(id) = wanted {
        scope::projects(proof.scope())
            .filter(project::Column::Id.eq(id))
            .one(db)
            .await?
            .ok_or(StoreError::NotFound)?;
    }
    let desk = Desk {
        proof,
        db,
        keys,
        wanted,
        today,
    };
    Ok(Worklist {
        today,
        calls: desk.calls().await?,
        overdue: desk.occasions(Which::Overdue).await?,
        due: desk.occasions(Which::Due).await?,
        ends: desk.ends().await?,
    })
}

/// Who asks for what.
struct Desk<'a, C> {
    proof: &'a Proof<SeeWorklist>,
    db: &'a C,
    keys: &'a ContactKeys,
    wanted: Option<Uuid>,
    today: NaiveDate,
}

impl<C: ConnectionTrait> Desk<'_, C> {
    async fn occasions(&self, which: Which) -> Result<OccasionSection, FollowupError> {
        let total = waiting(self.proof, self.wanted, which, self.today)
            .select_only()
            .column_as(occasion::Column::Id.count(), "n")
            .into_tuple::<i64>()
            .one(self.db)
            .await?;
        let rows = waiting(self.proof, self.wanted, which, self.today)
            .order_by_asc(occasion::Column::DueOn)
            .order_by_asc(occasion::Column::Id)
            .limit(MOST)
            .all(self.db)
            .await?;
        let lines = self.lines(&rows).await?;
        let lines = rows.iter().map(|row| lines.of(row, self.today));
        Ok(OccasionSection {
            total: total.and_then(|n| u64::try_from(n).ok()).unwrap_or(0),
            lines: lines.collect::<Result<_, StoreError>>()?,
        })
    }

    async fn calls(&self) -> Result<CallSection, FollowupError> {
        let query: Select<call_task::Entity> = scope::call_tasks(self.proof.scope())
            .join(JoinType::InnerJoin, call_occasion())
            .join(JoinType::InnerJoin, occasion_person())
            .join(JoinType::InnerJoin, person_project())
            .filter(people(self.wanted, self.today))
            .filter(unfinished())
            .filter(call_task::Column::ClosedAt.is_null());
        let total = query.clone().count(self.db).await?;
        let tasks = query
            .order_by_asc(call_task::Column::NextTryOn)
            .order_by_asc(call_task::Column::Id)
            .limit(MOST)
            .all(self.db)
            .await?;
        let rows = scope::occasions(self.proof.scope())
            .filter(occasion::Column::Id.is_in(tasks.iter().map(|t| t.occasion_id)))
            .all(self.db)
            .await?;
        let lines = self.lines(&rows).await?;
        // Unscoped on purpose: tries of tasks that were found in scope.
        let attempts = call_attempt::Entity::find()
            .filter(call_attempt::Column::TaskId.is_in(tasks.iter().map(|t| t.id)))
            .order_by_asc(call_attempt::Column::Id)
            .all(self.db)
            .await?;
        let mut section = CallSection {
            total,
            lines: Vec::with_capacity(tasks.len()),
        };
        for task in tasks {
            let Some(row) = rows.iter().find(|row| row.id == task.occasion_id) else {
                continue;
            };
            let tries: Vec<_> = attempts.iter().filter(|a| a.task_id == task.id).collect();
            section.lines.push(CallLine {
                call: task.id,
                line: lines.of(row, self.today)?,
                opened_at: task.opened_at,
                attempts: tries.len() as u64,
                last_outcome: tries.last().and_then(|a| CallOutcome::parse(&a.outcome)),
            });
        }
        Ok(section)
    }

    async fn ends(&self) -> Result<EndSection, FollowupError> {
        let query = scope::persons(self.proof.scope())
            .join(JoinType::InnerJoin, person_project())
            .join(JoinType::LeftJoin, person_facts())
            .filter(people(self.wanted, self.today))
            .filter(Expr::cust(ends::open_sql(self.today)))
            .filter(Expr::cust(ends::waits_for_end_sql()));
        let total = query.clone().count(self.db).await?;
        let people = query
            .order_by_asc(person::Column::StartOn)
            .order_by_asc(person::Column::Id)
            .limit(MOST)
            .all(self.db)
            .await?;
        let ids = people.iter().map(|p| p.id);
        let facts = scope::course_facts(self.proof.scope())
            .filter(course_facts::Column::PersonId.is_in(ids))
            .all(self.db)
            .await?;
        let (proof, db) = (self.proof, self.db);
        let lines = Lines::of_people(proof, db, self.keys, people.clone()).await?;
        let lines = people.iter().map(|person| {
            let known = facts.iter().find(|f| f.person_id == person.id);
            let EndOfCourse::Ask { since } = ends::question(person, known, self.today) else {
                return Ok(None);
            };
            Ok(Some(EndLine {
                who: lines.who(person.id)?,
                start: person.start_on,
                end_planned: known.and_then(|f| f.end_planned_on),
                still_enrolled: known.and_then(|f| f.still_enrolled_on),
                since,
            }))
        });
        let lines = lines.filter_map(Result::transpose);
        Ok(EndSection {
            total,
            lines: lines.collect::<Result<_, StoreError>>()?,
        })
    }

    async fn lines(&self, rows: &[occasion::Model]) -> Result<Lines, FollowupError> {
        Lines::of_occasions(self.proof, self.db, self.keys, rows).await
    }
}

/// A section of occasions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Should be answered by now.
    Due,
    /// Should have been answered.
    Overdue,
}

/// Occasions of a section, neither ordered nor capped. Through `occasions_waiting` for whoever sees all projects, and through the waiting
/// ones of each person for others: a test reads the plan of the database.
#[must_use]
pub fn waiting(
    proof: &Proof<SeeWorklist>,
    wanted: Option<Uuid>,
    which: Which,
    today: NaiveDate,
) -> Select<occasion::Entity> {
    let late = is_overdue(today);
    scope::occasions(proof.scope())
        .join(JoinType::InnerJoin, occasion_person())
        .join(JoinType::InnerJoin, person_project())
        .join(JoinType::LeftJoin, occasion_followup())
        .filter(people(wanted, today))
        .filter(unfinished())
        .filter(occasion::Column::DueOn.lte(today))
        .filter(match which {
            Which::Due => late.not(),
            Which::Overdue => late,
        })
}

/// People who may be asked, of projects that take part.
fn people(wanted: Option<Uuid>, today: NaiveDate) -> Condition {
    Condition::all()
        .add(scope::takes_part(today))
        .add(person::Column::ErasedAt.is_null())
        .add(person::Column::Refused.eq(false))
        .add(person::Column::Withdrawn.is_null())
        .add_option(wanted.map(|id| person::Column::ProjectId.eq(id)))
}

fn unfinished() -> Condition {
    Condition::all()
        .add(occasion::Column::CompletedAt.is_null())
        .add(occasion::Column::MissedReason.is_null())
}

/// As `convert::state_of` has it: from the plan's day on, or fifteen days after the due day where no plan took hold.
fn is_overdue(today: NaiveDate) -> Condition {
    let fifteen = Days::new(convert::OVERDUE_AFTER_DAYS);
    let due_by = today.checked_sub_days(fifteen).unwrap_or(NaiveDate::MIN);
    let planned = followup::Column::OverdueFrom
        .is_not_null()
        .and(followup::Column::OverdueFrom.lte(today));
    let unplanned = followup::Column::OverdueFrom
        .is_null()
        .and(occasion::Column::DueOn.lte(due_by));
    Condition::any().add(planned).add(unplanned)
}

fn occasion_person() -> RelationDef {
    occasion::Entity::belongs_to(person::Entity)
        .from(occasion::Column::PersonId)
        .to(person::Column::Id)
        .into()
}

fn person_project() -> RelationDef {
    person::Entity::belongs_to(project::Entity)
        .from(person::Column::ProjectId)
        .to(project::Column::Id)
        .into()
}

fn occasion_followup() -> RelationDef {
    occasion::Entity::belongs_to(followup::Entity)
        .from(occasion::Column::Id)
        .to(followup::Column::OccasionId)
        .into()
}

fn person_facts() -> RelationDef {
    person::Entity::belongs_to(course_facts::Entity)
        .from(person::Column::Id)
        .to(course_facts::Column::PersonId)
        .into()
}

fn call_occasion() -> RelationDef {
    call_task::Entity::belongs_to(occasion::Entity)
        .from(call_task::Column::OccasionId)
        .to(occasion::Column::Id)
        .into()
}
