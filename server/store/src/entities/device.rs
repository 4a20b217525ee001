//! A device on which a person came in: its public key, and SHA-256 of the tokens it was given.

use sea_orm::entity::prelude::*;

/// A row of `devices`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "devices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub public_key: Vec<u8>,
    pub token_hash: Vec<u8>,
    pub older_token_hash: Option<Vec<u8>>,
    pub came_by: Vec<u8>,
    pub known_at: Option<DateTimeUtc>,
    pub read_at: Option<DateTimeUtc>,
    pub registered_at: DateTimeUtc,
    pub seen_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
