//! What becomes of each entry, decided in memory from what was read. Nothing here asks the database.

use bedring_contract::journal::EntryResult;
use bedring_domain::address::typed_address;
use bedring_domain::consent::{Channel, Clocks, Scope, Word, said_at};
use bedring_domain::journal::{Entry, Event, Outcome, Reason, hex, plausible_name};
use bedring_store::entities::{letter_read, stated_type};
use bedring_store::sea_orm::ActiveValue::Set;
use chrono::{DateTime, FixedOffset, Utc};
use uuid::Uuid;

use super::day::{Takes, left_out, stops};
use super::rows::{conflict_row, consent_row, entry_row, response_row};
use super::{Answer, Batch, Known, Opened, edition_of};
use crate::audit::{self, About, Deed};
use crate::journal::language::{self, Spoken};
use crate::journal::opened::OpenedEntry;
use crate::journal::person_events::PersonFacts;
use crate::journal::{DeliverError, Key, Sender, state};

/// Other bytes under one id that are kept; more are only counted.
const CONFLICTS_KEPT: i32 = 5;

impl Batch<'_> {
    pub(super) fn delivery(&mut self, delivery: &Opened) -> Answer {
        let person = match &delivery.sender {
            Sender::Secret(key) => Some(self.whose(key)?),
            Sender::Staff(..) => None,
            Sender::Replay(person, _) | Sender::Unsigned(person) => *person,
            Sender::Erasure { person, .. } => Some(*person),
        };
        let takes = match (&delivery.sender, person) {
            (Sender::Secret(_), Some(person)) => self.day_takes(person, delivery)?,
            _ => Takes::All,
        };
        let mut results: Vec<Option<EntryResult>> = delivery.entries.iter().map(|_| None).collect();
        // What is said about consent counts before what needs it, wherever it stands in the delivery.
        for consents in [true, false] {
            for (place, entry) in results.iter_mut().zip(&delivery.entries) {
                match entry {
                    Err(answer) => *place = Some(answer.clone()),
                    Ok(entry) if takes == Takes::Stops && self.is_new(entry) && !stops(entry) => {
                        *place = Some(left_out(entry));
                    }
                    Ok(entry) if is_consent(entry) == consents => {
                        *place = Some(self.entry(delivery, person, entry))
                    }
                    Ok(_) => {}
                }
            }
        }
        self.note_staff(delivery);
        Ok(results.into_iter().flatten().collect())
    }

    /// Staff who delivered something new leave a row in the record for each person it was about.
    fn note_staff(&mut self, delivery: &Opened) {
        let about = std::mem::take(&mut self.written_about);
        let Sender::Staff(proof) = &delivery.sender else {
            return;
        };
        for person in about {
            let about = About {
                person: Some(person),
                project: self.people.get(&person).map(|p| p.row.project_id),
                subject: None,
            };
            let (random, now) = (self.ctx.random, self.ctx.now);
            let row = audit::row(random, proof, Deed::Delivered, about, now);
            self.staged.audit.push(row);
        }
    }

    /// Whose way in it is, if it still lets anybody in. A known device goes on, and an erased person's phone must still learn that
    /// everything is gone.
    fn whose(&self, key: &Key) -> Result<Uuid, DeliverError> {
        let way = self
            .senders
            .get(&key.hash)
            .ok_or(DeliverError::SecretUnknown)?;
        let erased = self
            .people
            .get(&way.person)
            .is_some_and(PersonFacts::erased);
        if erased || key.known == Some(way.person) {
            return Ok(way.person);
        }
        if way.ended_at.is_some() {
            return Err(DeliverError::SecretEnded);
        }
        if way.expires_at <= self.ctx.now {
            return Err(DeliverError::SecretExpired);
        }
        Ok(way.person)
    }

    fn entry(
        &mut self,
        delivery: &Opened,
        sender: Option<Uuid>,
        entry: &OpenedEntry,
    ) -> EntryResult {
        let (outcome, reason) = match self.known.get_mut(&entry.id) {
            // Of somebody who erased everything nothing is kept, whatever the bytes.
            Some(known) if known.gone => (Outcome::Gone, Some(Reason::PersonErased)),
            Some(known) if known.sha256 == entry.sha256 => (Outcome::Repeated, None),
            Some(known) => {
                // The first few are evidence, the rest is noise: it is counted.
                if known.conflicts < CONFLICTS_KEPT {
                    self.staged
                        .conflicts
                        .push(conflict_row(self.ctx, delivery, sender, entry));
                }
                known.conflicts = known.conflicts.saturating_add(1);
                self.staged.conflicted.insert(entry.id, known.conflicts);
                (Outcome::Conflict, Some(Reason::EntryConflict))
            }
            None => self.fresh(delivery, sender, entry),
        };
        EntryResult {
            id: entry.id.to_string(),
            sha256: hex(&entry.sha256),
            outcome,
            reason,
            receipt: Some(entry.receipt()),
        }
    }

    /// An entry that was never seen before.
    fn fresh(
        &mut self,
        delivery: &Opened,
        sender: Option<Uuid>,
        entry: &OpenedEntry,
    ) -> (Outcome, Option<Reason>) {
        let subject = match (&delivery.sender, &entry.content) {
            (
                Sender::Secret(_)
                | Sender::Replay(..)
                | Sender::Unsigned(_)
                | Sender::Erasure { .. },
                _,
            ) => sender,
            (Sender::Staff(proof), Ok(content)) => self.subject_named(content).filter(|id| {
                self.people
                    .get(id)
                    .is_some_and(|p| proof.scope().contains(p.row.project_id))
            }),
            (Sender::Staff(..), Err(_)) => None,
        };
        let verdict = match (subject, &entry.content) {
            (Some(person), _) if self.people.get(&person).is_some_and(PersonFacts::erased) => {
                Err(Reason::PersonErased)
            }
            (_, Err(reason)) => Err(*reason),
            // Somebody answers behind a registration that was taken for a mistake: nothing of it may get lost.
            (Some(person), Ok(_))
                if self.people.get(&person).is_some_and(PersonFacts::discarded) =>
            {
                Err(Reason::PersonDiscarded)
            }
            (None, Ok(_)) => Err(Reason::PersonUnknown),
            (Some(person), Ok(content)) => self.apply(person, delivery, entry, content),
        };
        self.written_about.extend(subject);
        let (outcome, row_state) = match verdict {
            Ok(()) => (Outcome::Stored, state::APPLIED),
            Err(Reason::PersonErased) => (Outcome::Gone, state::GONE),
            Err(_) => (Outcome::Quarantined, state::QUARANTINED),
        };
        self.known.insert(
            entry.id,
            Known {
                sha256: entry.sha256,
                gone: outcome == Outcome::Gone,
                conflicts: 0,
            },
        );
        self.staged.entries.push(entry_row(
            self.ctx,
            delivery,
            subject,
            entry,
            row_state,
            verdict.err(),
        ));
        (outcome, verdict.err())
    }

    fn apply(
        &mut self,
        person: Uuid,
        delivery: &Opened,
        entry: &OpenedEntry,
        content: &Entry,
    ) -> Result<(), Reason> {
        let (ctx, account) = (self.ctx, delivery.sender.account());
        proved(&delivery.sender, &content.event)?;
        let word = word(delivery, entry.id, content, ctx.now);
        let said_at = word.at;
        let Some(facts) = self.people.get_mut(&person) else {
            return Err(Reason::PersonUnknown);
        };
        let device_recorded_at = Set(content.recorded_at.to_rfc3339());
        let (id, person_id, received_at) = (Set(entry.id), Set(person), Set(ctx.now));
        if let Event::ConsentGiven(words) = &content.event
            && !self
                .letters
                .contains(&(facts.row.project_id, words.letter.clone()))
        {
            return Err(Reason::LetterUnknownEdition);
        }
        match &content.event {
            Event::LetterRead { letter, language } => {
                self.staged.letters.push(letter_read::ActiveModel {
                    id,
                    person_id,
                    letter_edition: Set(letter.clone()),
                    language: Set(language.clone()),
                    device_recorded_at,
                    received_at,
                })
            }
            Event::ConsentGiven(_) | Event::ConsentDeclined(_) | Event::ConsentWithdrawn { .. } => {
                // An erasure from a device that is not known begins as a stop.
                let stop = Event::ConsentWithdrawn {
                    scope: Scope::StopAsking,
                };
                let event = if erasure_waits(delivery, person, &content.event) {
                    facts.erasure_asked = Some((entry.id, delivery.device_id));
                    &stop
                } else {
                    &content.event
                };
                let row = consent_row(ctx, delivery, person, entry, content, event, said_at);
                facts.consent(word, event);
                self.staged.consents.push(row);
            }
            Event::RespondentTypeStated { respondent_type } => {
                facts.type_stated = true;
                self.staged.types.push(stated_type::ActiveModel {
                    id,
                    person_id,
                    respondent_type: Set(respondent_type.as_str().to_owned()),
                    device_recorded_at,
                    said_at: Set(said_at.to_utc()),
                    received_at,
                });
            }
            Event::ContactGiven { email } => {
                if typed_address(email).is_none() {
                    return Err(Reason::ContactInvalid);
                }
                facts.address_said();
            }
            Event::ContactPersonNamed { email, name } => {
                if typed_address(email).is_none() || !name.as_deref().is_none_or(plausible_name) {
                    return Err(Reason::ContactInvalid);
                }
                facts.instead_said(said_at, true);
            }
            Event::ContactPersonRemoved => facts.instead_said(said_at, false),
            Event::ResponseSubmitted(r) => {
                if !facts.standing.ever_given {
                    return Err(Reason::ConsentMissing);
                }
                let place = self.place_of(r.occasion);
                let occasion = self.occasions.get_mut(&place);
                if occasion.as_ref().is_some_and(|o| o.is_full(&r.instrument)) {
                    return Err(Reason::ResponseTooMany);
                }
                let row = response_row(
                    ctx,
                    person,
                    (&word, account),
                    r,
                    occasion.as_deref(),
                    self.editions.get(&edition_of(r)),
                )?;
                if let Some(occasion) = occasion
                    && occasion.answer(&r.instrument)
                {
                    self.staged.completed.push(place);
                }
                self.staged.to_score.push(entry.id);
                self.staged.responses.push(row);
            }
        }
        self.note_language(person, delivery, entry.id, content, said_at);
        Ok(())
    }

    /// In which language the person did it. What staff delivered was typed by them.
    fn note_language(
        &mut self,
        person: Uuid,
        delivery: &Opened,
        entry: Uuid,
        content: &Entry,
        at: DateTime<FixedOffset>,
    ) {
        if matches!(delivery.sender, Sender::Staff(..)) {
            return;
        }
        let offered = match &content.event {
            Event::ResponseSubmitted(r) => self.editions.get(&edition_of(r)),
            _ => None,
        };
        let offered = offered.map_or(0, |e| e.definition.languages.len());
        let language = language::spoken(&content.event, offered);
        if let (Some(language), Some(facts)) = (language, self.people.get_mut(&person)) {
            facts.spoke(Spoken {
                at,
                entry,
                language,
            });
        }
    }
}

