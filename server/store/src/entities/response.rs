//! A finished questionnaire; `answers` is JSON by item code. The id is the journal entry's.

use sea_orm::entity::prelude::*;

/// A row of `responses`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "responses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub occasion_id: Uuid,
    pub instrument: String,
    pub edition: String,
    pub language: String,
    pub mode: String,
    pub helped_by: Option<String>,
    pub private: Option<bool>,
    pub device_started_at: String,
    pub device_finished_at: String,
    pub clock_suspect: bool,
    pub received_at: DateTimeUtc,
    pub chosen: bool,
    pub answers: String,
    pub account_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
