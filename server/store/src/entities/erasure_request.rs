//! What staff asked for: that everything about a person be erased. A second account confirms it or takes it back; the row stays.

use sea_orm::entity::prelude::*;

/// A row of `erasure_requests`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "erasure_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub asked_by: Uuid,
    pub asked_at: DateTimeUtc,
    pub why: String,
    pub note_sealed: Option<Vec<u8>>,
    pub closed_at: Option<DateTimeUtc>,
    pub closed_by: Option<Uuid>,
    pub became: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
