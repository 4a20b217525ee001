//! A person's address and whom they named instead: worked out anew from all that was said whenever something about it arrives.
//!
//! What a person said stays sealed in its entry until the ledger says that nobody can need it any more: a later word took its place, or a
//! no or a withdrawal was said after it. Only then it is forgotten, so that a yes which arrives late finds the address that was given with
//! it. Until somebody may be asked, nothing of it stands where staff or mails could use it.
//!
//! What was forgotten still has its place among the others, or else it would depend on the order of arrival whether an older word counts
//! again: the later word that took its place may have been ended and forgotten before the older one came. The place is worked out from
//! what an emptied entry keeps: its id, whose time is that of the device, and when it was sent and received.
//!
//! What staff typed has no entry. It goes with the first no that was said after it was typed, whatever arrives later.

use std::collections::BTreeSet;

use bedring_domain::address::typed_address;
use bedring_domain::consent::{Clocks, Decision, LedgerEvent, Purpose, Word, said_at};
use bedring_domain::journal::{CONTACT_PERSON_NAMED, Event};
use bedring_store::entities::{contact, journal_entry};
use bedring_store::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use bedring_store::{StoreError, convert};
use chrono::{DateTime, FixedOffset};
use uuid::Uuid;

use super::batch::Context;
use super::erasure::forget_entries;
use super::opened::reopen;
use super::person_events::PersonFacts;
use super::state;
use crate::mail::{self, Named, Said};

/// The kind of the entries that give the person's own address.
const OWN: &str = "contact_given";
/// The kinds of entries that this is about.
const KINDS: [&str; 3] = [OWN, CONTACT_PERSON_NAMED, "contact_person_removed"];

/// Something a person said about where mails go, as far as its entry still holds it.
struct Statement {
    word: Word,
    /// About the person's own address; or else about whom they named instead.
    own: bool,
    says: Says,
}

enum Says {
    Address(String),
    Person(Named),
    NobodyInstead,
    Forgotten,
}

impl Statement {
    /// Of several the one said last counts; of one moment the larger entry.
    const fn place(&self) -> (DateTime<FixedOffset>, Uuid) {
        (self.word.at, self.word.entry)
    }

    const fn is_forgotten(&self) -> bool {
        matches!(self.says, Says::Forgotten)
    }
}

/// Brings what is held of a person's address and contact in line with all that was said, and forgets what nobody can need any more. True
/// if another address of the person's own stands there now.
///
/// # Errors
/// As the database says.
pub async fn settle<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    facts: &PersonFacts,
) -> Result<bool, StoreError> {
    let said = statements(ctx, tx, facts.row.id).await?;
    let (own, instead): (Vec<_>, Vec<_>) = said.into_iter().partition(|s| s.own);
    let mut forgotten = BTreeSet::new();
    let new_address = address(ctx, tx, facts, &own, &mut forgotten).await?;
    contact_person(ctx, tx, facts, &instead, &mut forgotten).await?;
    forget_entries(tx, forgotten).await?;
    Ok(new_address)
}

/// What the entries say, and the places of those that were forgotten. One that this server cannot open (a key is missing) says nothing, and
/// stays.
async fn statements<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    person: Uuid,
) -> Result<Vec<Statement>, StoreError> {
    let rows = journal_entry::Entity::find()
        .filter(journal_entry::Column::PersonId.eq(person))
        .filter(journal_entry::Column::Kind.is_in(KINDS))
        .filter(journal_entry::Column::State.eq(state::APPLIED))
        .all(tx)
        .await?;
    let mut said = Vec::with_capacity(rows.len());
    for row in rows {
        let at = placed_at(&row);
        let own = row.kind.as_deref() == Some(OWN);
        let Some(body) = &row.body else {
            let word = Word {
                entry: row.id,
                at,
                clocks: None,
            };
            let says = Says::Forgotten;
            said.push(Statement { word, own, says });
            continue;
        };
        let (_, Ok(content)) = reopen(row.seal_key.as_deref(), body, ctx.keys) else {
            tracing::error!(entry = %row.id, "an address cannot be opened: is a key missing?");
            continue;
        };
        let says = match content.event {
            Event::ContactGiven { email } => Says::Address(bare(email)),
            Event::ContactPersonNamed { email, name } => Says::Person(Named {
                email: bare(email),
                name,
            }),
            Event::ContactPersonRemoved => Says::NobodyInstead,
            _ => continue,
        };
        let clocks = Clocks {
            device: row.device_id,
            recorded: content.recorded_at.get(),
            sent: convert::device_time(&row.device_sent_at),
            received: row.received_at.fixed_offset(),
        };
        let word = Word {
            entry: row.id,
            at,
            clocks: Some(clocks),
        };
        said.push(Statement { word, own, says });
    }
    Ok(said)
}

