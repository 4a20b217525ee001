//! What comes next for a person: plain functions of the bundle, of what was said on this phone, and of the day.
//!
//! Nothing here knows a screen or the browser. The server may not have heard yet what was said here, so both count, and the same
//! functions of `bedring_domain::consent` that the server uses decide between them.

use bedring_contract::person::{Occasion, PersonBundle};
use bedring_domain::consent::{Decision, LedgerEvent, Purpose, Scope, Standing};
use bedring_domain::course::OccasionState;
use bedring_domain::instrument::{Definition, EditionRef};
use bedring_domain::journal::{Answer, Answers, Event};
use chrono::{DateTime, FixedOffset, NaiveDate};
use uuid::Uuid;

use crate::device::OwnCopy;

/// The next thing for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The letter has to be read before anything is asked.
    Letter,
    /// A yes or no is asked.
    Consent(Purpose),
    /// The person is asked what they are in the project.
    Role,
    /// A questionnaire waits.
    Answer {
        /// Of this occasion.
        occasion: Uuid,
        /// In this edition.
        edition: EditionRef,
    },
    /// The person said no.
    Declined,
    /// The person withdrew.
    Withdrawn(Scope),
    /// Everything that was asked is answered.
    Finished,
    /// Nothing is asked yet; perhaps from a day on.
    NotYet(Option<NaiveDate>),
    /// A questionnaire waits whose wording is not on this phone.
    NeedsNetwork,
}

/// Every decision that is known of one purpose: the server's last word, and all that was said here.
#[must_use]
pub fn ledger(bundle: &PersonBundle, copies: &[OwnCopy], purpose: Purpose) -> Vec<LedgerEvent> {
    let said = copies.iter().filter_map(|c| {
        let (about, decision) = match &c.entry.event {
            Event::ConsentGiven(words) => (words.purpose, Decision::Given),
            Event::ConsentDeclined(words) => (words.purpose, Decision::Declined),
            Event::ConsentWithdrawn { scope } => (Purpose::Evaluation, Decision::Withdrawn(*scope)),
            _ => return None,
        };
        Some(LedgerEvent {
            entry: c.id,
            recorded_at: c.entry.recorded_at.get(),
            clocks: None,
            purpose: about,
            decision,
        })
    });
    let mut events: Vec<_> = said.filter(|e| e.purpose == purpose).collect();
    let word = bundle.consents.iter().find(|c| c.purpose == purpose);
    let mut told = |recorded_at, decision| {
        events.push(LedgerEvent {
            entry: Uuid::nil(),
            recorded_at,
            clocks: None,
            purpose,
            decision,
        });
    };
    if purpose != Purpose::Evaluation {
        if let Some(word) = word {
            told(
                word.recorded_at,
                if word.given {
                    Decision::Given
                } else {
                    Decision::Declined
                },
            );
        }
        return events;
    }
    // The server tells the evaluation's standing and the time of the last word only.
    let yes_at = word
        .filter(|w| w.given)
        .map_or(DateTime::UNIX_EPOCH.fixed_offset(), |w| w.recorded_at);
    let no_at = word
        .filter(|w| !w.given)
        .map_or(bundle.time.fixed_offset(), |w| w.recorded_at);
    if bundle.standing.ever_given {
        told(yes_at, Decision::Given);
    }
    if let Some(scope) = bundle.standing.withdrawn {
        told(no_at, Decision::Withdrawn(scope));
    } else if bundle.standing.refused {
        told(no_at, Decision::Declined);
    }
    events
}

/// Where the person stands, the server's word and this phone's taken together.
#[must_use]
pub fn standing(bundle: &PersonBundle, copies: &[OwnCopy]) -> Standing {
    bedring_domain::consent::standing(&ledger(bundle, copies, Purpose::Evaluation))
}

/// The last word on a purpose: yes or no and when; `None` if it was never asked.
#[must_use]
pub fn last_word(
    bundle: &PersonBundle,
    copies: &[OwnCopy],
    purpose: Purpose,
) -> Option<(bool, DateTime<FixedOffset>)> {
    let events = ledger(bundle, copies, purpose);
    bedring_domain::consent::last_word(&events, purpose)
        .map(|e| (e.decision == Decision::Given, e.recorded_at))
}

/// What comes next.
///
/// `today` is the phone's day; the server's is used where the phone's clock is behind. What the person is in the project is asked last:
/// whoever has just said yes came to answer.
#[must_use]
pub fn next_step(bundle: &PersonBundle, copies: &[OwnCopy], today: NaiveDate) -> Step {
    let stands = standing(bundle, copies);
    if let Some(scope) = stands.withdrawn {
        return Step::Withdrawn(scope);
    }
    if stands.refused {
        return Step::Declined;
    }
    if !stands.ever_given {
        return Step::Letter;
    }
    // Whoever said yes on paper is not stopped by the other purposes; they stand under "Mine".
    let yes_said_here = copies.iter().any(
        |c| matches!(&c.entry.event, Event::ConsentGiven(w) if w.purpose == Purpose::Evaluation),
    );
    if yes_said_here
        && let Some(purpose) = bundle
            .purposes
            .iter()
            .find(|p| last_word(bundle, copies, **p).is_none())
    {
        return Step::Consent(*purpose);
    }
    let role_said = copies
        .iter()
        .any(|c| matches!(c.entry.event, Event::RespondentTypeStated { .. }));
    let today = today.max(bundle.time.date_naive());
    let open: Vec<_> = bundle
        .occasions
        .iter()
        .filter(|o| is_open(o, copies, today))
        .collect();
    let waits = open
        .iter()
        .find_map(|o| unanswered_edition(o, copies).map(|edition| (o.id, edition)));
    let answered_here = copies
        .iter()
        .any(|c| matches!(c.entry.event, Event::ResponseSubmitted(_)));
    match waits {
        Some((occasion, edition)) if definition_of(bundle, &edition).is_some() => {
            Step::Answer { occasion, edition }
        }
        Some(_) => Step::NeedsNetwork,
        None if answered_here && bundle.respondent_type.is_none() && !role_said => Step::Role,
        None if answered_here => Step::Finished,
        None => Step::NotYet(next_day(bundle, today)),
    }
}

