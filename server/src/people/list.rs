//! The people of a project, a page at a time.

use std::collections::{HashMap, HashSet};

use bedring_contract::staff::{OccasionLine, PersonLine, PersonPage};
use bedring_domain::course::RespondentType;
use bedring_store::entities::{contact, occasion, person, project};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use bedring_store::{StoreError, convert, scope};
use chrono::NaiveDate;
use uuid::Uuid;

use super::PeopleError;
use crate::accounts::access::{ListPersons, Proof};
use crate::followup::states::Besides;
use crate::keys::ContactKeys;

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
    let found = scope::projects(proof.scope()).filter(project::Column::Id.eq(project_id));
    if found.count(db).await? == 0 {
        return Err(StoreError::NotFound.into());
    }
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
    let mut damage = Damage::default();
    let query = query.limit(if search.is_none() {
        limit + 1
    } else {
        u64::MAX >> 1
    });
    let rows = query.readable(db, "persons", &mut damage, |p| p.id).await?;
    let mut rows = match search {
        None => rows,
        Some(part) => {
            // Names are encrypted: who looks for one has to open those of the whole project. A project is some hundreds of people.
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
    let persons = lines(proof, db, keys, rows, today, damage).await?;
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
        .readable(db, "contacts", &mut Damage::default(), |c| c.person_id)
        .await?;
    let mut found = HashSet::new();
    for row in rows {
        // One that cannot be opened is not found by name; the list shows it as damaged.
        let name = keys.text(row.name_sealed.as_deref()).unwrap_or_default();
        if name.is_some_and(|n| n.to_lowercase().contains(part)) {
            found.insert(row.person_id);
        }
    }
    Ok(found)
}

/// People as lines of a list, in the order given: four more queries, however many they are.
///
/// # Errors
/// As the database says. What cannot be read is left out of its line, and the line says so.
pub async fn lines<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    db: &C,
    keys: &ContactKeys,
    people: Vec<person::Model>,
    today: NaiveDate,
    mut damage: Damage,
) -> Result<Vec<PersonLine>, PeopleError> {
    let ids: Vec<Uuid> = people.iter().map(|p| p.id).collect();
    let mut occasions: HashMap<Uuid, Vec<occasion::Model>> = HashMap::new();
    let rows = scope::occasions(proof.scope())
        .filter(occasion::Column::PersonId.is_in(ids.clone()))
        .order_by_asc(occasion::Column::Number)
        .readable(db, "occasions", &mut damage, |o| o.person_id)
        .await?;
    for row in rows {
        occasions.entry(row.person_id).or_default().push(row);
    }
    let mut names = HashMap::new();
    if proof.sees_names() {
        let contacts = scope::contacts(proof.scope()).filter(contact::Column::PersonId.is_in(ids));
        let contacts = contacts.readable(db, "contacts", &mut damage, |c| c.person_id);
        for row in contacts.await? {
            // Address and number are not shown here; that they cannot be opened is.
            for sealed in [&row.email_sealed, &row.phone_sealed] {
                damage.settle(row.person_id, keys.text(sealed.as_deref()))?;
            }
            let name = damage.settle(row.person_id, keys.text(row.name_sealed.as_deref()))?;
            if let Some(name) = name.flatten() {
                names.insert(row.person_id, name);
            }
        }
    }
    let besides = Besides::of(db, proof.scope(), &people).await?;
    let mut lines = Vec::with_capacity(people.len());
    for person in people {
        let occasions = occasions.remove(&person.id).unwrap_or_default();
        let name = names.remove(&person.id);
        lines.push(line(
            person,
            name,
            &occasions,
            &besides,
            today,
            &mut damage,
        )?);
    }
    Ok(lines)
}

fn line(
    person: person::Model,
    name: Option<String>,
    occasions: &[occasion::Model],
    besides: &Besides,
    today: NaiveDate,
    damage: &mut Damage,
) -> Result<PersonLine, StoreError> {
    let mut shown = Vec::with_capacity(occasions.len());
    for o in occasions {
        let kind = damage.settle(person.id, convert::kind_of(o))?;
        shown.extend(kind.map(|kind| OccasionLine {
            kind,
            state: convert::state_of(o, besides.beside(&person, o.id), today),
        }));
    }
    convert::notice(&person, damage);
    let mut occasions = shown;
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
        damaged: damage.is_about(person.id)
            || besides.damage.is_about(person.id)
            || besides.damage.is_about(person.project_id),
        occasions,
    })
}
