//! What entries do to people beyond a plain row: where they stand, what they are, their address, release from quarantine. Erasure
//! has a file of its own.
//!
//! All of it is a function of the set of entries that arrived, never of their order: standing comes from the whole ledger, the type and
//! the address from the latest statement, and an erasure removes what came before it and keeps out what comes after.

use std::collections::{BTreeSet, HashMap};

use bedring_domain::consent::{Decision, LedgerEvent, Purpose, Scope, Standing, standing};
use bedring_domain::instrument::EditionRef;
use bedring_domain::journal::{CONTACT_PERSON_NAMED, Event, Reason};
use bedring_store::entities::{contact, journal_entry, occasion, person, response, stated_type};
use bedring_store::plan::from_json;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect, Select,
};
use bedring_store::{StoreError, convert};
use chrono::{DateTime, FixedOffset, Utc};
use uuid::Uuid;

use super::batch::Context;
use super::erasure::{erase, erase_contact, forget_bodies};
use super::language::{self, Spoken};
use super::{retry, state};
use crate::followup::changes::By;
use crate::mail::{self, Named, Said};

/// A person as a batch knows them, and what it changed.
pub struct PersonFacts {
    /// As read, locked.
    pub row: person::Model,
    /// The ledger, read only if something in the batch depends on it.
    pub ledger: Vec<LedgerEvent>,
    /// Where the person stands now.
    pub standing: Standing,
    /// Something was said about what the person is.
    pub type_stated: bool,
    consents: bool,
    contact: Option<(DateTime<FixedOffset>, Uuid, String)>,
    contact_person: Option<Said>,
    spoken: Option<Spoken>,
}

impl PersonFacts {
    /// As read.
    pub fn new(row: person::Model) -> Self {
        let standing = convert::standing(&row);
        Self {
            row,
            ledger: Vec::new(),
            standing,
            type_stated: false,
            consents: false,
            contact: None,
            contact_person: None,
            spoken: None,
        }
    }

    /// Everything about the person was erased, or is about to be in this batch.
    pub fn erased(&self) -> bool {
        self.row.erased_at.is_some()
    }

    /// Whether there is anything to write.
    pub fn changed(&self) -> bool {
        self.consents
            || self.type_stated
            || self.contact.is_some()
            || self.contact_person.is_some()
            || self.spoken.is_some()
    }

    /// A yes, a no, or a withdrawal.
    pub fn consent(&mut self, recorded_at: DateTime<FixedOffset>, entry: Uuid, event: &Event) {
        let (purpose, decision) = match event {
            Event::ConsentGiven(words) => (words.purpose, Decision::Given),
            Event::ConsentDeclined(words) => (words.purpose, Decision::Declined),
            Event::ConsentWithdrawn { scope } => (Purpose::Evaluation, Decision::Withdrawn(*scope)),
            _ => return,
        };
        self.ledger.push(LedgerEvent {
            entry,
            recorded_at,
            purpose,
            decision,
        });
        self.standing = standing(&self.ledger);
        self.consents = true;
    }

    /// A language that was read or answered in; of several the last counts.
    pub fn spoke(&mut self, spoken: Spoken) {
        if self
            .spoken
            .is_none_or(|before| spoken.is_later_than(&before))
        {
            self.spoken = Some(spoken);
        }
    }

    /// An address; of several the one stated last counts.
    pub fn contact_given(
        &mut self,
        recorded_at: DateTime<FixedOffset>,
        entry: Uuid,
        email: String,
    ) {
        if self
            .contact
            .as_ref()
            .is_none_or(|(at, id, _)| (*at, *id) < (recorded_at, entry))
        {
            self.contact = Some((recorded_at, entry, email));
        }
    }

    /// Whom to remind instead, or that nobody is; what was said last counts.
    pub fn contact_person(
        &mut self,
        at: DateTime<FixedOffset>,
        entry: Uuid,
        contact: Option<Named>,
    ) {
        let before = self.contact_person.as_ref();
        if before.is_none_or(|said| (said.at, said.entry) < (at, entry)) {
            self.contact_person = Some(Said { at, entry, contact });
        }
    }

    /// The person is not to be asked any more, or said so after this: then nobody is reminded instead either. A no to reminders alone
    /// only keeps mails from going.
    fn asking_ended(&self, at: DateTime<FixedOffset>, entry: Uuid) -> bool {
        let later_no = |e: &LedgerEvent| ends_asking(e) && (e.recorded_at, e.entry) > (at, entry);
        !self.standing.may_ask() || self.ledger.iter().any(later_no)
    }

