//! What entries do to people beyond a plain row: where they stand, what they are, release from quarantine. `contacts` and `erasure` have
//! files of their own.
//!
//! All of it is a function of the set of entries that arrived, never of their order: standing comes from the whole ledger, the type and
//! the address from the latest statement, and an erasure removes what came before it and keeps out what comes after.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bedring_domain::consent::{Decision, LedgerEvent, Purpose, Scope, Standing, Word, standing};
use bedring_domain::instrument::EditionRef;
use bedring_domain::journal::{Event, Reason};
use bedring_store::bounded::RESPONSES_SHOWN;
use bedring_store::entities::{journal_entry, occasion, person, response, stated_type};
use bedring_store::plan::from_json;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect, Select,
};
use bedring_store::{StoreError, convert};
use chrono::{DateTime, FixedOffset, Utc};
use uuid::Uuid;

use super::batch::{Context, Early};
use super::erasure::erase;
use super::language::{self, Spoken};
use super::{contacts, quota, retry, state};
use crate::audit::{self, Deed};
use crate::devices::erasing;
use crate::followup::changes::{By, PERSON, What, note};
use crate::mail::{self, INSTEAD};

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
    /// A device that is not known asked for everything to be erased: by which entry, and which device, as it calls itself.
    pub erasure_asked: Option<(Uuid, Uuid)>,
    consents: bool,
    address_said: bool,
    /// When somebody was named or taken back, for the history.
    instead_said: Vec<(DateTime<FixedOffset>, bool)>,
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
            erasure_asked: None,
            consents: false,
            address_said: false,
            instead_said: Vec::new(),
            spoken: None,
        }
    }

    /// Everything about the person was erased, or is about to be in this batch.
    pub fn erased(&self) -> bool {
        self.row.erased_at.is_some()
    }

    /// The person was registered by mistake, as somebody thought.
    pub fn discarded(&self) -> bool {
        self.row.discarded_at.is_some()
    }

    /// Whether there is anything to write.
    pub fn changed(&self) -> bool {
        self.consents || self.type_stated || self.contact_said() || self.spoken.is_some()
    }

    fn contact_said(&self) -> bool {
        self.address_said || !self.instead_said.is_empty()
    }

    /// A yes, a no, or a withdrawal.
    pub fn consent(&mut self, word: Word, event: &Event) {
        let (purpose, decision) = match event {
            Event::ConsentGiven(words) => (words.purpose, Decision::Given),
            Event::ConsentDeclined(words) => (words.purpose, Decision::Declined),
            Event::ConsentWithdrawn { scope } => (Purpose::Evaluation, Decision::Withdrawn(*scope)),
            _ => return,
        };
        self.ledger.push(LedgerEvent {
            entry: word.entry,
            recorded_at: word.at,
            clocks: word.clocks,
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

    /// Something was said about the person's own address.
    pub fn address_said(&mut self) {
        self.address_said = true;
    }

    /// Whom to remind instead (`true`), or that nobody is.
    pub fn instead_said(&mut self, at: DateTime<FixedOffset>, named: bool) {
        self.instead_said.push((at, named));
    }
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
            | Event::ContactPersonRemoved
    )
}

/// An occasion as a batch knows it.
pub struct OccasionFacts {
    /// As read.
    pub row: occasion::Model,
    asked: Vec<EditionRef>,
    /// How many responses there are, by instrument.
    answered: BTreeMap<String, i64>,
}

impl OccasionFacts {
    /// Whether it asks an instrument, in whatever edition: a phone may have been away while a new one was published.
    pub fn asks(&self, instrument: &str) -> bool {
        self.asked.iter().any(|e| e.instrument == instrument)
    }

    /// Whether an instrument was answered so often that nobody can have meant it.
    pub fn is_full(&self, instrument: &str) -> bool {
        let held = self.answered.get(instrument).copied().unwrap_or(0);
        held >= i64::from(RESPONSES_SHOWN)
    }

    /// Notes an answer; true if now all instruments are answered and were not before.
    pub fn answer(&mut self, instrument: &str) -> bool {
        *self.answered.entry(instrument.to_owned()).or_default() += 1;
        self.row.completed_at.is_none()
            && self
                .asked
                .iter()
                .all(|e| self.answered.contains_key(&e.instrument))
    }
}

/// Occasions with how often each instrument was answered: one row for each, or one if none was.
pub fn occasions_query(ids: BTreeSet<Uuid>) -> Select<occasion::Entity> {
    let to_response = occasion::Entity::belongs_to(response::Entity)
        .from(occasion::Column::Id)
        .to(response::Column::OccasionId)
        .into();
    occasion::Entity::find()
        .column_as(response::Column::Instrument, ANSWERED)
        .column_as(response::Column::Id.count(), TIMES)
        .join(JoinType::LeftJoin, to_response)
        .filter(occasion::Column::Id.is_in(ids))
        .group_by(occasion::Column::Id)
        .group_by(response::Column::Instrument)
}

const ANSWERED: &str = "answered_instrument";
const TIMES: &str = "answered_times";

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
                answered: BTreeMap::new(),
            })
        }
    };
    if let Some(instrument) = answered {
        let times: i64 = row.try_get("", TIMES)?;
        facts.answered.insert(instrument, times);
    }
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
    if let Some((entry, device)) = facts.erasure_asked {
        erasing::wait(tx, ctx.random, id, entry, ctx.now).await?;
        let deed = Deed::ErasureAsked;
        audit::by_device(tx, ctx.random, deed, &facts.row, device, ctx.now).await?;
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
    if facts.consents || facts.contact_said() {
        let new_address = contacts::settle(ctx, tx, &facts).await?;
        note_instead(ctx, tx, &facts).await?;
        let may_ask = facts.standing.may_ask();
        mail::person_changed(tx, id, new_address, may_ask, ctx.now).await?;
    }
    if facts.type_stated {
        write_type(tx, id).await?;
    }
    if newly_given {
        release(ctx, tx, id).await?;
    }
    Ok(())
}

