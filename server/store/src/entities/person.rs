//! A person, pseudonymous. After an erasure the row is a tombstone.

use sea_orm::entity::prelude::*;

/// A row of `persons`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "persons")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project_id: Uuid,
    pub code: String,
    pub language: String,
    pub respondent_type: Option<String>,
    pub start_on: Option<Date>,
    pub end_on: Option<Date>,
    pub ever_given: bool,
    pub refused: bool,
    pub withdrawn: Option<String>,
    pub erased_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub discarded_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