/// When an entry was said, from what it keeps when its body is emptied: a device makes the id when it writes.
fn placed_at(row: &journal_entry::Model) -> DateTime<FixedOffset> {
    let received = row.received_at.fixed_offset();
    let millis = i64::try_from(row.id.as_u128() >> 80).ok();
    let written = millis.and_then(DateTime::from_timestamp_millis);
    written.map_or(received, |written| {
        let sent = convert::device_time(&row.device_sent_at);
        said_at(written.fixed_offset(), sent, received)
    })
}

/// An address as mail is sent to it. Entries were taken in by older rules, too.
fn bare(typed: String) -> String {
    typed_address(&typed).unwrap_or(typed)
}

/// A no or a withdrawal that ends asking at all.
fn ends_asking(event: &LedgerEvent) -> bool {
    event.purpose == Purpose::Evaluation && event.decision != Decision::Given
}

/// A no to reminders alone ends what the person's own address was given for, too.
fn ends_reminding(event: &LedgerEvent) -> bool {
    ends_asking(event) || event.purpose == Purpose::Reminders && event.decision != Decision::Given
}

/// A stop was said after this, or may have been: then it is forgotten, for a stop counts.
fn ended(facts: &PersonFacts, word: &Word, stops: impl Fn(&LedgerEvent) -> bool) -> bool {
    let mut stops = facts.ledger.iter().filter(|e| stops(e));
    stops.any(|stop| !word.surely_after(&stop.word()))
}

/// The same of what staff typed at a moment.
fn ended_typed(facts: &PersonFacts, at: chrono::DateTime<chrono::Utc>) -> bool {
    let word = Word {
        entry: Uuid::nil(),
        at: at.fixed_offset(),
        clocks: None,
    };
    ended(facts, &word, ends_asking)
}

async fn address<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    facts: &PersonFacts,
    said: &[Statement],
    forgotten: &mut BTreeSet<Uuid>,
) -> Result<bool, StoreError> {
    if said.is_empty() && !facts.ledger.iter().any(ends_reminding) {
        return Ok(false);
    }
    let found = contact::Entity::find_by_id(facts.row.id).one(tx).await?;
    let stored = found.clone().unwrap_or_else(|| nobody(facts.row.id));
    let mut row = stored.clone();
    if row.email_entry_id.is_none() {
        let typed = row.email_said_at.or(row.written_at);
        if ended_typed(facts, typed.unwrap_or(facts.row.created_at)) {
            row = with_address(ctx, row, None);
        }
    }
    if ended_typed(facts, row.written_at.unwrap_or(facts.row.created_at)) {
        row.name_sealed = None;
        row.phone_sealed = None;
    }
    // What staff wrote at a known moment is replaced only by what was said later.
    let desk = row.email_said_at.filter(|_| row.email_entry_id.is_none());
    let last = said.iter().max_by_key(|s| s.place());
    let last = last.filter(|s| desk.is_none_or(|at| at.fixed_offset() <= s.word.at));
    let kept = last.filter(|s| !s.is_forgotten() && !ended(facts, &s.word, ends_reminding));
    let others = said.iter().filter(|s| !s.is_forgotten());
    let others = others.map(|s| s.word.entry);
    forgotten.extend(others.filter(|id| kept.is_none_or(|kept| kept.word.entry != *id)));
    match kept.filter(|_| facts.standing.may_ask()) {
        Some(shown) if row.email_entry_id == Some(shown.word.entry) => {}
        Some(shown) => row = with_address(ctx, row, Some(shown)),
        // A later word took the place of what staff typed, even if a stop ended that word before it came.
        None if row.email_entry_id.is_none() && last.is_none() => {}
        None => row = with_address(ctx, row, None),
    }
    let another = row.email_entry_id.is_some() && row.email_entry_id != stored.email_entry_id;
    let empty = row.email_sealed.is_none() && row.email_said_at.is_none();
    match found {
        Some(_) if empty && row.name_sealed.is_none() && row.phone_sealed.is_none() => {
            contact::Entity::delete_by_id(row.person_id)
                .exec(tx)
                .await?;
        }
        Some(before) if before != row => {
            row.into_active_model().reset_all().update(tx).await?;
        }
        None if !empty => {
            contact::Entity::insert(row.into_active_model().reset_all())
                .exec_without_returning(tx)
                .await?;
        }
        _ => {}
    }
    Ok(another)
}

