//! The people of a programme as far as an edit of its plan must know them, and what it comes to for all of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bedring_contract::plan::{
    HeldBackCounts, PlanChange, PlanCounts, PlanEffect, PlanHeldBack, PlanHeldBackWhy,
    PlanOccasionEffect, PlanPerson, PlanWhat,
};
use bedring_domain::course::{
    Change, Existing, HeldBack, PersonChanges, PersonCourse, Progress, RespondentType, What, Window,
};
use bedring_store::entities::{course_facts, followup, occasion, person, project, response};
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use bedring_store::{StoreError, convert};
use chrono::Days;
use uuid::Uuid;

use crate::followup::holds;
use crate::followup::windows::Made;

/// Most people who are named.
const MOST_NAMED: usize = 200;

/// Somebody, with what they have.
pub(super) struct Known {
    pub person: person::Model,
    pub made: Made,
    pub course: PersonCourse,
}

/// Some of the people.
pub(super) struct Page {
    pub people: Vec<Known>,
    /// Where the next page begins.
    pub last: Uuid,
}

/// The next people who are measured and may be asked; none after the last.
pub(super) async fn page<C: ConnectionTrait>(
    db: &C,
    programme: Uuid,
    after: Uuid,
    most: usize,
) -> Result<Option<Page>, StoreError> {
    let rows = people(programme, after, most).all(db).await?;
    known(db, rows).await
}

/// The same, with their rows locked in the order in which everybody locks them.
pub(super) async fn locked_page<C: ConnectionTrait>(
    tx: &C,
    programme: Uuid,
    after: Uuid,
    most: usize,
) -> Result<Option<Page>, StoreError> {
    let rows = people(programme, after, most).lock(LockType::Update);
    known(tx, rows.all(tx).await?).await
}

fn people(programme: Uuid, after: Uuid, most: usize) -> Select<person::Entity> {
    // Unscoped on purpose: a plan is everybody's, and only whoever sees all projects may edit it.
    let projects = project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .filter(project::Column::ProgrammeId.eq(programme))
        .into_query();
    person::Entity::find()
        .filter(person::Column::ProjectId.in_subquery(projects))
        .filter(person::Column::ErasedAt.is_null())
        .filter(person::Column::DiscardedAt.is_null())
        .filter(person::Column::Id.gt(after))
        .order_by_asc(person::Column::Id)
        .limit(u64::try_from(most).unwrap_or(u64::MAX))
}

async fn known<C: ConnectionTrait>(
    db: &C,
    people: Vec<person::Model>,
) -> Result<Option<Page>, StoreError> {
    let Some(last) = people.last().map(|p| p.id) else {
        return Ok(None);
    };
    let ids = || people.iter().map(|p| p.id);
    let mut occasions: HashMap<Uuid, Vec<occasion::Model>> = HashMap::new();
    let rows = occasion::Entity::find().filter(occasion::Column::PersonId.is_in(ids()));
    for row in rows.all(db).await? {
        occasions.entry(row.person_id).or_default().push(row);
    }
    let mut followups: HashMap<Uuid, Vec<followup::Model>> = HashMap::new();
    let rows = followup::Entity::find().filter(followup::Column::PersonId.is_in(ids()));
    for row in rows.all(db).await? {
        followups.entry(row.person_id).or_default().push(row);
    }
    let facts = course_facts::Entity::find().filter(course_facts::Column::PersonId.is_in(ids()));
    let facts: HashMap<Uuid, course_facts::Model> = facts
        .all(db)
        .await?
        .into_iter()
        .map(|f| (f.person_id, f))
        .collect();
    let mut holds = holds::of_people(db, ids()).await?;
    let begun = begun(db, ids().collect()).await?;
    let people = people.into_iter().filter_map(|person| {
        let rows = occasions.remove(&person.id).unwrap_or_default();
        let unmeasured = person.respondent_type.as_deref()
            == Some(RespondentType::VolunteerNoLivedExperience.as_str());
        if !convert::standing(&person).may_ask() || (unmeasured && rows.is_empty()) {
            return None;
        }
        let held = followups.remove(&person.id).unwrap_or_default();
        let made = Made::of(rows, held);
        let end_planned = facts.get(&person.id).and_then(|f| f.end_planned_on);
        Some(existing(&made, &begun).map(|existing| Known {
            course: PersonCourse {
                anchors: made.anchors(&person, end_planned),
                existing,
                holds: holds.remove(&person.id).unwrap_or_default(),
            },
            person,
            made,
        }))
    });
    Ok(Some(Page {
        people: people.collect::<Result<_, StoreError>>()?,
        last,
    }))
}

/// Unfinished occasions of which something is answered.
async fn begun<C: ConnectionTrait>(
    db: &C,
    people: Vec<Uuid>,
) -> Result<BTreeSet<Uuid>, StoreError> {
    let to_occasion = response::Entity::belongs_to(occasion::Entity)
        .from(response::Column::OccasionId)
        .to(occasion::Column::Id)
        .into();
    let ids: Vec<Uuid> = response::Entity::find()
        .select_only()
        .column(response::Column::OccasionId)
        .join(JoinType::InnerJoin, to_occasion)
        .filter(response::Column::PersonId.is_in(people))
        .filter(occasion::Column::CompletedAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().collect())
}