    /// A later no or withdrawal has ended what an address was given for. The reminders' own yes and no count, too.
    fn contact_ended(&self, given_at: DateTime<FixedOffset>, entry: Uuid) -> bool {
        self.ledger.iter().any(|e| {
            matches!(e.purpose, Purpose::Evaluation | Purpose::Reminders)
                && e.decision != Decision::Given
                && (e.recorded_at, e.entry) > (given_at, entry)
        })
    }
}

fn ends_asking(event: &LedgerEvent) -> bool {
    event.purpose == Purpose::Evaluation && event.decision != Decision::Given
}

/// Whether deciding about an event takes the person's whole ledger.
pub const fn needs_ledger(event: &Event) -> bool {
    matches!(
        event,
        Event::ConsentGiven(_)
            | Event::ConsentDeclined(_)
            | Event::ConsentWithdrawn { .. }
            | Event::ContactGiven { .. }
            | Event::ContactPersonNamed { .. }
    )
}

/// An occasion as a batch knows it.
pub struct OccasionFacts {
    /// As read.
    pub row: occasion::Model,
    asked: Vec<EditionRef>,
    answered: BTreeSet<String>,
}

impl OccasionFacts {
    /// Whether it asks an instrument, in whatever edition: a phone may have been away while a new one was published.
    pub fn asks(&self, instrument: &str) -> bool {
        self.asked.iter().any(|e| e.instrument == instrument)
    }

    /// Notes an answer; true if now all instruments are answered and were not before.
    pub fn answer(&mut self, instrument: &str) -> bool {
        self.answered.insert(instrument.to_owned());
        self.row.completed_at.is_none()
            && self
                .asked
                .iter()
                .all(|e| self.answered.contains(&e.instrument))
    }
}

/// Occasions with what was answered of them: one row for each response, or one if there is none.
pub fn occasions_query(ids: BTreeSet<Uuid>) -> Select<occasion::Entity> {
    let to_response = occasion::Entity::belongs_to(response::Entity)
        .from(occasion::Column::Id)
        .to(response::Column::OccasionId)
        .into();
    occasion::Entity::find()
        .column_as(response::Column::Instrument, ANSWERED)
        .join(JoinType::LeftJoin, to_response)
        .filter(occasion::Column::Id.is_in(ids))
}

const ANSWERED: &str = "answered_instrument";

/// Takes in one row of [`occasions_query`].
pub fn occasion_row(
    occasions: &mut HashMap<Uuid, OccasionFacts>,
    row: &QueryResult,
) -> Result<(), StoreError> {
    let answered: Option<String> = row.try_get("", ANSWERED)?;
    let id: Uuid = row.try_get("", "id")?;
    let facts = match occasions.entry(id) {
        std::collections::hash_map::Entry::Occupied(found) => found.into_mut(),
        std::collections::hash_map::Entry::Vacant(place) => {
            let row = occasion::Model::from_query_result(row, "")?;
            let asked = from_json("occasions", &row.instruments)?;
            place.insert(OccasionFacts {
                row,
                asked,
                answered: BTreeSet::new(),
            })
        }
    };
    facts.answered.extend(answered);
    Ok(())
}

/// Writes what a batch changed about one person, after its plain rows.
pub async fn write<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    facts: PersonFacts,
) -> Result<(), StoreError> {
    let id = facts.row.id;
    if facts.standing.withdrawn == Some(Scope::Erase) {
        return erase(ctx, tx, facts).await;
    }
    let newly_given = facts.standing.ever_given && !facts.row.ever_given;
    if facts.consents {
        let mut row = facts.row.clone().into_active_model();
        row.ever_given = Set(facts.standing.ever_given);
        row.refused = Set(facts.standing.refused);
        row.withdrawn = Set(facts.standing.withdrawn.map(|s| s.as_str().to_owned()));
        row.update(tx).await?;
    }
    if let Some(spoken) = &facts.spoken {
        language::write(tx, &facts.row, spoken).await?;
    }
    write_contact(ctx, tx, &facts).await?;
    write_contact_person(ctx, tx, &facts).await?;
    if facts.consents || facts.contact.is_some() || facts.contact_person.is_some() {
        let may_ask = facts.standing.may_ask();
        mail::person_changed(tx, id, facts.contact.is_some(), may_ask, ctx.now).await?;
    }
    if facts.type_stated {
        write_type(tx, id).await?;
    }
    if newly_given {
        release(ctx, tx, id).await?;
    }
    Ok(())
}

