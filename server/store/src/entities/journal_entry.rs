//! An entry as a device delivered it. `state`: applied, quarantined, dismissed or gone.

use sea_orm::entity::prelude::*;

/// A row of `journal_entries`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub sha256: Vec<u8>,
    pub seal_key: Option<String>,
    pub body: Option<String>,
    pub person_id: Option<Uuid>,
    pub device_id: Uuid,
    pub device_sent_at: String,
    pub received_at: DateTimeUtc,
    pub kind: Option<String>,
    pub state: String,
    pub reason: Option<String>,
    pub account_id: Option<Uuid>,
    pub conflicts: i32,
    pub settled_at: Option<DateTimeUtc>,
    pub settled_by: Option<Uuid>,
    /// Bytes of the body, once it was emptied because somebody set it aside.
    pub size: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
