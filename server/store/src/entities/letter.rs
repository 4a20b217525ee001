//! An edition of a programme's letter; title, body and summary are JSON by language.

use sea_orm::entity::prelude::*;

/// A row of `letters`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "letters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub programme_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition: String,
    pub sha256: String,
    pub title: String,
    pub body: String,
    pub summary: String,
    pub published_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
