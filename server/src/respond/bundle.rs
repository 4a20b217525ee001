//! Everything that a phone needs to answer without a network, for one person.

use std::collections::{BTreeMap, HashMap, HashSet};

use bedring_contract::meta::SealKey;
use bedring_contract::person::{
    ConsentState, Contact, Letter, Occasion, OccasionInstrument, PersonBundle, ProgrammeCard,
};
use bedring_domain::consent::{Decision, LedgerEvent, Purpose, counts_from, last_word};
use bedring_domain::course::RespondentType;
use bedring_domain::instrument::{Definition, EditionRef};
use bedring_store::convert::Beside;
use bedring_store::entities::{consent, letter, occasion, person, programme, project, response};
use bedring_store::plan::{Plan, from_json};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect,
};
use bedring_store::{StoreError, convert};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::calendar::day_of;
use crate::journal::editions::Editions;

/// The bundle of a person, as it is now.
///
/// # Errors
/// As the database says.
pub async fn of_person<C: ConnectionTrait>(
    db: &C,
    editions: &Editions,
    person: person::Model,
    seal_key: SealKey,
    now: DateTime<Utc>,
) -> Result<PersonBundle, StoreError> {
    let (project, programme) = course_of(db, person.project_id).await?;
    let plan: Plan = from_json("programmes", &programme.plan)?;
    let letter = letter::Entity::find_by_id((programme.id, programme.letter_edition.clone()))
        .one(db)
        .await?
        .ok_or(StoreError::Unreadable { table: "letters" })?;
    let standing = convert::standing(&person);
    let occasions = occasions_of(db, &person, day_of(now)).await?;
    let definitions = definitions_of(db, editions, &occasions).await?;
    Ok(PersonBundle {
        person: person.id,
        respondent_type: person
            .respondent_type
            .as_deref()
            .and_then(RespondentType::parse),
        language: person.language,
        programme: ProgrammeCard {
            name: from_json("programmes", &programme.name)?,
            contacts: from_json::<Vec<Contact>>("programmes", &programme.contacts)?,
            contacts_checked: programme.contacts_checked_on,
            senders: from_json("programmes", &programme.senders)?,
        },
        project: project.name,
        letter: Letter {
            edition: letter.edition,
            sha256: letter.sha256,
            title: from_json("letters", &letter.title)?,
            body: from_json("letters", &letter.body)?,
            summary: from_json("letters", &letter.summary)?,
        },
        consents: last_words(&ledger_of(db, person.id).await?, &plan.purposes),
        purposes: plan.purposes,
        standing,
        occasions,
        definitions,
        seal_key,
        erasing: None,
        time: now,
    })
}

/// The project and the programme it belongs to.
async fn course_of<C: ConnectionTrait>(
    db: &C,
    project: Uuid,
) -> Result<(project::Model, programme::Model), StoreError> {
    let to_programme = project::Entity::belongs_to(programme::Entity)
        .from(project::Column::ProgrammeId)
        .to(programme::Column::Id)
        .into();
    // Unscoped on purpose: the person's own project, which their secret opens.
    let found = project::Entity::find_by_id(project)
        .join(JoinType::InnerJoin, to_programme)
        .select_also(programme::Entity)
        .one(db)
        .await?;
    match found {
        Some((project, Some(programme))) => Ok((project, programme)),
        _ => Err(StoreError::Unreadable { table: "projects" }),
    }
}

async fn ledger_of<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
) -> Result<Vec<LedgerEvent>, StoreError> {
    let rows = consent::Entity::find()
        .filter(consent::Column::PersonId.eq(person))
        .all(db)
        .await?;
    rows.iter().map(convert::ledger_event).collect()
}

/// The last word on each purpose. Those that are no longer asked, but once were, come last.
fn last_words(ledger: &[LedgerEvent], asked: &[Purpose]) -> Vec<ConsentState> {
    let asked_once = Purpose::ALL.into_iter().filter(|p| !asked.contains(p));
    asked
        .iter()
        .copied()
        .chain(asked_once)
        .filter_map(|purpose| {
            last_word(ledger, purpose).map(|event| ConsentState {
                purpose,
                given: event.decision == Decision::Given,
                recorded_at: counts_from(ledger, event),
            })
        })
        .collect()
}

async fn occasions_of<C: ConnectionTrait>(
    db: &C,
    person: &person::Model,
    today: NaiveDate,
) -> Result<Vec<Occasion>, StoreError> {
    let rows = occasion::Entity::find()
        .filter(occasion::Column::PersonId.eq(person.id))
        .all(db)
        .await?;
    let answered = answered(db, &rows).await?;
    // Whether a measurement is late, and whether the project still waits for it, is the project's worry: the person may answer.
    let beside = Beside {
        standing: convert::standing(person),
        ..Beside::default()
    };
    let mut occasions = Vec::with_capacity(rows.len());
    for row in rows {
        let asked: Vec<EditionRef> = from_json("occasions", &row.instruments)?;
        let has = |e: &EditionRef| {
            answered
                .get(&row.id)
                .is_some_and(|a| a.contains(&e.instrument))
        };
        let instruments = asked
            .into_iter()
            .map(|edition| OccasionInstrument {
                answered: has(&edition),
                edition,
            })
            .collect();
        let (kind, state) = (
            convert::kind_of(&row)?,
            convert::state_of(&row, beside, today).for_person(),
        );
        let occasion = Occasion {
            id: row.id,
            kind,
            state,
            opens: row.opens_on,
            due: row.due_on,
            instruments,
        };
        occasions.push((kind, row.number, occasion));
    }
    occasions.sort_by_key(|(kind, number, _)| (*kind, *number));
    Ok(occasions
        .into_iter()
        .map(|(_, _, occasion)| occasion)
        .collect())
}

/// Which instruments of which occasions have an answer.
async fn answered<C: ConnectionTrait>(
    db: &C,
    occasions: &[occasion::Model],
) -> Result<HashMap<Uuid, HashSet<String>>, StoreError> {
    let mut answered: HashMap<Uuid, HashSet<String>> = HashMap::new();
    if occasions.is_empty() {
        return Ok(answered);
    }
    let rows: Vec<(Uuid, String)> = response::Entity::find()
        .select_only()
        .columns([response::Column::OccasionId, response::Column::Instrument])
        .distinct()
        .filter(response::Column::OccasionId.is_in(occasions.iter().map(|o| o.id)))
        .into_tuple()
        .all(db)
        .await?;
    for (occasion, instrument) in rows {
        answered.entry(occasion).or_default().insert(instrument);
    }
    Ok(answered)
}

/// The editions of all occasions, each once: of those that are planned, because they may open while the phone is offline; of those that are
/// closed, because a draft may wait on the phone, a person may change their mind, and "what I answered" is told in words, not in codes.
async fn definitions_of<C: ConnectionTrait>(
    db: &C,
    editions: &Editions,
    occasions: &[Occasion],
) -> Result<Vec<Definition>, StoreError> {
    let mut definitions: BTreeMap<EditionRef, Definition> = BTreeMap::new();
    for instrument in occasions.iter().flat_map(|o| &o.instruments) {
        if !definitions.contains_key(&instrument.edition) {
            let edition = editions.get(db, &instrument.edition).await?;
            let edition = edition.ok_or(StoreError::Unreadable { table: "occasions" })?;
            definitions.insert(instrument.edition.clone(), edition.definition.clone());
        }
    }
    Ok(definitions.into_values().collect())
}
