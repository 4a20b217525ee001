//! What becomes of each entry, decided in memory from what was read. Nothing here asks the database.

use bedring_contract::journal::EntryResult;
use bedring_domain::address::typed_address;
use bedring_domain::consent::said_at;
use bedring_domain::journal::{Entry, Event, Outcome, Reason, hex, plausible_name};
use bedring_store::entities::{letter_read, stated_type};
use bedring_store::sea_orm::ActiveValue::Set;
use chrono::{DateTime, FixedOffset};
use uuid::Uuid;

use super::rows::{conflict_row, consent_row, entry_row, response_row};
use super::{Answer, Batch, Known, Opened, edition_of};
use crate::journal::language::{self, Spoken};
use crate::journal::opened::OpenedEntry;
use crate::journal::person_events::PersonFacts;
use crate::journal::{DeliverError, Sender, state};
use crate::mail::Named;

impl Batch<'_> {
    pub(super) fn delivery(&mut self, delivery: &Opened) -> Answer {
        let person = match &delivery.sender {
            Sender::Secret(hash) => {
                let (person, expires_at) =
                    *self.senders.get(hash).ok_or(DeliverError::SecretUnknown)?;
                // An erased person's phone must still learn that everything is gone.
                let erased = self.people.get(&person).is_some_and(PersonFacts::erased);
                if expires_at <= self.ctx.now && !erased {
                    return Err(DeliverError::SecretExpired);
                }
                Some(person)
            }
            Sender::Staff(_) => None,
            Sender::Replay(person) => *person,
        };
        let mut results: Vec<Option<EntryResult>> = delivery.entries.iter().map(|_| None).collect();
        // What is said about consent counts before what needs it, wherever it stands in the delivery.
        for consents in [true, false] {
            for (place, entry) in results.iter_mut().zip(&delivery.entries) {
                match entry {
                    Err(answer) => *place = Some(answer.clone()),
                    Ok(entry) if is_consent(entry) == consents => {
                        *place = Some(self.entry(delivery, person, entry))
                    }
                    Ok(_) => {}
                }
            }
        }
        Ok(results.into_iter().flatten().collect())
    }

    fn entry(
        &mut self,
        delivery: &Opened,
        sender: Option<Uuid>,
        entry: &OpenedEntry,
    ) -> EntryResult {
        let (outcome, reason) = match self.known.get(&entry.id) {
            // Of somebody who erased everything nothing is kept, whatever the bytes.
            Some(known) if known.gone => (Outcome::Gone, Some(Reason::PersonErased)),
            Some(known) if known.sha256 == entry.sha256 => (Outcome::Repeated, None),
            Some(_) => {
                self.staged
                    .conflicts
                    .push(conflict_row(self.ctx, delivery, sender, entry));
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
            (Sender::Secret(_) | Sender::Replay(_), _) => sender,
            (Sender::Staff(scope), Ok(content)) => self.subject_named(content).filter(|id| {
                self.people
                    .get(id)
                    .is_some_and(|p| scope.contains(p.row.project_id))
            }),
            (Sender::Staff(_), Err(_)) => None,
        };
        let verdict = match (subject, &entry.content) {
            (Some(person), _) if self.people.get(&person).is_some_and(PersonFacts::erased) => {
                Err(Reason::PersonErased)
            }
            (_, Err(reason)) => Err(*reason),
            (None, Ok(_)) => Err(Reason::PersonUnknown),
            (Some(person), Ok(content)) => self.apply(person, delivery, entry, content),
        };
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
        let ctx = self.ctx;
        let said_at = said_at(
            content.recorded_at.get(),
            delivery.sent_at,
            ctx.now.fixed_offset(),
        );
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
                let row = consent_row(ctx, person, entry, content, said_at);
                facts.consent(said_at, entry.id, &content.event);
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
                let email = typed_address(email).ok_or(Reason::ContactInvalid)?;
                facts.contact_given(said_at, entry.id, email);
            }
            Event::ContactPersonNamed { email, name } => {
                let email = typed_address(email).ok_or(Reason::ContactInvalid)?;
                if !name.as_deref().is_none_or(plausible_name) {
                    return Err(Reason::ContactInvalid);
                }
                let name = name.clone();
                facts.contact_person(said_at, entry.id, Some(Named { email, name }));
            }
            Event::ContactPersonRemoved => facts.contact_person(said_at, entry.id, None),
            Event::ResponseSubmitted(r) => {
                if !facts.standing.ever_given {
                    return Err(Reason::ConsentMissing);
                }
                let occasion = self.occasions.get_mut(&r.occasion);
                let row = response_row(
                    ctx,
                    person,
                    entry.id,
                    r,
                    occasion.as_deref(),
                    self.editions.get(&edition_of(r)),
                )?;
                if let Some(occasion) = occasion
                    && occasion.answer(&r.instrument)
                {
                    self.staged.completed.push(r.occasion);
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

fn is_consent(entry: &OpenedEntry) -> bool {
    entry.content.as_ref().is_ok_and(|c| {
        matches!(
            c.event,
            Event::ConsentGiven(_) | Event::ConsentDeclined(_) | Event::ConsentWithdrawn { .. }
        )
    })
}
