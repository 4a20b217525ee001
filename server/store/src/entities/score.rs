//! The score of one scale of one response; `cut_offs` are codes separated by blanks.

use sea_orm::entity::prelude::*;

/// A row of `scores`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "scores")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub response_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub instrument: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub scale: String,
    pub score: Option<f64>,
    pub prorated: bool,
    pub sum: i64,
    pub answered: i32,
    pub skipped: i32,
    pub not_relevant: i32,
    pub missing: i32,
    pub cut_offs: String,
}

impl ActiveModelBehavior for ActiveModel {}
