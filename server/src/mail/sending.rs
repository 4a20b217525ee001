//! Sending: claim, ask the rule again under the locks, hand over outside of any transaction, and write down what became of it.
//!
//! If the server dies between handing over and writing down, the row says that the mail may have gone, and it goes again when its lease has
//! run out, with the same Message-ID and the same link.

use bedring_domain::reminder::NextStep;
use bedring_store::StoreError;
use bedring_store::entities::{followup, mail};
use bedring_store::sea_orm::sea_query::{Expr, LockType};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Statement,
};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream;

use super::content::{self, ContentError};
use super::facts::{self, Known, Reading};
use super::outbox::{self, Claim, Fate};
use super::people::Target;
use super::planning::{at_wall, look_at_occasion, look_at_person, reason};
use super::wording::{self, Language};
use super::{bounces, digest, marks};
use crate::calendar;
use crate::observe::metrics;
use crate::ports::{MailError, Mailer, Outgoing};
use crate::programme::invitation;
use crate::state::Services;

/// Most mails in one turn: all of them must be over before the lease of the last is.
const MOST: u32 = 50;

/// Sends what is due, one turn. Gives how many mails were dealt with: sent, stopped, put off.
///
/// # Errors
/// As the database says, when mails are claimed.
pub async fn send_due(services: &Services) -> Result<usize, StoreError> {
    let Some(mailer) = services.mail.mailer.as_deref() else {
        return Ok(0);
    };
    let connections = usize::try_from(services.config.mail.max_connections).unwrap_or(1);
    // One after the other through one connection, and still within the lease.
    let most = MOST.min(services.config.mail.max_connections.saturating_mul(8));
    let (db, limit) = (&services.db, &services.mail.limit);
    let Claim { mails, wait_s } =
        outbox::claim(db, limit, services.clock.now(), most.into()).await?;
    services.mail.set_pause(wait_s);
    let sends: Vec<BoxFuture<'_, _>> = mails
        .iter()
        .map(|mail| Box::pin(send(services, mailer, mail)) as BoxFuture<'_, _>)
        .collect();
    stream::iter(sends)
        .buffer_unordered(connections.max(1))
        .for_each(|outcome| async move {
            if let Err(error) = outcome {
                // Its lease runs out, and it comes again.
                tracing::error!(%error, "a mail could not be prepared, or what became of it not written down");
            }
        })
        .await;
    Ok(mails.len())
}

async fn send(
    services: &Services,
    mailer: &dyn Mailer,
    mail: &mail::Model,
) -> Result<(), StoreError> {
    let now = services.clock.now();
    // What waited too long for the others of its turn might be somebody else's before it is over.
    if mail
        .lease_until
        .is_none_or(|until| until - now < outbox::SPARE)
    {
        let tx = services.db.begin().await?;
        let back = outbox::settle(&*tx, mail, Fate::PutOff(now), now);
        return tx.commit_with(vec![back]).await;
    }
    let prepared = if mail.kind == outbox::DIGEST {
        digest::prepare(services, mail, now).await?
    } else {
        prepare(services, mail, now).await?
    };
    let Some((outgoing, target)) = prepared else {
        return Ok(());
    };
    let outcome = mailer.send(outgoing).await;
    record(services, mail, target.as_ref(), outcome).await
}

/// Under the locks of the person and the row: is it still to go? If so the row says from now on that it may have gone.
async fn prepare(
    services: &Services,
    mail: &mail::Model,
    now: DateTime<Utc>,
) -> Result<Option<(Outgoing, Option<Target>)>, StoreError> {
    let tx = services.db.begin().await?;
    let reading = Reading {
        keys: &services.keys.contact,
        mail_on: true,
        except: Some(mail.id),
    };
    // Unscoped on purpose: the server's own work.
    let rows = followup::Entity::find()
        .filter(followup::Column::OccasionId.eq(mail.occasion_id))
        .all(&*tx)
        .await?;
    let known = facts::load(&*tx, reading, &rows).await?.pop();
    if !is_held(&*tx, mail).await? {
        return Ok(None);
    }
    let Some(known) = known else {
        let gone = outbox::settle(&*tx, mail, Fate::Stopped("gone"), now);
        tx.commit_with(vec![gone]).await?;
        return Ok(None);
    };
    let step = known.next_step(now);
    let target = match judge(&known, mail, step, now) {
        Verdict::Go(target) => target,
        Verdict::Not(fate) => {
            let statements = after(&*tx, &known, mail, fate, now);
            tx.commit_with(statements).await?;
            return Ok(None);
        }
    };
    let outgoing = match compose(services, &known, mail, target, now) {
        Ok(outgoing) => outgoing,
        Err(error) => {
            tracing::error!(%error, "a mail cannot be made");
            let statements = after(&*tx, &known, mail, Fate::Failed("unwritable"), now);
            tx.commit_with(statements).await?;
            return Ok(None);
        }
    };
    if !target.is_contact {
        let secret = marks::link_secret(&services.keys.contact, mail.id);
        invitation::let_in(&*tx, &secret, known.person.id, now).await?;
    }
    may_have_gone(&*tx, mail, target, now).await?;
    tx.commit().await?;
    Ok(Some((outgoing, Some(target.clone()))))
}

/// Is the mail still ours? Locks its row.
pub(super) async fn is_held<C: ConnectionTrait>(
    tx: &C,
    mail: &mail::Model,
) -> Result<bool, StoreError> {
    let row = mail::Entity::find_by_id(mail.id)
        .lock(LockType::Update)
        .one(tx)
        .await?;
    Ok(row.is_some_and(|r| r.state == outbox::SENDING && r.lease_until == mail.lease_until))
}

/// From now on it counts as a mail to this address today.
async fn may_have_gone<C: ConnectionTrait>(
    tx: &C,
    mail: &mail::Model,
    target: &Target,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let channel = if target.is_contact {
        outbox::TO_CONTACT
    } else {
        outbox::TO_SELF
    };
    mail::Entity::update_many()
        .col_expr(
            mail::Column::RecipientHash,
            Expr::value(target.hash.to_vec()),
        )
        .col_expr(mail::Column::Channel, Expr::value(channel))
        .col_expr(mail::Column::SentAt, Expr::value(now))
        .filter(mail::Column::Id.eq(mail.id))
        .exec(tx)
        .await?;
    Ok(())
}

enum Verdict<'a> {
    Go(&'a Target),
    Not(Fate),
}

fn judge<'a>(
    known: &'a Known,
    mail: &mail::Model,
    step: NextStep,
    now: DateTime<Utc>,
) -> Verdict<'a> {
    let wall = calendar::local(now);
    let may_have_gone = mail.sent_at.is_some();
    let in_vain = mail.attempts > 0 && matches!(step, NextStep::Call { .. });
    let ended = |why| {
        // What may have gone keeps its place among those that went.
        Verdict::Not(if may_have_gone {
            Fate::Presumed
        } else if in_vain {
            Fate::GivenUp
        } else {
            Fate::Stopped(why)
        })
    };
    match (step, &known.target) {
        (NextStep::Mail { number, .. }, _)
            if mail.kind != outbox::REMINDER || u32::try_from(mail.number) != Ok(number) =>
        {
            ended("overtaken")
        }
        (NextStep::Again { .. }, _) if mail.kind != outbox::AGAIN => ended("overtaken"),
        (NextStep::Mail { at, .. } | NextStep::Again { at, .. }, Some(target)) if at <= wall => {
            Verdict::Go(target)
        }
        (NextStep::Again { at, .. }, _) => Verdict::Not(Fate::PutOff(at_wall(at, now))),
        (NextStep::Mail { at, .. }, _) => {
            let snoozed = known.snoozed_until.is_some_and(|until| until > wall);
            if snoozed && !may_have_gone {
                ended("later")
            } else {
                // Quiet hours, or the address has had its mail today.
                Verdict::Not(Fate::PutOff(at_wall(at, now)))
            }
        }
        _ => ended(reason(known, step)),
    }
}

