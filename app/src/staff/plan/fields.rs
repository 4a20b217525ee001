//! Fields of a form with many of a kind: what was typed and what is wrong with it, under an id that is made while the page lives.

use std::str::FromStr;

use leptos::prelude::*;

use super::words::Words;

/// A field: what was typed and what is wrong with it.
#[derive(Clone, Copy)]
pub struct Typed {
    /// As typed.
    pub value: RwSignal<String>,
    /// In words.
    pub error: RwSignal<Option<String>>,
}

impl Typed {
    /// Filled in.
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: RwSignal::new(value.into()),
            error: RwSignal::new(None),
        }
    }

    /// Filled in with a number.
    pub fn number(value: impl ToString) -> Self {
        Self::new(value.to_string())
    }

    /// A whole number. What is none is told at the field if there are words for it.
    pub fn read<T: FromStr>(self, complain: Option<&Words>) -> Option<T> {
        let read = self.value.with(|v| v.trim().parse().ok());
        if let (None, Some(w)) = (&read, complain) {
            self.error.set(Some(w.error_number.to_owned()));
        }
        read
    }

    /// The same, where empty means that there is none.
    pub fn read_or_none<T: FromStr>(self, complain: Option<&Words>) -> Option<Option<T>> {
        if self.value.with(|v| v.trim().is_empty()) {
            return Some(None);
        }
        self.read(complain).map(Some)
    }

    /// Without the spaces around it.
    pub fn text(self) -> String {
        self.value.with(|v| v.trim().to_owned())
    }
}

/// How a field is shown.
#[derive(Clone, Copy)]
pub struct Look {
    /// What it is called.
    pub label: &'static str,
    /// What it is for, or empty.
    pub hint: &'static str,
    /// `text`, `email` or `time`.
    pub kind: &'static str,
    /// The keyboard of a phone: `numeric`, or empty for the usual one.
    pub keyboard: &'static str,
    /// Classes of the field.
    pub class: &'static str,
}

impl Look {
    /// Whole numbers from nought.
    pub const fn count(label: &'static str, hint: &'static str) -> Self {
        Self {
            label,
            hint,
            kind: "text",
            keyboard: "numeric",
            class: "field plan-number",
        }
    }

    /// Whole numbers with a sign: the keyboard of digits has none.
    pub const fn signed(label: &'static str) -> Self {
        Self {
            keyboard: "",
            ..Self::count(label, "")
        }
    }

    /// Words.
    pub const fn text(label: &'static str, hint: &'static str) -> Self {
        Self {
            keyboard: "",
            class: "field",
            ..Self::count(label, hint)
        }
    }
}

/// A field with label, hint and, when there is one, the error beside it.
pub fn field(id: String, look: Look, typed: Typed) -> impl IntoView {
    let described = describe(&id, !look.hint.is_empty(), typed.error);
    let keyboard = (!look.keyboard.is_empty()).then_some(look.keyboard);
    let hint = hint(&id, look.hint);
    let error = error(&id, typed.error);
    view! {
        <div class=look.class>
            <label for=id.clone()>{look.label}</label>
            {hint}
            <input
                id=id.clone() name=id type=look.kind class="input" autocomplete="off" inputmode=keyboard
                autocapitalize="off" spellcheck="false" aria-describedby=described
                aria-invalid=move || typed.error.with(Option::is_some).then_some("true")
                prop:value=move || typed.value.get()
                on:input=move |event| {
                    typed.error.set(None);
                    typed.value.set(event_target_value(&event));
                }
            />
            {error}
        </div>
    }
}

/// A choice among a few things that may change, by value and text.
pub fn choice(
    id: String,
    label: &'static str,
    options: impl Fn() -> Vec<(String, String)> + Send + Sync + 'static,
    typed: Typed,
) -> impl IntoView {
    let described = describe(&id, false, typed.error);
    let error = error(&id, typed.error);
    let options = move || {
        let one = |(code, text): (String, String)| {
            let chosen = typed.value.with(|v| *v == code);
            view! { <option value=code selected=chosen>{text}</option> }
        };
        options().into_iter().map(one).collect_view()
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                id=id.clone() name=id class="input" aria-describedby=described
                aria-invalid=move || typed.error.with(Option::is_some).then_some("true")
                on:change=move |event| {
                    typed.error.set(None);
                    typed.value.set(event_target_value(&event));
                }
            >
                {options}
            </select>
            {error}
        </div>
    }
}

/// A row with a box to tick.
pub fn tick(text: String, ticked: Signal<bool>, changed: impl Fn(bool) + 'static) -> impl IntoView {
    view! {
        <label class="answer">
            <input type="checkbox" prop:checked=move || ticked.get() on:change=move |event| changed(event_target_checked(&event)) />
            <span class="answer-text">{text}</span>
        </label>
    }
}

/// A row with a box to tick that a signal holds.
pub fn tick_signal(text: &'static str, ticked: RwSignal<bool>) -> impl IntoView {
    tick(text.to_owned(), ticked.into(), move |now| ticked.set(now))
}

/// What is wrong, if anything is.
pub fn error(id: &str, error: RwSignal<Option<String>>) -> impl IntoView + use<> {
    let id = format!("{id}-error");
    move || {
        let id = id.clone();
        error
            .get()
            .map(|text| view! { <p class="field-error" id=id>{text}</p> })
    }
}

fn hint(id: &str, hint: &'static str) -> impl IntoView + use<> {
    let id = format!("{id}-hint");
    (!hint.is_empty()).then(|| view! { <p class="field-hint" id=id>{hint}</p> })
}

fn describe(
    id: &str,
    hint: bool,
    error: RwSignal<Option<String>>,
) -> impl Fn() -> Option<String> + Send + Sync + use<> {
    let (hint, wrong) = (hint.then(|| format!("{id}-hint")), format!("{id}-error"));
    move || {
        let wrong = error.with(Option::is_some).then_some(&wrong);
        let parts: Vec<&str> = [hint.as_ref(), wrong]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}
