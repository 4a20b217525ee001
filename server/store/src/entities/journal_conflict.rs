//! Other bytes that came under the id of an entry. `state`: open, dismissed or gone.

use sea_orm::entity::prelude::*;

/// A row of `journal_conflicts`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "journal_conflicts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entry_id: Uuid,
    pub sha256: Vec<u8>,
    pub seal_key: Option<String>,
    pub body: Option<String>,
    pub person_id: Option<Uuid>,
    pub device_id: Uuid,
    pub device_sent_at: String,
    pub received_at: DateTimeUtc,
    pub state: String,
    pub account_id: Option<Uuid>,
    pub settled_at: Option<DateTimeUtc>,
    pub settled_by: Option<Uuid>,
    /// Bytes of the body, once it was emptied because somebody set it aside.
    pub size: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
