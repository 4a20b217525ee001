//! What is in the database of this programme, and which of it the lines of the files are about.
//!
//! What came in before has the ids of its lines. What was made on a screen has others, and is known by its code, or by its place in the
//! plan: the same person is not brought in a second time beside themselves.

use std::collections::{HashMap, HashSet};

use bedring_domain::consent::Scope;
use bedring_store::entities::{
    followup, occasion, person, project, refusal_tally, response, stated_type,
};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
};
use bedring_store::{StoreError, convert};
use uuid::Uuid;

use super::rows::Rows;

/// What is in the database of this programme.
pub struct Stored {
    pub projects: HashMap<Uuid, project::Model>,
    pub refusals: HashMap<Uuid, refusal_tally::Model>,
    pub persons: HashMap<Uuid, person::Model>,
    pub types: HashMap<Uuid, stated_type::Model>,
    pub occasions: HashMap<Uuid, occasion::Model>,
    pub holds: HashMap<Uuid, followup::Model>,
    pub responses: HashMap<Uuid, response::Model>,
}

/// Reads it.
pub async fn stored<C: ConnectionTrait>(tx: &C, programme: Uuid) -> Result<Stored, StoreError> {
    // Unscoped on purpose: whoever imports sits at the server itself.
    let projects = || project::Entity::find().filter(project::Column::ProgrammeId.eq(programme));
    let project_ids = || {
        let query: Select<project::Entity> = projects().select_only();
        query.column(project::Column::Id).into_query()
    };
    let persons =
        || person::Entity::find().filter(person::Column::ProjectId.in_subquery(project_ids()));
    let person_ids = || {
        let query = persons().select_only();
        query.column(person::Column::Id).into_query()
    };
    let tallies = refusal_tally::Entity::find()
        .filter(refusal_tally::Column::ProjectId.in_subquery(project_ids()))
        .filter(refusal_tally::Column::Source.eq("import"));
    let types =
        stated_type::Entity::find().filter(stated_type::Column::PersonId.in_subquery(person_ids()));
    let occasions =
        occasion::Entity::find().filter(occasion::Column::PersonId.in_subquery(person_ids()));
    let holds =
        followup::Entity::find().filter(followup::Column::PersonId.in_subquery(person_ids()));
    let responses =
        response::Entity::find().filter(response::Column::PersonId.in_subquery(person_ids()));
    Ok(Stored {
        projects: by(projects().all(tx).await?, |r| r.id),
        refusals: by(tallies.all(tx).await?, |r| r.project_id),
        persons: by(persons().all(tx).await?, |r| r.id),
        types: by(types.all(tx).await?, |r| r.id),
        occasions: by(occasions.all(tx).await?, |r| r.id),
        holds: by(holds.all(tx).await?, |r| r.occasion_id),
        responses: by(responses.all(tx).await?, |r| r.id),
    })
}

fn by<T>(rows: Vec<T>, id: impl Fn(&T) -> Uuid) -> HashMap<Uuid, T> {
    rows.into_iter().map(|row| (id(&row), row)).collect()
}

impl Stored {
    /// People of whom nothing comes in: they erased everything, or said no, or that their answers must not be used, or were set aside.
    pub fn closed(&self) -> HashSet<Uuid> {
        let closed = |p: &&person::Model| {
            let standing = convert::standing(p);
            p.erased_at.is_some()
                || p.discarded_at.is_some()
                || standing.refused
                || standing.withdrawn.is_some_and(|s| s >= Scope::StopUsing)
        };
        let closed = self.persons.values().filter(closed);
        closed.map(|p| p.id).collect()
    }
}

/// Gives the rows the ids of what they are about.
pub fn resolve(rows: &mut Rows, stored: &Stored) {
    let mut renamed: HashMap<Uuid, Uuid> = HashMap::new();
    let codes: HashMap<&str, Uuid> = stored
        .projects
        .values()
        .map(|p| (p.code.as_str(), p.id))
        .collect();
    for project in &mut rows.projects {
        if !stored.projects.contains_key(&project.row.id)
            && let Some(id) = codes.get(project.row.code.as_str())
        {
            renamed.insert(project.row.id, *id);
            project.row.id = *id;
        }
    }
    for refusal in &mut rows.refusals {
        rename(&renamed, &mut refusal.row.project_id);
    }
    let people: HashMap<(Uuid, &str), Uuid> = stored
        .persons
        .values()
        .map(|p| ((p.project_id, p.code.as_str()), p.id))
        .collect();
    for person in &mut rows.persons {
        rename(&renamed, &mut person.row.project_id);
        if !stored.persons.contains_key(&person.row.id)
            && let Some(id) = people.get(&(person.row.project_id, person.row.code.as_str()))
        {
            renamed.insert(person.row.id, *id);
            person.row.id = *id;
        }
    }
    for row in &mut rows.types {
        rename(&renamed, &mut row.row.person_id);
    }
    for row in &mut rows.consents {
        rename(&renamed, &mut row.row.person_id);
    }
    occasions(rows, stored, &mut renamed);
    for row in &mut rows.responses {
        rename(&renamed, &mut row.row.person_id);
        rename(&renamed, &mut row.row.occasion_id);
    }
}

/// An occasion is known by the plan's hold on it, or by kind and number where there is none. A number that another has is not taken.
fn occasions(rows: &mut Rows, stored: &Stored, renamed: &mut HashMap<Uuid, Uuid>) {
    let held: HashMap<(Uuid, &str, i32), Uuid> = stored
        .holds
        .values()
        .map(|h| {
            (
                (h.person_id, h.plan_key.as_str(), h.plan_repeat),
                h.occasion_id,
            )
        })
        .collect();
    let mut numbers: HashMap<(Uuid, String, i32), Uuid> = stored
        .occasions
        .values()
        .map(|o| ((o.person_id, o.kind.clone(), o.number), o.id))
        .collect();
    for occasion in &mut rows.occasions {
        let row = &mut occasion.row;
        rename(renamed, &mut row.person_id);
        if stored.occasions.contains_key(&row.id) {
            continue;
        }
        let repeat = i32::try_from(occasion.wave.repeat).unwrap_or(i32::MAX);
        let place = (row.person_id, occasion.wave.key.as_str(), repeat);
        let numbered = numbers.get(&(row.person_id, row.kind.clone(), row.number));
        let free =
            |id: &&Uuid| !stored.holds.contains_key(*id) && stored.occasions.contains_key(*id);
        let found = held.get(&place).or_else(|| numbered.filter(free)).copied();
        if let Some(id) = found {
            renamed.insert(row.id, id);
            row.id = id;
        } else {
            while numbers.contains_key(&(row.person_id, row.kind.clone(), row.number)) {
                row.number += 1;
            }
            numbers.insert((row.person_id, row.kind.clone(), row.number), row.id);
        }
        if let Some(hold) = &mut occasion.hold {
            hold.occasion_id = row.id;
        }
    }
    for hold in rows.occasions.iter_mut().filter_map(|o| o.hold.as_mut()) {
        rename(renamed, &mut hold.person_id);
        rename(renamed, &mut hold.project_id);
    }
}

fn rename(renamed: &HashMap<Uuid, Uuid>, id: &mut Uuid) {
    if let Some(known) = renamed.get(id) {
        *id = *known;
    }
}
