//! The drop-out board: of those who started, what became of each measurement. Two grouped queries, whatever the number of people; numbers
//! only, and nothing about anybody.

use std::collections::BTreeMap;

use bedring_contract::followup::{Board, BoardKind, BoardReason};
use bedring_domain::course::{MissedReason, OccasionKind};
use bedring_store::entities::{course_facts, followup, occasion, person, project};
use bedring_store::readable::{Damage, Rows, tuples};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, JoinType, QueryFilter, QuerySelect,
    QueryTrait, RelationDef,
};
use bedring_store::{StoreError, convert, scope};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::ends;
use crate::accounts::access::{Proof, SeeBoard};

/// The board of a project.
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such project within the proof's.
pub async fn board<C: ConnectionTrait>(
    proof: &Proof<SeeBoard>,
    db: &C,
    id: Uuid,
    today: NaiveDate,
) -> Result<Board, StoreError> {
    let mut damage = Damage::default();
    let found = scope::projects(proof.scope())
        .filter(project::Column::Id.eq(id))
        .readable(db, "projects", &mut damage, |p| p.id)
        .await?;
    let found = found.into_iter().next().ok_or(StoreError::NotFound)?;
    let exempt = convert::is_exempt(&found, today);
    let (started, end_unknown) = people(proof, db, id, exempt, today).await?;
    let category = category(db.get_database_backend(), exempt, today);
    let query = scope::occasions(proof.scope())
        .join(JoinType::InnerJoin, occasion_person())
        .join(JoinType::LeftJoin, occasion_followup())
        .join(JoinType::LeftJoin, person_facts())
        .select_only()
        .column(occasion::Column::Kind)
        .column_as(Expr::cust(category), "category")
        .column(occasion::Column::MissedReason)
        .column_as(occasion::Column::Id.count(), "n")
        .filter(person::Column::ProjectId.eq(id))
        .filter(person::Column::DiscardedAt.is_null())
        .filter(Expr::cust(has_started(today)))
        .group_by(occasion::Column::Kind)
        .group_by(Expr::cust("category"))
        .group_by(occasion::Column::MissedReason)
        .into_query();
    let mut damage = Damage::default();
    let rows: Vec<(String, String, Option<String>, i64)> =
        tuples(db, &query, "occasions", &mut damage).await?;
    let mut damaged = damage.count();
    let mut kinds: BTreeMap<OccasionKind, BoardKind> = BTreeMap::new();
    for (kind, category, reason, n) in rows {
        let n = u64::try_from(n).unwrap_or(0);
        let counted = OccasionKind::parse(&kind).is_some_and(|kind| {
            let line = kinds.entry(kind).or_insert_with(|| empty(kind));
            add(line, &category, reason.as_deref(), n)
        });
        if !counted {
            damaged += n;
        }
    }
    kinds.retain(|_, line| line.total > 0);
    let mut kinds: Vec<BoardKind> = kinds.into_values().collect();
    for line in &mut kinds {
        let order = |r: &BoardReason| MissedReason::ALL.iter().position(|m| *m == r.reason);
        line.missed.sort_by_key(order);
    }
    Ok(Board {
        today,
        status: found.status,
        status_on: found.status_on,
        started,
        end_unknown,
        kinds,
        damaged,
    })
}

fn empty(kind: OccasionKind) -> BoardKind {
    BoardKind {
        kind,
        total: 0,
        on_time: 0,
        late: 0,
        planned: 0,
        end_unknown: 0,
        open: 0,
        due: 0,
        overdue: 0,
        declined: 0,
        withdrawn: 0,
        missed: Vec::new(),
    }
}

/// Whether it could be counted: a reason that nobody can read belongs nowhere.
fn add(line: &mut BoardKind, category: &str, reason: Option<&str>, n: u64) -> bool {
    let place = match category {
        "on_time" => &mut line.on_time,
        "late" => &mut line.late,
        "planned" => &mut line.planned,
        "end_unknown" => &mut line.end_unknown,
        "open" => &mut line.open,
        "due" => &mut line.due,
        "overdue" => &mut line.overdue,
        "declined" => &mut line.declined,
        "withdrawn" => &mut line.withdrawn,
        _ => {
            let Some(reason) = reason.and_then(MissedReason::parse) else {
                return false;
            };
            line.missed.push(BoardReason { reason, count: n });
            line.total += n;
            return true;
        }
    };
    *place += n;
    line.total += n;
    true
}

