//! What staff said about a person and not about one measurement: append only.

use sea_orm::entity::prelude::*;

/// A row of `person_changes`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "person_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub project_id: Uuid,
    pub at: DateTimeUtc,
    pub account_id: Option<Uuid>,
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
