//! Programmes with their projects, and how many people are where: six queries, however many projects there are.

use std::collections::HashMap;

use bedring_contract::staff;
use bedring_domain::instrument::Texts;
use bedring_store::StoreError;
use bedring_store::entities::{
    journal_conflict, journal_entry, occasion, person, programme, project, refusal_tally,
};
use bedring_store::plan::from_json;
use bedring_store::readable::{Damage, Rows, tuples};
use bedring_store::scope::{self, ProjectScope};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationDef,
};
use uuid::Uuid;

use crate::accounts::access::{Proof, SeeProgrammes};
use crate::quarantine::states;

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    persons: u64,
    refusals: u64,
    intakes: u64,
    exits: u64,
    quarantined: u64,
}

/// Programmes with the projects that may be seen. Who sees all projects also sees programmes that have none.
///
/// # Errors
/// As the database says.
pub async fn programmes<C: ConnectionTrait>(
    proof: &Proof<SeeProgrammes>,
    db: &C,
) -> Result<Vec<staff::Programme>, StoreError> {
    let scope = proof.scope();
    let mut damage = Damage::default();
    let projects = scope::projects(scope)
        .order_by_asc(project::Column::Code)
        .readable(db, "projects", &mut damage, |p| p.id)
        .await?;
    let rows = programme::Entity::find()
        .order_by_asc(programme::Column::Code)
        .readable(db, "programmes", &mut damage, |p| p.id)
        .await?;
    let counts = counts(db, scope, &mut damage).await?;
    let mut programmes = Vec::with_capacity(rows.len());
    for row in rows {
        let projects: Vec<staff::Project> = projects
            .iter()
            .filter(|p| p.programme_id == row.id)
            .map(|p| view(p, counts.get(&p.id).copied().unwrap_or_default()))
            .collect();
        if projects.is_empty() && *scope != ProjectScope::All {
            continue;
        }
        programmes.push(staff::Programme {
            id: row.id,
            // A name that cannot be read leaves the code.
            name: from_json("programmes", &row.name)
                .unwrap_or_else(|_| Texts::from([("da".to_owned(), row.code.clone())])),
            code: row.code,
            projects,
        });
    }
    Ok(programmes)
}

fn view(row: &project::Model, counts: Counts) -> staff::Project {
    staff::Project {
        id: row.id,
        code: row.code.clone(),
        name: row.name.clone(),
        status: row.status.clone(),
        status_on: row.status_on,
        persons: counts.persons,
        refusals: counts.refusals,
        intakes: counts.intakes,
        exits: counts.exits,
        quarantined: counts.quarantined,
    }
}

async fn counts<C: ConnectionTrait>(
    db: &C,
    scope: &ProjectScope,
    damage: &mut Damage,
) -> Result<HashMap<Uuid, Counts>, StoreError> {
    let mut counts: HashMap<Uuid, Counts> = HashMap::new();
    let query = scope::persons(scope)
        .select_only()
        .column(person::Column::ProjectId)
        .column(person::Column::Refused)
        .column_as(person::Column::Id.count(), "persons")
        .group_by(person::Column::ProjectId)
        .group_by(person::Column::Refused)
        .into_query();
    let persons: Vec<(Uuid, Option<bool>, i64)> = tuples(db, &query, "persons", damage).await?;
    for (project, refused, n) in persons {
        let counts = counts.entry(project).or_default();
        if refused == Some(true) {
            counts.refusals += whole(n);
        } else {
            counts.persons += whole(n);
        }
    }
    // Few rows: one for each place where refusals were counted on paper.
    let tallies = refusal_tally::Entity::find();
    let tallies = tallies.readable(db, "refusal_tallies", damage, |t| t.project_id);
    for tally in tallies.await? {
        if scope.contains(tally.project_id) {
            counts.entry(tally.project_id).or_default().refusals += whole(tally.refusals);
        }
    }
    for (project, kind, n) in completed(db, scope, damage).await? {
        let counts = counts.entry(project).or_default();
        match kind.as_str() {
            "intake" => counts.intakes += whole(n),
            "exit" => counts.exits += whole(n),
            _ => {}
        }
    }
    let entries: Vec<(Uuid, i64)> = scope::journal_entries(scope)
        .join(JoinType::InnerJoin, entry_person())
        .select_only()
        .column(person::Column::ProjectId)
        .column_as(journal_entry::Column::Id.count(), "entries")
        .filter(journal_entry::Column::State.eq(states::QUARANTINED))
        .group_by(person::Column::ProjectId)
        .into_tuple()
        .all(db)
        .await?;
    let conflicts: Vec<(Uuid, i64)> = scope::journal_conflicts(scope)
        .join(JoinType::InnerJoin, conflict_person())
        .select_only()
        .column(person::Column::ProjectId)
        .column_as(journal_conflict::Column::Id.count(), "conflicts")
        .filter(journal_conflict::Column::State.eq(states::OPEN))
        .group_by(person::Column::ProjectId)
        .into_tuple()
        .all(db)
        .await?;
    for (project, n) in entries.into_iter().chain(conflicts) {
        counts.entry(project).or_default().quarantined += whole(n);
    }
    Ok(counts)
}

/// Completed first intakes and exits, by project and kind.
async fn completed<C: ConnectionTrait>(
    db: &C,
    scope: &ProjectScope,
    damage: &mut Damage,
) -> Result<Vec<(Uuid, String, i64)>, StoreError> {
    let to_occasions = person::Entity::belongs_to(occasion::Entity)
        .from(person::Column::Id)
        .to(occasion::Column::PersonId)
        .into();
    // From the people, who have an index by project.
    let query = scope::persons(scope)
        .join(JoinType::InnerJoin, to_occasions)
        .select_only()
        .column(person::Column::ProjectId)
        .column(occasion::Column::Kind)
        .column_as(occasion::Column::Id.count(), "occasions")
        .filter(occasion::Column::CompletedAt.is_not_null())
        .group_by(person::Column::ProjectId)
        .group_by(occasion::Column::Kind)
        .into_query();
    tuples(db, &query, "occasions", damage).await
}

fn entry_person() -> RelationDef {
    journal_entry::Entity::belongs_to(person::Entity)
        .from(journal_entry::Column::PersonId)
        .to(person::Column::Id)
        .into()
}

fn conflict_person() -> RelationDef {
    journal_conflict::Entity::belongs_to(person::Entity)
        .from(journal_conflict::Column::PersonId)
        .to(person::Column::Id)
        .into()
}

/// Counts are never negative.
fn whole(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
