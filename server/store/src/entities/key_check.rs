//! What tells whether a server's keys are those of this database. `purpose`: contact or seal.

use sea_orm::entity::prelude::*;

/// A row of `key_checks`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "key_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_id: String,
    pub check_value: Vec<u8>,
    pub first_seen_at: DateTimeUtc,
    pub given_up_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
