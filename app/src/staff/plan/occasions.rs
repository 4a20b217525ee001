//! The measurements of a plan: in words, and the fields of each.

use bedring_domain::course::OccasionKind;
use bedring_domain::instrument::EditionRef;
use leptos::prelude::*;

use super::editor::{Editor, Loaded};
use super::fields::{self, Look};
use super::form::OccasionForm;
use super::words::Words;
use super::{facts, reminders, told};
use crate::staff::terms;
use crate::staff::words::{Lang, fill};

/// For those who may only look.
pub fn read_only(lang: Lang, found: &Loaded) -> impl IntoView + use<> {
    let (w, plan) = (Words::of(lang), &found.plan.plan);
    let named = told::named(lang, plan);
    let usual = &found.plan.instruments;
    let cards = plan
        .occasions
        .iter()
        .zip(&named)
        .map(|(occasion, (_, name))| {
            let told = told::occasion(lang, occasion, &named, usual, &found.editions);
            let own = occasion.reminders.as_ref();
            let own = own.map(|policy| facts(told::reminders(lang, policy)));
            view! {
                <article class="card stack">
                    <h3>{name.clone()}</h3>
                    {facts(told)}
                    {own}
                </article>
            }
        })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby="plan-occasions">
            <h2 id="plan-occasions">{w.occasions}</h2>
            <div class="plan-cards">{cards}</div>
        </section>
    }
}

/// For those who may change it.
pub fn section(editor: Editor) -> impl IntoView {
    let w = editor.w();
    let add = move |key: &'static str, text: &'static str| {
        move || {
            (!editor.has(key)).then(|| {
                view! {
                    <button type="button" class="button-secondary" on:click=move |_| editor.add_follow_up(key)>{text}</button>
                }
            })
        }
    };
    view! {
        <section class="stack" aria-labelledby="plan-occasions">
            <h2 id="plan-occasions" tabindex="-1">{w.occasions}</h2>
            <div class="plan-cards">
                <For each=move || editor.occasions.get() key=|form| form.n let:form>{card(editor, form)}</For>
            </div>
            {move || removed(editor)}
            <div class="actions">
                {add("follow_up_3", w.add_3)}
                {add("follow_up_6", w.add_6)}
                <button type="button" class="button-secondary" on:click=move |_| editor.add_other()>{w.add_other}</button>
            </div>
        </section>
    }
}

fn removed(editor: Editor) -> impl IntoView {
    let w = editor.w();
    editor.removed.get().map(|(_, form)| {
        let kind = terms::occasion_kind(editor.lang(), untrack(move || form.kind()));
        view! {
            <div class="note stack-tight" role="status">
                <p>{fill(w.removed, &[("name", kind)])}</p>
                <button id="plan-undo" type="button" class="button-secondary" on:click=move |_| editor.undo()>{w.undo}</button>
            </div>
        }
    })
}

fn card(editor: Editor, form: OccasionForm) -> impl IntoView {
    let w = editor.w();
    let (title, titled) = (form.id("title"), form.id("title"));
    let name = move || editor.name(form);
    let of = move || format!(" {}", editor.name(form));
    let label = move || if form.open.get() { w.done } else { w.edit };
    let open = form.open;
    let class = move || {
        if open.get() {
            "card stack plan-open"
        } else {
            "card stack"
        }
    };
    let inside = move || {
        if open.get() {
            inputs(editor, form).into_any()
        } else {
            summary(editor, form).into_any()
        }
    };
    view! {
        <article class=class aria-labelledby=titled>
            <h3 id=title tabindex="-1">{name}</h3>
            {fields::error(&form.id("name"), form.error)}
            {inside}
            <div class="plan-buttons">
                <button type="button" class="button-quiet" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|o| *o = !*o)>
                    {label}<span class="visually-hidden">{of}</span>
                </button>
                <button type="button" class="button-quiet" on:click=move |_| editor.remove(form)>
                    {w.remove}<span class="visually-hidden">{of}</span>
                </button>
            </div>
        </article>
    }
}

fn summary(editor: Editor, form: OccasionForm) -> impl IntoView {
    let (lang, w) = (editor.lang(), editor.w());
    move || match form.read(None) {
        None => view! { <p class="field-error">{w.unreadable}</p> }.into_any(),
        Some(occasion) => {
            let usual = editor.before.with(|b| b.instruments.clone());
            let named = editor.named();
            let told = editor
                .editions
                .with_value(|all| told::occasion(lang, &occasion, &named, &usual, all));
            let own = occasion.reminders.as_ref();
            let own = own.map(|policy| facts(told::reminders(lang, policy)));
            view! { {facts(told)} {own} }.into_any()
        }
    }
}

