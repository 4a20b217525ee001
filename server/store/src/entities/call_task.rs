//! Somebody should call a person about an occasion: at most one for each.

use sea_orm::entity::prelude::*;

/// A row of `call_tasks`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "call_tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub occasion_id: Uuid,
    pub person_id: Uuid,
    pub project_id: Uuid,
    pub owner_id: Option<Uuid>,
    pub next_try_on: Date,
    pub opened_at: DateTimeUtc,
    pub closed_at: Option<DateTimeUtc>,
    pub outcome: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
