//! Registering a person in a project, with the occasions on which they will be measured.

use bedring_domain::course::{OccasionKind, RespondentType};
use bedring_store::StoreError;
use bedring_store::entities::{occasion, person, programme, project};
use bedring_store::plan::{Plan, from_json, to_json};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::ports::{Random, uuid_v4, uuid_v7};

/// Days after the start within which the intake should be answered: later it measures something else than the beginning.
const INTAKE_DAYS: u64 = 14;

/// Who is registered.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The pseudonymous code; made here if left out.
    pub code: Option<String>,
    /// If known.
    pub respondent_type: Option<RespondentType>,
    /// The first day.
    pub start_on: NaiveDate,
}

/// Registers a person with intake and exit, if they are measured at all. The exit opens when its day is known.
///
/// # Errors
/// [`StoreError::Conflict`] if the code is taken in this project, [`StoreError::NotFound`] if there is no such project.
pub async fn register<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    project_id: Uuid,
    new: NewPerson,
    now: DateTime<Utc>,
) -> Result<person::Model, StoreError> {
    // Unscoped on purpose: whoever calls has asked for permission, or stands at the server itself.
    let project = project::Entity::find_by_id(project_id).one(tx).await?;
    let project = project.ok_or(StoreError::NotFound)?;
    let programme = programme::Entity::find_by_id(project.programme_id)
        .one(tx)
        .await?;
    let programme = programme.ok_or(StoreError::NotFound)?;
    let plan: Plan = from_json("programmes", &programme.plan)?;
    let code = match new.code {
        Some(code) => code,
        None => free_code(tx, random, &project).await?,
    };
    let row = person::Model {
        id: uuid_v4(random),
        project_id,
        code,
        language: programme.language,
        respondent_type: new.respondent_type.map(|t| t.as_str().to_owned()),
        start_on: Some(new.start_on),
        end_on: None,
        ever_given: false,
        refused: false,
        withdrawn: None,
        erased_at: None,
        created_at: now,
    };
    person::Entity::insert(person::ActiveModel::from(row.clone()))
        .exec_without_returning(tx)
        .await?;
    // Volunteers without lived experience take part, but are not measured.
    if new.respondent_type == Some(RespondentType::VolunteerNoLivedExperience) {
        return Ok(row);
    }
    let intake_due = new
        .start_on
        .checked_add_days(chrono::Days::new(INTAKE_DAYS));
    let occasions = [
        (OccasionKind::Intake, Some(new.start_on), intake_due),
        (OccasionKind::Exit, None, None),
    ];
    let occasions = occasions.map(|(kind, opens_on, due_on)| occasion::ActiveModel {
        id: Set(uuid_v7(now, random)),
        person_id: Set(row.id),
        kind: Set(kind.as_str().to_owned()),
        number: Set(1),
        opens_on: Set(opens_on),
        due_on: Set(due_on),
        instruments: Set(to_json(&plan.instruments)),
        completed_at: Set(None),
        missed_reason: Set(None),
    });
    occasion::Entity::insert_many(occasions)
        .exec_without_returning(tx)
        .await?;
    Ok(row)
}

/// The project's code and four digits drawn at random, so that the order of codes says nothing about who came when.
async fn free_code<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    project: &project::Model,
) -> Result<String, StoreError> {
    for digits in [4, 4, 4, 6, 6, 9] {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        let number = u64::from_be_bytes(bytes) % 10_u64.pow(digits);
        let code = format!("{}-{number:0width$}", project.code, width = digits as usize);
        let taken = person::Entity::find()
            .filter(person::Column::ProjectId.eq(project.id))
            .filter(person::Column::Code.eq(&code))
            .count(tx)
            .await?;
        if taken == 0 {
            return Ok(code);
        }
    }
    Err(StoreError::Conflict)
}