/// The definition of an edition, if this phone has it.
#[must_use]
pub fn definition_of<'a>(bundle: &'a PersonBundle, edition: &EditionRef) -> Option<&'a Definition> {
    bundle
        .definitions
        .iter()
        .find(|d| d.instrument == edition.instrument && d.edition == edition.edition)
}

/// The first day on which something is asked, after today.
#[must_use]
pub fn next_day(bundle: &PersonBundle, today: NaiveDate) -> Option<NaiveDate> {
    let planned = bundle
        .occasions
        .iter()
        .filter(|o| o.state == OccasionState::Planned);
    planned
        .filter_map(|o| o.opens)
        .filter(|day| *day > today)
        .min()
}

/// Only asked of people who may be asked: the state that the server saw may be older than their change of mind.
fn is_open(occasion: &Occasion, copies: &[OwnCopy], today: NaiveDate) -> bool {
    match occasion.state {
        OccasionState::Completed | OccasionState::Missed => false,
        OccasionState::Open | OccasionState::Due | OccasionState::Overdue => {
            unanswered_edition(occasion, copies).is_some()
        }
        OccasionState::Planned | OccasionState::Declined | OccasionState::Withdrawn => {
            occasion.opens.is_some_and(|day| day <= today)
                && unanswered_edition(occasion, copies).is_some()
        }
    }
}

fn unanswered_edition(occasion: &Occasion, copies: &[OwnCopy]) -> Option<EditionRef> {
    let finished_here = |instrument: &str| {
        copies.iter().any(|c| {
            matches!(&c.entry.event, Event::ResponseSubmitted(r) if r.occasion == occasion.id && r.instrument == instrument)
        })
    };
    let waits = occasion
        .instruments
        .iter()
        .find(|i| !i.answered && !finished_here(&i.edition.instrument));
    waits.map(|i| i.edition.clone())
}

/// Whether the occasion asks nothing after this questionnaire.
#[must_use]
pub fn is_last(
    bundle: &PersonBundle,
    copies: &[OwnCopy],
    occasion: Uuid,
    instrument: &str,
) -> bool {
    let asked = bundle.occasions.iter().find(|o| o.id == occasion);
    asked.is_none_or(|o| {
        let mut after_it = o.clone();
        after_it
            .instruments
            .retain(|i| i.edition.instrument != instrument);
        unanswered_edition(&after_it, copies).is_none()
    })
}

/// Where a question stands among all that its occasion asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The question's number, counted from 1 over all questionnaires of the occasion.
    pub number: usize,
    /// Of how many.
    pub of: usize,
    /// A later part begins with it, and enough was answered since the last pause that one is offered.
    pub pause: bool,
}

/// After how many questions a new part is an occasion for a pause.
const PAUSE_AFTER: usize = 8;

/// Where a question stands. The person sees one count, for nobody told them that they answer two questionnaires: after the thirty
/// questions of the first, the nine of the second go from 31 to 39.
#[must_use]
pub fn place(
    bundle: &PersonBundle,
    occasion: Uuid,
    definition: &Definition,
    index: usize,
) -> Place {
    let own = definition.items.len();
    let counts: Vec<(bool, usize)> = bundle
        .occasions
        .iter()
        .filter(|o| o.id == occasion)
        .flat_map(|o| &o.instruments)
        .map(|i| match i.edition.instrument == definition.instrument {
            true => (true, own),
            false => (
                false,
                definition_of(bundle, &i.edition).map_or(0, |d| d.items.len()),
            ),
        })
        .collect();
    let before: usize = counts
        .iter()
        .take_while(|(this, _)| !this)
        .map(|(_, n)| n)
        .sum();
    let known = counts.iter().any(|(this, _)| *this);
    Place {
        number: if known { before } else { 0 } + index + 1,
        of: if known {
            counts.iter().map(|(_, n)| n).sum()
        } else {
            own
        },
        pause: offers_pause(definition, index),
    }
}

/// Parts that return have no beginning that would mean anything to a person.
fn offers_pause(definition: &Definition, index: usize) -> bool {
    let items = &definition.items;
    let starts: Vec<usize> = (0..items.len())
        .filter(|i| *i == 0 || items[*i].part != items[*i - 1].part)
        .collect();
    let returns = |n: usize| {
        starts[..n]
            .iter()
            .any(|s| items[*s].part == items[starts[n]].part)
    };
    if (0..starts.len()).any(returns) {
        return false;
    }
    let mut last = 0;
    for start in starts {
        if start - last >= PAUSE_AFTER {
            last = start;
            if start == index {
                return true;
            }
        }
    }
    false
}

/// Items without an answer, and those that were skipped.
#[must_use]
pub fn unanswered(definition: &Definition, answers: &Answers) -> Vec<usize> {
    let open = |code: &str| matches!(answers.get(code), None | Some(Answer::Skipped));
    definition
        .items
        .iter()
        .enumerate()
        .filter(|(_, i)| open(&i.code))
        .map(|(index, _)| index)
        .collect()
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
