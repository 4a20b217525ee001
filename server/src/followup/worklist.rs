//! The worklist: what waits for somebody, most urgent first. Each section is found and counted in SQL and capped; what stands beside the
//! lines (names, owners, tries) is read once for all of them.

use std::collections::HashMap;

use bedring_contract::followup::{
    CallLine, CallOutcome, CallSection, EndLine, EndSection, OccasionSection, WORKLIST_LINES,
    WORKLIST_LINES_MOST, Worklist,
};
use bedring_domain::course::EndOfCourse;
use bedring_store::entities::{call_attempt, call_task, course_facts, occasion, person, project};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::sea_query::{Expr, Order, Query, SelectStatement};
use bedring_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, EntityTrait, ExprTrait, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
};
use bedring_store::{StoreError, convert, scope};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::lines::Lines;
use super::{FollowupError, ends, erasures};
use crate::accounts::access::{ConfirmErasure, Proof, SeeWorklist};
use crate::keys::ContactKeys;

/// What of the worklist is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// One project; all within the proof if left out.
    pub project: Option<Uuid>,
    /// Most lines of a section; [`WORKLIST_LINES`] if left out.
    pub lines: Option<u64>,
}

/// Everything that waits.
///
/// # Errors
/// [`StoreError::NotFound`] for a project that is not within the proof's; more lines than [`WORKLIST_LINES_MOST`], or none.
pub async fn worklist<C: ConnectionTrait>(
    proof: &Proof<SeeWorklist>,
    second: Option<&Proof<ConfirmErasure>>,
    db: &C,
    keys: &ContactKeys,
    wanted: Wanted,
    today: NaiveDate,
) -> Result<Worklist, FollowupError> {
    let most = wanted.lines.unwrap_or(WORKLIST_LINES);
    if !(1..=WORKLIST_LINES_MOST).contains(&most) {
        return Err(FollowupError::Input("/lines", "out_of_range"));
    }
    if let Some(id) = wanted.project {
        let found = scope::projects(proof.scope()).filter(project::Column::Id.eq(id));
        if found.count(db).await? == 0 {
            return Err(StoreError::NotFound.into());
        }
    }
    let desk = Desk {
        proof,
        db,
        keys,
        wanted: wanted.project,
        today,
        most,
    };
    let (overdue, due) = desk.occasions().await?;
    Ok(Worklist {
        today,
        calls: desk.calls().await?,
        overdue,
        due,
        ends: desk.ends().await?,
        erasures: erasures::section(proof, second, db, keys, wanted.project, most).await?,
    })
}

/// The first occasions of a section, and how many there are.
#[derive(Default)]
struct Found {
    ids: Vec<Uuid>,
    total: u64,
}

/// Who asks for what.
struct Desk<'a, C> {
    proof: &'a Proof<SeeWorklist>,
    db: &'a C,
    keys: &'a ContactKeys,
    wanted: Option<Uuid>,
    today: NaiveDate,
    /// Most lines of a section.
    most: u64,
}

