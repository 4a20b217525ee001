//! Logging in. An unknown address and a wrong password read the same.

use bedring_contract::staff::{Account, LogIn};
use leptos::prelude::*;

use super::state::{Session, Staff, Why};
use super::widgets::{self, FieldSpec};
use crate::api::{ApiFailure, staff as api};

/// The form, and above it why it is shown.
pub fn screen(staff: Staff, why: Why) -> impl IntoView {
    let w = staff.lang_now().words();
    let enter = Callback::new(move |account| enter(staff, account));
    let before = match why {
        Why::NotYet => None,
        Why::LoggedOut => Some(("note note-good", w.login_out)),
        Why::Ended => Some(("note", w.login_ended)),
    };
    view! {
        <div class="login card stack">
            {widgets::heading(staff, w, w.login_title.to_owned())}
            {before.map(|(class, text)| view! { <p class=class role="status">{text}</p> })}
            <p class="quiet">{w.login_lead}</p>
            {form(staff, String::new(), enter)}
        </div>
    }
}

/// This account is logged in now, and the screens are drawn for it.
pub fn enter(staff: Staff, account: Account) {
    // A form that somebody else began on this computer is none of this account's business.
    let same = |owner| owner == account.id;
    if !staff
        .draft
        .with_value(|d| d.as_ref().is_some_and(|(owner, _)| same(*owner)))
    {
        staff.draft.set_value(None);
    }
    staff.focus_heading.set_value(true);
    staff.session.set(Session::In(account));
}

/// Address and password; what follows is told who is logged in.
pub fn form(staff: Staff, known: String, entered: Callback<Account>) -> impl IntoView {
    let lang = staff.lang_now();
    let w = lang.words();
    let (email, password) = (RwSignal::new(known), RwSignal::new(String::new()));
    let (email_error, password_error) =
        (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let failure = RwSignal::new(None::<ApiFailure>);
    let busy = RwSignal::new(false);

    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        failure.set(None);
        let missing = |value: RwSignal<String>| {
            value
                .with_untracked(|v| v.trim().is_empty())
                .then(|| w.login_missing.to_owned())
        };
        email_error.set(missing(email));
        password_error.set(missing(password));
        if email_error.with_untracked(Option::is_some) {
            return widgets::focus("login-email");
        }
        if password_error.with_untracked(Option::is_some) {
            return widgets::focus("login-password");
        }
        let credentials = LogIn {
            email: email.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
            language: super::chosen_language(),
        };
        busy.set(true);
        leptos::task::spawn_local(async move {
            match api::log_in(&credentials).await {
                Ok(account) => entered.run(account),
                Err(trouble) => {
                    busy.try_set(false);
                    failure.try_set(Some(trouble));
                    password.try_set(String::new());
                    widgets::focus("login-password");
                }
            }
        });
    };

    let email_spec = FieldSpec {
        kind: "email",
        autocomplete: "username",
        ..FieldSpec::text("login-email", w.login_email)
    };
    let password_spec = FieldSpec {
        kind: "password",
        autocomplete: "current-password",
        ..FieldSpec::text("login-password", w.login_password)
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            {widgets::field(email_spec, email, email_error)}
            {widgets::field(password_spec, password, password_error)}
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            <button type="submit" class="button-primary" aria-disabled=move || busy.get().then_some("true")>
                {move || if busy.get() { w.login_busy } else { w.login_submit }}
            </button>
        </form>
    }
}
