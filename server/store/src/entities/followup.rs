//! The plan's hold on an occasion, and when somebody has to look at it next.

use sea_orm::entity::prelude::*;

/// A row of `followups`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "followups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub occasion_id: Uuid,
    pub person_id: Uuid,
    pub project_id: Uuid,
    pub plan_key: String,
    pub plan_repeat: i32,
    pub overdue_from: Option<Date>,
    pub closes_on: Option<Date>,
    pub missed_by: Option<Uuid>,
    pub missed_at: Option<DateTimeUtc>,
    pub next_look_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