impl<C: ConnectionTrait> Desk<'_, C> {
    /// What is late and what is due, in one pass over what waits: the database counts both and says which come first, for a row that is
    /// handed over costs more than one that is counted.
    async fn occasions(&self) -> Result<(OccasionSection, OccasionSection), FollowupError> {
        let query = self.first_of_each();
        let mut found: [Found; 2] = Default::default();
        for row in self.db.query_all(&query).await? {
            let late: i32 = row.try_get("", "is_late")?;
            let section = &mut found[usize::from(late == 0)];
            let total: i64 = row.try_get("", "total")?;
            section.total = total.unsigned_abs();
            section.ids.push(row.try_get("", "id")?);
        }
        // Scoped above.
        let mut damage = Damage::default();
        let rows = occasion::Entity::find()
            .filter(occasion::Column::Id.is_in(found.iter().flat_map(|f| f.ids.clone())))
            .readable(self.db, "occasions", &mut damage, |o| o.person_id)
            .await?;
        let lines = self.lines(&rows, damage).await?;
        let rows: HashMap<Uuid, &occasion::Model> = rows.iter().map(|row| (row.id, row)).collect();
        let section = |found: Found| -> Result<_, FollowupError> {
            let rows = found.ids.iter().filter_map(|id| rows.get(id));
            let lines = rows.map(|row| lines.of(row, self.today));
            Ok(OccasionSection {
                total: found.total,
                lines: lines.collect::<Result<_, StoreError>>()?,
            })
        };
        let [late, due] = found;
        Ok((section(late)?, section(due)?))
    }

    /// `id`, `is_late` (1 or 0) and `total` of the first that are late and the first that are due, in order.
    fn first_of_each(&self) -> SelectStatement {
        let is_late = Expr::case(is_overdue(self.today), 1).finally(0);
        // Whoever is to be called stands among the calls, with all that waits of them, and nowhere else.
        let called = self
            .open_calls()
            .select_only()
            .column(call_task::Column::PersonId)
            .into_query();
        let reached = waiting(self.proof, self.wanted, self.today)
            .filter(occasion::Column::PersonId.not_in_subquery(called))
            .select_only()
            .column(occasion::Column::Id)
            .column_as(occasion::waiting_due_on(), "due")
            .column_as(Expr::expr(is_late), "is_late")
            .into_query();
        let placed = Query::select()
            .columns(["id", "is_late"])
            .expr_as(
                Expr::cust("ROW_NUMBER() OVER (PARTITION BY is_late ORDER BY due, id)"),
                "place",
            )
            .expr_as(Expr::cust("COUNT(*) OVER (PARTITION BY is_late)"), "total")
            .from_subquery(reached, "reached")
            .take();
        Query::select()
            .columns(["id", "is_late", "total"])
            .from_subquery(placed, "placed")
            .and_where(Expr::col("place").lte(self.most))
            .order_by("place", Order::Asc)
            .take()
    }

    /// One line for each person: the task that is tried first, with all that waits of the person.
    async fn calls(&self) -> Result<CallSection, FollowupError> {
        let query =
            call_task::Entity::find().filter(call_task::Column::Id.in_subquery(self.first_calls()));
        let total = query.clone().count(self.db).await?;
        let mut damage = Damage::default();
        let tasks = query
            .order_by_asc(call_task::Column::NextTryOn)
            .order_by_asc(call_task::Column::Id)
            .limit(self.most)
            .readable(self.db, "call_tasks", &mut damage, |t| t.person_id)
            .await?;
        let rows = self.rows_of(&tasks, &mut damage).await?;
        // Unscoped on purpose: tries of tasks that were found in scope.
        let attempts = call_attempt::Entity::find()
            .filter(call_attempt::Column::TaskId.is_in(tasks.iter().map(|t| t.id)))
            .order_by_asc(call_attempt::Column::Id)
            .readable(self.db, "call_attempts", &mut damage, |a| a.task_id)
            .await?;
        for task in &tasks {
            if damage.is_about(task.id) {
                damage.note("call_attempts", task.person_id);
            }
        }
        let lines = self.lines(&rows, damage).await?;
        let mut section = CallSection {
            total,
            lines: Vec::with_capacity(tasks.len()),
        };
        for task in tasks {
            let Some(row) = rows.iter().find(|row| row.id == task.occasion_id) else {
                continue;
            };
            let tries: Vec<_> = attempts.iter().filter(|a| a.task_id == task.id).collect();
            let waits = |row: &&occasion::Model| {
                row.person_id == task.person_id && row.due_on.is_some_and(|due| due <= self.today)
            };
            let waiting = rows
                .iter()
                .filter(waits)
                .map(|row| lines.of(row, self.today));
            let mut line = lines.of(row, self.today)?;
            let phone = lines.phone(self.keys, task.person_id);
            line.who.damaged |= phone.is_err();
            section.lines.push(CallLine {
                call: task.id,
                line,
                opened_at: task.opened_at,
                attempts: tries.len() as u64,
                last_outcome: tries.last().and_then(|a| CallOutcome::parse(&a.outcome)),
                phone: phone.unwrap_or_default(),
                waiting: waiting.collect::<Result<_, StoreError>>()?,
            });
        }
        Ok(section)
    }

    /// The unfinished occasions of the people of these tasks, those due first come first.
    async fn rows_of(
        &self,
        tasks: &[call_task::Model],
        damage: &mut Damage,
    ) -> Result<Vec<occasion::Model>, StoreError> {
        scope::occasions(self.proof.scope())
            .filter(occasion::Column::PersonId.is_in(tasks.iter().map(|t| t.person_id)))
            .filter(unfinished())
            .order_by_asc(occasion::Column::DueOn)
            .order_by_asc(occasion::Column::Id)
            .readable(self.db, "occasions", damage, |o| o.person_id)
            .await
    }

    /// Open call tasks about what is not finished, of people who may be asked.
    fn open_calls(&self) -> Select<call_task::Entity> {
        scope::call_tasks(self.proof.scope())
            .join(JoinType::InnerJoin, call_occasion())
            .join(JoinType::InnerJoin, occasion_person())
            .filter(call_task::Column::ProjectId.in_subquery(self.projects()))
            .filter(people())
            .filter(unfinished())
            .filter(call_task::Column::ClosedAt.is_null())
    }

    /// The ids of those that come first for their person.
    fn first_calls(&self) -> SelectStatement {
        let place = "ROW_NUMBER() OVER (PARTITION BY \"call_tasks\".\"person_id\" \
             ORDER BY \"call_tasks\".\"next_try_on\", \"call_tasks\".\"id\")";
        let placed = self
            .open_calls()
            .select_only()
            .column(call_task::Column::Id)
            .column_as(Expr::cust(place), "place")
            .into_query();
        Query::select()
            .column("id")
            .from_subquery(placed, "placed")
            .and_where(Expr::col("place").eq(1))
            .take()
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
            .take(usize::try_from(self.most).unwrap_or(usize::MAX))
            .copied();
        let mut damage = Damage::default();
        let people = scope::persons(self.proof.scope())
            .filter(person::Column::Id.is_in(first))
            .order_by_asc(person::Column::StartOn)
            .order_by_asc(person::Column::Id)
            .readable(self.db, "persons", &mut damage, |p| p.id)
            .await?;
        let ids = people.iter().map(|p| p.id);
        let facts = scope::course_facts(self.proof.scope())
            .filter(course_facts::Column::PersonId.is_in(ids))
            .readable(self.db, "course_facts", &mut damage, |f| f.person_id)
            .await?;
        let (proof, db) = (self.proof, self.db);
        let lines = Lines::of_people(proof, db, self.keys, people.clone(), damage).await?;
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

    async fn lines(
        &self,
        rows: &[occasion::Model],
        damage: Damage,
    ) -> Result<Lines, FollowupError> {
        Lines::of_occasions(self.proof, self.db, self.keys, rows, damage).await
    }
}

