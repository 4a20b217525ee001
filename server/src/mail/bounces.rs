//! Mails that come back, as whoever watches the mailbox reports them.

use bedring_store::StoreError;
use bedring_store::entities::{contact, mail, mail_choice, person};
use bedring_store::sea_orm::sea_query::{Expr, LockType};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{marks, outbox};
use crate::keys::ContactKeys;
use crate::programme::invitation::{end_ways, kind};
use crate::state::Services;

/// How a mail came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Return {
    /// It did not, or not yet: it is late, was passed on, or arrived.
    Not,
    /// For good, and not because of the address: refused for what it is, or no way there.
    NotTheAddress,
    /// For good, because of the address.
    TheAddress,
}

impl Return {
    /// The name in figures.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Not => "late",
            Self::NotTheAddress => "returned",
            Self::TheAddress => "bounced",
        }
    }
}

/// A mail came back. If it is the fault of the address that it went to, that gets no more and a person is called; if it is not, the mail
/// counts as failed. A delay changes nothing. Reporting it twice is reporting it once.
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such mail.
pub async fn report(services: &Services, id: Uuid, how: Return) -> Result<(), StoreError> {
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    // Unscoped on purpose: whoever reports works for the server.
    let found = mail::Entity::find_by_id(id).one(&*tx).await?;
    let row = found.ok_or(StoreError::NotFound)?;
    if how == Return::Not || row.state == outbox::BOUNCED {
        return Ok(());
    }
    let mut statements = Vec::new();
    // Without an address that it went to, nothing can be said of any.
    if let (Return::TheAddress, Some(person), Some(to)) = (how, row.person_id, &row.recipient_hash)
    {
        lock_person(&*tx, person).await?;
        let is_contact = row.channel == outbox::TO_CONTACT;
        let keys = &services.keys.contact;
        if mark(&*tx, keys, person, is_contact, to, now).await? {
            if !is_contact {
                end_ways(&*tx, person, &[kind::MAIL], now).await?;
            }
            statements.push(super::look_at_person(&*tx, person, now));
        }
    }
    let (state, reason) = if how == Return::TheAddress {
        (outbox::BOUNCED, "bounced")
    } else {
        (outbox::FAILED, outbox::RETURNED)
    };
    mail::Entity::update_many()
        .col_expr(mail::Column::State, Expr::value(state))
        .col_expr(mail::Column::Reason, Expr::value(reason))
        .col_expr(mail::Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(mail::Column::Id.eq(id))
        .filter(mail::Column::State.ne(outbox::BOUNCED))
        .filter(mail::Column::SentAt.is_not_null())
        .exec(&*tx)
        .await?;
    tx.commit_with(statements).await
}

/// One order for all writers: the person first.
pub(super) async fn lock_person<C: ConnectionTrait>(tx: &C, id: Uuid) -> Result<(), StoreError> {
    person::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(tx)
        .await?;
    Ok(())
}

/// There is something against an address from now on, the person's own or their contact's: if it still is the one that the mail went to,
/// which is told by what that is counted by. Of an address that has taken its place since, nothing is known. True if it was marked. The
/// caller holds the person's row.
pub(super) async fn mark<C: ConnectionTrait>(
    tx: &C,
    keys: &ContactKeys,
    person: Uuid,
    is_contact: bool,
    to: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let sealed = if is_contact {
        let row = mail_choice::Entity::find_by_id(person).one(tx).await?;
        row.and_then(|c| c.contact_email_sealed)
    } else {
        let row = contact::Entity::find_by_id(person).one(tx).await?;
        row.and_then(|c| c.email_sealed)
    };
    let same = sealed
        .and_then(|sealed| keys.decrypt(&sealed).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .is_some_and(|email| marks::is_recipient(keys, &email, to));
    if !same {
        return Ok(false);
    }
    make_row(tx, person).await?;
    let column = if is_contact {
        mail_choice::Column::ContactBouncedAt
    } else {
        mail_choice::Column::BouncedAt
    };
    mail_choice::Entity::update_many()
        .col_expr(column, Expr::value(now))
        .filter(mail_choice::Column::PersonId.eq(person))
        .exec(tx)
        .await?;
    Ok(true)
}

/// A row of choices, with none made.
pub(super) async fn make_row<C: ConnectionTrait>(tx: &C, person: Uuid) -> Result<(), StoreError> {
    let row = mail_choice::ActiveModel {
        person_id: Set(person),
        snoozed_until: Set(None),
        stopped_at: Set(None),
        stopped_by_other: Set(false),
        to_contact: Set(false),
        contact_email_sealed: Set(None),
        contact_name_sealed: Set(None),
        contact_said_at: Set(None),
        contact_entry_id: Set(None),
        bounced_at: Set(None),
        contact_bounced_at: Set(None),
        again_at: Set(None),
        again_occasion_id: Set(None),
    };
    mail_choice::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
