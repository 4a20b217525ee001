//! The people of a project, a page at a time.

use std::collections::{HashMap, HashSet};

use bedring_contract::staff::{OccasionLine, PersonLine, PersonPage};
use bedring_domain::course::RespondentType;
use bedring_store::entities::{contact, occasion, person, project};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use bedring_store::{StoreError, convert, scope};
use chrono::NaiveDate;
use uuid::Uuid;

use super::PeopleError;
use crate::accounts::access::{ListPersons, Proof};
use crate::followup::states::Besides;
use crate::keys::{ContactKeys, OpenError};

/// People on a page if nobody says how many.
const PAGE: u64 = 50;
/// At most.
const LARGEST_PAGE: u64 = 200;

/// Which page.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// People whose codes come after this one.
    pub after: Option<String>,
    /// How many.
    pub limit: Option<u64>,
    /// A part of a code or a name, in whatever case.
    pub search: Option<String>,
}

/// A page of people, in the order of their codes.
///
/// # Errors
/// No such project within the proof's projects.
pub async fn persons<C: ConnectionTrait>(
    proof: &Proof<ListPersons>,
    db: &C,
    keys: &ContactKeys,
    project_id: Uuid,
    wanted: Wanted,
    today: NaiveDate,
) -> Result<PersonPage, PeopleError> {
    scope::projects(proof.scope())
        .filter(project::Column::Id.eq(project_id))
        .one(db)
        .await?
        .ok_or(StoreError::NotFound)?;
    let limit = wanted.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let mut query = scope::persons(proof.scope())
        .filter(person::Column::ProjectId.eq(project_id))
        .order_by_asc(person::Column::Code);
    if let Some(after) = wanted.after {
        query = query.filter(person::Column::Code.gt(after));
    }
    let search = wanted
        .search
        .map(|s| s.trim().to_lowercase())
        .filter(|s| !s.is_empty());
    let mut rows = match search {
        None => query.limit(limit + 1).all(db).await?,
        Some(part) => {
            // Names are encrypted: who looks for one has to open those of the whole project. A project is some hundreds of people.
            let rows = query.all(db).await?;
            let named = if proof.sees_names() {
                named(db, proof, keys, project_id, &part).await?
            } else {
                HashSet::new()
            };
            rows.into_iter()
                .filter(|p| named.contains(&p.id) || p.code.to_lowercase().contains(&part))
                .take(usize::try_from(limit + 1).unwrap_or(usize::MAX))
                .collect()
        }
    };
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = if more {
        rows.last().map(|p| p.code.clone())
    } else {
        None
    };
    let persons = lines(proof, db, keys, rows, today).await?;
    Ok(PersonPage { persons, next })
}

/// People of a project whose name holds a text.
async fn named<C: ConnectionTrait, A>(
    db: &C,
    proof: &Proof<A>,
    keys: &ContactKeys,
    project_id: Uuid,
    part: &str,
) -> Result<HashSet<Uuid>, PeopleError> {
    let to_person = contact::Entity::belongs_to(person::Entity)
        .from(contact::Column::PersonId)
        .to(person::Column::Id)
        .into();
    use bedring_store::sea_orm::JoinType;
    let rows = scope::contacts(proof.scope())
        .join(JoinType::InnerJoin, to_person)
        .filter(person::Column::ProjectId.eq(project_id))
        .filter(contact::Column::NameSealed.is_not_null())
        .all(db)
        .await?;
    let mut found = HashSet::new();
    for row in rows {
        let name = opened(keys, row.name_sealed.as_deref())?;
        if name.is_some_and(|n| n.to_lowercase().contains(part)) {
            found.insert(row.person_id);
        }
    }
    Ok(found)
}

/// People as lines of a list, in the order given: four more queries, however many they are.
///
/// # Errors
/// As the database says, or contact data without its key.
pub async fn lines<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    db: &C,
    keys: &ContactKeys,
    people: Vec<person::Model>,
    today: NaiveDate,
) -> Result<Vec<PersonLine>, PeopleError> {
    let ids: Vec<Uuid> = people.iter().map(|p| p.id).collect();
    let mut occasions: HashMap<Uuid, Vec<occasion::Model>> = HashMap::new();
    let rows = scope::occasions(proof.scope())
        .filter(occasion::Column::PersonId.is_in(ids.clone()))
        .order_by_asc(occasion::Column::Number)
        .all(db)
        .await?;
    for row in rows {
        occasions.entry(row.person_id).or_default().push(row);
    }
    let mut names = HashMap::new();
    if proof.sees_names() {
        let contacts = scope::contacts(proof.scope()).filter(contact::Column::PersonId.is_in(ids));
        for row in contacts.all(db).await? {
            if let Some(name) = opened(keys, row.name_sealed.as_deref())? {
                names.insert(row.person_id, name);
            }
        }
    }
    let besides = Besides::of(db, proof.scope(), &people).await?;
    let mut lines = Vec::with_capacity(people.len());
    for person in people {
        let occasions = occasions.remove(&person.id).unwrap_or_default();
        let name = names.remove(&person.id);
        lines.push(line(person, name, &occasions, &besides, today)?);
    }
    Ok(lines)
}

fn line(
    person: person::Model,
    name: Option<String>,
    occasions: &[occasion::Model],
    besides: &Besides,
    today: NaiveDate,
) -> Result<PersonLine, StoreError> {
    let mut occasions = occasions
        .iter()
        .map(|o| {
            Ok(OccasionLine {
                kind: convert::kind_of(o)?,
                state: convert::state_of(o, besides.beside(&person, o.id), today),
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    // Stable: several of one kind stay in the order of their numbers.
    occasions.sort_by_key(|o| o.kind);
    Ok(PersonLine {
        id: person.id,
        code: person.code,
        name,
        respondent_type: person
            .respondent_type
            .as_deref()
            .and_then(RespondentType::parse),
        start: person.start_on,
        end: person.end_on,
        occasions,
    })
}

/// A name or address as text.
///
/// # Errors
/// A key that is not loaded, or a damaged row.
pub fn opened(keys: &ContactKeys, sealed: Option<&[u8]>) -> Result<Option<String>, OpenError> {
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    String::from_utf8(keys.decrypt(sealed)?)
        .map(Some)
        .map_err(|_| OpenError::Damaged)
}
