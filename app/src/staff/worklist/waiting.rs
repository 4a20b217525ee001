//! What is overdue and due: lists to select from, and one form that gives all that are selected a reason.

use bedring_contract::followup::{OccasionSection, WorkLine, Worklist};
use bedring_domain::course::MissedReason;
use leptos::prelude::*;

use super::words::Words;
use super::{Desk, more, section_head, who};
use crate::api::followup as api;
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::{Lang, fill};
use crate::staff::{dates, terms};

const FIELD: &str = "missed-reason";

/// Both lists and the form.
pub fn sections(desk: Desk, found: &Worklist) -> impl IntoView + use<> {
    let w = desk.w();
    let called = found.calls.lines.iter().any(|l| !l.waiting.is_empty());
    let any = called || found.overdue.total + found.due.total > 0;
    view! {
        {table(desk, "overdue-title", w.overdue_title, &found.overdue)}
        {table(desk, "due-title", w.due_title, &found.due)}
        {any.then(|| form(desk))}
    }
}

/// "Opfølgning 2": the first of a kind needs no number.
pub fn measurement(lang: Lang, line: &WorkLine) -> String {
    let kind = terms::occasion_kind(lang, line.kind);
    if line.number < 2 {
        return kind.to_owned();
    }
    let values = [("kind", kind), ("n", &*line.number.to_string())];
    fill(Words::of(lang).numbered, &values)
}

/// Who takes it, in words.
pub fn owner(desk: Desk, line: &WorkLine) -> String {
    let w = desk.w();
    let mine = desk.staff.account_now().map(|a| a.id);
    match &line.owner {
        None => w.nobody.to_owned(),
        Some(owner) if Some(owner.id) == mine => w.me.to_owned(),
        Some(owner) => owner.email.clone(),
    }
}

fn table(
    desk: Desk,
    id: &'static str,
    title: &'static str,
    section: &OccasionSection,
) -> impl IntoView + use<> {
    let w = desk.w();
    let rows = section
        .lines
        .iter()
        .map(|line| row(desk, line))
        .collect_view();
    (section.total > 0).then(|| {
        view! {
            <section class="stack" aria-labelledby=id>
                {section_head(w, id, title, section.lines.len(), section.total)}
                <div class="table-wrap" tabindex="0">
                    <table class="table table-figures">
                        <caption class="visually-hidden">{fill(w.waiting_caption, &[("title", title)])}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{w.pick}</th>
                                <th scope="col">{desk.lang().words().person}</th>
                                <th scope="col">{w.measurement}</th>
                                <th scope="col">{w.due}</th>
                                <th scope="col">{w.owner}</th>
                                <th scope="col">{w.next_step}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {more(desk, id, title, section.lines.len(), section.total)}
            </section>
        }
    })
}

fn row(desk: Desk, line: &WorkLine) -> impl IntoView + use<> {
    let (lang, w) = (desk.lang(), desk.w());
    // With the days behind it, it is a sentence: on a narrow screen it has to break.
    let due_class = (line.overdue_days == 0).then_some("number");
    let (next, next_class) = next_step(lang, line);
    view! {
        <tr>
            <td class="pick-cell" data-label=w.pick>{pick(desk, line, None)}</td>
            <th scope="row" data-label=lang.words().person>{who(lang, &line.who)}</th>
            <td>{measurement(lang, line)}</td>
            <td class=due_class data-label=w.due>{due_words(lang, line)}</td>
            <td data-label=w.owner>{owner(desk, line)}</td>
            <td class=next_class data-label=w.next_step>{next}</td>
        </tr>
    }
}

/// The due day, and how many days ago it is where it is overdue.
pub fn due_words(lang: Lang, line: &WorkLine) -> String {
    let w = Words::of(lang);
    let Some(due) = line.due else {
        return lang.words().none.to_owned();
    };
    let due = dates::date(lang, due);
    match line.overdue_days {
        0 => due,
        1 => fill(w.due_late_one, &[("due", &due)]),
        n => fill(w.due_late, &[("due", &due), ("n", &n.to_string())]),
    }
}

