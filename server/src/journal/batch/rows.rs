//! The rows that decided entries become, and what must fit before one is made of a response.

use std::sync::Arc;

use bedring_domain::consent::{Decision, Purpose, Scope, Word};
use bedring_domain::instrument::check_answers;
use bedring_domain::journal::{Entry, Event, Reason, Response};
use bedring_store::convert;
use bedring_store::entities::{consent, journal_conflict, journal_entry, response};
use bedring_store::sea_orm::ActiveValue::Set;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use uuid::Uuid;

use super::{Context, Early, Opened};
use crate::calendar;
use crate::journal::editions::Edition;
use crate::journal::opened::OpenedEntry;
use crate::journal::person_events::OccasionFacts;
use crate::journal::state;
use crate::ports::uuid_v7;

/// A role or initials; more would be a text about the person.
const HELPER_CHARACTERS: usize = 60;

/// The row of a response, if it fits its occasion and its edition, and was given when the occasion was open.
pub(super) fn response_row(
    ctx: &Context<'_>,
    person: Uuid,
    (word, account): (&Word, Option<Uuid>),
    r: &Response,
    occasion: Option<&OccasionFacts>,
    edition: Option<&Arc<Edition>>,
) -> Result<response::ActiveModel, Reason> {
    if r.helped_by
        .as_ref()
        .is_some_and(|h| h.chars().count() > HELPER_CHARACTERS)
    {
        return Err(Reason::EntryMalformed);
    }
    let occasion = occasion.ok_or(Reason::OccasionUnknown)?;
    if occasion.row.person_id != person {
        return Err(Reason::OccasionOtherPerson);
    }
    if !occasion.asks(&r.instrument) {
        return Err(Reason::InstrumentNotAsked);
    }
    let edition = edition.ok_or(Reason::InstrumentUnknownEdition)?;
    if !edition.definition.languages.contains(&r.language) {
        return Err(Reason::InstrumentUnknownLanguage);
    }
    check_answers(&edition.definition, &r.answers).map_err(|_| Reason::AnswersInvalid)?;
    // Last: who takes it in although it is early must know that nothing else is wrong with it.
    if ctx.early == Early::KeptApart && is_early(occasion, word) {
        return Err(Reason::OccasionNotOpen);
    }
    Ok(response::ActiveModel {
        id: Set(word.entry),
        person_id: Set(person),
        // Not what the entry says: that may be a measurement of a registration that was merged with this one.
        occasion_id: Set(occasion.row.id),
        instrument: Set(r.instrument.clone()),
        edition: Set(r.edition.clone()),
        language: Set(r.language.clone()),
        mode: Set(r.mode.as_str().to_owned()),
        helped_by: Set(r.helped_by.clone()),
        private: Set(r.private),
        device_started_at: Set(r.started_at.to_rfc3339()),
        device_finished_at: Set(r.finished_at.to_rfc3339()),
        clock_suspect: Set(clock_suspect(r, ctx.now)),
        received_at: Set(ctx.now),
        chosen: Set(false),
        answers: Set(bedring_store::plan::to_json(&r.answers)),
        account_id: Set(account),
    })
}

/// Given before the occasion opened, or while nobody knew when it would. A day before is not early: a clock may be some minutes ahead at
/// midnight, and a phone in another part of the world. There is no late: what is answered after the window closes is an answer.
fn is_early(occasion: &OccasionFacts, word: &Word) -> bool {
    let day = calendar::day_of(word.at.to_utc());
    let opens = occasion.row.opens_on;
    opens.is_none_or(|opens| day.succ_opt().is_some_and(|next| next < opens))
}

/// The device's clock cannot have been right: an end before the start, a day after the arrival, or years before there was a Bedring.
fn clock_suspect(r: &Response, now: DateTime<Utc>) -> bool {
    const FIRST_RELEASE: i64 = 1_767_225_600; // 2026-01-01 in UTC
    r.finished_at < r.started_at
        || r.finished_at.get() > now + TimeDelta::days(1)
        || r.finished_at.timestamp() < FIRST_RELEASE
}

