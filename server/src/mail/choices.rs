//! What somebody chooses from a mail, without logging in: later, somebody else, never again.

use std::collections::BTreeSet;

use bedring_contract::staff::ChangeAccountChoices;
use bedring_store::StoreError;
use bedring_store::entities::{account, mail, mail_choice, person};
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Statement,
};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::later::{self, Later, Next};
use super::shared::{self, Reached};
use super::{bounces, contacts, marks, outbox};
use crate::accounts;
use crate::calendar;
use crate::programme::invitation::{end_ways, kind};
use crate::state::Services;

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Once more in the evening; or tomorrow, if it is too late today.
    LaterToday,
    /// Not for a week.
    InAWeek,
    /// Write to the person that I named.
    Contact,
    /// Write no more to this address.
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
    /// When the mail would come once more; none: it would not.
    pub later: Option<Later>,
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
    let known = later::about(db, services, &row).await?;
    let later = known.and_then(|known| later::when(&known, services.clock.now()));
    let choice = read(db, person_id).await?;
    let has_contact = choice
        .as_ref()
        .is_some_and(|c| c.contact_email_sealed.is_some() && c.contact_bounced_at.is_none());
    Ok(Some(Holder {
        whom: Whom::Person(person_id),
        is_contact: row.channel == outbox::TO_CONTACT,
        has_contact,
        language: person.language,
        later,
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
        later: None,
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
        Choice::LaterToday => !holder.is_contact && holder.later.is_some(),
        Choice::InAWeek => !holder.is_contact,
    }
}

/// Does it, and gives what comes next. Doing it twice on a day is doing it once.
///
/// # Errors
/// As the database says.
pub async fn choose(
    services: &Services,
    holder: &Holder,
    choice: Choice,
) -> Result<Next, StoreError> {
    if offered(holder, choice) {
        write_down(services, holder, choice).await?;
    }
    let known = later::about(services.db.read(), services, &holder.mail).await?;
    Ok(later::next(known.as_ref(), services.clock.now()))
}

async fn write_down(
    services: &Services,
    holder: &Holder,
    choice: Choice,
) -> Result<(), StoreError> {
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
    if choice == Choice::Never {
        let looks = no_more(services, &*tx, holder, person, now).await?;
        return tx.commit_with(looks).await;
    }
    bounces::lock_person(&*tx, person).await?;
    bounces::make_row(&*tx, person).await?;
    let update =
        mail_choice::Entity::update_many().filter(mail_choice::Column::PersonId.eq(person));
    let wait = |until: DateTime<Utc>, again: Option<DateTime<Utc>>| {
        use mail_choice::Column;
        mail_choice::Entity::update_many()
            .filter(Column::PersonId.eq(person))
            .col_expr(Column::SnoozedUntil, Expr::value(until))
            .col_expr(Column::AgainAt, Expr::value(again))
            .col_expr(
                Column::AgainOccasionId,
                Expr::value(holder.mail.occasion_id),
            )
    };
    let update = match (choice, holder.later) {
        (Choice::LaterToday, Some(later)) => {
            let at = calendar::moment(later.at.date(), later.at.time());
            wait(at, Some(at))
        }
        (Choice::InAWeek, _) => wait(in_a_week(now), None),
        (Choice::Contact, _) => update.col_expr(mail_choice::Column::ToContact, Expr::value(true)),
        // Done above, or not offered.
        (Choice::LaterToday | Choice::Never | Choice::Again, _) => return Ok(()),
    };
    update.exec(&*tx).await?;
    let look = super::look_at_person(&*tx, person, now);
    tx.commit_with(vec![look]).await
}

/// Nobody is reminded at the address any more: a contact speaks for having been named, whoever named them, and is forgotten; a person speaks
/// for the address, also where somebody else shares it. Gives the looks to take.
async fn no_more<C: ConnectionTrait>(
    services: &Services,
    tx: &C,
    holder: &Holder,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Statement>, StoreError> {
    let keys = &services.keys.contact;
    let mut reached = match holder.mail.recipient_hash.as_deref() {
        Some(hash) => shared::reached(tx, keys, hash).await?,
        None => Reached::default(),
    };
    if holder.is_contact {
        reached.own.clear();
        reached.named.insert(person);
    } else {
        reached.own.insert(person);
    }
    let all: BTreeSet<Uuid> = reached.own.union(&reached.named).copied().collect();
    for id in &all {
        bounces::lock_person(tx, *id).await?;
    }
    for id in &reached.named {
        contacts::refuse(services, tx, &holder.mail, *id, now).await?;
    }
    for id in &reached.own {
        stop(tx, *id, *id != person, now).await?;
        // Whoever wants no more mails there may be somebody to whom none should have gone.
        end_ways(tx, *id, &[kind::MAIL], now).await?;
    }
    let look = |id: &Uuid| super::look_at_person(tx, *id, now);
    Ok(all.iter().map(look).collect())
}

/// Nobody writes to a person any more. The first word holds, but what the person says in their own mail stands before what another said.
async fn stop<C: ConnectionTrait>(
    tx: &C,
    person: Uuid,
    by_other: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    use mail_choice::Column;
    bounces::make_row(tx, person).await?;
    let mut not_yet = Condition::any().add(Column::StoppedAt.is_null());
    if !by_other {
        not_yet = not_yet.add(Column::StoppedByOther.eq(true));
    }
    mail_choice::Entity::update_many()
        .col_expr(Column::StoppedAt, Expr::value(now))
        .col_expr(Column::StoppedByOther, Expr::value(by_other))
        .filter(Column::PersonId.eq(person))
        .filter(not_yet)
        .exec(tx)
        .await?;
    Ok(())
}

/// Until when "in a week" is, counted from the day and not from the second.
fn in_a_week(now: DateTime<Utc>) -> DateTime<Utc> {
    calendar::moment(calendar::day_of(now) + TimeDelta::days(7), NaiveTime::MIN)
}
