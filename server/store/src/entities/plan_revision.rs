//! A plan that another took the place of. Append only.

use sea_orm::entity::prelude::*;

/// A row of `plan_revisions`; the plan is JSON of [`crate::plan::Plan`].
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_revisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub programme_id: Uuid,
    pub plan: String,
    pub replaced_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
