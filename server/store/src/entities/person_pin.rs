//! The PIN with which a person vouches for another device, hashed, and how often a wrong one was tried in a row.

use sea_orm::entity::prelude::*;

/// A row of `person_pins`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "person_pins")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub pin_hash: String,
    pub wrong: i32,
    pub set_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
