//! What the card of an invitation says of what a person is asked: who asks, how many questions, and about how long they take.

use bedring_contract::person::Sender;
use bedring_contract::staff::InvitationCard;
use bedring_domain::course::OccasionKind;
use bedring_domain::instrument::EditionRef;
use bedring_store::StoreError;
use bedring_store::entities::{occasion, person, programme, project};
use bedring_store::plan::{Plan, from_json};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::journal::editions::Editions;

/// The card of a person, who was found in scope.
///
/// # Errors
/// As the database says.
pub async fn of_person<C: ConnectionTrait>(
    db: &C,
    editions: &Editions,
    person: &person::Model,
) -> Result<InvitationCard, StoreError> {
    let unreadable = || StoreError::Unreadable { table: "projects" };
    // Unscoped on purpose: the project and the programme of the person.
    let project = project::Entity::find_by_id(person.project_id)
        .one(db)
        .await?;
    let programme = project.ok_or_else(unreadable)?.programme_id;
    let programme = programme::Entity::find_by_id(programme).one(db).await?;
    let programme = programme.ok_or_else(unreadable)?;
    let plan: Plan = from_json("programmes", &programme.plan)?;
    let senders: Vec<Sender> = from_json("programmes", &programme.senders)?;
    Ok(InvitationCard {
        senders: senders.into_iter().map(|sender| sender.name).collect(),
        questions: questions(db, editions, person).await?,
        minutes: plan.minutes,
    })
}

/// How many questions the next measurement that is not finished has.
async fn questions<C: ConnectionTrait>(
    db: &C,
    editions: &Editions,
    person: &person::Model,
) -> Result<u32, StoreError> {
    let rows = occasion::Entity::find()
        .filter(occasion::Column::PersonId.eq(person.id))
        .filter(occasion::Column::CompletedAt.is_null())
        .filter(occasion::Column::MissedReason.is_null())
        .all(db)
        .await?;
    let next = rows
        .into_iter()
        .min_by_key(|row| (OccasionKind::parse(&row.kind), row.number));
    let Some(next) = next else { return Ok(0) };
    let asked: Vec<EditionRef> = from_json("occasions", &next.instruments)?;
    let mut questions = 0;
    for edition in &asked {
        if let Some(found) = editions.get(db, edition).await? {
            questions += found.definition.items.len();
        }
    }
    Ok(u32::try_from(questions).unwrap_or(u32::MAX))
}
