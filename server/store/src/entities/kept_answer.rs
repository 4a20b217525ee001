//! What was asked for under an id of the sender's, and what was answered.

use sea_orm::entity::prelude::*;

/// A row of `kept_answers`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Vec<u8>,
    pub request: Vec<u8>,
    pub asked_at: DateTimeUtc,
    pub status: Option<i32>,
    pub answer_sealed: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
