//! What was received but cannot be used yet: first whose it is, with how many and why, then one person's entries. However much came from one,
//! it is one line here.

mod entries;
mod settle;
mod words;

pub use entries::screen as screen_of;

use bedring_contract::quarantine::{QuarantinePerson, Whose};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::route::Route;
use super::state::Staff;
use super::words::{Lang, fill};
use super::{dates, terms, widgets};
use crate::api::{ApiFailure, staff as api};
use words::Words;

/// What has been loaded so far.
#[derive(Clone, Copy)]
struct People {
    staff: Staff,
    lines: RwSignal<Vec<QuarantinePerson>>,
    total: RwSignal<u64>,
    next: RwSignal<Option<String>>,
    started: RwSignal<bool>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<ApiFailure>>,
}

/// The screen.
pub fn screen(staff: Staff) -> impl IntoView {
    let lang = staff.lang_now();
    let (shared, w) = (lang.words(), Words::of(lang));
    let people = People {
        staff,
        lines: RwSignal::new(Vec::new()),
        total: RwSignal::new(0),
        next: RwSignal::new(None),
        started: RwSignal::new(false),
        busy: RwSignal::new(false),
        failure: RwSignal::new(None),
    };
    load(people);
    view! {
        <div class="stack-wide">
            {widgets::heading(staff, shared, shared.quarantine_title.to_owned())}
            <p>{w.lead}</p>
            {move || people.failure.get().map(|f| {
                let again = Callback::new(move |()| load(people));
                widgets::trouble_note(lang, &f, Some(again))
            })}
            {move || list(people)}
        </div>
    }
}

/// Loads the next page.
fn load(people: People) {
    if people.busy.get_untracked() {
        return;
    }
    people.busy.set(true);
    people.failure.set(None);
    let after = people.next.get_untracked();
    let request = async move { api::quarantine_people(after.as_deref()).await };
    people.staff.ask(request, move |outcome| {
        // The screen may be gone by now.
        if people.busy.try_set(false).is_some() {
            return;
        }
        match outcome {
            Ok(page) => {
                people.total.set(page.total);
                people.lines.update(|lines| {
                    // Somebody of whom more arrived meanwhile may come twice.
                    let known: Vec<_> = lines.iter().map(|l| l.person).collect();
                    let new = page
                        .people
                        .into_iter()
                        .filter(|l| !known.contains(&l.person));
                    lines.extend(new);
                });
                let last = page.next.is_none();
                people.next.set(page.next);
                people.started.set(true);
                if last {
                    refocus();
                }
            }
            Err(failure) => people.failure.set(Some(failure)),
        }
    });
}

/// The button that had the focus is gone.
fn refocus() {
    let on_button = document()
        .active_element()
        .is_some_and(|e| e.id() == "quarantine-more");
    if on_button {
        widgets::focus("quarantine-count");
    }
}

/// How many there are to settle.
fn count(w: &'static Words, n: u64) -> String {
    match n {
        1 => w.shown_one.to_owned(),
        n => fill(w.shown, &[("n", &n.to_string())]),
    }
}

/// How somebody is called in a list and above their entries.
fn name(lang: Lang, of: &QuarantinePerson) -> String {
    let unknown = || Words::of(lang).unknown.to_owned();
    match (&of.person_code, of.person) {
        (Some(code), _) => code.clone(),
        (None, Some(_)) => lang.words().damaged.to_owned(),
        (None, None) => unknown(),
    }
}

fn list(people: People) -> Option<AnyView> {
    let lang = people.staff.lang_now();
    let (shared, w) = (lang.words(), Words::of(lang));
    if !people.started.get() {
        return (people.failure.with(Option::is_none))
            .then(|| view! { <p class="quiet" role="status">{shared.waiting}</p> }.into_any());
    }
    if people.lines.with(Vec::is_empty) {
        return Some(view! { <p class="note note-good">{w.none}</p> }.into_any());
    }
    let now = dates::now();
    let more = move || {
        people.next.with(Option::is_some).then(|| view! {
            <button id="quarantine-more" type="button" class="button-secondary" on:click=move |_| load(people)>
                {move || if people.busy.get() { shared.waiting } else { shared.more }}
            </button>
        })
    };
    Some(
        view! {
            <section class="stack">
                <p id="quarantine-count" class="quiet" role="status" tabindex="-1">{move || count(w, people.total.get())}</p>
                <div class="table-wrap" tabindex="0">
                    <table class="table table-cards">
                        <caption class="visually-hidden">{w.people}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{shared.person}</th>
                                <th scope="col">{w.count}</th>
                                <th scope="col">{shared.reason}</th>
                                <th scope="col">{w.oldest}</th>
                                <th scope="col">{w.newest}</th>
                            </tr>
                        </thead>
                        <tbody>
                            <For each=move || people.lines.get() key=|line| line.person let:line>{row(lang, &line, now)}</For>
                        </tbody>
                    </table>
                </div>
                {more}
            </section>
        }
        .into_any(),
    )
}

fn row(lang: Lang, line: &QuarantinePerson, now: DateTime<Utc>) -> impl IntoView + use<> {
    let (shared, w) = (lang.words(), Words::of(lang));
    let age = |at: Option<DateTime<Utc>>| {
        at.map_or_else(|| shared.none.to_owned(), |at| dates::age(lang, at, now))
    };
    let project = line
        .project_code
        .clone()
        .map(|code| view! { <span class="quiet">{code}</span> });
    let only = line.reasons.len() == 1;
    let reasons = line
        .reasons
        .iter()
        .map(|r| {
            let reason = terms::reason(lang, &r.reason);
            let text = match only {
                true => reason.to_owned(),
                false => fill(
                    w.reasons,
                    &[("n", &r.count.to_string()), ("reason", reason)],
                ),
            };
            view! { <p>{text}</p> }
        })
        .collect_view();
    let href = Route::QuarantineOf(Whose::from(line.person)).href();
    let damaged = line
        .damaged
        .then(|| widgets::badge("state state-missed", shared.damaged));
    view! {
        <tr>
            <th scope="row" class="number">
                <div class="row-actions"><a class="button-quiet" href=href>{name(lang, line)}</a> {project} {damaged}</div>
            </th>
            <td class="number" data-label=w.count>{line.entries}</td>
            <td data-label=shared.reason><div class="stack-tight">{reasons}</div></td>
            <td data-label=w.oldest>{age(line.oldest)}</td>
            <td data-label=w.newest>{age(line.newest)}</td>
        </tr>
    }
}
