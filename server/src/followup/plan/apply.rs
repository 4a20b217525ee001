//! Writing what an edit of a plan means for people: gathered for a page of them, then written with few statements.

use std::collections::{BTreeMap, BTreeSet};

use bedring_domain::course::{Change, PersonChanges, Place, PlannedWindow, What, Window};
use bedring_store::StoreError;
use bedring_store::entities::{
    call_attempt, call_task, followup, mail, occasion, occasion_change, response,
};
use bedring_store::plan::{Plan, to_json};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveModelTrait as _, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel as _,
    QueryFilter, QuerySelect, QueryTrait,
};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::effect::Known;
use crate::calendar;
use crate::followup::{holds, windows};
use crate::journal::retry;
use crate::ports::{Random, uuid_v7};

/// What stands in `occasion_changes.what` when an edit of the plan changed an occasion; before and after are JSON.
pub const PLAN: &str = "plan";

/// What is to be written for some people.
pub(super) struct Writing<'a> {
    plan: &'a Plan,
    account: Option<Uuid>,
    now: DateTime<Utc>,
    occasions: Vec<occasion::Model>,
    followups: Vec<followup::ActiveModel>,
    moved: Vec<(Uuid, Option<Window>)>,
    people_moved: BTreeSet<Uuid>,
    removed: Vec<Uuid>,
    asks: Vec<(Uuid, String)>,
    lines: Vec<occasion_change::Model>,
    kept: Vec<(Uuid, Place)>,
    released: Vec<(Uuid, Place)>,
}

impl<'a> Writing<'a> {
    pub fn new(plan: &'a Plan, account: Option<Uuid>, now: DateTime<Utc>) -> Self {
        Self {
            plan,
            account,
            now,
            occasions: Vec::new(),
            followups: Vec::new(),
            moved: Vec::new(),
            people_moved: BTreeSet::new(),
            removed: Vec::new(),
            asks: Vec::new(),
            lines: Vec::new(),
            kept: Vec::new(),
            released: Vec::new(),
        }
    }

    /// The changes of one person: one line of the ledger for each occasion, however much of it changes.
    pub fn person(&mut self, random: &dyn Random, known: &Known, changes: PersonChanges) {
        let id = known.person.id;
        let kept = changes.kept().into_iter();
        self.kept.extend(kept.map(|place| (id, place)));
        let held = known.course.holds.keys();
        let changed = changes.changed();
        let released = held.filter(|place| changed.contains(*place)).cloned();
        self.released.extend(released.map(|place| (id, place)));
        let mut places: BTreeMap<(String, u32), Vec<Change>> = BTreeMap::new();
        for change in changes.apply {
            let place = (change.key.clone(), change.repeat);
            places.entry(place).or_default().push(change);
        }
        for (place, changes) in places {
            let before = known.made.0.get(&place);
            let mut after = before.map(|(row, _)| row.clone());
            for change in changes {
                after = self.change(random, known, change, after);
            }
            let Some(id) = before
                .map(|(row, _)| row.id)
                .or(after.as_ref().map(|r| r.id))
            else {
                continue;
            };
            self.lines.push(occasion_change::Model {
                id: uuid_v7(self.now, random),
                occasion_id: id,
                person_id: known.person.id,
                project_id: known.person.project_id,
                at: self.now,
                account_id: self.account,
                what: PLAN.to_owned(),
                before: before.map(|(row, _)| told(row)),
                after: after.as_ref().map(told),
            });
        }
    }

    /// The occasion as it is then; none once it is gone.
    fn change(
        &mut self,
        random: &dyn Random,
        known: &Known,
        change: Change,
        row: Option<occasion::Model>,
    ) -> Option<occasion::Model> {
        let look = |w: Window| calendar::moment(w.due, self.plan.reminders.send_at);
        let (person, place) = (&known.person, (change.key.clone(), change.repeat));
        let planned = |window| PlannedWindow {
            key: change.key.clone(),
            repeat: change.repeat,
            kind: change.kind,
            number: change.number,
            window,
        };
        match (change.what, row) {
            (What::Added { window }, None) => {
                let planned = planned(window);
                let mut row = windows::new_occasion(random, self.plan, person, &planned, self.now);
                row.number = i32::try_from(change.number).unwrap_or(i32::MAX);
                let look = window.map(look);
                self.followups
                    .push(windows::new_followup(person, &row, &planned, look));
                self.occasions.push(row.clone());
                Some(row)
            }
            (What::Moved { to, .. }, Some(mut row)) => {
                (row.opens_on, row.due_on) = (to.map(|w| w.opens), to.map(|w| w.due));
                self.moved.push((row.id, to));
                self.people_moved.insert(person.id);
                // From before there were plans: from now on the plan holds it.
                if known
                    .made
                    .0
                    .get(&place)
                    .is_some_and(|(_, held)| held.is_none())
                {
                    let (planned, look) = (planned(to), to.map(look));
                    self.followups
                        .push(windows::new_followup(person, &row, &planned, look));
                }
                Some(row)
            }
            (What::Removed { .. }, Some(row)) => {
                self.removed.push(row.id);
                None
            }
            (What::Asks { instruments }, Some(mut row)) => {
                let asked = if instruments.is_empty() {
                    &self.plan.instruments
                } else {
                    &instruments
                };
                row.instruments = to_json(asked);
                self.asks.push((row.id, row.instruments.clone()));
                Some(row)
            }
            (_, row) => row,
        }
    }

