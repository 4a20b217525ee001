//! Finders that cannot forget the project: each takes the projects that whoever asks may see.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use crate::entities::{
    call_task, consent, contact, course_facts, erasure_request, followup, journal_conflict,
    journal_entry, occasion, occasion_change, person, person_change, project, reminder_pause,
    response,
};

/// The projects that somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectScope {
    /// All of them.
    All,
    /// These.
    Only(Vec<Uuid>),
}

impl ProjectScope {
    /// Whether a project is among them.
    #[must_use]
    pub fn contains(&self, project: Uuid) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(&project),
        }
    }
}

/// Projects that take part on a day, as [`crate::convert::is_exempt`] has it.
#[must_use]
pub fn takes_part(today: NaiveDate) -> Condition {
    Condition::any()
        .add(project::Column::Status.eq("active"))
        .add(project::Column::StatusOn.gt(today))
}

/// Projects in scope.
#[must_use]
pub fn projects(scope: &ProjectScope) -> Select<project::Entity> {
    match scope {
        ProjectScope::All => project::Entity::find(),
        ProjectScope::Only(ids) => {
            project::Entity::find().filter(project::Column::Id.is_in(ids.iter().copied()))
        }
    }
}

/// People in scope who count: without those who were registered by mistake and discarded.
#[must_use]
pub fn persons(scope: &ProjectScope) -> Select<person::Entity> {
    persons_ever(scope).filter(person::Column::DiscardedAt.is_null())
}

/// People in scope, discarded ones as well: for what is looked up by an id or hangs on them, never for what is counted or asked.
#[must_use]
pub fn persons_ever(scope: &ProjectScope) -> Select<person::Entity> {
    match scope {
        ProjectScope::All => person::Entity::find(),
        ProjectScope::Only(ids) => {
            person::Entity::find().filter(person::Column::ProjectId.is_in(ids.iter().copied()))
        }
    }
}

/// Rows whose person is in scope. Asked of each row that a query has found by something else, which is quick on both databases: as a list,
/// SQLite would write down everybody in scope first.
fn of_people<E: EntityTrait>(person_id: E::Column, scope: &ProjectScope) -> Select<E> {
    let ProjectScope::Only(_) = scope else {
        return E::find();
    };
    let theirs = persons_ever(scope)
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((person::Entity, person::Column::Id)).equals((E::default(), person_id)))
        .into_query();
    E::find().filter(Expr::exists(theirs))
}

/// Occasions of people in scope.
#[must_use]
pub fn occasions(scope: &ProjectScope) -> Select<occasion::Entity> {
    of_people(occasion::Column::PersonId, scope)
}

/// Responses of people in scope.
#[must_use]
pub fn responses(scope: &ProjectScope) -> Select<response::Entity> {
    of_people(response::Column::PersonId, scope)
}

/// Consent lines of people in scope.
#[must_use]
pub fn consents(scope: &ProjectScope) -> Select<consent::Entity> {
    of_people(consent::Column::PersonId, scope)
}

/// Contact rows of people in scope.
#[must_use]
pub fn contacts(scope: &ProjectScope) -> Select<contact::Entity> {
    of_people(contact::Column::PersonId, scope)
}

/// Journal entries of people in scope. Entries without a person are seen only by those who see all projects.
#[must_use]
pub fn journal_entries(scope: &ProjectScope) -> Select<journal_entry::Entity> {
    of_people(journal_entry::Column::PersonId, scope)
}

/// Other bytes that came under a known id, of people in scope; those without a person only for those who see all projects.
#[must_use]
pub fn journal_conflicts(scope: &ProjectScope) -> Select<journal_conflict::Entity> {
    of_people(journal_conflict::Column::PersonId, scope)
}

/// Where occasions of people in scope stand in the plan.
#[must_use]
pub fn followups(scope: &ProjectScope) -> Select<followup::Entity> {
    match scope {
        ProjectScope::All => followup::Entity::find(),
        ProjectScope::Only(ids) => {
            followup::Entity::find().filter(followup::Column::ProjectId.is_in(ids.iter().copied()))
        }
    }
}

/// Call tasks about people in scope.
#[must_use]
pub fn call_tasks(scope: &ProjectScope) -> Select<call_task::Entity> {
    match scope {
        ProjectScope::All => call_task::Entity::find(),
        ProjectScope::Only(ids) => call_task::Entity::find()
            .filter(call_task::Column::ProjectId.is_in(ids.iter().copied())),
    }
}

/// What was changed by hand about occasions of people in scope.
#[must_use]
pub fn occasion_changes(scope: &ProjectScope) -> Select<occasion_change::Entity> {
    match scope {
        ProjectScope::All => occasion_change::Entity::find(),
        ProjectScope::Only(ids) => occasion_change::Entity::find()
            .filter(occasion_change::Column::ProjectId.is_in(ids.iter().copied())),
    }
}

/// What staff know of the courses of people in scope.
#[must_use]
pub fn course_facts(scope: &ProjectScope) -> Select<course_facts::Entity> {
    of_people(course_facts::Column::PersonId, scope)
}

/// People whose reminders were paused, in scope. The day may have come since.
#[must_use]
pub fn reminder_pauses(scope: &ProjectScope) -> Select<reminder_pause::Entity> {
    of_people(reminder_pause::Column::PersonId, scope)
}

/// What staff said about people in scope.
#[must_use]
pub fn person_changes(scope: &ProjectScope) -> Select<person_change::Entity> {
    match scope {
        ProjectScope::All => person_change::Entity::find(),
        ProjectScope::Only(ids) => person_change::Entity::find()
            .filter(person_change::Column::ProjectId.is_in(ids.iter().copied())),
    }
}

/// What staff asked for about people in scope: that everything be erased.
#[must_use]
pub fn erasure_requests(scope: &ProjectScope) -> Select<erasure_request::Entity> {
    of_people(erasure_request::Column::PersonId, scope)
}
