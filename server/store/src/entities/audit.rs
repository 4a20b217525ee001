//! Who did or saw what. No content.

use sea_orm::entity::prelude::*;

/// A row of `audit`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub account_id: Option<Uuid>,
    pub role: String,
    pub action: String,
    pub person_id: Option<Uuid>,
    pub project_id: Option<Uuid>,
    pub subject: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
