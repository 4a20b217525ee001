//! The short code from an invitation: the field for it, and what the server says to it.

use bedring_contract::problem::Code;
use bedring_domain::code::{CodeError, parse_short_code};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::{browser, end, start};
use crate::api::ApiFailure;
use crate::api::person;
use crate::i18n::Texts;
use crate::ui::dom::El;
use crate::ui::{Field, View, actions, dynamic, el, heading, p, quiet};

/// The start page.
pub fn page(app: App, t: &'static Texts) -> View {
    form(app, t, (t.start_title, t.start_body), None)
}

/// The field for a short code, under a heading and a text; `beside`: a button for something else.
pub fn form(app: App, t: &'static Texts, (title, body): (&str, &str), beside: Option<El>) -> View {
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let open = move || {
        if busy.get_untracked() {
            return;
        }
        match parse_short_code(&typed.get_untracked()) {
            Ok(code) => {
                error.set(None);
                busy.set(true);
                spawn_local(async move { exchange(app, code, error, busy).await });
            }
            Err(wrong) => {
                error.set(Some(match wrong {
                    CodeError::Length { found, .. } => (t.code_length)(found),
                    CodeError::Character => t.code_character.to_owned(),
                    CodeError::Check => t.code_check.to_owned(),
                }));
                browser::focus("#code");
            }
        }
    };
    let field = Field {
        id: "code",
        class: "input input-code",
        kind: "text",
        label: t.code_label,
        hint: t.code_hint,
    };
    let submit = el("button", "button-primary")
        .attr("type", "submit")
        .attr_while("aria-disabled", move || busy.get().then_some("true"))
        .child(dynamic(
            move || if busy.get() { t.loading } else { t.code_open },
        ));
    el("form", "stack")
        .on("submit", move |event| {
            event.prevent_default();
            open();
        })
        .child(heading(title))
        .child(p(body))
        .child(field.view(typed, error))
        .child(actions(submit).child(beside))
        .child(quiet(t.start_no_code))
        .child(end::contacts_card(app, t))
        .view()
}

async fn exchange(app: App, code: String, error: RwSignal<Option<String>>, busy: RwSignal<bool>) {
    let t = app.texts();
    // A code that was typed here before is used up at the server, and leads to what lies on this phone.
    if let Some(here) = app.here()
        && let Ok(Some(secret)) = here.device.known_code(&code).await
    {
        return browser::reopen(&secret);
    }
    match person::exchange(&code).await {
        Ok(exchanged) => {
            browser::open_link(&exchanged.secret);
            start::fetch(app, exchanged.secret, true, Some(code)).await;
        }
        Err(failure) => {
            let text = match &failure {
                ApiFailure::Offline | ApiFailure::Timeout => t.offline_body,
                ApiFailure::Garbled => t.not_ours_body,
                ApiFailure::Problem(problem) => match problem.code {
                    Code::TooManyRequests => t.code_too_many,
                    Code::CodeUnknown | Code::NotFound => t.code_unknown,
                    Code::PersonErased => t.erased_body,
                    _ => t.server_body,
                },
            };
            // The page may be gone by now, and its signals with it.
            error.try_set(Some(text.to_owned()));
            browser::focus("#code");
        }
    }
    busy.try_set(false);
}
