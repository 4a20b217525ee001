//! Finders that cannot forget the project: each takes the projects that whoever asks may see.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use crate::entities::{
    call_task, consent, contact, course_facts, followup, journal_conflict, journal_entry, occasion,
    occasion_change, person, project, response,
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

/// People in scope.
#[must_use]
pub fn persons(scope: &ProjectScope) -> Select<person::Entity> {
    match scope {
        ProjectScope::All => person::Entity::find(),
        ProjectScope::Only(ids) => {
            person::Entity::find().filter(person::Column::ProjectId.is_in(ids.iter().copied()))
        }
    }
}

/// Ids of the people in scope, as a sub-query.
fn person_ids(scope: &ProjectScope) -> sea_orm::sea_query::SelectStatement {
    persons(scope)
        .select_only()
        .column(person::Column::Id)
        .into_query()
}

/// Occasions of people in scope.
#[must_use]
pub fn occasions(scope: &ProjectScope) -> Select<occasion::Entity> {
    match scope {
        ProjectScope::All => occasion::Entity::find(),
        ProjectScope::Only(_) => occasion::Entity::find()
            .filter(occasion::Column::PersonId.in_subquery(person_ids(scope))),
    }
}

/// Responses of people in scope.
#[must_use]
pub fn responses(scope: &ProjectScope) -> Select<response::Entity> {
    match scope {
        ProjectScope::All => response::Entity::find(),
        ProjectScope::Only(_) => response::Entity::find()
            .filter(response::Column::PersonId.in_subquery(person_ids(scope))),
    }
}

/// Consent lines of people in scope.
#[must_use]
pub fn consents(scope: &ProjectScope) -> Select<consent::Entity> {
    match scope {
        ProjectScope::All => consent::Entity::find(),
        ProjectScope::Only(_) => {
            consent::Entity::find().filter(consent::Column::PersonId.in_subquery(person_ids(scope)))
        }
    }
}

/// Contact rows of people in scope.
#[must_use]
pub fn contacts(scope: &ProjectScope) -> Select<contact::Entity> {
    match scope {
        ProjectScope::All => contact::Entity::find(),
        ProjectScope::Only(_) => {
            contact::Entity::find().filter(contact::Column::PersonId.in_subquery(person_ids(scope)))
        }
    }
}

/// Journal entries of people in scope. Entries without a person are seen only by those who see all projects.
#[must_use]
pub fn journal_entries(scope: &ProjectScope) -> Select<journal_entry::Entity> {
    match scope {
        ProjectScope::All => journal_entry::Entity::find(),
        ProjectScope::Only(_) => journal_entry::Entity::find()
            .filter(journal_entry::Column::PersonId.in_subquery(person_ids(scope))),
    }
}

/// Other bytes that came under a known id, of people in scope; those without a person only for those who see all projects.
#[must_use]
pub fn journal_conflicts(scope: &ProjectScope) -> Select<journal_conflict::Entity> {
    match scope {
        ProjectScope::All => journal_conflict::Entity::find(),
        ProjectScope::Only(_) => journal_conflict::Entity::find()
            .filter(journal_conflict::Column::PersonId.in_subquery(person_ids(scope))),
    }
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
    match scope {
        ProjectScope::All => course_facts::Entity::find(),
        ProjectScope::Only(_) => course_facts::Entity::find()
            .filter(course_facts::Column::PersonId.in_subquery(person_ids(scope))),
    }
}
