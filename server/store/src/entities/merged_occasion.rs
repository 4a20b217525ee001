//! A measurement of a registration that was merged, and the one that it is now; `person_id` is who it was made for.

use sea_orm::entity::prelude::*;

/// A row of `merged_occasions`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "merged_occasions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub into_id: Uuid,
    pub person_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
