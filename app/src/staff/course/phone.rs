//! The dialog in which somebody writes down, changes or removes the telephone number of a person.

use bedring_contract::staff::PersonDetail;
use bedring_domain::phone::phone_number;
use leptos::prelude::*;

use super::Case;
use crate::api::{ApiFailure, staff as api};
use crate::staff::changed;
use crate::staff::dialogs::{self, modal};
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;

const PHONE: &str = "person-phone";

/// Opens the dialog.
pub fn button(case: Case, detail: &PersonDetail) -> impl IntoView + use<> {
    let w = case.w();
    let asked = (detail.line.code.clone(), detail.phone.clone());
    let text = match detail.phone {
        Some(_) => w.phone_change,
        None => w.phone_add,
    };
    let press = move |_| case.phoning.set(Some(asked.clone()));
    view! {
        <div class="row-actions">
            <button type="button" class="button-quiet" on:click=press>{text}</button>
        </div>
    }
}

/// The dialog.
pub fn dialog(case: Case) -> impl IntoView {
    modal("phone-dialog", case.phoning, move |(code, known)| {
        form(case, code, known.as_deref())
    })
}

/// What the dialog holds while it is open.
#[derive(Clone, Copy)]
struct Typed {
    value: RwSignal<String>,
    error: RwSignal<Option<String>>,
    failure: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
    /// There is a number: an empty field removes it.
    had_one: bool,
    /// The number as it was seen.
    seen: StoredValue<Option<String>>,
}

fn form(case: Case, code: &str, known: Option<&str>) -> impl IntoView + use<> {
    let (lang, w) = (case.lang(), case.w());
    let words = lang.words();
    let typed = Typed {
        value: RwSignal::new(known.unwrap_or_default().to_owned()),
        error: RwSignal::new(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
        had_one: known.is_some(),
        seen: StoredValue::new(known.map(str::to_owned)),
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send(case, typed);
    };
    let hint = if typed.had_one {
        w.phone_hint_change
    } else {
        w.phone_hint
    };
    let spec = FieldSpec {
        kind: "tel",
        hint,
        ..FieldSpec::text(PHONE, words.phone)
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="phone-dialog">{fill(w.phone_dialog, &[("code", code)])}</h2>
            {widgets::field(spec, typed.value, typed.error)}
            {move || typed.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(case.phoning, words.cancel, w.phone_save, typed.busy)}
        </form>
    }
}

/// Checks what was typed, and asks the server to keep it.
fn send(case: Case, typed: Typed) {
    let w = case.w();
    let wrong = move || {
        let words = case.lang().words();
        typed.error.try_set(Some(words.error_phone.to_owned()));
        widgets::focus(PHONE);
    };
    typed.error.set(None);
    typed.failure.set(None);
    let text = typed.value.with_untracked(|text| text.trim().to_owned());
    let number = phone_number(&text);
    if number.is_none() && !(text.is_empty() && typed.had_one) {
        return wrong();
    }
    if typed.busy.get_untracked() {
        return;
    }
    typed.busy.set(true);
    let sentence = match number {
        Some(_) => w.phone_saved,
        None => w.phone_removed,
    };
    let request = api::phone(case.person, number, typed.seen.get_value());
    case.staff.ask(request, move |outcome| {
        typed.busy.try_set(false);
        match outcome {
            Ok(()) => {
                case.phoning.try_set(None);
                case.changed(sentence.to_owned());
            }
            Err(ApiFailure::Problem(problem))
                if problem.errors.iter().any(|e| e.pointer == "/phone") =>
            {
                let both = changed::told(case.lang(), &problem, "/phone", &text, str::to_owned);
                let Some(both) = both else { return wrong() };
                typed.seen.set_value(changed::current(&problem, "/phone"));
                typed.error.try_set(Some(both));
                widgets::focus(PHONE);
            }
            Err(trouble) => {
                typed.failure.try_set(Some(trouble));
            }
        }
    });
}
