//! A published edition of an instrument: the file as imported and its definition as JSON.

use sea_orm::entity::prelude::*;

/// A row of `instrument_editions`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "instrument_editions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub instrument: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition: String,
    pub kind: String,
    pub sha256: String,
    pub source_file: String,
    pub definition: String,
    pub derived_from_instrument: Option<String>,
    pub derived_from_edition: Option<String>,
    pub imported_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