fn inputs(editor: Editor, form: OccasionForm) -> impl IntoView {
    let w = editor.w();
    let number = |field: &str, look: Look, typed| fields::field(form.id(field), look, typed);
    view! {
        {move || (!form.known.get()).then(|| kind(editor, form))}
        <fieldset class="question stack">
            <legend class="field-label">{w.due_legend}</legend>
            <p class="field-hint">{w.due_hint}</p>
            <div class="plan-row">
                {number("months", Look::signed(w.months), form.months)}
                {number("days", Look::signed(w.days), form.days)}
            </div>
            {fields::choice(form.id("from"), w.counted_from, anchors(editor, form), form.from)}
        </fieldset>
        <fieldset class="question stack">
            <legend class="field-label">{w.window_legend}</legend>
            {number("opens", Look::count(w.opens_field, ""), form.opens)}
            {number("grace", Look::count(w.grace_field, ""), form.grace)}
            {number("closes", Look::count(w.closes_field, w.closes_hint), form.closes)}
        </fieldset>
        {fields::tick_signal(w.asks_own, form.asks_own)}
        {move || form.asks_own.get().then(|| asked(editor, form))}
        {fields::tick_signal(w.repeats_tick, form.repeats)}
        {move || form.repeats.get().then(|| repeats(w, form))}
        {fields::tick_signal(w.own_reminders, form.own_reminders)}
        {move || form.own_reminders.get().then(|| reminders::inputs(w, form.id("reminders"), form.reminders))}
    }
}

fn kind(editor: Editor, form: OccasionForm) -> impl IntoView {
    let lang = editor.lang();
    let options = move || {
        let kinds = [
            OccasionKind::Intake,
            OccasionKind::Exit,
            OccasionKind::FollowUp,
        ];
        let option = |kind: OccasionKind| {
            let text = terms::occasion_kind(lang, kind).to_owned();
            (kind.as_str().to_owned(), text)
        };
        kinds.into_iter().map(option).collect()
    };
    fields::choice(form.id("kind"), editor.w().kind, options, form.kind)
}

/// What a measurement can be counted from: days of the course, and the measurements before it.
fn anchors(
    editor: Editor,
    form: OccasionForm,
) -> impl Fn() -> Vec<(String, String)> + Send + Sync + 'static {
    let w = editor.w();
    move || {
        let own = form.key.get_value();
        let mut options = vec![
            ("start".to_owned(), w.anchor_start.to_owned()),
            ("end_confirmed".to_owned(), w.anchor_end.to_owned()),
            ("end_planned".to_owned(), w.anchor_planned.to_owned()),
        ];
        let named = editor.named();
        let earlier = named.into_iter().take_while(|(key, _)| *key != own);
        options.extend(earlier.map(|(key, name)| {
            let text = fill(w.anchor_made, &[("name", &name)]);
            (OccasionForm::made(&key), text)
        }));
        let chosen = form.from.value.get();
        if !options.iter().any(|(value, _)| *value == chosen) {
            options.push((chosen, w.anchor_gone.to_owned()));
        }
        options
    }
}

fn asked(editor: Editor, form: OccasionForm) -> impl IntoView {
    let (lang, w) = (editor.lang(), editor.w());
    let set = move |edition: &EditionRef, wanted: bool| {
        form.asks_error.set(None);
        form.asks.update(|asks| {
            asks.retain(|e| e != edition);
            if wanted {
                asks.push(edition.clone());
            }
        });
    };
    let rows = editor.editions.with_value(|all| {
        let row = |line: &bedring_contract::instrument::InstrumentLine| {
            let edition = line.edition.clone();
            let title = told::edition(lang, &edition, all);
            let values = [("title", &*title), ("edition", &*edition.edition)];
            let text = fill(w.asks_edition, &values);
            let this = edition.clone();
            let ticked = Signal::derive(move || form.asks.with(|asks| asks.contains(&this)));
            fields::tick(text, ticked, move |wanted| set(&edition, wanted))
        };
        all.iter().filter(|l| !l.derived).map(row).collect_view()
    });
    view! {
        <fieldset class="question" id=form.id("asks") tabindex="-1">
            <legend class="field-label">{w.asks_legend}</legend>
            <div class="answers">{rows}</div>
            {fields::error(&form.id("asks"), form.asks_error)}
        </fieldset>
    }
}

fn repeats(w: &'static Words, form: OccasionForm) -> impl IntoView {
    let number =
        |field: &str, label, typed| fields::field(form.id(field), Look::count(label, ""), typed);
    view! {
        <fieldset class="question stack">
            <legend class="field-label">{w.repeats_legend}</legend>
            <div class="plan-row">
                {number("every-months", w.months, form.every_months)}
                {number("every-days", w.days, form.every_days)}
            </div>
            {number("times", w.repeats_times, form.times)}
        </fieldset>
    }
}
