//! One try to reach a person.

use sea_orm::entity::prelude::*;

/// A row of `call_attempts`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "call_attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub task_id: Uuid,
    pub at: DateTimeUtc,
    pub account_id: Option<Uuid>,
    pub outcome: String,
    pub next_try_on: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