const fn nobody(person_id: Uuid) -> contact::Model {
    contact::Model {
        person_id,
        name_sealed: None,
        email_sealed: None,
        email_said_at: None,
        email_entry_id: None,
        phone_sealed: None,
        written_at: None,
    }
}

fn with_address(
    ctx: &Context<'_>,
    row: contact::Model,
    said: Option<&Statement>,
) -> contact::Model {
    let email = said.and_then(|s| match &s.says {
        Says::Address(email) => Some(email),
        Says::Person(_) | Says::NobodyInstead | Says::Forgotten => None,
    });
    contact::Model {
        email_sealed: email.map(|e| ctx.keys.contact.encrypt(ctx.random, e.as_bytes())),
        email_said_at: said.map(|s| s.word.at.to_utc()),
        email_entry_id: said.map(|s| s.word.entry),
        ..row
    }
}

/// Whom the person named, unless the desk or the contact had a later word.
async fn contact_person<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    facts: &PersonFacts,
    said: &[Statement],
    forgotten: &mut BTreeSet<Uuid>,
) -> Result<(), StoreError> {
    if said.is_empty() && !facts.ledger.iter().any(ends_asking) {
        return Ok(());
    }
    let id = facts.row.id;
    let held = mail::contact_held(tx, id).await?;
    let last = said.iter().max_by_key(|s| s.place());
    let desk = held.as_ref().filter(|held| held.entry.is_none());
    let last = last.filter(|s| {
        desk.and_then(|desk| desk.at)
            .is_none_or(|at| at <= s.word.at)
    });
    let kept =
        last.filter(|s| matches!(s.says, Says::Person(_)) && !ended(facts, &s.word, ends_asking));
    let names = said.iter().filter(|s| matches!(s.says, Says::Person(_)));
    let names = names.map(|s| s.word.entry);
    forgotten.extend(names.filter(|id| kept.is_none_or(|kept| kept.word.entry != *id)));
    let Some(last) = last else {
        let Some(desk) = desk.filter(|desk| desk.address) else {
            return clear_own(tx, facts, held).await;
        };
        let typed = desk.at.map_or(facts.row.created_at, |at| at.to_utc());
        return if ended_typed(facts, typed) {
            mail::clear_contact(tx, id).await
        } else {
            Ok(())
        };
    };
    let shown = kept.filter(|_| facts.standing.may_ask());
    let stands = held
        .is_some_and(|held| held.entry == Some(last.word.entry) && held.address == shown.is_some());
    if stands {
        return Ok(());
    }
    let contact = shown.and_then(|s| match &s.says {
        Says::Person(named) => Some(named.clone()),
        Says::Address(_) | Says::NobodyInstead | Says::Forgotten => None,
    });
    let word = Said {
        at: last.word.at,
        entry: last.word.entry,
        contact,
    };
    mail::person_says(tx, ctx.random, &ctx.keys.contact, id, &word).await
}

/// The entry that named whoever is held was forgotten before: so is who is held, if a stop came after.
async fn clear_own<C: ConnectionTrait>(
    tx: &C,
    facts: &PersonFacts,
    held: Option<mail::Held>,
) -> Result<(), StoreError> {
    let may_stay = facts.standing.may_ask();
    match held {
        Some(held) if held.address && !may_stay => mail::clear_contact(tx, facts.row.id).await,
        _ => Ok(()),
    }
}
