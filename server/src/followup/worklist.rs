//! The worklist: what waits for somebody, most urgent first. Each section is found and counted in SQL and capped; what stands beside the
//! lines (names, owners, tries) is read once for all of them.

use std::collections::HashMap;

use bedring_contract::followup::{
    CallLine, CallOutcome, CallSection, EndLine, EndSection, OccasionSection, Worklist,
};
use bedring_domain::course::EndOfCourse;
use bedring_store::entities::{
    call_attempt, call_task, course_facts, followup, occasion, person, project,
};
use bedring_store::sea_orm::sea_query::{Expr, SelectStatement};
use bedring_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, EntityTrait, ExprTrait, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
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
    let (overdue, due) = desk.occasions().await?;
    Ok(Worklist {
        today,
        calls: desk.calls().await?,
        overdue,
        due,
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
    /// What is late and what is due, in one pass over what waits: each is counted, and of each the first are read.
    async fn occasions(&self) -> Result<(OccasionSection, OccasionSection), FollowupError> {
        let backend = self.db.get_database_backend();
        let is_late = Expr::case(is_overdue(self.today), 1).finally(0);
        let reached: Vec<(Uuid, i32)> = waiting(self.proof, backend, self.wanted, self.today)
            .select_only()
            .column(occasion::Column::Id)
            .column_as(Expr::expr(is_late), "is_late")
            .order_by_asc(occasion::waiting_due_on())
            .order_by_asc(occasion::Column::Id)
            .into_tuple()
            .all(self.db)
            .await?;
        let (late, due): (Vec<_>, Vec<_>) = reached.into_iter().partition(|(_, late)| *late == 1);
        let first = |ids: &[(Uuid, i32)]| -> Vec<Uuid> {
            let most = usize::try_from(MOST).unwrap_or(usize::MAX);
            ids.iter().take(most).map(|(id, _)| *id).collect()
        };
        let shown = [first(&late), first(&due)];
        // Scoped above.
        let rows = occasion::Entity::find()
            .filter(occasion::Column::Id.is_in(shown.iter().flatten().copied()))
            .all(self.db)
            .await?;
        let lines = self.lines(&rows).await?;
        let rows: HashMap<Uuid, &occasion::Model> = rows.iter().map(|row| (row.id, row)).collect();
        let section = |all: &[(Uuid, i32)], shown: &[Uuid]| -> Result<_, FollowupError> {
            let rows = shown.iter().filter_map(|id| rows.get(id));
            let lines = rows.map(|row| lines.of(row, self.today));
            Ok(OccasionSection {
                total: all.len() as u64,
                lines: lines.collect::<Result<_, StoreError>>()?,
            })
        };
        Ok((section(&late, &shown[0])?, section(&due, &shown[1])?))
    }

    async fn calls(&self) -> Result<CallSection, FollowupError> {
        let query: Select<call_task::Entity> = scope::call_tasks(self.proof.scope())
            .join(JoinType::InnerJoin, call_occasion())
            .join(JoinType::InnerJoin, occasion_person())
            .filter(call_task::Column::ProjectId.in_subquery(self.projects()))
            .filter(people())
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
        let backend = self.db.get_database_backend();
        // Scoped through their projects.
        let query = person::Entity::find()
            .join(JoinType::LeftJoin, person_facts())
            .filter(project_of_person(backend).in_subquery(self.projects()))
            .filter(Expr::cust(ends::perhaps_open_sql(self.today)))
            .filter(people())
            .filter(Expr::cust(ends::open_sql(self.today)))
            .filter(Expr::cust(ends::waits_for_end_sql()));
        let all: Vec<Uuid> = query
            .order_by_asc(person::Column::StartOn)
            .order_by_asc(person::Column::Id)
            .select_only()
            .column(person::Column::Id)
            .into_tuple()
            .all(self.db)
            .await?;
        let first = all
            .iter()
            .take(usize::try_from(MOST).unwrap_or(usize::MAX))
            .copied();
        let people = scope::persons(self.proof.scope())
            .filter(person::Column::Id.is_in(first))
            .order_by_asc(person::Column::StartOn)
            .order_by_asc(person::Column::Id)
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
            total: all.len() as u64,
            lines: lines.collect::<Result<_, StoreError>>()?,
        })
    }

    fn projects(&self) -> SelectStatement {
        active_projects(self.proof, self.wanted, self.today)
    }

    async fn lines(&self, rows: &[occasion::Model]) -> Result<Lines, FollowupError> {
        Lines::of_occasions(self.proof, self.db, self.keys, rows).await
    }
}

/// What is due or late, neither ordered nor capped. Read from `occasions_waiting_due`, whoever asks: what waits in all projects is little
/// beside what there is, also beside the people of one large project. A test reads the plan of the database.
#[must_use]
pub fn waiting(
    proof: &Proof<SeeWorklist>,
    backend: DatabaseBackend,
    wanted: Option<Uuid>,
    today: NaiveDate,
) -> Select<occasion::Entity> {
    // Scoped through the projects of their people.
    occasion::Entity::find()
        .join(JoinType::InnerJoin, occasion_person())
        .join(JoinType::LeftJoin, occasion_followup())
        .filter(project_of_person(backend).in_subquery(active_projects(proof, wanted, today)))
        .filter(people())
        .filter(occasion::waiting_due_on().lte(today))
}

/// The projects that take part, within the proof's.
fn active_projects(
    proof: &Proof<SeeWorklist>,
    wanted: Option<Uuid>,
    today: NaiveDate,
) -> SelectStatement {
    scope::projects(proof.scope())
        .select_only()
        .column(project::Column::Id)
        .filter(scope::takes_part(today))
        .filter(Condition::all().add_option(wanted.map(|id| project::Column::Id.eq(id))))
        .into_query()
}

/// The plus keeps SQLite, which counts on a project having ten people, from going through all of a project's. PostgreSQL counts them.
fn project_of_person(backend: DatabaseBackend) -> Expr {
    if backend == DatabaseBackend::Sqlite {
        Expr::cust("+\"persons\".\"project_id\"")
    } else {
        Expr::col((person::Entity, person::Column::ProjectId))
    }
}

/// People who may be asked.
fn people() -> Condition {
    Condition::all()
        .add(person::Column::ErasedAt.is_null())
        .add(person::Column::Refused.eq(false))
        .add(person::Column::Withdrawn.is_null())
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
