//! Of whom something is kept apart, and how much: whoever has waited longest first, a page at a time. However much came by one link, it is
//! one line, so that nobody hides anybody else.

use std::collections::HashMap;

use bedring_contract::quarantine::{QuarantinePeople, QuarantinePerson, ReasonCount, Whose};
use bedring_domain::journal::Reason;
use bedring_store::StoreError;
use bedring_store::entities::{journal_conflict, journal_entry};
use bedring_store::scope::ProjectScope;
use bedring_store::sea_orm::sea_query::{
    Expr, ExprTrait, Func, Order, Query, SelectStatement, UnionType,
};
use bedring_store::sea_orm::{ConnectionTrait, QueryResult, QuerySelect, QueryTrait};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::list::codes;
use super::waiting::{Cursor, Part};
use crate::accounts::access::{Proof, SeeQuarantine};

/// People on a page if nobody says how many.
const PAGE: u64 = 50;
/// At most.
const LARGEST_PAGE: u64 = 200;

/// A page of those of whom something is kept apart within the proof's projects. All of whom nobody is known are one line, for those who
/// see all projects.
///
/// # Errors
/// As the database says.
pub async fn people<C: ConnectionTrait>(
    proof: &Proof<SeeQuarantine>,
    db: &C,
    after: Option<Cursor>,
    limit: Option<u64>,
) -> Result<QuarantinePeople, StoreError> {
    let limit = limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let all = Part::default();
    let rows = db
        .query_all(&of_each(proof.scope(), &all, after, limit + 1))
        .await?;
    let mut people = rows.iter().map(person).collect::<Result<Vec<_>, _>>()?;
    let more = people.len() as u64 > limit;
    people.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    // Behind a moment that cannot be read nothing can be found: the page goes on behind the last one that can.
    let place = |p: &QuarantinePerson| {
        Some(Cursor {
            at: p.oldest?,
            id: p.person.unwrap_or_default(),
        })
    };
    let next = people.iter().rev().find_map(place).filter(|_| more);
    complete(proof, db, &all, &mut people).await?;
    Ok(QuarantinePeople {
        people,
        total: all.count(proof.scope(), db).await?,
        next: next.map(|place| place.to_string()),
    })
}

/// How much is kept apart of one, who was found in scope, or of all whom nobody knows.
///
/// # Errors
/// As the database says.
pub async fn one<C: ConnectionTrait>(
    proof: &Proof<SeeQuarantine>,
    db: &C,
    whose: Whose,
) -> Result<QuarantinePerson, StoreError> {
    let part = Part {
        whose: Some(whose),
        ..Part::default()
    };
    let rows = db
        .query_all(&of_each(proof.scope(), &part, None, 1))
        .await?;
    let nothing = QuarantinePerson {
        person: whose.person(),
        person_code: None,
        project_code: None,
        entries: 0,
        reasons: Vec::new(),
        oldest: None,
        newest: None,
        damaged: false,
    };
    let mut one = [rows.first().map_or(Ok(nothing), person)?];
    complete(proof, db, &part, &mut one).await?;
    let [one] = one;
    Ok(one)
}

/// Adds codes and reasons to a page of people.
async fn complete<C: ConnectionTrait>(
    proof: &Proof<SeeQuarantine>,
    db: &C,
    part: &Part,
    people: &mut [QuarantinePerson],
) -> Result<(), StoreError> {
    let mut reasons = reasons(db, proof.scope(), part, people).await?;
    let codes = codes(db, people.iter().filter_map(|p| p.person)).await?;
    for person in people {
        let whose = person.person.unwrap_or_default();
        person.reasons = reasons.remove(&whose).unwrap_or_default();
        (person.person_code, person.project_code) = codes.get(&whose).cloned().unzip();
    }
    Ok(())
}

const WHOSE: &str = "whose";
const REASON: &str = "reason";
const AT: &str = "at";
const COUNT: &str = "n";
const OLDEST: &str = "oldest";
const NEWEST: &str = "newest";

