//! What came in before, and what is otherwise in the files now.

use std::collections::{HashMap, HashSet};

use bedring_store::StoreError;
use bedring_store::entities::{occasion, person, project, refusal_tally, response, stated_type};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::Problem;
use super::rows::{From, Rows};

/// What is in the database of this programme.
pub struct Stored {
    pub projects: HashMap<Uuid, project::Model>,
    pub refusals: HashMap<Uuid, refusal_tally::Model>,
    pub persons: HashMap<Uuid, person::Model>,
    pub types: HashMap<Uuid, stated_type::Model>,
    pub occasions: HashMap<Uuid, occasion::Model>,
    pub responses: HashMap<Uuid, response::Model>,
}

/// Reads it.
pub async fn stored<C: ConnectionTrait>(tx: &C, programme: Uuid) -> Result<Stored, StoreError> {
    let ids = |query: bedring_store::sea_orm::Select<project::Entity>| {
        query.select_only().column(project::Column::Id).into_query()
    };
    // Unscoped on purpose: whoever imports sits at the server itself.
    let projects = || project::Entity::find().filter(project::Column::ProgrammeId.eq(programme));
    let persons =
        || person::Entity::find().filter(person::Column::ProjectId.in_subquery(ids(projects())));
    let person_ids = || {
        persons()
            .select_only()
            .column(person::Column::Id)
            .into_query()
    };
    let occasions =
        || occasion::Entity::find().filter(occasion::Column::PersonId.in_subquery(person_ids()));
    let occasion_ids = || {
        occasions()
            .select_only()
            .column(occasion::Column::Id)
            .into_query()
    };
    let tallies = refusal_tally::Entity::find()
        .filter(refusal_tally::Column::ProjectId.in_subquery(ids(projects())))
        .filter(refusal_tally::Column::Source.eq("import"));
    let types =
        stated_type::Entity::find().filter(stated_type::Column::PersonId.in_subquery(person_ids()));
    let responses =
        response::Entity::find().filter(response::Column::OccasionId.in_subquery(occasion_ids()));
    Ok(Stored {
        projects: projects()
            .all(tx)
            .await?
            .into_iter()
            .map(|r| (r.id, r))
            .collect(),
        refusals: tallies
            .all(tx)
            .await?
            .into_iter()
            .map(|r| (r.project_id, r))
            .collect(),
        persons: persons()
            .all(tx)
            .await?
            .into_iter()
            .map(|r| (r.id, r))
            .collect(),
        types: types
            .all(tx)
            .await?
            .into_iter()
            .map(|r| (r.id, r))
            .collect(),
        occasions: occasions()
            .all(tx)
            .await?
            .into_iter()
            .map(|r| (r.id, r))
            .collect(),
        responses: responses
            .all(tx)
            .await?
            .into_iter()
            .map(|r| (r.id, r))
            .collect(),
    })
}

/// Everything in the files that is otherwise than when it came in, and everything that came in and is in the files no more.
pub fn compare(rows: &Rows, stored: &Stored) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut differs = |file, line, what: &str, field| {
        let reason = format!("{what} came in before with another {field}");
        problems.push(Problem { file, line, reason });
    };
    for From { line, row } in &rows.projects {
        let Some(old) = stored.projects.get(&row.id) else {
            continue;
        };
        let fields = [
            ("intervention", old.intervention == row.intervention),
            ("status", old.status == row.status),
        ];
        first(&fields, |field| {
            differs("projects.csv", *line, &row.code, field)
        });
    }
    for From { line, row } in &rows.refusals {
        if stored
            .refusals
            .get(&row.project_id)
            .is_some_and(|old| old.refusals != row.refusals)
        {
            differs("refusals.csv", *line, "this project", "count");
        }
    }
    let mut codes: HashMap<Uuid, &str> = HashMap::new();
    for From { line, row } in &rows.persons {
        codes.insert(row.id, &row.code);
        let Some(old) = stored
            .persons
            .get(&row.id)
            .filter(|p| p.erased_at.is_none())
        else {
            continue;
        };
        let type_id = rows
            .types
            .iter()
            .find(|t| t.row.person_id == row.id)
            .map(|t| t.row.id);
        // What somebody said later about what they are has not come in here and does not count.
        let type_then = type_id
            .and_then(|id| stored.types.get(&id))
            .map(|t| &t.respondent_type);
        let fields = [
            ("project", old.project_id == row.project_id),
            ("start", old.start_on == row.start_on),
            ("end", old.end_on == row.end_on),
            ("respondent type", type_then == row.respondent_type.as_ref()),
        ];
        first(&fields, |field| {
            differs("persons.csv", *line, &row.code, field)
        });
        let exit = rows.occasions.iter().filter(|o| o.row.person_id == row.id);
        let missed = |o: &From<occasion::Model>| {
            stored
                .occasions
                .get(&o.row.id)
                .is_some_and(|old| old.missed_reason != o.row.missed_reason)
        };
        if exit.into_iter().any(missed) {
            differs(
                "persons.csv",
                *line,
                &row.code,
                "reason for the missing exit",
            );
        }
    }
    for From { line, row } in &rows.responses {
        let Some(old) = stored.responses.get(&row.id) else {
            continue;
        };
        let fields = [
            ("date", old.device_finished_at == row.device_finished_at),
            ("mode", old.mode == row.mode),
            ("edition", old.edition == row.edition),
            ("set of answers", old.answers == row.answers),
        ];
        let what = format!(
            "{} of {}",
            row.instrument,
            codes.get(&row.person_id).copied().unwrap_or_default()
        );
        first(&fields, |field| {
            differs("responses.csv", *line, &what, field)
        });
    }
    problems.extend(vanished(rows, stored));
    problems.sort();
    problems
}

/// Tells the first field that is not the same.
fn first(fields: &[(&'static str, bool)], tell: impl FnOnce(&'static str)) {
    if let Some((field, _)) = fields.iter().find(|(_, same)| !same) {
        tell(field);
    }
}

fn vanished(rows: &Rows, stored: &Stored) -> Vec<Problem> {
    // What came in has ids of version 8; what was made here since has others.
    let imported = |id: &Uuid| id.get_version_num() == 8;
    let gone = |file, what: &str, count: usize| {
        let reason = format!("{count} {what} that came in before are in the file no more");
        (count > 0).then_some(Problem {
            file,
            line: 0,
            reason,
        })
    };
    let persons: HashSet<Uuid> = rows.persons.iter().map(|p| p.row.id).collect();
    let responses: HashSet<Uuid> = rows.responses.iter().map(|r| r.row.id).collect();
    let lost_persons = stored
        .persons
        .keys()
        .filter(|id| imported(id) && !persons.contains(id))
        .count();
    let lost_responses = stored
        .responses
        .keys()
        .filter(|id| imported(id) && !responses.contains(id))
        .count();
    let lost = [
        gone("persons.csv", "people", lost_persons),
        gone("responses.csv", "responses", lost_responses),
    ];
    lost.into_iter().flatten().collect()
}
