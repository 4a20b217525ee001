//! One place in the plan of one person for which an earlier plan holds, because an edit was held back there.

use sea_orm::entity::prelude::*;

/// A row of `plan_holds`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_holds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_repeat: i32,
    pub revision_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
