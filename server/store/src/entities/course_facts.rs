//! What staff know of a course beside its start and its confirmed end.

use sea_orm::entity::prelude::*;

/// A row of `course_facts`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "course_facts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub end_planned_on: Option<Date>,
    pub still_enrolled_on: Option<Date>,
    pub end_cannot_be_told: bool,
    pub set_by: Option<Uuid>,
    pub set_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
