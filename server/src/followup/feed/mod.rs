//! A calendar for leaders and helpers: how many measurements and calls there are on which day. Numbers only, for a calendar's address
//! ends up in other programs and on other people's servers.

mod routes;
mod token;
mod write;

pub use routes::{routes, staff_routes};

use std::collections::BTreeMap;

use bedring_contract::followup::{CalendarAddress, CalendarKept};
use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_store::StoreError;
use bedring_store::entities::{
    account, account_project, calendar_feed, call_task, occasion, person, project,
};
use bedring_store::readable::{Damage, tuples};
use bedring_store::scope::{self, ProjectScope};
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType,
    QueryFilter, QuerySelect, QueryTrait, RelationDef,
};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use crate::accounts::access::{KeepCalendar, Proof};
use crate::audit::{self, About, Deed};
use crate::state::Services;

/// Days back and ahead that a calendar shows.
const BACK_DAYS: u64 = 30;
const AHEAD_DAYS: u64 = 92;

/// What there is to do on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    /// Measurements that are due on it and not made.
    pub measurements: u64,
    /// Calls to be made.
    pub calls: u64,
}

/// Whose calendar it is. Made by [`holder`] only.
pub(super) struct Holder(ProjectScope);

/// Gives the account an address; one that it had before is worth nothing any more.
///
/// # Errors
/// [`StoreError::NotFound`] for whoever sits at the server itself; otherwise as the database says.
pub(super) async fn renew(
    proof: &Proof<KeepCalendar>,
    services: &Services,
) -> Result<CalendarAddress, StoreError> {
    let account = proof.account().ok_or(StoreError::NotFound)?;
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    // Two tabs at once: the second waits here and counts on.
    account::Entity::find_by_id(account)
        .lock(LockType::Update)
        .one(&*tx)
        .await?
        .ok_or(StoreError::NotFound)?;
    let before = calendar_feed::Entity::find_by_id(account).one(&*tx).await?;
    let version = before.as_ref().map_or(1, |feed| feed.version + 1);
    let row = calendar_feed::ActiveModel {
        account_id: Set(account),
        version: Set(version),
        made_at: Set(now),
    };
    if before.is_some() {
        calendar_feed::Entity::update(row).exec(&*tx).await?;
    } else {
        calendar_feed::Entity::insert(row)
            .exec_without_returning(&*tx)
            .await?;
    }
    let (deed, about) = (Deed::CalendarMade, About::default());
    audit::record(&*tx, &*services.random, proof, deed, about, now).await?;
    tx.commit().await?;
    Ok(CalendarAddress {
        url: url(services, account, version),
    })
}

/// The address that the account has, if it has one. It is made anew from key and number: nothing of it is stored.
///
/// # Errors
/// [`StoreError::NotFound`] for whoever sits at the server itself; otherwise as the database says.
pub(super) async fn kept(
    proof: &Proof<KeepCalendar>,
    services: &Services,
) -> Result<CalendarKept, StoreError> {
    let account = proof.account().ok_or(StoreError::NotFound)?;
    let feed = calendar_feed::Entity::find_by_id(account)
        .one(services.db.read())
        .await?;
    Ok(CalendarKept {
        url: feed.as_ref().map(|f| url(services, account, f.version)),
        made_at: feed.map(|f| f.made_at),
    })
}

fn url(services: &Services, account: Uuid, version: i32) -> String {
    let token = token::make(&services.keys.contact, account, version);
    let path = paths::CALENDAR_FEED.replace("{token}", &format!("{token}.ics"));
    format!("{}{path}", services.config.server.base_url())
}

