//! How the server is doing: mails that wait, what went wrong with them, and what to do about it in plain words. For administrators.

pub mod words;

use bedring_contract::mail::{BounceMailbox, FailureCount, Operations};
use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;

use super::state::{Remote, Staff};
use super::words::{Lang, fill};
use super::{dates, widgets};
use crate::api::staff as api;
use words::Words;

/// A mail that waits longer than this is not only waiting for its turn.
const LONG: TimeDelta = TimeDelta::hours(1);

/// What failed within this time is said first.
const RECENT: TimeDelta = TimeDelta::days(7);

/// What there is to say first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    /// Nobody has set up a mail server.
    Off,
    /// Mails wait, and the last attempts failed.
    Failing,
    /// Mails wait longer than they should, and nobody said no.
    Slow,
    /// Some failed, none is stuck.
    SomeFailed,
    /// All is well.
    Well,
}

fn health(found: &Operations, now: DateTime<Utc>) -> Health {
    let stuck = found.oldest_waiting.is_some_and(|at| now - at > LONG);
    let waits = found.mails_waiting > 0;
    let waiting = |f: &FailureCount| f.waiting > 0;
    let recent = |f: &FailureCount| f.latest.is_none_or(|at| now - at < RECENT);
    // What failed long ago stays in the table; the first words are about today.
    let failed = found
        .failures
        .iter()
        .any(|f| f.count > 0 && (waiting(f) || recent(f)));
    let whole = found
        .failures
        .iter()
        .any(|f| waiting(f) && stops_all(&f.kind));
    match () {
        () if !found.mail_is_on => Health::Off,
        () if waits && whole => Health::Failing,
        () if stuck => Health::Slow,
        () if failed => Health::SomeFailed,
        () => Health::Well,
    }
}

/// Is it about the mail server, and with it about every mail?
fn stops_all(kind: &str) -> bool {
    matches!(kind, "connection" | "timeout" | "tls" | "login" | "later")
}

/// The screen.
pub fn screen(staff: Staff) -> impl IntoView {
    let lang = staff.lang_now();
    let w = Words::of(lang);
    let state = Remote::new(staff, api::operations);
    view! {
        <div class="stack-wide">
            {widgets::heading(staff, lang.words(), w.title.to_owned())}
            <p>{w.lead}</p>
            {widgets::loaded(staff, state, move |found| show(lang, found))}
            <div class="actions">
                <button type="button" class="button-secondary" on:click=move |_| state.reload()>{w.reload}</button>
            </div>
        </div>
    }
}

fn show(lang: Lang, found: &Operations) -> impl IntoView + use<> {
    let w = Words::of(lang);
    let now = dates::now();
    let moment = |at: DateTime<Utc>| {
        let time = dates::moment(lang, dates::local(at));
        fill(
            w.moment_age,
            &[("time", &time), ("age", &dates::age(lang, at, now))],
        )
    };
    let oldest = found
        .oldest_waiting
        .map_or_else(|| w.nothing_waits.to_owned(), moment);
    let last = found
        .last_success
        .map_or_else(|| w.never.to_owned(), moment);
    let set_back = found.clock_set_back.as_ref().map(|c| {
        let moment = |at| dates::moment(lang, dates::local(at));
        let text = fill(
            w.clock_text,
            &[("at", &moment(c.at)), ("showed", &moment(c.showed))],
        );
        view! {
            <div class="note note-attention stack-tight">
                <p><strong>{w.clock_title}</strong></p>
                <p>{text}</p>
            </div>
        }
    });
    let one_address = found.all_from_one_address.then(|| {
        view! {
            <div class="note note-attention stack-tight">
                <p><strong>{w.one_address_title}</strong></p>
                <p>{w.one_address_text}</p>
            </div>
        }
    });
    view! {
        <div role="status">{summary(w, health(found, now))}</div>
        {set_back}
        {one_address}
        <section class="stack" aria-labelledby="mails-title">
            <h2 id="mails-title">{w.mails}</h2>
            <dl class="facts">
                <dt>{w.waiting}</dt><dd>{found.mails_waiting}</dd>
                <dt>{w.oldest}</dt><dd>{oldest}</dd>
                <dt>{w.last}</dt><dd>{last}</dd>
                <dt>{w.sent}</dt><dd>{found.mails.sent}</dd>
                <dt>{w.came_back}</dt><dd>{found.mails.returned}</dd>
                <dt>{w.given_up}</dt><dd>{found.mails.failed}</dd>
            </dl>
        </section>
        {failures(lang, &found.failures)}
        {found.bounces.as_ref().map(|mailbox| returned(lang, mailbox, now))}
        <section class="stack" aria-labelledby="jobs-title">
            <h2 id="jobs-title">{w.jobs}</h2>
            <p>{w.jobs_text}</p>
            <dl class="facts"><dt>{w.jobs_waiting}</dt><dd>{found.jobs_waiting}</dd></dl>
        </section>
        <p class="quiet">{fill(w.seen_at, &[("time", &dates::moment(lang, dates::local(now)))])}</p>
    }
}

/// The mailbox that returned mails come to.
fn returned(lang: Lang, mailbox: &BounceMailbox, now: DateTime<Utc>) -> impl IntoView + use<> {
    let w = Words::of(lang);
    let read = mailbox.last_read.map_or_else(
        || w.mailbox_never.to_owned(),
        |at| {
            let time = dates::moment(lang, dates::local(at));
            fill(
                w.moment_age,
                &[("time", &time), ("age", &dates::age(lang, at, now))],
            )
        },
    );
    let trouble = mailbox
        .trouble
        .as_deref()
        .map(|kind| view! { <p class="note note-attention">{mailbox_trouble(w, kind)}</p> });
    view! {
        <section class="stack" aria-labelledby="mailbox-title">
            <h2 id="mailbox-title">{w.mailbox}</h2>
            <p>{w.mailbox_text}</p>
            {trouble}
            <dl class="facts"><dt>{w.mailbox_read}</dt><dd>{read}</dd></dl>
        </section>
    }
}

