//! How many mails went in the last minute, by sender.

use sea_orm::entity::prelude::*;

/// A row of `mail_rates`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_rates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sender: String,
    pub taken: String,
}

impl ActiveModelBehavior for ActiveModel {}
