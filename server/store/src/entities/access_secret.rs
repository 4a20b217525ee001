//! A way in for a person: SHA-256 of a link's secret (`link`; `mail` for one that went out by mail, `device` for one that a known device
//! made for another), or the keyed hash of a short code (`code`).

use sea_orm::entity::prelude::*;

/// A row of `access_secrets`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "access_secrets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub secret_hash: Vec<u8>,
    pub person_id: Uuid,
    pub kind: String,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
    pub made_by: Option<Uuid>,
    pub ended_at: Option<DateTimeUtc>,
    pub vouches_until: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