/// What is due or late, neither ordered nor capped. Read from `occasions_waiting_due` alone, whoever asks: what waits in all projects is
/// little beside what there is. A test reads the plan of the database.
#[must_use]
pub fn waiting(
    proof: &Proof<SeeWorklist>,
    wanted: Option<Uuid>,
    today: NaiveDate,
) -> Select<occasion::Entity> {
    // Scoped through the projects in which somebody waits.
    occasion::Entity::find()
        .filter(occasion::waits_in().in_subquery(active_projects(proof, wanted, today)))
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

/// Of what waits, as `convert::state_of` has it: from the plan's day on, or fifteen days after the due day where no plan took hold.
fn is_overdue(today: NaiveDate) -> Condition {
    let fifteen = Days::new(convert::OVERDUE_AFTER_DAYS);
    let due_by = today.checked_sub_days(fifteen).unwrap_or(NaiveDate::MIN);
    let planned = occasion::late_from().lte(today);
    let unplanned = occasion::late_from()
        .is_null()
        .and(occasion::waiting_due_on().lte(due_by));
    Condition::any().add(planned).add(unplanned)
}

fn occasion_person() -> RelationDef {
    occasion::Entity::belongs_to(person::Entity)
        .from(occasion::Column::PersonId)
        .to(person::Column::Id)
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
