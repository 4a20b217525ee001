//! The dialog in which somebody asks that everything about a person be erased, and says why.

use bedring_contract::erasure::{AskErasure, ErasureReason, NOTE_MOST};
use leptos::prelude::*;

use super::Erasing;
use super::words::why;
use crate::api::{ApiFailure, staff as api};
use crate::staff::dialogs::{self, choice};
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;

const NOTE: &str = "erase-note";

/// What is chosen and typed while it is open.
#[derive(Clone, Copy)]
struct Typed {
    reason: RwSignal<String>,
    note: RwSignal<String>,
    error: RwSignal<Option<String>>,
    failure: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
}

/// The dialog.
pub fn form(block: Erasing, code: &str) -> impl IntoView + use<> {
    let (lang, w) = (block.lang(), block.w());
    let all = lang.words();
    let typed = Typed {
        reason: RwSignal::new(ErasureReason::PersonAsked.as_str().to_owned()),
        note: RwSignal::new(String::new()),
        error: RwSignal::new(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    let reasons = ErasureReason::ALL
        .into_iter()
        .map(|r| choice("erase-why", r.as_str(), why(lang, Some(r)), typed.reason))
        .collect_view();
    let spec = FieldSpec {
        hint: w.ask_note_hint,
        aside: all.optional,
        ..FieldSpec::text(NOTE, w.ask_note)
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send(block, typed);
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="erase-ask-dialog">{fill(w.ask_title, &[("code", code)])}</h2>
            <p>{w.ask_text}</p>
            <fieldset class="question">
                <legend class="field-label">{w.ask_why}</legend>
                <div class="answers">{reasons}</div>
            </fieldset>
            {widgets::field(spec, typed.note, typed.error)}
            {move || typed.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(block.asking, all.cancel, w.ask, typed.busy)}
        </form>
    }
}

/// Checks what was typed, and asks the server to keep it.
fn send(block: Erasing, typed: Typed) {
    let w = block.w();
    let reason = typed
        .reason
        .with_untracked(|name| ErasureReason::parse(name));
    let Some(reason) = reason.filter(|_| !typed.busy.get_untracked()) else {
        return;
    };
    let note = typed.note.with_untracked(|text| text.trim().to_owned());
    let wrong = if note.is_empty() && reason == ErasureReason::Other {
        Some(w.ask_note_required)
    } else if note.chars().count() > NOTE_MOST {
        Some(w.ask_note_long)
    } else {
        None
    };
    typed.error.set(wrong.map(str::to_owned));
    typed.failure.set(None);
    if wrong.is_some() {
        return widgets::focus(NOTE);
    }
    typed.busy.set(true);
    let form = AskErasure {
        why: reason,
        note: Some(note).filter(|note| !note.is_empty()),
    };
    let person = block.person;
    let request = async move { api::ask_erasure(person, &form).await };
    block.staff.ask(request, move |outcome| {
        typed.busy.try_set(false);
        match outcome {
            Ok(()) => {
                block.asking.try_set(None);
                block.case.changed(w.asked.to_owned());
            }
            Err(trouble) => {
                typed.failure.try_set(Some(trouble));
            }
        }
    });
}
