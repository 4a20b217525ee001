//! One person as staff see them. Every look is written down, and shown to the person.

use bedring_contract::person::{Occasion, OccasionInstrument};
use bedring_contract::staff::{PersonDetail, Scores};
use bedring_domain::consent::{Purpose, in_doubt};
use bedring_domain::instrument::EditionRef;
use bedring_store::bounded::responses_shown;
use bedring_store::entities::{consent, contact, occasion, person, project, response};
use bedring_store::plan::from_json;
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use bedring_store::{StoreError, convert, scope};
use chrono::NaiveDate;
use uuid::Uuid;

use super::{PeopleError, asked, discard, list, scores};
use crate::accounts::access::{Proof, SeePerson};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::followup::states::Besides;
use crate::keys::ContactKeys;
use crate::state::Services;

/// One person with occasions and scores.
///
/// # Errors
/// No such person within the proof's projects.
pub async fn person(
    proof: &Proof<SeePerson>,
    services: &Services,
    id: Uuid,
) -> Result<PersonDetail, PeopleError> {
    let now = services.clock.now();
    let today = calendar::day_of(now);
    // Read first, then written down in a transaction of its own that must succeed before anything is shown.
    let db = services.db.read();
    let mut damage = Damage::default();
    let found = scope::persons_ever(proof.scope()).filter(person::Column::Id.eq(id));
    let found = found.readable(db, "persons", &mut damage, |p| p.id).await?;
    let person = found.into_iter().next().ok_or(StoreError::NotFound)?;
    // Unscoped on purpose: it is the project of a person who was found in scope.
    let project = project::Entity::find_by_id(person.project_id)
        .readable(db, "projects", &mut damage, |_| id)
        .await?;
    let project = project.into_iter().next().ok_or(StoreError::NotFound)?;
    let besides = Besides::of(db, proof.scope(), std::slice::from_ref(&person)).await?;
    let responses = scope::responses(proof.scope())
        .filter(responses_shown(id))
        .order_by_asc(response::Column::Id)
        .readable(db, "responses", &mut damage, |r| r.person_id)
        .await?;
    let occasions = scope::occasions(proof.scope())
        .filter(occasion::Column::PersonId.eq(id))
        .order_by_asc(occasion::Column::Number)
        .readable(db, "occasions", &mut damage, |o| o.person_id)
        .await?;
    let details = details(
        &person,
        &occasions,
        &responses,
        &besides,
        today,
        &mut damage,
    )?;
    let editions = services.journal.editions();
    let scores = scores::of_person(
        proof,
        db,
        editions,
        &person,
        &occasions,
        responses,
        &mut damage,
    )
    .await?;
    let keys = &services.keys.contact;
    let (email, phone) = reached_by(proof, db, keys, id, &mut damage).await?;
    let not_asked = asked::why_not(&person);
    let doubtful = doubts(proof, db, id, &mut damage).await?;
    let discarded = discard::of_person(db, &person).await?;
    let language = person.language.clone();
    let lines = list::lines(proof, db, keys, vec![person], today, damage).await?;
    let line = lines.into_iter().next().ok_or(StoreError::NotFound)?;
    let shown = matches!(&scores, Scores::Shown { responses } if !responses.is_empty());
    let deed = if shown { Deed::Answers } else { Deed::Person };
    let about = About {
        person: Some(id),
        project: Some(project.id),
        subject: None,
    };
    let tx = services.db.begin().await?;
    audit::record(&*tx, &*services.random, proof, deed, about, now).await?;
    tx.commit().await?;
    Ok(PersonDetail {
        line,
        project: project.id,
        project_code: project.code,
        email,
        phone,
        not_asked,
        in_doubt: doubtful,
        language,
        discarded,
        occasion_details: details,
        scores,
    })
}

/// What the person said yes and no to in an order that nobody can tell.
async fn doubts<C: ConnectionTrait>(
    proof: &Proof<SeePerson>,
    db: &C,
    id: Uuid,
    damage: &mut Damage,
) -> Result<Vec<Purpose>, StoreError> {
    let rows = scope::consents(proof.scope())
        .filter(consent::Column::PersonId.eq(id))
        .readable(db, "consents", damage, |_| id)
        .await?;
    let mut said = Vec::with_capacity(rows.len());
    for row in &rows {
        said.extend(damage.settle(id, convert::ledger_event(row))?);
    }
    let mut purposes: Vec<_> = in_doubt(&said).iter().map(|e| e.purpose).collect();
    purposes.dedup();
    Ok(purposes)
}

/// Address and telephone number, where they are held and whoever asks sees names.
async fn reached_by<C: ConnectionTrait>(
    proof: &Proof<SeePerson>,
    db: &C,
    keys: &ContactKeys,
    id: Uuid,
    damage: &mut Damage,
) -> Result<(Option<String>, Option<String>), PeopleError> {
    if !proof.sees_names() {
        return Ok((None, None));
    }
    let contact = scope::contacts(proof.scope())
        .filter(contact::Column::PersonId.eq(id))
        .readable(db, "contacts", damage, |c| c.person_id)
        .await?;
    let contact = contact.into_iter().next();
    let (email, phone) = contact.map_or((None, None), |c| (c.email_sealed, c.phone_sealed));
    let email = damage.settle(id, keys.text(email.as_deref()))?;
    let phone = damage.settle(id, keys.text(phone.as_deref()))?;
    Ok((email.flatten(), phone.flatten()))
}

/// A person within the proof's projects.
///
/// # Errors
/// [`StoreError::NotFound`] for one that does not exist and one that is elsewhere alike.
pub async fn find<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    db: &C,
    id: Uuid,
) -> Result<person::Model, StoreError> {
    scope::persons_ever(proof.scope())
        .filter(person::Column::Id.eq(id))
        .one(db)
        .await?
        .ok_or(StoreError::NotFound)
}

/// Whether there is such a person within the proof's projects, for what is shown of them: one whose row is damaged is there, too.
///
/// # Errors
/// [`StoreError::NotFound`] for one that does not exist and one that is elsewhere alike.
pub async fn assert_there<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    db: &C,
    id: Uuid,
) -> Result<(), StoreError> {
    let found = scope::persons_ever(proof.scope()).filter(person::Column::Id.eq(id));
    match found.count(db).await? {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

fn details(
    person: &person::Model,
    occasions: &[occasion::Model],
    responses: &[response::Model],
    besides: &Besides,
    today: NaiveDate,
    damage: &mut Damage,
) -> Result<Vec<Occasion>, StoreError> {
    let all = occasions
        .iter()
        .map(|row| {
            let asked: Vec<EditionRef> = from_json("occasions", &row.instruments)?;
            let answered = |instrument: &str| {
                responses
                    .iter()
                    .any(|r| r.occasion_id == row.id && r.instrument == instrument)
            };
            let instruments = asked
                .into_iter()
                .map(|edition| OccasionInstrument {
                    answered: answered(&edition.instrument),
                    edition,
                })
                .collect();
            Ok(Occasion {
                id: row.id,
                kind: convert::kind_of(row)?,
                state: convert::state_of(row, besides.beside(person, row.id), today),
                opens: row.opens_on,
                due: row.due_on,
                instruments,
            })
        })
        .map(|detail| damage.settle(person.id, detail));
    let details = all
        .filter_map(Result::transpose)
        .collect::<Result<Vec<_>, _>>();
    let mut details = details?;
    details.sort_by_key(|o| o.kind);
    Ok(details)
}
