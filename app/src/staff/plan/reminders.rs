//! How people are reminded: in words, and the fields of it. The same fields serve the programme and a measurement with reminders of its own.

use bedring_domain::reminder::ReminderPolicy;
use leptos::prelude::*;

use super::editor::Editor;
use super::fields::{self, Look};
use super::form::PolicyForm;
use super::words::Words;
use super::{facts, told};
use crate::staff::words::Lang;

/// For those who may only look.
pub fn read_only(lang: Lang, policy: &ReminderPolicy) -> impl IntoView + use<> {
    let w = Words::of(lang);
    view! {
        <section class="card stack" aria-labelledby="plan-reminders">
            <h2 id="plan-reminders">{w.reminders}</h2>
            <p>{w.reminders_lead}</p>
            {facts(told::reminders(lang, policy))}
        </section>
    }
}

/// For those who may change it.
pub fn section(editor: Editor) -> impl IntoView {
    let (lang, w) = (editor.lang(), editor.w());
    let open = editor.reminders_open;
    let form = editor.reminders;
    let inside = move || {
        if open.get() {
            inputs(w, "reminders".to_owned(), form).into_any()
        } else {
            let told = move || match form.read(None) {
                Some(policy) => facts(told::reminders(lang, &policy)).into_any(),
                None => view! { <p class="field-error">{w.unreadable}</p> }.into_any(),
            };
            view! { {told} }.into_any()
        }
    };
    view! {
        <section class="card stack" aria-labelledby="plan-reminders">
            <h2 id="plan-reminders">{w.reminders}</h2>
            <p>{w.reminders_lead}</p>
            {inside}
            <div class="plan-buttons">
                <button type="button" class="button-quiet" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|o| *o = !*o)>
                    {move || if open.get() { w.done } else { w.edit }}
                    <span class="visually-hidden">" "{w.reminders}</span>
                </button>
            </div>
        </section>
    }
}

/// The fields; `id` stands before their ids.
pub fn inputs(w: &'static Words, id: String, form: PolicyForm) -> impl IntoView {
    let count = |field: &str, label, hint, typed| {
        fields::field(format!("{id}-{field}"), Look::count(label, hint), typed)
    };
    let time = |field: &str, label, typed| {
        let look = Look {
            kind: "time",
            keyboard: "",
            ..Look::count(label, "")
        };
        fields::field(format!("{id}-{field}"), look, typed)
    };
    let address = |field: &str, label, typed| {
        let look = Look {
            kind: "email",
            ..Look::text(label, "")
        };
        fields::field(format!("{id}-{field}"), look, typed)
    };
    let name = Look::text(w.sender_name, "");
    let [first, second, third] = form.steps;
    view! {
        <fieldset class="question stack">
            <legend class="field-label">{w.steps_legend}</legend>
            <p class="field-hint">{w.steps_hint}</p>
            <div class="plan-row">
                {count("step-1", w.step_1, "", first)}
                {count("step-2", w.step_2, "", second)}
                {count("step-3", w.step_3, "", third)}
            </div>
            {fields::error(&format!("{id}-steps"), form.steps_error)}
            {count("between", w.between_field, "", form.between)}
            {count("most", w.most, w.most_hint, form.most)}
            {count("call", w.call_field, "", form.call)}
        </fieldset>
        <fieldset class="question stack">
            <legend class="field-label">{w.hours_legend}</legend>
            <p class="field-hint">{w.hours_hint}</p>
            <div class="plan-row">
                {time("send-at", w.send_at, form.send_at)}
                {time("quiet-from", w.quiet_from, form.quiet_from)}
                {time("quiet-until", w.quiet_until, form.quiet_until)}
            </div>
        </fieldset>
        <fieldset class="question stack">
            <legend class="field-label">{w.sender_legend}</legend>
            <p class="field-hint">{w.sender_hint}</p>
            {fields::field(format!("{id}-sender-name"), name, form.sender_name)}
            {address("sender-address", w.sender_address, form.sender_address)}
            {address("reply-to", w.reply_field, form.reply_to)}
        </fieldset>
    }
}
