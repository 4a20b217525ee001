//! Which address of a calendar an account was given last; the address itself is derived and stands nowhere.

use sea_orm::entity::prelude::*;

/// A row of `calendar_feeds`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_feeds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    pub version: i32,
    pub made_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
