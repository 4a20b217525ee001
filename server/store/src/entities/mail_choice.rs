//! What a person chose about reminders, and what became of their addresses.

use sea_orm::entity::prelude::*;

/// A row of `mail_choices`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_choices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub snoozed_until: Option<DateTimeUtc>,
    pub stopped_at: Option<DateTimeUtc>,
    /// It was said by somebody else who is reminded at the same address.
    pub stopped_by_other: bool,
    pub to_contact: bool,
    pub contact_email_sealed: Option<Vec<u8>>,
    /// What the person calls the contact, where the person said so on the phone.
    pub contact_name_sealed: Option<Vec<u8>>,
    /// When the last word about the contact was said, also one that removed it.
    pub contact_said_at: Option<DateTimeUtc>,
    /// The person's entry that said it; none if somebody else did.
    pub contact_entry_id: Option<Uuid>,
    pub bounced_at: Option<DateTimeUtc>,
    pub contact_bounced_at: Option<DateTimeUtc>,
    /// When the person wants the last reminder once more.
    pub again_at: Option<DateTimeUtc>,
    /// The occasion that it is about.
    pub again_occasion_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