/// People who are measured and have started, and those of them of whom nobody knows whether they still come.
async fn people<C: ConnectionTrait>(
    proof: &Proof<SeeBoard>,
    db: &C,
    id: Uuid,
    exempt: bool,
    today: NaiveDate,
) -> Result<(u64, u64), StoreError> {
    let unknown = format!(
        "COUNT(CASE WHEN persons.refused = FALSE AND persons.withdrawn IS NULL AND {} AND {} THEN 1 END)",
        end_unknown(exempt, today),
        ends::waits_for_end_sql()
    );
    let row: Option<(i64, i64)> = scope::persons(proof.scope())
        .join(JoinType::LeftJoin, person_facts())
        .select_only()
        .column_as(person::Column::Id.count(), "started")
        .column_as(Expr::cust(unknown), "end_unknown")
        .filter(person::Column::ProjectId.eq(id))
        .filter(Expr::cust(has_started(today)))
        .filter(Expr::cust(
            "EXISTS (SELECT 1 FROM occasions any_of_them WHERE any_of_them.person_id = persons.id)",
        ))
        .into_tuple()
        .one(db)
        .await?;
    let whole = |n: i64| u64::try_from(n).unwrap_or(0);
    let (started, unknown) = row.unwrap_or_default();
    Ok((whole(started), whole(unknown)))
}

/// Began, or showed it by an intake; whoever erased everything has no start any more, and still belongs to those who were lost.
fn has_started(today: NaiveDate) -> String {
    format!(
        "(persons.start_on <= '{today}' OR persons.erased_at IS NOT NULL OR EXISTS (SELECT 1 FROM occasions made \
         WHERE made.person_id = persons.id AND made.completed_at IS NOT NULL))"
    )
}

fn end_unknown(exempt: bool, today: NaiveDate) -> String {
    if exempt {
        return "1 = 0".to_owned();
    }
    let (open, cannot) = (ends::open_sql(today), ends::cannot_be_told_sql());
    format!("({open} OR {cannot})")
}

/// The state of an occasion in SQL, in the order of `course::occasion_state`; a test holds the two together. Of what was made, whether it
/// was in time; of what is planned, whether anybody knows the day it is counted from. Only dates are written into it.
fn category(backend: DatabaseBackend, exempt: bool, today: NaiveDate) -> String {
    let fifteen = Days::new(convert::OVERDUE_AFTER_DAYS);
    let due_by = today.checked_sub_days(fifteen).unwrap_or(NaiveDate::MIN);
    let waited_for = if exempt { "1 = 0" } else { "1 = 1" };
    let made_on = day_in_denmark(backend, "occasions.completed_at");
    let end_unknown = end_unknown(exempt, today);
    format!(
        "CASE \
         WHEN occasions.completed_at IS NOT NULL AND (occasions.due_on IS NULL OR {made_on} <= occasions.due_on) THEN 'on_time' \
         WHEN occasions.completed_at IS NOT NULL THEN 'late' \
         WHEN persons.withdrawn IS NOT NULL THEN 'withdrawn' \
         WHEN persons.refused = TRUE THEN 'declined' \
         WHEN occasions.missed_reason IS NOT NULL THEN 'missed' \
         WHEN {waited_for} AND (followups.overdue_from <= '{today}' \
         OR (followups.overdue_from IS NULL AND occasions.due_on <= '{due_by}')) THEN 'overdue' \
         WHEN {waited_for} AND occasions.due_on <= '{today}' THEN 'due' \
         WHEN occasions.opens_on <= '{today}' THEN 'open' \
         WHEN occasions.due_on IS NULL AND {end_unknown} THEN 'end_unknown' \
         ELSE 'planned' END"
    )
}

/// The day in Denmark of a moment. SQLite knows no time zones: summer time is from the last Sunday of March to that of October, each at
/// one o'clock in UTC.
fn day_in_denmark(backend: DatabaseBackend, column: &str) -> String {
    if backend == DatabaseBackend::Postgres {
        return format!("({column} AT TIME ZONE 'Europe/Copenhagen')::date");
    }
    let sunday = |after: &str| {
        format!(
            "datetime(strftime('%Y', {column}) || '{after}', 'weekday 0', '-7 days', '+1 hour')"
        )
    };
    let (from, until) = (sunday("-04-01"), sunday("-11-01"));
    format!(
        "(CASE WHEN datetime({column}) >= {from} AND datetime({column}) < {until} \
         THEN date({column}, '+2 hours') ELSE date({column}, '+1 hour') END)"
    )
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
