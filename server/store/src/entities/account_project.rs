//! A project that an account may see.

use sea_orm::entity::prelude::*;

/// A row of `account_projects`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_projects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub project_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
