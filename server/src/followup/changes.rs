//! The ledger `person_changes`: what staff said about a person and not about one measurement. Append only, and gone with the person.

use bedring_store::StoreError;
use bedring_store::entities::{person, person_change};
use bedring_store::sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::accounts::access::Proof;
use crate::ports::{Random, uuid_v7};

/// What was said; `before` and `after` are days, or as told here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The last day was confirmed.
    EndConfirmed,
    /// The end was planned, or is not any more.
    EndPlanned,
    /// The person was still enrolled on a day.
    StillEnrolled,
    /// Nobody can say when it ended: `true`, or nothing.
    EndCannotBeTold,
    /// Reminders pause until a day, or without one.
    Paused,
    /// Reminders go on.
    Resumed,
    /// A contact was written down, or (without an account) named by the person: `instead` of the person, or nothing.
    ContactNamed,
    /// The contact was removed by staff, or (without an account) by the person ([`PERSON`]) or the contact.
    ContactRemoved,
    /// A telephone number was written down; the line does not hold it.
    PhoneChanged,
    /// The telephone number was removed.
    PhoneRemoved,
    /// The code was corrected; `before` and `after` are codes.
    CodeCorrected,
    /// The name was corrected; the line does not hold it.
    NameCorrected,
    /// The address was corrected; the line does not hold it.
    EmailCorrected,
    /// The role was corrected.
    RoleCorrected,
    /// The first day was corrected.
    StartCorrected,
    /// The language was corrected.
    LanguageCorrected,
    /// The person went to another project; `before` and `after` are codes of projects.
    Moved,
    /// The person was discarded; `after` is the reason.
    Discarded,
    /// That was taken back.
    Restored,
    /// Another registration was merged with this one; `before` is its code.
    Merged,
}

/// What stands in a line without an account where it was the person who said it.
pub const PERSON: &str = "person";

impl What {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::EndConfirmed,
        Self::EndPlanned,
        Self::StillEnrolled,
        Self::EndCannotBeTold,
        Self::Paused,
        Self::Resumed,
        Self::ContactNamed,
        Self::ContactRemoved,
        Self::PhoneChanged,
        Self::PhoneRemoved,
        Self::CodeCorrected,
        Self::NameCorrected,
        Self::EmailCorrected,
        Self::RoleCorrected,
        Self::StartCorrected,
        Self::LanguageCorrected,
        Self::Moved,
        Self::Discarded,
        Self::Restored,
        Self::Merged,
    ];

    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EndConfirmed => "end_confirmed",
            Self::EndPlanned => "end_planned",
            Self::StillEnrolled => "still_enrolled",
            Self::EndCannotBeTold => "end_cannot_be_told",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::ContactNamed => "contact_named",
            Self::ContactRemoved => "contact_removed",
            Self::PhoneChanged => "phone_changed",
            Self::PhoneRemoved => "phone_removed",
            Self::CodeCorrected => "code_corrected",
            Self::NameCorrected => "name_corrected",
            Self::EmailCorrected => "email_corrected",
            Self::RoleCorrected => "role_corrected",
            Self::StartCorrected => "start_corrected",
            Self::LanguageCorrected => "language_corrected",
            Self::Moved => "moved",
            Self::Discarded => "discarded",
            Self::Restored => "restored",
            Self::Merged => "merged",
        }
    }

    /// What has that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.as_str() == name)
    }
}

/// Who says it, and when.
#[derive(Clone, Copy)]
pub struct By<'a> {
    /// For the line's id.
    pub random: &'a dyn Random,
    /// The account; `None` is nobody of the staff.
    pub account: Option<Uuid>,
    /// Now.
    pub now: DateTime<Utc>,
}

impl<'a> By<'a> {
    /// Whoever holds the proof.
    pub fn holder<A>(proof: &Proof<A>, random: &'a dyn Random, now: DateTime<Utc>) -> Self {
        Self {
            random,
            account: proof.account(),
            now,
        }
    }
}

/// Writes a line.
///
/// # Errors
/// As the database says.
pub async fn note<C: ConnectionTrait>(
    tx: &C,
    by: By<'_>,
    person: &person::Model,
    what: What,
    before: Option<String>,
    after: Option<String>,
) -> Result<(), StoreError> {
    let line = person_change::ActiveModel {
        id: Set(uuid_v7(by.now, by.random)),
        person_id: Set(person.id),
        project_id: Set(person.project_id),
        at: Set(by.now),
        account_id: Set(by.account),
        what: Set(what.as_str().to_owned()),
        before: Set(before),
        after: Set(after),
    };
    person_change::Entity::insert(line)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
