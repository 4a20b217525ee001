//! An erasure that a device asked for which is not known: it waits until a day, and can be taken back.

use sea_orm::entity::prelude::*;

/// A row of `erasures_waiting`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "erasures_waiting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub entry_id: Uuid,
    pub asked_at: DateTimeUtc,
    pub due_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
