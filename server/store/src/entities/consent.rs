//! A line of the consent ledger; `decision` is given, declined or withdrawn:SCOPE. The id is the journal entry's.

use sea_orm::entity::prelude::*;

/// A row of `consents`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub purpose: String,
    pub decision: String,
    pub letter_edition: String,
    pub language: String,
    pub channel: String,
    pub witness: Option<String>,
    /// Which device wrote it; none if it came with a file.
    pub device_id: Option<Uuid>,
    pub device_recorded_at: String,
    /// The device's clock when it sent.
    pub device_sent_at: Option<String>,
    pub said_at: DateTimeUtc,
    pub received_at: DateTimeUtc,
    pub account_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