/// What was said of whom to remind instead stands in the history at the moment it was said, whether or not it still counts.
async fn note_instead<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    facts: &PersonFacts,
) -> Result<(), StoreError> {
    for (at, named) in &facts.instead_said {
        let by = By {
            random: ctx.random,
            account: None,
            now: at.to_utc(),
        };
        let (what, after) = if *named {
            (What::ContactNamed, INSTEAD)
        } else {
            (What::ContactRemoved, PERSON)
        };
        note(tx, by, &facts.row, what, None, Some(after.to_owned())).await?;
    }
    Ok(())
}

/// Applies what waited for this person's yes, oldest first. It has a bound, because all other deliveries wait meanwhile: what is beyond
/// it stays kept apart, where staff try it again.
async fn release<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    person: Uuid,
) -> Result<(), StoreError> {
    let mut last = Uuid::nil();
    for _ in 0..RELEASED / RELEASED_AT_ONCE {
        let waiting = journal_entry::Entity::find()
            .filter(journal_entry::Column::PersonId.eq(person))
            .filter(journal_entry::Column::State.eq(state::QUARANTINED))
            .filter(journal_entry::Column::Reason.eq(Reason::ConsentMissing.as_str()))
            .filter(journal_entry::Column::Id.gt(last))
            .order_by_asc(journal_entry::Column::Id)
            .limit(RELEASED_AT_ONCE)
            .all(tx)
            .await?;
        let Some(entry) = waiting.last() else {
            break;
        };
        last = entry.id;
        for entry in waiting {
            Box::pin(retry::replay(ctx, tx, entry, Early::KeptApart)).await?;
        }
    }
    Ok(())
}

/// Entries that one yes brings in: as many as a day takes of one person.
const RELEASED: u64 = quota::ENTRIES_PER_DAY;
/// Of them in memory at once.
const RELEASED_AT_ONCE: u64 = 50;

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