/// Entries and conflicts of a part: whose (the nil id for nobody), why, and since when.
fn both(scope: &ProjectScope, part: &Part) -> SelectStatement {
    let nobody = || Expr::val(Uuid::nil());
    let reason = Expr::col((journal_entry::Entity, journal_entry::Column::Reason));
    let person = Expr::col((journal_entry::Entity, journal_entry::Column::PersonId));
    let mut entries = part
        .entries(scope)
        .select_only()
        .expr_as(Func::coalesce([person, nobody()]), WHOSE)
        .expr_as(Func::coalesce([reason, Expr::cust("''")]), REASON)
        .column_as(journal_entry::Column::ReceivedAt, AT)
        .into_query();
    let person = Expr::col((journal_conflict::Entity, journal_conflict::Column::PersonId));
    let conflict = format!("'{}'", Reason::EntryConflict.as_str());
    let conflicts = part
        .conflicts(scope)
        .select_only()
        .expr_as(Func::coalesce([person, nobody()]), WHOSE)
        .expr_as(Expr::cust(conflict), REASON)
        .column_as(journal_conflict::Column::ReceivedAt, AT)
        .into_query();
    entries.union(UnionType::All, conflicts).take()
}

/// One row for each person behind a place, in the order of the first arrival.
fn of_each(scope: &ProjectScope, part: &Part, after: Option<Cursor>, most: u64) -> SelectStatement {
    let oldest = || Expr::col(AT).min();
    let mut query = Query::select()
        .column(WHOSE)
        .expr_as(Expr::cust("COUNT(*)"), COUNT)
        .expr_as(oldest(), OLDEST)
        .expr_as(Expr::col(AT).max(), NEWEST)
        .from_subquery(both(scope, part), "waiting")
        .group_by_col(WHOSE)
        .order_by_expr(oldest(), Order::Asc)
        .order_by(WHOSE, Order::Asc)
        .limit(most)
        .take();
    if let Some(after) = after {
        let same = oldest().eq(after.at).and(Expr::col(WHOSE).gt(after.id));
        query.and_having(oldest().gt(after.at).or(same));
    }
    query
}

/// A moment that cannot be read leaves the line without one.
fn person(row: &QueryResult) -> Result<QuarantinePerson, StoreError> {
    let whose: Uuid = row.try_get("", WHOSE)?;
    let count: i64 = row.try_get("", COUNT)?;
    let moment = |column| row.try_get::<DateTime<Utc>>("", column).ok();
    let (oldest, newest) = (moment(OLDEST), moment(NEWEST));
    Ok(QuarantinePerson {
        person: Some(whose).filter(|id| !id.is_nil()),
        person_code: None,
        project_code: None,
        entries: count.unsigned_abs(),
        reasons: Vec::new(),
        oldest,
        newest,
        damaged: oldest.is_none() || newest.is_none(),
    })
}

/// How many for each reason, most first, of the people of a page.
async fn reasons<C: ConnectionTrait>(
    db: &C,
    scope: &ProjectScope,
    part: &Part,
    people: &[QuarantinePerson],
) -> Result<HashMap<Uuid, Vec<ReasonCount>>, StoreError> {
    let mut found: HashMap<Uuid, Vec<ReasonCount>> = HashMap::new();
    if people.is_empty() {
        return Ok(found);
    }
    let whose = people.iter().map(|p| p.person.unwrap_or_default());
    let query = Query::select()
        .columns([WHOSE, REASON])
        .expr_as(Expr::cust("COUNT(*)"), COUNT)
        .from_subquery(both(scope, part), "waiting")
        .and_where(Expr::col(WHOSE).is_in(whose))
        .group_by_col(WHOSE)
        .group_by_col(REASON)
        .order_by(COUNT, Order::Desc)
        .order_by(REASON, Order::Asc)
        .take();
    for row in db.query_all(&query).await? {
        let count: i64 = row.try_get("", COUNT)?;
        // A code that cannot be read is a reason without a name.
        let reason = row.try_get("", REASON).unwrap_or_default();
        found
            .entry(row.try_get("", WHOSE)?)
            .or_default()
            .push(ReasonCount {
                reason,
                count: count.unsigned_abs(),
            });
    }
    Ok(found)
}
