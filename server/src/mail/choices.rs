//! What somebody chooses from a mail, without logging in: later, somebody else, never again.

use bedring_store::StoreError;
use bedring_store::entities::{mail, mail_choice, person};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{bounces, contacts, marks, outbox};
use crate::calendar;
use crate::state::Services;

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Not before the evening.
    LaterToday,
    /// Not for a week.
    InAWeek,
    /// Write to the person that I named.
    Contact,
    /// Write no more.
    Never,
}

impl Choice {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::LaterToday, Self::InAWeek, Self::Contact, Self::Never];

    /// The name in the form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LaterToday => "later_today",
            Self::InAWeek => "in_a_week",
            Self::Contact => "contact",
            Self::Never => "never",
        }
    }

    /// The choice of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == name)
    }
}

/// Whoever holds a mail's token.
pub struct Holder {
    /// Whom it is about.
    pub person: Uuid,
    /// It went to the contact, not to the person.
    pub is_contact: bool,
    /// There is a contact who could be written to.
    pub has_contact: bool,
    /// The language of the mail.
    pub language: String,
    mail: mail::Model,
}

/// Who holds a token; `None` if it is not one of ours. Changes nothing.
///
/// # Errors
/// As the database says.
pub async fn holder(services: &Services, token: &str) -> Result<Option<Holder>, StoreError> {
    let Some(id) = marks::mail_of_token(&services.keys.contact, token) else {
        return Ok(None);
    };
    let db = services.db.read();
    // Unscoped on purpose, here and below: the token is the permission.
    let Some(row) = mail::Entity::find_by_id(id).one(db).await? else {
        return Ok(None);
    };
    let Some(person_id) = row.person_id else {
        return Ok(None);
    };
    let Some(person) = person::Entity::find_by_id(person_id).one(db).await? else {
        return Ok(None);
    };
    let choice = read(db, person_id).await?;
    let has_contact = choice
        .as_ref()
        .is_some_and(|c| c.contact_email_sealed.is_some() && c.contact_bounced_at.is_none());
    Ok(Some(Holder {
        person: person_id,
        is_contact: row.channel == outbox::TO_CONTACT,
        has_contact,
        language: person.language,
        mail: row,
    }))
}

async fn read<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
) -> Result<Option<mail_choice::Model>, StoreError> {
    Ok(mail_choice::Entity::find_by_id(person).one(db).await?)
}

/// May this holder choose this?
#[must_use]
pub fn offered(holder: &Holder, choice: Choice) -> bool {
    match choice {
        Choice::Never => true,
        Choice::Contact => holder.has_contact && !holder.is_contact,
        Choice::LaterToday | Choice::InAWeek => !holder.is_contact,
    }
}

/// Does it. Doing it twice on a day is doing it once.
///
/// # Errors
/// As the database says.
pub async fn choose(
    services: &Services,
    holder: &Holder,
    choice: Choice,
) -> Result<(), StoreError> {
    if !offered(holder, choice) {
        return Ok(());
    }
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    bounces::lock_person(&*tx, holder.person).await?;
    bounces::make_row(&*tx, holder.person).await?;
    let update =
        mail_choice::Entity::update_many().filter(mail_choice::Column::PersonId.eq(holder.person));
    let look = super::look_at_person(&*tx, holder.person, now);
    let update = match choice {
        Choice::LaterToday | Choice::InAWeek => update.col_expr(
            mail_choice::Column::SnoozedUntil,
            Expr::value(later(choice, now)),
        ),
        Choice::Contact => update.col_expr(mail_choice::Column::ToContact, Expr::value(true)),
        // The contact speaks for their own address only: it is forgotten, and the person is written to again.
        Choice::Never if holder.is_contact => {
            contacts::refuse(services, &*tx, &holder.mail, holder.person, now).await?;
            return tx.commit_with(vec![look]).await;
        }
        Choice::Never => update
            .col_expr(mail_choice::Column::StoppedAt, Expr::value(now))
            .filter(mail_choice::Column::StoppedAt.is_null()),
    };
    update.exec(&*tx).await?;
    tx.commit_with(vec![look]).await
}

/// Until when "later" is, counted from the day and not from the second.
fn later(choice: Choice, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = calendar::day_of(now);
    match choice {
        Choice::LaterToday => calendar::moment(today, EVENING),
        _ => calendar::moment(today + TimeDelta::days(7), NaiveTime::MIN),
    }
}

/// When "later today" is.
const EVENING: NaiveTime = match NaiveTime::from_hms_opt(17, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
