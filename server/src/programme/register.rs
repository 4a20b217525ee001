//! Registering a person in a project, with the occasions on which they will be measured.

use bedring_domain::course::RespondentType;
use bedring_store::StoreError;
use bedring_store::entities::{person, programme, project};
use bedring_store::plan::{Plan, from_json};
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::followup::windows;
use crate::ports::{Random, uuid_v4};

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

/// Registers a person with the occasions of the programme's plan, if they are measured at all. What is counted from a day that is not
/// known yet, such as the exit from the end, opens when it is.
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
    // Shared among those who register; whoever saves another plan waits for them, and they for it: nobody gets the days of a plan that is gone.
    let programme = programme::Entity::find_by_id(project.programme_id)
        .lock(LockType::Share)
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
        discarded_at: None,
        created_at: now,
    };
    person::Entity::insert(person::ActiveModel::from(row.clone()))
        .exec_without_returning(tx)
        .await?;
    windows::materialise_new(tx, random, &plan, &row, now).await?;
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
