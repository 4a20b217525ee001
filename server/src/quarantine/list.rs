//! What waits for somebody, oldest first, a page at a time: of one person, or of everybody in scope.

use std::collections::HashMap;

use bedring_contract::quarantine::{Quarantine, QuarantineLine, QuarantineOf, Whose};
use bedring_domain::code;
use bedring_domain::journal::Reason;
use bedring_store::entities::{journal_conflict, journal_entry, person, project};
use bedring_store::readable::{Damage, tuples};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use bedring_store::{StoreError, scope};
use uuid::Uuid;

use super::people;
use super::waiting::{Cursor, Part};
use crate::accounts::access::{Proof, SeeQuarantine};

/// Lines on a page, at most and if nobody says how many.
const LARGEST_PAGE: u64 = 200;

/// A page of what is kept apart within the proof's projects. Entries of nobody known are seen by those who see all projects.
///
/// # Errors
/// As the database says.
pub async fn quarantine<C: ConnectionTrait>(
    proof: &Proof<SeeQuarantine>,
    db: &C,
    after: Option<Cursor>,
    limit: Option<u64>,
) -> Result<Quarantine, StoreError> {
    let all = Part::default();
    let part = Part {
        after,
        ..all.clone()
    };
    let page = Page::read(proof, db, &part, limit).await?;
    Ok(Quarantine {
        entries: page.lines,
        total: all.count(proof.scope(), db).await?,
        damaged: page.damaged,
        next: page.next,
    })
}

/// A page of what is kept apart of one person, or of all whom nobody knows, and how much there is of it.
///
/// # Errors
/// [`StoreError::NotFound`] for a person outside the proof's projects.
pub async fn of_one<C: ConnectionTrait>(
    proof: &Proof<SeeQuarantine>,
    db: &C,
    whose: Whose,
    part: Part,
    limit: Option<u64>,
) -> Result<QuarantineOf, StoreError> {
    if let Whose::Person(id) = whose {
        let found = scope::persons_ever(proof.scope()).filter(person::Column::Id.eq(id));
        if found.count(db).await? == 0 {
            return Err(StoreError::NotFound);
        }
    }
    let part = Part {
        whose: Some(whose),
        ..part
    };
    let page = Page::read(proof, db, &part, limit).await?;
    Ok(QuarantineOf {
        of: people::one(proof, db, whose).await?,
        entries: page.lines,
        damaged: page.damaged,
        next: page.next,
    })
}

/// Lines of a part, and where the next ones begin.
struct Page {
    lines: Vec<QuarantineLine>,
    damaged: u64,
    next: Option<String>,
}

impl Page {
    async fn read<C: ConnectionTrait>(
        proof: &Proof<SeeQuarantine>,
        db: &C,
        part: &Part,
        limit: Option<u64>,
    ) -> Result<Self, StoreError> {
        let limit = limit.unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
        let mut damage = Damage::default();
        let mut lines = lines(proof, db, part, limit + 1, &mut damage).await?;
        let more = lines.len() as u64 + damage.count() > limit;
        lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let last = lines.last().filter(|_| more);
        let next = last.map(|l| Cursor {
            at: l.received_at,
            id: l.id,
        });
        name_people(db, &mut lines).await?;
        Ok(Self {
            lines,
            damaged: damage.count(),
            next: next.map(|place| place.to_string()),
        })
    }
}

/// The first so many lines of a part, in the order of their arrival.
async fn lines<C: ConnectionTrait>(
    proof: &Proof<SeeQuarantine>,
    db: &C,
    part: &Part,
    most: u64,
    damage: &mut Damage,
) -> Result<Vec<QuarantineLine>, StoreError> {
    let entries = part
        .entries(proof.scope())
        .select_only()
        .columns(ENTRY_COLUMNS)
        .order_by_asc(journal_entry::Column::ReceivedAt)
        .order_by_asc(journal_entry::Column::Id)
        .limit(most)
        .into_query();
    let entries: Vec<Entry> = tuples(db, &entries, "journal_entries", damage).await?;
    let conflicts = part
        .conflicts(proof.scope())
        .select_only()
        .columns(CONFLICT_COLUMNS)
        .order_by_asc(journal_conflict::Column::ReceivedAt)
        .order_by_asc(journal_conflict::Column::Id)
        .limit(most)
        .into_query();
    let conflicts: Vec<Conflict> = tuples(db, &conflicts, "journal_conflicts", damage).await?;
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
    Ok(lines)
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
    let codes = codes(db, lines.iter().filter_map(|l| l.person)).await?;
    for line in lines {
        if let Some((person, project)) = line.person.and_then(|id| codes.get(&id)) {
            line.person_code = Some(person.clone());
            line.project_code = Some(project.clone());
        }
    }
    Ok(())
}

/// The codes of people who were found in scope, a page of them, each with that of the project. One that cannot be read is left out.
pub(super) async fn codes<C: ConnectionTrait>(
    db: &C,
    people: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, (String, String)>, StoreError> {
    let ids: std::collections::HashSet<Uuid> = people.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let to_project = person::Entity::belongs_to(project::Entity)
        .from(person::Column::ProjectId)
        .to(project::Column::Id)
        .into();
    let query = person::Entity::find()
        .join(JoinType::InnerJoin, to_project)
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::Code)
        .column_as(project::Column::Code, "project_code")
        .filter(person::Column::Id.is_in(ids))
        .into_query();
    let rows: Vec<(Uuid, String, String)> =
        tuples(db, &query, "persons", &mut Damage::default()).await?;
    Ok(rows
        .into_iter()
        .map(|(id, person, project)| (id, (person, project)))
        .collect())
}
