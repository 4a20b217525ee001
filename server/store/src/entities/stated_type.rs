//! What a person said they are, dated. The id is the journal entry's.

use sea_orm::entity::prelude::*;

/// A row of `stated_types`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stated_types")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub respondent_type: String,
    pub device_recorded_at: String,
    pub said_at: DateTimeUtc,
    pub received_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
