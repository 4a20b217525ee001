//! People whose reminders pause, or did until a day that has come.

use sea_orm::entity::prelude::*;

/// A row of `reminder_pauses`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reminder_pauses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub until_on: Option<Date>,
    pub set_by: Option<Uuid>,
    pub set_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether reminders pause on a day: not any more on the day until which they were paused.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.until_on.is_none_or(|until| day < until)
    }
}
