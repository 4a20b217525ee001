//! Whom a draft would affect, what is held back, the question about what is due already, and saving.

use bedring_contract::plan::{
    PlanChange, PlanEffect, PlanHeldBackWhy, PlanPerson, PlanView, PlanWhat,
};
use bedring_domain::course::CoursePlan;
use leptos::prelude::*;

use super::editor::{Editor, Preview};
use super::told;
use super::words::Words;
use crate::staff::route::Route;
use crate::staff::widgets;
use crate::staff::words::{Lang, fill};

/// The last part of the screen.
pub fn section(editor: Editor) -> impl IntoView {
    let (lang, w) = (editor.lang(), editor.w());
    let label = move || if editor.busy.get() { w.looking } else { w.look };
    let trouble = move || {
        editor.failure.get().map(|failure| {
            view! {
                {widgets::trouble_note(lang, &failure, None)}
                <p>{w.not_saved}</p>
            }
        })
    };
    let complaint = move || {
        editor
            .complaint
            .get()
            .map(|text| view! { <p class="field-error" role="alert">{text}</p> })
    };
    let look = move || {
        if editor.is_changed() {
            let off = move || editor.busy.get().then_some("true");
            view! {
                <div class="actions">
                    <button type="button" class="button-primary" aria-disabled=off on:click=move |_| editor.look()>{label}</button>
                    <button type="button" class="button-quiet" on:click=move |_| editor.ask_discard()>{w.discard}</button>
                </div>
            }
            .into_any()
        } else {
            view! { <p class="quiet">{w.unchanged}</p> }.into_any()
        }
    };
    view! {
        <section class="stack" aria-labelledby="plan-look">
            <h2 id="plan-look">{w.look_title}</h2>
            {look}
            {complaint}
            {trouble}
            {move || editor.overtaken.get().map(|plan| overtaken(editor, &plan))}
            {move || editor.is_changed().then(|| editor.preview.get().map(|found| shown(editor, &found)))}
        </section>
    }
}

fn overtaken(editor: Editor, plan: &PlanView) -> impl IntoView + use<> {
    let (lang, w) = (editor.lang(), editor.w());
    let named = told::named(lang, &plan.plan);
    let lines = plan
        .plan
        .occasions
        .iter()
        .zip(&named)
        .map(|(occasion, (_, name))| {
            let due = told::due(lang, occasion, &named);
            view! { <li>{fill(w.occasion_due, &[("name", name), ("due", &due)])}</li> }
        })
        .collect_view();
    view! {
        <div class="note note-attention stack-tight">
            <h3 id="overtaken-title" tabindex="-1">{w.overtaken_title}</h3>
            <p>{w.not_saved}</p>
            <p>{w.overtaken_now}</p>
            <ul>{lines}</ul>
            <div class="actions">
                <button type="button" class="button-secondary" on:click=move |_| editor.go_on()>{w.overtaken_mine}</button>
                <button type="button" class="button-secondary" on:click=move |_| editor.ask_discard()>{w.overtaken_theirs}</button>
            </div>
        </div>
    }
}

