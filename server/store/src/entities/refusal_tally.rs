//! Refusals counted elsewhere, by source; nobody stands behind a number.

use sea_orm::entity::prelude::*;

/// A row of `refusal_tallies`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refusal_tallies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub project_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    pub refusals: i64,
}

impl ActiveModelBehavior for ActiveModel {}
