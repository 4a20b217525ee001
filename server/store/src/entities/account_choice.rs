//! What somebody who logs in has chosen.

use sea_orm::entity::prelude::*;

/// A row of `account_choices`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_choices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    pub language: Option<String>,
    pub digest_stopped_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
