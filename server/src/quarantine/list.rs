//! Everything that waits for somebody, oldest first.

use std::collections::HashMap;

use bedring_contract::quarantine::{Quarantine, QuarantineLine};
use bedring_domain::code;
use bedring_domain::journal::Reason;
use bedring_store::entities::{journal_conflict, journal_entry, person, project};
use bedring_store::readable::{Damage, tuples};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use bedring_store::{StoreError, scope};
use uuid::Uuid;

use super::states;
use crate::accounts::access::{Proof, SeeQuarantine};

/// Lines in one answer: whoever has more of them settles these first.
const MOST: usize = 200;

/// What is kept apart within the proof's projects. Entries of nobody known are seen by those who see all projects.
///
/// # Errors
/// As the database says.
pub async fn quarantine<C: ConnectionTrait>(
    proof: &Proof<SeeQuarantine>,
    db: &C,
) -> Result<Quarantine, StoreError> {
    let entries = scope::journal_entries(proof.scope())
        .filter(journal_entry::Column::State.eq(states::QUARANTINED));
    let conflicts = scope::journal_conflicts(proof.scope())
        .filter(journal_conflict::Column::State.eq(states::OPEN));
    let total = entries.clone().count(db).await? + conflicts.clone().count(db).await?;
    let mut damage = Damage::default();
    let entries = entries
        .select_only()
        .columns(ENTRY_COLUMNS)
        .order_by_asc(journal_entry::Column::ReceivedAt)
        .order_by_asc(journal_entry::Column::Id)
        .limit(MOST as u64)
        .into_query();
    let entries: Vec<Entry> = tuples(db, &entries, "journal_entries", &mut damage).await?;
    let conflicts = conflicts
        .select_only()
        .columns(CONFLICT_COLUMNS)
        .order_by_asc(journal_conflict::Column::ReceivedAt)
        .order_by_asc(journal_conflict::Column::Id)
        .limit(MOST as u64)
        .into_query();
    let conflicts: Vec<Conflict> = tuples(db, &conflicts, "journal_conflicts", &mut damage).await?;
    let mut lines = Vec::with_capacity(entries.len() + conflicts.len());
    for (id, sha256, kind, reason, person, received_at) in entries {
        let reason = reason.unwrap_or_default();
        lines.push(line(id, id, &sha256, kind, reason, person, received_at));
    }
    for (id, entry, sha256, person, received_at) in conflicts {
        let reason = Reason::EntryConflict.as_str().to_owned();
        lines.push(line(id, entry, &sha256, None, reason, person, received_at));
    }
    lines.sort_by_key(|l| (l.received_at, l.id));
    lines.truncate(MOST);
    name_people(db, &mut lines).await?;
    Ok(Quarantine {
        entries: lines,
        total,
        damaged: damage.count(),
    })
}

type Moment = chrono::DateTime<chrono::Utc>;
type Entry = (
    Uuid,
    Vec<u8>,
    Option<String>,
    Option<String>,
    Option<Uuid>,
    Moment,
);
type Conflict = (Uuid, Uuid, Vec<u8>, Option<Uuid>, Moment);

/// Without the bodies: they are large, and nobody's business here.
const ENTRY_COLUMNS: [journal_entry::Column; 6] = [
    journal_entry::Column::Id,
    journal_entry::Column::Sha256,
    journal_entry::Column::Kind,
    journal_entry::Column::Reason,
    journal_entry::Column::PersonId,
    journal_entry::Column::ReceivedAt,
];
const CONFLICT_COLUMNS: [journal_conflict::Column; 5] = [
    journal_conflict::Column::Id,
    journal_conflict::Column::EntryId,
    journal_conflict::Column::Sha256,
    journal_conflict::Column::PersonId,
    journal_conflict::Column::ReceivedAt,
];

fn line(
    id: Uuid,
    entry: Uuid,
    sha256: &[u8],
    kind: Option<String>,
    reason: String,
    person: Option<Uuid>,
    received_at: Moment,
) -> QuarantineLine {
    let sha256 = sha256.try_into();
    QuarantineLine {
        id,
        entry,
        kind,
        reason,
        person_code: None,
        person,
        project_code: None,
        received_at,
        damaged: sha256.is_err(),
        receipt: sha256.map_or_else(|_| String::new(), |sha256| code::receipt(entry, sha256)),
    }
}

/// Codes of people and projects. The lines were found in scope, so their people are.
async fn name_people<C: ConnectionTrait>(
    db: &C,
    lines: &mut [QuarantineLine],
) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = lines.iter().filter_map(|l| l.person).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let to_project = person::Entity::belongs_to(project::Entity)
        .from(person::Column::ProjectId)
        .to(project::Column::Id)
        .into();
    use bedring_store::sea_orm::JoinType;
    let query = person::Entity::find()
        .join(JoinType::InnerJoin, to_project)
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Code)
        .column_as(project::Column::Code, "project_code")
        .filter(person::Column::Id.is_in(ids))
        .into_query();
    // A code that cannot be read leaves its line without one.
    let rows: Vec<(Uuid, String, String)> =
        tuples(db, &query, "persons", &mut Damage::default()).await?;
    let codes: HashMap<Uuid, (String, String)> = rows
        .into_iter()
        .map(|(id, person, project)| (id, (person, project)))
        .collect();
    for line in lines {
        if let Some((person, project)) = line.person.and_then(|id| codes.get(&id)) {
            line.person_code = Some(person.clone());
            line.project_code = Some(project.clone());
        }
    }
    Ok(())
}