fn shown(editor: Editor, found: &Preview) -> impl IntoView + use<> {
    let (lang, w) = (editor.lang(), editor.w());
    let draft = found.draft.clone();
    let stale = move || editor.draft.with(|now| now.as_ref() != Some(&draft));
    let stale = Memo::new(move |_| stale());
    let effect = &found.effect;
    let reminds = editor.reminds_otherwise(&found.draft);
    let plan = union(
        &found.draft.0,
        &editor.before.with_untracked(|b| b.plan.clone()),
    );
    let save = move || {
        if editor.busy.get() { w.saving } else { w.save }
    };
    let asks = found.asks;
    let end = move || {
        if stale.get() {
            view! { <p class="note note-attention" role="status">{w.stale}</p> }.into_any()
        } else {
            let off = move || editor.busy.get().then_some("true");
            view! {
                {asks.then(|| retroactive(editor))}
                <div class="actions">
                    <button type="button" class="button-primary" aria-disabled=off on:click=move |_| editor.save()>{save}</button>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <div class="card stack">
            <h3 id="effect-title" tabindex="-1">{w.effect_title}</h3>
            <div class="stack-tight" role="status">
                {summary(w, effect)}
                {reminds.then(|| view! { <p>{w.effect_reminders}</p> })}
            </div>
            {counts(lang, &plan, effect)}
            {people(lang, &plan, &effect.affected)}
            {end}
        </div>
    }
}

/// The draft with what it takes away: so that everything has its name and its place.
fn union(draft: &CoursePlan, before: &CoursePlan) -> CoursePlan {
    let mut plan = draft.clone();
    let gone = before
        .occasions
        .iter()
        .filter(|o| draft.occasion(&o.key).is_none());
    plan.occasions.extend(gone.cloned());
    plan
}

fn summary(w: &'static Words, effect: &PlanEffect) -> impl IntoView + use<> {
    let said = |n: u64, one: &str, many: &str| match n {
        0 => None,
        1 => Some(one.to_owned()),
        n => Some(fill(many, &[("n", &n.to_string())])),
    };
    let people = said(effect.people, w.effect_person, w.effect_people);
    let held = said(effect.people_held_back, w.effect_held_one, w.effect_held);
    let none = (people.is_none() && held.is_none()).then_some(w.effect_none);
    view! {
        {none.map(|text| view! { <p>{text}</p> })}
        {people.map(|text| view! { <p><strong>{text}</strong></p> })}
        {held.map(|text| view! { <p>{text}</p> })}
    }
}

/// How many, measurement by measurement. Columns that nobody is in are left out.
fn counts(lang: Lang, plan: &CoursePlan, effect: &PlanEffect) -> impl IntoView + use<> {
    let w = Words::of(lang);
    let names = told::named(lang, plan);
    let columns = [
        (w.added, effect.changes.added),
        (w.moved, effect.changes.moved),
        (w.removed_count, effect.changes.removed),
        (w.asks_count, effect.changes.asks),
        (w.kept_due, effect.held_back.already_due),
        (w.kept_begun, effect.held_back.begun),
    ];
    let used = move |at: usize| columns[at].1 > 0;
    let rows: Vec<_> = names
        .iter()
        .filter_map(|(key, name)| Some((name, effect.by_occasion.iter().find(|o| o.key == *key)?)))
        .map(|(name, o)| {
            let numbers = [
                o.changes.added,
                o.changes.moved,
                o.changes.removed,
                o.changes.asks,
                o.held_back.already_due,
                o.held_back.begun,
            ];
            let cells = numbers
                .into_iter()
                .enumerate()
                .filter(|(at, _)| used(*at))
                .map(|(at, n)| view! { <td class="number" data-label=columns[at].0>{n}</td> })
                .collect_view();
            view! { <tr><th scope="row" data-label=w.measurement>{name.clone()}</th>{cells}</tr> }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let heads = (0..columns.len())
            .filter(|at| used(*at))
            .map(|at| view! { <th scope="col">{columns[at].0}</th> })
            .collect_view();
        view! {
            <div class="table-wrap" tabindex="0">
                <table class="table table-cards">
                    <caption>{w.by_occasion}</caption>
                    <thead><tr><th scope="col">{w.measurement}</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    })
}

/// Who, with the days before and after.
fn people(lang: Lang, plan: &CoursePlan, affected: &[PlanPerson]) -> impl IntoView + use<> {
    let w = Words::of(lang);
    let rows: Vec<_> = affected
        .iter()
        .flat_map(|person| {
            let changes = person.changes.iter().map(move |c| (person, c, None));
            let held = person
                .held_back
                .iter()
                .map(move |h| (person, &h.change, Some(h.why)));
            changes.chain(held)
        })
        .map(|(person, change, why)| row(lang, plan, person, change, why))
        .collect();
    (!rows.is_empty()).then(|| {
        let shown = fill(w.who_first, &[("n", &affected.len().to_string())]);
        view! {
            <details class="plan-who">
                <summary>{w.who_open}</summary>
                <p class="quiet">{shown}</p>
                <div class="table-wrap" tabindex="0">
                    <table class="table table-cards">
                        <caption class="visually-hidden">{w.who}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{w.person}</th>
                                <th scope="col">{w.measurement}</th>
                                <th scope="col">{w.before_now}</th>
                                <th scope="col">{w.after_then}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        }
    })
}

fn row(
    lang: Lang,
    plan: &CoursePlan,
    person: &PlanPerson,
    change: &PlanChange,
    why: Option<PlanHeldBackWhy>,
) -> impl IntoView + use<> {
    let w = Words::of(lang);
    let (before, after) = match change.what {
        PlanWhat::Added => (w.none_now.to_owned(), told::window(lang, change.to)),
        PlanWhat::Moved => (
            told::window(lang, change.from),
            told::window(lang, change.to),
        ),
        PlanWhat::Removed => (told::window(lang, change.from), w.none_then.to_owned()),
        PlanWhat::Asks => (lang.words().none.to_owned(), w.asks_then.to_owned()),
    };
    let after = match why {
        None => after,
        Some(why) => {
            let why = match why {
                PlanHeldBackWhy::AlreadyDue => w.why_due,
                PlanHeldBackWhy::Begun => w.why_begun,
            };
            fill(w.not_changed, &[("why", why)])
        }
    };
    let name = told::name_of(lang, plan, change.kind, change.number);
    view! {
        <tr>
            <th scope="row" data-label=w.person><a href=Route::Person(person.person).href()>{person.code.clone()}</a></th>
            <td data-label=w.measurement>{name}</td>
            <td data-label=w.before_now>{before}</td>
            <td data-label=w.after_then>{after}</td>
        </tr>
    }
}

/// Asked and never assumed: neither answer is chosen beforehand.
fn retroactive(editor: Editor) -> impl IntoView {
    let w = editor.w();
    let answer = move |value: &'static str, text: &'static str| {
        let choose = move |_| {
            editor.retro.set(value.to_owned());
            editor.complaint.set(None);
            editor.look();
        };
        view! {
            <label class="answer">
                <input id=format!("retro-{value}") type="radio" name="retro" value=value
                    prop:checked=move || editor.retro.with(|r| r == value) on:change=choose />
                <span class="answer-text">{text}</span>
            </label>
        }
    };
    view! {
        <fieldset class="question">
            <legend class="field-label">{w.retro_legend}</legend>
            <p class="field-hint">{w.retro_text}</p>
            <div class="answers">
                {answer("no", w.retro_no)}
                {answer("yes", w.retro_yes)}
            </div>
        </fieldset>
    }
}