pub(super) fn consent_row(
    ctx: &Context<'_>,
    delivery: &Opened,
    person: Uuid,
    entry: &OpenedEntry,
    content: &Entry,
    event: &Event,
    said_at: DateTime<FixedOffset>,
) -> consent::ActiveModel {
    let (purpose, decision, words) = match event {
        Event::ConsentGiven(words) => (words.purpose, Decision::Given, Some(words)),
        Event::ConsentDeclined(words) => (words.purpose, Decision::Declined, Some(words)),
        Event::ConsentWithdrawn { scope } => {
            (Purpose::Evaluation, Decision::Withdrawn(*scope), None)
        }
        _ => (
            Purpose::Evaluation,
            Decision::Withdrawn(Scope::StopAsking),
            None,
        ),
    };
    // Who withdraws through somebody else tells them.
    let told = if delivery.sender.account().is_some() {
        "spoken"
    } else {
        "screen"
    };
    let channel = words.map_or(told, |w| match w.channel {
        bedring_domain::consent::Channel::Screen => "screen",
        bedring_domain::consent::Channel::Paper => "paper",
        bedring_domain::consent::Channel::Spoken => "spoken",
    });
    consent::ActiveModel {
        id: Set(entry.id),
        person_id: Set(person),
        purpose: Set(purpose.as_str().to_owned()),
        decision: Set(convert::decision_to_text(decision)),
        letter_edition: Set(words.map(|w| w.letter.clone()).unwrap_or_default()),
        language: Set(words.map(|w| w.language.clone()).unwrap_or_default()),
        channel: Set(channel.to_owned()),
        witness: Set(words.and_then(|w| w.witness.clone())),
        device_id: Set(Some(delivery.device_id)),
        device_recorded_at: Set(content.recorded_at.to_rfc3339()),
        device_sent_at: Set(Some(delivery.sent_at.to_rfc3339())),
        said_at: Set(said_at.to_utc()),
        received_at: Set(ctx.now),
        account_id: Set(delivery.sender.account()),
    }
}

pub(super) fn entry_row(
    ctx: &Context<'_>,
    delivery: &Opened,
    person: Option<Uuid>,
    entry: &OpenedEntry,
    row_state: &str,
    reason: Option<Reason>,
) -> journal_entry::ActiveModel {
    journal_entry::ActiveModel {
        id: Set(entry.id),
        sha256: Set(entry.sha256.to_vec()),
        seal_key: Set(entry.seal_key.clone()),
        body: Set((row_state != state::GONE).then(|| entry.body.clone())),
        person_id: Set(person),
        device_id: Set(delivery.device_id),
        device_sent_at: Set(delivery.sent_at.to_rfc3339()),
        received_at: Set(ctx.now),
        kind: Set(entry.kind.clone()),
        state: Set(row_state.to_owned()),
        reason: Set(reason.map(|r| r.as_str().to_owned())),
        account_id: Set(delivery.sender.account()),
        conflicts: Set(0),
        ..Default::default()
    }
}

pub(super) fn conflict_row(
    ctx: &Context<'_>,
    delivery: &Opened,
    person: Option<Uuid>,
    entry: &OpenedEntry,
) -> journal_conflict::ActiveModel {
    journal_conflict::ActiveModel {
        id: Set(uuid_v7(ctx.now, ctx.random)),
        entry_id: Set(entry.id),
        sha256: Set(entry.sha256.to_vec()),
        seal_key: Set(entry.seal_key.clone()),
        body: Set(Some(entry.body.clone())),
        person_id: Set(person),
        device_id: Set(delivery.device_id),
        device_sent_at: Set(delivery.sent_at.to_rfc3339()),
        received_at: Set(ctx.now),
        state: Set("open".to_owned()),
        account_id: Set(delivery.sender.account()),
        ..Default::default()
    }
}
