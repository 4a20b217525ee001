//! The way in of a registration that was merged, and whose it was: the phone behind it knows its person by that id.

use sea_orm::entity::prelude::*;

/// A row of `merged_ways`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "merged_ways")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub secret_hash: Vec<u8>,
    pub person_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
