//! Name, address and telephone number of a person, each encrypted with the contact key.

use sea_orm::entity::prelude::*;

/// A row of `contacts`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub name_sealed: Option<Vec<u8>>,
    pub email_sealed: Option<Vec<u8>>,
    pub email_said_at: Option<DateTimeUtc>,
    pub email_entry_id: Option<Uuid>,
    pub phone_sealed: Option<Vec<u8>>,
    /// When staff last wrote any of it down; none from before that was kept: then when the person was registered.
    pub written_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