fn compose(
    services: &Services,
    known: &Known,
    mail: &mail::Model,
    target: &Target,
    now: DateTime<Utc>,
) -> Result<Outgoing, ContentError> {
    let (keys, base) = (&services.keys.contact, services.config.server.base_url());
    let (from, reply_to) = content::sender(&services.config, Some(&known.policy));
    let language = Language::of(&known.person.language);
    let choose = format!("{base}/m/{}", marks::choice_token(keys, mail.id));
    let letter = if target.is_contact {
        wording::to_contact(language, from.name.clone(), choose.clone())
    } else {
        let open = invitation::address(&base, &marks::link_secret(keys, mail.id));
        wording::reminder(language, from.name.clone(), open, choose.clone())
    };
    let envelope = content::Envelope {
        message_id: mail.message_id.clone(),
        date: now,
        from,
        reply_to,
        to: target.email.clone(),
        // RFC 8058 is about https alone.
        unsubscribe: services.config.server.is_https().then_some(choose),
    };
    content::mail(envelope, &letter)
}

/// What is written when a reminder does not go, or did: its fate, and that somebody looks at the occasion again.
fn after<C: ConnectionTrait>(
    db: &C,
    known: &Known,
    mail: &mail::Model,
    fate: Fate,
    now: DateTime<Utc>,
) -> Vec<Statement> {
    let mut statements = vec![outbox::settle(db, mail, fate, now)];
    if !matches!(fate, Fate::PutOff(_)) {
        statements.push(look_at_occasion(db, known.followup.occasion_id, now));
    }
    statements
}

/// Writes down what became of a mail that was handed over.
async fn record(
    services: &Services,
    mail: &mail::Model,
    target: Option<&Target>,
    outcome: Result<(), MailError>,
) -> Result<(), StoreError> {
    let now = services.clock.now();
    metrics::mail(outcome.err().map(MailError::kind));
    let fate = match outcome {
        Ok(()) => Fate::Sent,
        Err(error) => {
            tracing::warn!(mail = %mail.id, kind = error.kind(), %error, "a mail was not taken");
            // By tries as well, for a row that was written by a clock that was ahead.
            let given_up =
                now - mail.created_at > outbox::PATIENCE || mail.attempts >= outbox::MOST_TRIES;
            if error.is_passing() && !given_up {
                Fate::Again(error.kind())
            } else {
                Fate::Failed(error.kind())
            }
        }
    };
    let tx = services.db.begin().await?;
    let mut statements = Vec::new();
    if let (Some(person), Some(target)) = (mail.person_id, target)
        && outcome.is_err_and(|e| !e.is_passing())
    {
        // Somebody calls now, about whatever else the person is asked as well.
        bounces::lock_person(&*tx, person).await?;
        let (keys, is_contact) = (&services.keys.contact, target.is_contact);
        if bounces::mark(&*tx, keys, person, is_contact, &target.hash, now).await? {
            statements.push(look_at_person(&*tx, person, now));
        }
    }
    // The occasion before the mail, as everywhere.
    if let (Some(occasion), false) = (mail.occasion_id, matches!(fate, Fate::Again(_))) {
        statements.push(look_at_occasion(&*tx, occasion, now));
    }
    statements.push(outbox::settle(&*tx, mail, fate, now));
    tx.commit_with(statements).await
}
