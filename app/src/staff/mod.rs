//! The screens of project leaders, helpers and evaluators, a program of its own under `/staff/`: overview, plans, worklist, calendar, people, invitations,
//! scores, what is kept apart, receipts, operations.
//!
//! Everything here is plain REST and needs a network; nothing is stored on the computer but the chosen language.

mod board;
mod calendar;
mod calls;
mod changed;
mod course;
mod course_end;
pub mod dates;
mod dialogs;
mod end_question;
mod erasing;
mod head;
mod icons;
mod invitation;
mod kept;
mod log_in_again;
mod login;
mod new_person;
mod not_asked;
mod operations;
pub mod paired;
mod people;
mod person;
mod phone;
mod plan;
mod programmes;
mod project;
mod quarantine;
mod receipt;
mod reopen;
mod rivals;
pub mod route;
mod scores;
mod shell;
mod standing;
pub mod state;
mod taking_part;
pub mod terms;
mod ways;
mod weekly_mail;
pub mod widgets;
pub mod words;
mod worklist;

use bedring_contract::staff::{ChangeAccountChoices, StaffLanguage};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use route::Route;
use state::{Session, Staff, Why};
use words::Lang;

use crate::api::{ApiFailure, staff as api};

/// Where the chosen language is kept.
const LANGUAGE: &str = "bedring-staff-language";

/// Puts the staff screens into the page.
pub fn start() {
    let staff = Staff::new(stored_language(), current_route());
    follow_address(staff);
    log_in_again::when_it_ends(staff);
    mount_to_body(move || {
        Effect::new(move |_| {
            let code = staff.lang().code();
            if let Some(html) = document().document_element() {
                let _ = html.set_attribute("lang", code);
            }
        });
        who_am_i(staff);
        shell::shell(staff)
    });
}

/// Asks who is logged in.
fn who_am_i(staff: Staff) {
    staff.session.set(Session::Asking);
    leptos::task::spawn_local(async move {
        staff.session.set(match api::account().await {
            Ok(account) => Session::In(account),
            Err(ApiFailure::Problem(problem)) if problem.status == 401 => Session::Out(Why::NotYet),
            Err(failure) => Session::Unreachable(failure),
        });
    });
}

fn current_route() -> Route {
    Route::parse(&window().location().hash().unwrap_or_default())
}

/// The browser's address decides which screen is shown: back, forward and bookmarks work by themselves.
fn follow_address(staff: Staff) {
    let changed = Closure::<dyn Fn()>::new(move || {
        let route = current_route();
        if staff.route.get_untracked() != route {
            staff.focus_heading.set_value(true);
            staff.language_unsaved.set(false);
            staff.route.set(route);
        }
    });
    let _ =
        window().add_event_listener_with_callback("hashchange", changed.as_ref().unchecked_ref());
    // It is needed for as long as the page lives.
    changed.forget();
}

/// Goes to a screen.
pub fn go(route: Route) {
    let _ = window().location().set_hash(&route.href());
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The language that was chosen on this computer, if one was.
fn chosen_language() -> Option<StaffLanguage> {
    let stored = storage().and_then(|s| s.get_item(LANGUAGE).ok().flatten());
    stored.as_deref().and_then(StaffLanguage::parse)
}

fn stored_language() -> Lang {
    match chosen_language() {
        Some(StaffLanguage::En) => Lang::En,
        Some(StaffLanguage::Da) | None => Lang::Da,
    }
}

/// Changes the language and remembers it where the browser lets us.
fn switch_language(staff: Staff) {
    let next = match staff.lang_now() {
        Lang::Da => Lang::En,
        Lang::En => Lang::Da,
    };
    staff.lang.set(next);
    staff.language_unsaved.set(false);
    if let Some(storage) = storage() {
        let _ = storage.set_item(LANGUAGE, next.code());
    }
    // So that mails come in it too. If it cannot be told now, that is said, and the next log-in tells it.
    if staff
        .session
        .with_untracked(|session| matches!(session, Session::In(_)))
    {
        let change = ChangeAccountChoices {
            language: StaffLanguage::parse(next.code()),
            weekly_digest: None,
        };
        let request = async move { api::choose(&change).await };
        staff.ask(request, move |outcome| {
            // Not where it has been changed again since, and not over a log-in, which tells it.
            let still = staff.lang_now() == next && staff.account_now().is_some();
            staff.language_unsaved.set(outcome.is_err() && still);
        });
    }
}
