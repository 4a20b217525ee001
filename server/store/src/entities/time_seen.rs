//! The latest moment that the server's clock has shown; one row.

use sea_orm::entity::prelude::*;

/// The row of `time_seen`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "time_seen")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub latest: DateTimeUtc,
    pub leapt_from: Option<DateTimeUtc>,
    pub leapt_to: Option<DateTimeUtc>,
    pub set_back_at: Option<DateTimeUtc>,
    pub set_back_from: Option<DateTimeUtc>,
    pub leases_end_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