/// Who holds a token, if it is the last that was given and the account still works.
///
/// # Errors
/// [`StoreError::NotFound`] for every other.
pub(super) async fn holder(services: &Services, file: &str) -> Result<Holder, StoreError> {
    let token = file.strip_suffix(".ics").ok_or(StoreError::NotFound)?;
    let id = token::account(token).ok_or(StoreError::NotFound)?;
    let db = services.db.read();
    let feed = calendar_feed::Entity::find_by_id(id).one(db).await?;
    let version = feed.ok_or(StoreError::NotFound)?.version;
    if !token::is_right(&services.keys.contact, token, version) {
        return Err(StoreError::NotFound);
    }
    account::Entity::find_by_id(id)
        .filter(account::Column::DisabledAt.is_null())
        .filter(account::Column::Role.is_in([Role::ProjectLeader.as_str(), Role::Helper.as_str()]))
        .one(db)
        .await?
        .ok_or(StoreError::NotFound)?;
    let projects: Vec<Uuid> = account_project::Entity::find()
        .select_only()
        .column(account_project::Column::ProjectId)
        .filter(account_project::Column::AccountId.eq(id))
        .into_tuple()
        .all(db)
        .await?;
    Ok(Holder(ProjectScope::Only(projects)))
}

/// The days on which there is something to do. Calls whose day is past are to be made today.
///
/// # Errors
/// As the database says.
pub(super) async fn days<C: ConnectionTrait>(
    holder: &Holder,
    db: &C,
    today: NaiveDate,
) -> Result<BTreeMap<NaiveDate, Tally>, StoreError> {
    let from = today.checked_sub_days(Days::new(BACK_DAYS));
    let until = today.checked_add_days(Days::new(AHEAD_DAYS));
    let (from, until) = (from.unwrap_or(today), until.unwrap_or(today));
    // A day that cannot be read stands on the worklist as damaged; here the other days go on.
    let mut damage = Damage::default();
    let due = scope::occasions(&holder.0)
        .join(JoinType::InnerJoin, occasion_person())
        .join(JoinType::InnerJoin, person_project())
        .filter(expected(today))
        .filter(occasion::waiting_due_on().between(from, until))
        .select_only()
        .column(occasion::Column::DueOn)
        .column_as(occasion::Column::Id.count(), "n")
        .group_by(occasion::Column::DueOn);
    let calls = scope::call_tasks(&holder.0)
        .join(JoinType::InnerJoin, call_occasion())
        .join(JoinType::InnerJoin, occasion_person())
        .join(JoinType::InnerJoin, person_project())
        .filter(expected(today))
        .filter(call_task::Column::ClosedAt.is_null())
        .filter(call_task::Column::NextTryOn.lte(until))
        .select_only()
        .column(call_task::Column::NextTryOn)
        .column_as(call_task::Column::Id.count(), "n")
        .group_by(call_task::Column::NextTryOn);
    let due: Vec<(NaiveDate, i64)> =
        tuples(db, &due.into_query(), "occasions", &mut damage).await?;
    let calls: Vec<(NaiveDate, i64)> =
        tuples(db, &calls.into_query(), "call_tasks", &mut damage).await?;
    let mut days: BTreeMap<NaiveDate, Tally> = BTreeMap::new();
    let whole = |n: i64| u64::try_from(n).unwrap_or(0);
    for (day, n) in due {
        days.entry(day).or_default().measurements += whole(n);
    }
    for (day, n) in calls {
        days.entry(Ord::max(day, today)).or_default().calls += whole(n);
    }
    Ok(days)
}

/// Neither made nor given up, of people who may be asked, in projects that take part: as on the worklist.
fn expected(today: NaiveDate) -> Condition {
    Condition::all()
        .add(scope::takes_part(today))
        .add(person::Column::ErasedAt.is_null())
        .add(person::Column::Refused.eq(false))
        .add(person::Column::Withdrawn.is_null())
        .add(occasion::Column::CompletedAt.is_null())
        .add(occasion::Column::MissedReason.is_null())
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

fn call_occasion() -> RelationDef {
    call_task::Entity::belongs_to(occasion::Entity)
        .from(call_task::Column::OccasionId)
        .to(occasion::Column::Id)
        .into()
}