/// Applies what waited for this person's yes.
async fn release<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    person: Uuid,
) -> Result<(), StoreError> {
    let waiting = journal_entry::Entity::find()
        .filter(journal_entry::Column::PersonId.eq(person))
        .filter(journal_entry::Column::State.eq(state::QUARANTINED))
        .filter(journal_entry::Column::Reason.eq(Reason::ConsentMissing.as_str()))
        .order_by_asc(journal_entry::Column::Id)
        .all(tx)
        .await?;
    for entry in waiting {
        Box::pin(retry::replay(ctx, tx, entry)).await?;
    }
    Ok(())
}

/// What a person said last about what they are.
async fn write_type<C: ConnectionTrait>(tx: &C, id: Uuid) -> Result<(), StoreError> {
    let mut latest: Option<(DateTime<Utc>, Uuid, String)> = None;
    for row in stated_type::Entity::find()
        .filter(stated_type::Column::PersonId.eq(id))
        .all(tx)
        .await?
    {
        let at = row.said_at;
        if latest
            .as_ref()
            .is_none_or(|(t, i, _)| (*t, *i) < (at, row.id))
        {
            latest = Some((at, row.id, row.respondent_type));
        }
    }
    if let Some((_, _, respondent_type)) = latest {
        person::Entity::update_many()
            .col_expr(person::Column::RespondentType, Expr::value(respondent_type))
            .filter(person::Column::Id.eq(id))
            .exec(tx)
            .await?;
    }
    Ok(())
}

async fn write_contact<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    facts: &PersonFacts,
) -> Result<(), StoreError> {
    let id = facts.row.id;
    if facts.contact.is_none() && !facts.consents {
        return Ok(());
    }
    let stored = contact::Entity::find_by_id(id).one(tx).await?;
    if let Some(stored) = &stored {
        let given = stored.email_said_at.zip(stored.email_entry_id);
        let given = given.map(|(at, entry)| (at.fixed_offset(), entry));
        // An address that staff typed has no moment of its own: it ends with any refusal or withdrawal.
        let ended = given.is_some_and(|(at, entry)| facts.contact_ended(at, entry))
            || !facts.standing.may_ask();
        if ended {
            erase_contact(tx, id).await?;
        }
        let newer = |(at, entry, _): &(DateTime<FixedOffset>, Uuid, String)| {
            given.is_none_or(|g| g < (*at, *entry))
        };
        if !facts.contact.as_ref().is_some_and(newer) {
            return Ok(());
        }
    }
    let Some((at, entry, email)) = &facts.contact else {
        return Ok(());
    };
    if facts.contact_ended(*at, *entry) || !facts.standing.may_ask() {
        return forget_bodies(tx, id, Some("contact_given")).await;
    }
    let row = contact::ActiveModel {
        person_id: Set(id),
        name_sealed: Set(None),
        email_sealed: Set(Some(ctx.keys.contact.encrypt(ctx.random, email.as_bytes()))),
        email_said_at: Set(Some(at.to_utc())),
        email_entry_id: Set(Some(*entry)),
        phone_sealed: Set(None),
    };
    let email_only = [
        contact::Column::EmailSealed,
        contact::Column::EmailSaidAt,
        contact::Column::EmailEntryId,
    ];
    contact::Entity::insert(row)
        .on_conflict(
            OnConflict::column(contact::Column::PersonId)
                .update_columns(email_only)
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Whom the person named to be reminded instead. What staff wrote down has no entry: it ends with any refusal or withdrawal.
async fn write_contact_person<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    facts: &PersonFacts,
) -> Result<(), StoreError> {
    let id = facts.row.id;
    let said = facts.contact_person.as_ref();
    let may_end = facts.consents && facts.ledger.iter().any(ends_asking);
    if said.is_none() && !may_end {
        return Ok(());
    }
    let held = mail::contact_held(tx, id).await?;
    let forget = || forget_bodies(tx, id, Some(CONTACT_PERSON_NAMED));
    if let Some(held) = &held {
        let own = held.at.zip(held.entry);
        if !facts.standing.may_ask() || own.is_some_and(|(at, e)| facts.asking_ended(at, e)) {
            mail::clear_contact(tx, id).await?;
            forget().await?;
        }
    }
    let Some(said) = said else {
        return Ok(());
    };
    if said.contact.is_some() && facts.asking_ended(said.at, said.entry) {
        return forget().await;
    }
    match held {
        Some(held) if !held.is_older_than(said) => {
            // Taken back meanwhile, by whomever: then what named them is not kept either.
            if !held.address {
                forget().await?;
            }
        }
        _ => {
            let by = By {
                random: ctx.random,
                account: None,
                now: ctx.now,
            };
            mail::person_says(tx, by, &ctx.keys.contact, &facts.row, said).await?;
        }
    }
    Ok(())
}
