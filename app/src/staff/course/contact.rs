//! The dialog in which somebody writes down whom a person named to be reminded instead.

use bedring_contract::course::{NamedContact, NewContact};
use leptos::prelude::*;

use super::Case;
use crate::api::{ApiFailure, followup as api};
use crate::staff::changed;
use crate::staff::dialogs::{self, choice, modal};
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;

const EMAIL: &str = "contact-email";
const CONFIRM: &str = "contact-confirm";
const PERSON: &str = "person";
const CONTACT: &str = "contact";

/// The dialog.
pub fn dialog(case: Case) -> impl IntoView {
    modal("contact-dialog", case.naming, move |(code, known)| {
        form(case, code, known.as_ref())
    })
}

fn form(case: Case, code: &str, known: Option<&NamedContact>) -> impl IntoView + use<> {
    let (lang, w) = (case.lang(), case.w());
    let seen = StoredValue::new(known.map(|c| c.email.clone()));
    let email = RwSignal::new(known.map(|c| c.email.clone()).unwrap_or_default());
    let to = if known.is_some_and(|c| c.instead) {
        CONTACT
    } else {
        PERSON
    };
    let (to, confirmed) = (RwSignal::new(to.to_owned()), RwSignal::new(false));
    let (error, missing) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<ApiFailure>);
    let title = fill(w.contact_dialog, &[("code", code)]);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        error.set(None);
        failure.set(None);
        missing.set(!confirmed.get_untracked());
        if email.with_untracked(|e| e.trim().is_empty()) {
            error.set(Some(lang.words().error_required.to_owned()));
            return widgets::focus(EMAIL);
        }
        if missing.get_untracked() {
            return widgets::focus(CONFIRM);
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let form = NewContact {
            email: email.get_untracked(),
            instead: to.with_untracked(|to| to == CONTACT),
            named_by_person: confirmed.get_untracked(),
            seen: Some(seen.get_value()),
        };
        case.staff
            .ask(api::contact(case.person, Some(form)), move |outcome| {
                busy.try_set(false);
                match outcome {
                    Ok(()) => {
                        case.naming.try_set(None);
                        case.done(w.contact_saved.to_owned());
                    }
                    Err(ApiFailure::Problem(problem))
                        if problem.errors.iter().any(|e| e.pointer == "/email") =>
                    {
                        let typed = email.get_untracked();
                        let both = changed::told(lang, &problem, "/email", &typed, str::to_owned);
                        if both.is_some() {
                            seen.set_value(changed::current(&problem, "/email"));
                        }
                        let wrong = || lang.words().error_email.to_owned();
                        error.try_set(Some(both.unwrap_or_else(wrong)));
                        widgets::focus(EMAIL);
                    }
                    Err(trouble) => {
                        failure.try_set(Some(trouble));
                    }
                }
            });
    };
    let spec = FieldSpec {
        kind: "email",
        hint: w.contact_hint,
        ..FieldSpec::text(EMAIL, w.contact_email)
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="contact-dialog">{title}</h2>
            <p>{w.contact_none}</p>
            {widgets::field(spec, email, error)}
            <fieldset class="question">
                <legend class="field-label">{w.contact_to}</legend>
                <div class="answers">
                    {choice("contact-to", PERSON, w.contact_to_person, to)}
                    {choice("contact-to", CONTACT, w.contact_to_contact, to)}
                </div>
            </fieldset>
            {dialogs::confirmation(CONFIRM, w.contact_confirm, confirmed)}
            {move || missing.get().then(|| view! { <p class="field-error" role="alert">{w.contact_confirm_missing}</p> })}
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(case.naming, lang.words().cancel, w.contact_save, busy)}
        </form>
    }
}
