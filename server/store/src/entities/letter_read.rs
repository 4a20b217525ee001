//! A letter was read to its end. The id is the journal entry's.

use sea_orm::entity::prelude::*;

/// A row of `letters_read`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "letters_read")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub letter_edition: String,
    pub language: String,
    pub device_recorded_at: String,
    pub received_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