/// A box that selects a measurement, to give it a reason; with words beside it where none stand in the row.
pub fn pick(desk: Desk, line: &WorkLine, beside: Option<String>) -> impl IntoView + use<> {
    let (lang, w) = (desk.lang(), desk.w());
    let kind = measurement(lang, line);
    let name = fill(w.pick_one, &[("code", &line.who.code), ("kind", &kind)]);
    let id = line.occasion;
    let picked = move || desk.picked.with(|p| p.contains(&id));
    let toggle = move |_| {
        desk.picked.update(|picked| {
            if !picked.remove(&id) {
                picked.insert(id);
            }
        });
    };
    let label = match &beside {
        Some(_) => format!("{name}. "),
        None => name,
    };
    view! {
        <label class="pick">
            <input type="checkbox" prop:checked=picked on:change=toggle />
            <span class="visually-hidden">{label}</span>
            {beside.map(|words| view! { <span>{words}</span> })}
        </label>
    }
}

/// The day of the next step, or that reminders pause: that is a sentence, which has to break on a narrow screen.
fn next_step(lang: Lang, line: &WorkLine) -> (String, Option<&'static str>) {
    let w = Words::of(lang);
    let date = |day| dates::date(lang, day);
    match (line.paused, line.next_step) {
        (Some(pause), _) => (paused(lang, pause.until), None),
        (None, Some(day)) => (date(day), Some("number")),
        (None, None) => (w.no_step.to_owned(), Some("number")),
    }
}

/// That reminders pause, and until when.
pub fn paused(lang: Lang, until: Option<chrono::NaiveDate>) -> String {
    let w = Words::of(lang);
    until.map_or_else(
        || w.paused.to_owned(),
        |day| fill(w.paused_until, &[("day", &dates::date(lang, day))]),
    )
}

fn form(desk: Desk) -> impl IntoView {
    let (lang, w) = (desk.lang(), desk.w());
    let (value, error) = (desk.reason, RwSignal::new(None::<String>));
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.said.set(None);
        desk.failure.set(None);
        let picked: Vec<_> = desk.picked.get_untracked().into_iter().collect();
        let reason = value.with_untracked(|v| MissedReason::parse(v));
        error.set(match (picked.is_empty(), reason) {
            (true, _) => Some(w.reason_none.to_owned()),
            (_, None) => Some(w.reason_choose.to_owned()),
            _ => None,
        });
        let Some(reason) = reason.filter(|_| !picked.is_empty()) else {
            return widgets::focus(FIELD);
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let request = api::missed(picked.clone(), reason);
        desk.staff.ask(request, move |outcome| {
            busy.try_set(false);
            match outcome {
                Ok(set) => {
                    // What was picked and chosen since is for the next time.
                    desk.picked
                        .try_update(|all| all.retain(|id| !picked.contains(id)));
                    desk.reason.try_update(|chosen| {
                        if chosen == reason.as_str() {
                            chosen.clear();
                        }
                    });
                    desk.done(fill(w.reason_saved, &[("n", &set.changed.to_string())]));
                }
                Err(trouble) => {
                    desk.failure.try_set(Some(trouble));
                }
            }
        });
    };
    let spec = FieldSpec::text(FIELD, w.reason_field);
    let button = move || {
        let n = desk
            .picked
            .with(std::collections::BTreeSet::len)
            .to_string();
        fill(w.reason_submit, &[("n", &n)])
    };
    view! {
        <section class="card stack" aria-labelledby="reason-title">
            <h2 id="reason-title">{w.reason_title}</h2>
            <p>{w.reason_text}</p>
            <form class="stack" novalidate=true on:submit=submit>
                {widgets::select_field(spec, terms::missed_reasons(lang, w.reason_choose), value, error)}
                <div class="actions">
                    <button type="submit" class="button-secondary" aria-disabled=move || busy.get().then_some("true")>{button}</button>
                </div>
            </form>
        </section>
    }
}
