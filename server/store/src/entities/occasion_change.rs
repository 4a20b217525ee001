//! Who changed an occasion by hand, and from what to what. Append only.

use sea_orm::entity::prelude::*;

/// A row of `occasion_changes`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "occasion_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub occasion_id: Uuid,
    pub person_id: Uuid,
    pub project_id: Uuid,
    pub at: DateTimeUtc,
    pub account_id: Option<Uuid>,
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
