//! A time to be measured; `instruments` is JSON, a list of editions. Its state is derived: see `bedring_domain::course`.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Expr};

/// A row of `occasions`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "occasions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub kind: String,
    pub number: i32,
    pub opens_on: Option<Date>,
    pub due_on: Option<Date>,
    pub instruments: String,
    pub completed_at: Option<DateTimeUtc>,
    pub missed_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

/// For queries: the day on which what waits is due, nothing for what was made or given up. The database keeps it.
#[must_use]
pub fn waiting_due_on() -> Expr {
    Expr::col((Entity, Alias::new("waiting_due_on")))
}

/// For queries: the project in which somebody waits for it, nothing if its person must not be asked. The database keeps it.
#[must_use]
pub fn waits_in() -> Expr {
    Expr::col((Entity, Alias::new("waits_in")))
}

/// For queries: `followups.overdue_from`. The database keeps it.
#[must_use]
pub fn late_from() -> Expr {
    Expr::col((Entity, Alias::new("late_from")))
}
