//! The last language in which a person read or answered, and which entry said so.

use sea_orm::entity::prelude::*;

/// A row of `person_languages`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "person_languages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub language: String,
    pub said_at: DateTimeUtc,
    pub entry_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
