//! People who were registered by mistake, and why; `merged_into` is the registration that is right.

use sea_orm::entity::prelude::*;

/// A row of `discards`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "discards")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub at: DateTimeUtc,
    pub account_id: Option<Uuid>,
    pub why: String,
    pub merged_into: Option<Uuid>,
    pub code: String,
}

impl ActiveModelBehavior for ActiveModel {}
