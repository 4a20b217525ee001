//! A project of a programme; `status` is active, exempt or withdrawn.

use sea_orm::entity::prelude::*;

/// A row of `projects`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub programme_id: Uuid,
    pub code: String,
    pub name: String,
    pub intervention: String,
    pub status: String,
    pub status_on: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