/// A way in alone cannot undo what the person gave: see `devices::erasing`.
fn erasure_waits(delivery: &Opened, person: Uuid, event: &Event) -> bool {
    let erases = matches!(
        event,
        Event::ConsentWithdrawn {
            scope: Scope::Erase
        }
    );
    erases && matches!(&delivery.sender, Sender::Secret(key) if key.known != Some(person))
}

/// When an entry says it was said, with the clocks behind that.
fn word(delivery: &Opened, id: Uuid, content: &Entry, now: DateTime<Utc>) -> Word {
    let clocks = Clocks {
        device: delivery.device_id,
        recorded: content.recorded_at.get(),
        sent: delivery.sent_at,
        received: now.fixed_offset(),
    };
    Word {
        entry: id,
        at: said_at(clocks.recorded, clocks.sent, clocks.received),
        clocks: Some(clocks),
    }
}

/// Whether whoever delivers an event can say that it happened. What only the person can do on their own phone does not come from staff,
/// and what was heard or signed names who heard it or holds the sheet.
fn proved(sender: &Sender, event: &Event) -> Result<(), Reason> {
    let by_staff = sender.account().is_some();
    let confirmed = matches!(sender, Sender::Erasure { .. });
    if matches!(sender, Sender::Unsigned(_)) {
        return Err(Reason::EntryUnsigned);
    }
    match event {
        Event::ConsentWithdrawn {
            scope: Scope::Erase,
        } if by_staff && !confirmed => Err(Reason::ErasureByStaff),
        Event::ConsentGiven(words) | Event::ConsentDeclined(words) => {
            let witnessed = words.witness.as_deref().is_some_and(plausible_name);
            // A person's own no holds, however it was said.
            let own_no = !by_staff && matches!(event, Event::ConsentDeclined(_));
            match words.channel {
                Channel::Screen if by_staff => Err(Reason::ScreenByStaff),
                Channel::Paper | Channel::Spoken if !witnessed && !own_no => {
                    Err(Reason::WitnessMissing)
                }
                Channel::Screen | Channel::Paper | Channel::Spoken => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Whether it is about consent, and so decided before all else of its delivery.
pub fn is_consent(entry: &OpenedEntry) -> bool {
    entry.content.as_ref().is_ok_and(|c| {
        matches!(
            c.event,
            Event::ConsentGiven(_) | Event::ConsentDeclined(_) | Event::ConsentWithdrawn { .. }
        )
    })
}