fn existing(made: &Made, begun: &BTreeSet<Uuid>) -> Result<Vec<Existing>, StoreError> {
    let rows = made.0.iter().map(|((key, repeat), (row, held))| {
        Ok(Existing {
            key: key.clone(),
            repeat: *repeat,
            kind: convert::kind_of(row)?,
            number: u32::try_from(row.number).unwrap_or(0),
            window: window(row, held.as_ref()),
            progress: if row.completed_at.is_some() || row.missed_reason.is_some() {
                Progress::Finished
            } else if begun.contains(&row.id) {
                Progress::Begun
            } else {
                Progress::Untouched
            },
        })
    });
    rows.collect()
}

/// The days of an occasion as they stand.
fn window(row: &occasion::Model, held: Option<&followup::Model>) -> Option<Window> {
    let (opens, due) = row.opens_on.zip(row.due_on)?;
    let planned = held.and_then(|f| f.overdue_from);
    let unplanned = due.checked_add_days(Days::new(convert::OVERDUE_AFTER_DAYS));
    Some(Window {
        opens,
        due,
        overdue_from: planned.or(unplanned)?,
        closes: held.and_then(|f| f.closes_on),
    })
}

/// What an edit comes to.
#[derive(Default)]
pub(super) struct Effect {
    people: u64,
    people_held_back: u64,
    changes: PlanCounts,
    held_back: HeldBackCounts,
    by_occasion: BTreeMap<String, PlanOccasionEffect>,
    /// By code; never more than are shown.
    named: BTreeMap<(String, Uuid), PlanPerson>,
}

impl Effect {
    /// One more person.
    pub fn add(&mut self, known: &Known, changes: &PersonChanges) {
        self.people += u64::from(!changes.apply.is_empty());
        self.people_held_back += u64::from(!changes.held_back.is_empty());
        for change in &changes.apply {
            count(&mut self.changes, change);
            count(&mut self.occasion(change).changes, change);
        }
        for (change, why) in &changes.held_back {
            hold(&mut self.held_back, *why);
            hold(&mut self.occasion(change).held_back, *why);
        }
        if changes.apply.is_empty() && changes.held_back.is_empty() {
            return;
        }
        let person = &known.person;
        let line = PlanPerson {
            person: person.id,
            code: person.code.clone(),
            project: person.project_id,
            changes: changes.apply.iter().map(told).collect(),
            held_back: changes.held_back.iter().map(not_done).collect(),
        };
        self.named.insert((person.code.clone(), person.id), line);
        if self.named.len() > MOST_NAMED {
            self.named.pop_last();
        }
    }

    fn occasion(&mut self, change: &Change) -> &mut PlanOccasionEffect {
        let named = self.by_occasion.entry(change.key.clone());
        named.or_insert_with(|| PlanOccasionEffect {
            key: change.key.clone(),
            kind: change.kind,
            changes: PlanCounts::default(),
            held_back: HeldBackCounts::default(),
        })
    }

    /// For the wire.
    pub fn told(self, applied: bool, seen: String) -> PlanEffect {
        PlanEffect {
            applied,
            seen,
            people: self.people,
            people_held_back: self.people_held_back,
            changes: self.changes,
            held_back: self.held_back,
            by_occasion: self.by_occasion.into_values().collect(),
            affected: self.named.into_values().collect(),
        }
    }
}

fn count(counts: &mut PlanCounts, change: &Change) {
    *match change.what {
        What::Added { .. } => &mut counts.added,
        What::Moved { .. } => &mut counts.moved,
        What::Removed { .. } => &mut counts.removed,
        What::Asks { .. } => &mut counts.asks,
    } += 1;
}

fn hold(counts: &mut HeldBackCounts, why: HeldBack) {
    *match why {
        HeldBack::AlreadyDue => &mut counts.already_due,
        HeldBack::Begun => &mut counts.begun,
    } += 1;
}

fn told(change: &Change) -> PlanChange {
    let (what, from, to) = match change.what {
        What::Added { window } => (PlanWhat::Added, None, window),
        What::Moved { from, to } => (PlanWhat::Moved, from, to),
        What::Removed { from } => (PlanWhat::Removed, from, None),
        What::Asks { .. } => (PlanWhat::Asks, None, None),
    };
    PlanChange {
        key: change.key.clone(),
        repeat: change.repeat,
        kind: change.kind,
        number: change.number,
        what,
        from,
        to,
    }
}

fn not_done((change, why): &(Change, HeldBack)) -> PlanHeldBack {
    PlanHeldBack {
        change: told(change),
        why: match why {
            HeldBack::AlreadyDue => PlanHeldBackWhy::AlreadyDue,
            HeldBack::Begun => PlanHeldBackWhy::Begun,
        },
    }
}
