//! A programme: name, plan, contacts and senders are JSON of the types in `bedring_store::plan`.

use sea_orm::entity::prelude::*;

/// A row of `programmes`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "programmes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub language: String,
    pub plan: String,
    pub contacts: String,
    pub contacts_checked_on: Option<Date>,
    pub senders: String,
    pub letter_edition: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
