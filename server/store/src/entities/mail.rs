//! A mail to be sent or sent: no content, no address.

use sea_orm::entity::prelude::*;

/// A row of `mails`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub occasion_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub account_id: Option<Uuid>,
    pub channel: String,
    pub kind: String,
    pub number: i32,
    pub unique_key: String,
    pub state: String,
    pub reason: Option<String>,
    pub run_at: DateTimeUtc,
    pub lease_until: Option<DateTimeUtc>,
    pub attempts: i32,
    pub message_id: String,
    pub recipient_hash: Option<Vec<u8>>,
    pub sent_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