/// What stands in the way of reading it.
fn mailbox_trouble(w: &'static Words, kind: &str) -> &'static str {
    match kind {
        "connection" => w.mailbox_connection,
        "timeout" => w.mailbox_timeout,
        "tls" => w.mailbox_tls,
        "login" => w.mailbox_login,
        "folder" => w.mailbox_folder,
        _ => w.mailbox_other,
    }
}

fn summary(w: &'static Words, health: Health) -> impl IntoView {
    let (class, title, text) = match health {
        Health::Off => ("note note-attention stack-tight", w.off_title, w.off_text),
        Health::Failing => (
            "note note-attention stack-tight",
            w.failing_title,
            w.failing_text,
        ),
        Health::Slow => ("note note-attention stack-tight", w.slow_title, w.slow_text),
        Health::SomeFailed => ("note stack-tight", w.some_title, w.some_text),
        Health::Well => ("note note-good stack-tight", w.well_title, w.well_text),
    };
    let commands = matches!(health, Health::Off | Health::Failing | Health::Slow).then(|| {
        view! { <p>{w.doctor} " " <code>"bedring doctor --send-test ADRESSE"</code></p> }
    });
    view! {
        <div class=class>
            <p><strong>{title}</strong></p>
            <p>{text}</p>
            {commands}
        </div>
    }
}

fn failures(lang: Lang, failures: &[FailureCount]) -> impl IntoView + use<> {
    let w = Words::of(lang);
    let rows: Vec<_> = failures
        .iter()
        .filter(|f| f.count > 0)
        .map(|f| {
            let (what, advice) = kind(w, &f.kind);
            let latest = f
                .latest
                .map(|at| dates::date(lang, dates::local(at).date_naive()));
            view! {
                <tr>
                    <th scope="row" data-label=w.what>{what}</th>
                    <td class="number" data-label=w.count>{f.count}</td>
                    <td class="number" data-label=w.tried_again>{f.waiting}</td>
                    <td data-label=w.latest>{latest}</td>
                    <td data-label=w.advice>{advice}</td>
                </tr>
            }
        })
        .collect();
    let body = if rows.is_empty() {
        view! { <p>{w.no_failures}</p> }.into_any()
    } else {
        view! {
            <div class="table-wrap" tabindex="0">
                <table class="table table-cards">
                    <caption class="visually-hidden">{w.failures}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{w.what}</th>
                            <th scope="col">{w.count}</th>
                            <th scope="col">{w.tried_again}</th>
                            <th scope="col">{w.latest}</th>
                            <th scope="col">{w.advice}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="stack" aria-labelledby="failures-title">
            <h2 id="failures-title">{w.failures}</h2>
            {body}
        </section>
    }
}

/// What went wrong and what to do. A kind that this version does not know gets a general sentence.
fn kind(w: &'static Words, kind: &str) -> (&'static str, &'static str) {
    match kind {
        "connection" => (w.connection, w.connection_do),
        "timeout" => (w.timeout, w.timeout_do),
        "tls" => (w.tls, w.tls_do),
        "login" => (w.login, w.login_do),
        "later" => (w.later, w.later_do),
        "refused" => (w.refused, w.refused_do),
        "recipient" => (w.recipient, w.recipient_do),
        "letters" => (w.letters, w.recipient_do),
        "bounced" => (w.bounced, w.recipient_do),
        "returned" => (w.returned, w.returned_do),
        "unwritable" => (w.unwritable, w.unwritable_do),
        _ => (w.other, w.other_do),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedring_contract::mail::MailCounts;

    /// Each failure: its kind, whether its mail waits, and how many days ago it was made.
    fn found(
        waiting: u64,
        failures: &[(&str, bool, i64)],
        minutes: i64,
    ) -> (Operations, DateTime<Utc>) {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let operations = Operations {
            mail_is_on: true,
            mails_waiting: waiting,
            oldest_waiting: (waiting > 0).then(|| now - TimeDelta::minutes(minutes)),
            last_success: None,
            mails: MailCounts::default(),
            failures: failures
                .iter()
                .map(|(kind, waits, days)| FailureCount {
                    kind: (*kind).to_owned(),
                    count: 1,
                    waiting: u64::from(*waits),
                    latest: Some(now - TimeDelta::days(*days)),
                })
                .collect(),
            all_from_one_address: false,
            jobs_waiting: 0,
            clock_set_back: None,
            bounces: None,
        };
        (operations, now)
    }

    #[test]
    fn what_is_said_first() {
        for (waiting, failures, minutes, expected) in [
            (0, &[][..], 0, Health::Well),
            (3, &[], 5, Health::Well),
            (3, &[], 90, Health::Slow),
            (1, &[("login", true, 0)], 5, Health::Failing),
            (1, &[("login", true, 9)], 5, Health::Failing),
            (1, &[("login", false, 1)], 5, Health::SomeFailed),
            (1, &[("recipient", false, 1)], 5, Health::SomeFailed),
            (0, &[("login", false, 6)], 0, Health::SomeFailed),
            (0, &[("login", false, 8)], 0, Health::Well),
        ] {
            let (operations, now) = found(waiting, failures, minutes);
            assert_eq!(
                health(&operations, now),
                expected,
                "{waiting} {failures:?} {minutes}"
            );
        }
        let (mut operations, now) = found(1, &[("login", true, 0)], 90);
        operations.mail_is_on = false;
        assert_eq!(health(&operations, now), Health::Off);
    }
}
