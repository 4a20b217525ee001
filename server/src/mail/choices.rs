//! What somebody chooses from a mail, without logging in: later, somebody else, never again.

use bedring_contract::staff::ChangeAccountChoices;
use bedring_store::StoreError;
use bedring_store::entities::{account, mail, mail_choice, person};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{bounces, contacts, marks, outbox};
use crate::accounts;
use crate::calendar;
use crate::programme::invitation::{end_ways, kind};
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
    /// Write again after all.
    Again,
}

impl Choice {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::LaterToday,
        Self::InAWeek,
        Self::Contact,
        Self::Never,
        Self::Again,
    ];

    /// The name in the form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LaterToday => "later_today",
            Self::InAWeek => "in_a_week",
            Self::Contact => "contact",
            Self::Never => "never",
            Self::Again => "again",
        }
    }

    /// The choice of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == name)
    }
}

/// Whom a mail went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// A person or their contact, about this person.
    Person(Uuid),
    /// Somebody who logs in.
    Account {
        /// The account.
        id: Uuid,
        /// It wants the weekly mail.
        wants_digest: bool,
    },
}

/// Whoever holds a mail's token.
pub struct Holder {
    /// Whom it went to.
    pub whom: Whom,
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
    if let Some(account) = row.account_id {
        return of_account(services, row, account).await;
    }
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
        whom: Whom::Person(person_id),
        is_contact: row.channel == outbox::TO_CONTACT,
        has_contact,
        language: person.language,
        mail: row,
    }))
}

async fn of_account(
    services: &Services,
    mail: mail::Model,
    id: Uuid,
) -> Result<Option<Holder>, StoreError> {
    let db = services.db.read();
    let account = account::Entity::find_by_id(id)
        .filter(account::Column::DisabledAt.is_null())
        .one(db)
        .await?;
    if account.is_none() {
        return Ok(None);
    }
    let chosen = accounts::choices::of(db, id).await?;
    Ok(Some(Holder {
        whom: Whom::Account {
            id,
            wants_digest: chosen.weekly_digest,
        },
        is_contact: false,
        has_contact: false,
        language: chosen.language.map_or("da", |l| l.as_str()).to_owned(),
        mail,
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
    if let Whom::Account { wants_digest, .. } = holder.whom {
        // Asking twice for no more is the same as asking once.
        return choice == Choice::Never || (choice == Choice::Again && !wants_digest);
    }
    match choice {
        Choice::Never => true,
        Choice::Again => false,
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
    let person = match holder.whom {
        Whom::Person(person) => person,
        Whom::Account { id, .. } => {
            let change = ChangeAccountChoices {
                language: None,
                weekly_digest: Some(choice == Choice::Again),
            };
            accounts::choices::apply(&*tx, id, &change, now).await?;
            return tx.commit().await;
        }
    };
    bounces::lock_person(&*tx, person).await?;
    bounces::make_row(&*tx, person).await?;
    let update =
        mail_choice::Entity::update_many().filter(mail_choice::Column::PersonId.eq(person));
    let look = super::look_at_person(&*tx, person, now);
    let update = match choice {
        Choice::LaterToday | Choice::InAWeek => update.col_expr(
            mail_choice::Column::SnoozedUntil,
            Expr::value(later(choice, now)),
        ),
        Choice::Contact => update.col_expr(mail_choice::Column::ToContact, Expr::value(true)),
        // The contact speaks for their own address only: it is forgotten, and the person is written to again.
        Choice::Never if holder.is_contact => {
            contacts::refuse(services, &*tx, &holder.mail, person, now).await?;
            return tx.commit_with(vec![look]).await;
        }
        Choice::Never => update
            .col_expr(mail_choice::Column::StoppedAt, Expr::value(now))
            .filter(mail_choice::Column::StoppedAt.is_null()),
        // Not offered to people.
        Choice::Again => return Ok(()),
    };
    if choice == Choice::Never {
        end_ways(&*tx, person, &[kind::MAIL], now).await?;
    }
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