    /// Writes it. Where something is held back, the plan of that name goes on to hold.
    ///
    /// # Errors
    /// As the database says.
    pub async fn write<C: ConnectionTrait>(
        self,
        tx: &C,
        random: &dyn Random,
        before: Uuid,
    ) -> Result<(), StoreError> {
        holds::release(tx, &self.released).await?;
        holds::keep(tx, before, &self.kept).await?;
        let people: Vec<Uuid> = self.people_moved.into_iter().collect();
        retry::days_moved(tx, random, &people, self.now).await?;
        for (id, window) in self.moved {
            let look = window.map(|w| calendar::moment(w.due, self.plan.reminders.send_at));
            windows::move_occasion(tx, id, window).await?;
            windows::move_followup(tx, id, window, look).await?;
        }
        for (id, asked) in self.asks {
            occasion::Entity::update_many()
                .col_expr(occasion::Column::Instruments, Expr::value(asked))
                .filter(occasion::Column::Id.eq(id))
                .exec(tx)
                .await?;
        }
        if !self.removed.is_empty() {
            remove(tx, &self.removed).await?;
        }
        // A page of people with many occasions each would be more values than one statement may have.
        for some in self.occasions.chunks(ROWS) {
            windows::insert(tx, some.to_vec(), Vec::new()).await?;
        }
        for some in self.followups.chunks(ROWS) {
            windows::insert(tx, Vec::new(), some.to_vec()).await?;
        }
        for some in self.lines.chunks(ROWS) {
            let rows = some
                .iter()
                .cloned()
                .map(|l| l.into_active_model().reset_all());
            occasion_change::Entity::insert_many(rows)
                .exec_without_returning(tx)
                .await?;
        }
        Ok(())
    }
}

/// Rows of one statement.
const ROWS: usize = 1000;

/// Takes all of a person's occasions away of which nothing was answered and nothing said: the person is not measured.
///
/// # Errors
/// As the database says.
pub async fn take_unanswered_away<C: ConnectionTrait>(
    tx: &C,
    person: Uuid,
) -> Result<(), StoreError> {
    let answered = response::Entity::find()
        .select_only()
        .column(response::Column::OccasionId)
        .filter(response::Column::PersonId.eq(person))
        .into_query();
    // Unscoped on purpose: rows of a person who was found in scope.
    let idle: Vec<Uuid> = occasion::Entity::find()
        .select_only()
        .column(occasion::Column::Id)
        .filter(occasion::Column::PersonId.eq(person))
        .filter(occasion::Column::CompletedAt.is_null())
        .filter(occasion::Column::MissedReason.is_null())
        .filter(occasion::Column::Id.not_in_subquery(answered))
        .into_tuple()
        .all(tx)
        .await?;
    remove(tx, &idle).await
}

/// Takes occasions away that nobody answered, with whatever was planned for them. What was sent or said about them stays.
async fn remove<C: ConnectionTrait>(tx: &C, ids: &[Uuid]) -> Result<(), StoreError> {
    for ids in ids.chunks(ROWS) {
        let ids = || ids.iter().copied();
        let calls = call_task::Entity::find()
            .select_only()
            .column(call_task::Column::Id)
            .filter(call_task::Column::OccasionId.is_in(ids()))
            .into_query();
        call_attempt::Entity::delete_many()
            .filter(call_attempt::Column::TaskId.in_subquery(calls))
            .exec(tx)
            .await?;
        call_task::Entity::delete_many()
            .filter(call_task::Column::OccasionId.is_in(ids()))
            .exec(tx)
            .await?;
        mail::Entity::delete_many()
            .filter(mail::Column::OccasionId.is_in(ids()))
            .filter(mail::Column::State.eq("waiting"))
            .exec(tx)
            .await?;
        followup::Entity::delete_many()
            .filter(followup::Column::OccasionId.is_in(ids()))
            .exec(tx)
            .await?;
        occasion::Entity::delete_many()
            .filter(occasion::Column::Id.is_in(ids()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// An occasion for the ledger.
fn told(row: &occasion::Model) -> String {
    let asked: serde_json::Value = serde_json::from_str(&row.instruments).unwrap_or_default();
    json!({ "opens": row.opens_on, "due": row.due_on, "instruments": asked }).to_string()
}
