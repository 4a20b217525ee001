//! The dialog in which a call is given to somebody: oneself, another who may call people of the project, or nobody.

use bedring_contract::course::Colleagues;
use leptos::prelude::*;
use uuid::Uuid;

use super::{Call, Calls};
use crate::api::{ApiFailure, followup as api};
use crate::staff::dialogs::{self, choice, modal};
use crate::staff::state::Remote;
use crate::staff::words::fill;
use crate::staff::{terms, widgets};

/// What stands for nobody; accounts have ids.
const NOBODY: &str = "nobody";

/// The dialog.
pub fn dialog(calls: Calls) -> impl IntoView {
    modal("give-dialog", calls.give, move |call| form(calls, call))
}

fn form(calls: Calls, call: &Call) -> impl IntoView + use<> {
    let (lang, w) = (calls.staff.lang_now(), calls.w());
    let project = call.project;
    let colleagues = Remote::new(calls.staff, move || api::colleagues(project));
    let owner = call.owner.as_ref();
    let chosen = RwSignal::new(owner.map_or_else(|| NOBODY.to_owned(), |o| o.id.to_string()));
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<ApiFailure>);
    let title = fill(w.give_dialog, &[("code", &call.code)]);
    let (id, code) = (call.id, call.code.clone());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        if busy.get_untracked() {
            return;
        }
        let owner = chosen.with_untracked(|c| Uuid::parse_str(c).ok());
        let sentence = said(calls, colleagues, owner, &code);
        busy.set(true);
        calls.staff.ask(api::own(id, owner), move |outcome| {
            busy.try_set(false);
            match outcome {
                Ok(_) => {
                    calls.give.try_set(None);
                    calls.done.run(sentence);
                }
                Err(trouble) => {
                    failure.try_set(Some(trouble));
                }
            }
        });
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="give-dialog">{title}</h2>
            {widgets::loaded(calls.staff, colleagues, move |list| answers(calls, list, chosen))}
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(calls.give, lang.words().cancel, w.save, busy)}
        </form>
    }
}

/// What is said once it is done.
fn said(calls: Calls, colleagues: Remote<Colleagues>, owner: Option<Uuid>, code: &str) -> String {
    let w = calls.w();
    let me = calls.staff.account_now().map(|a| a.id);
    let email = owner.and_then(|id| email_of(colleagues, id));
    match (owner, email) {
        (None, _) => fill(w.given_back, &[("code", code)]),
        (Some(id), _) if Some(id) == me => fill(w.taken, &[("code", code)]),
        (Some(_), email) => {
            let email = email.unwrap_or_default();
            fill(w.given, &[("code", code), ("email", &email)])
        }
    }
}

fn email_of(colleagues: Remote<Colleagues>, id: Uuid) -> Option<String> {
    use crate::staff::state::Load;
    colleagues.state.with_untracked(|state| match state {
        Load::Ready(list) => {
            let found = list.accounts.iter().find(|a| a.id == id);
            found.map(|a| a.email.clone())
        }
        Load::Waiting | Load::Failed(_) => None,
    })
}

fn answers(calls: Calls, list: &Colleagues, chosen: RwSignal<String>) -> impl IntoView + use<> {
    let (lang, w) = (calls.staff.lang_now(), calls.w());
    let me = calls.staff.account_now().map(|a| a.id);
    let mut accounts: Vec<_> = list.accounts.iter().collect();
    // Oneself first: that is what is chosen most.
    accounts.sort_by_key(|a| Some(a.id) != me);
    let rows = accounts
        .into_iter()
        .map(|account| {
            let text = if Some(account.id) == me {
                fill(w.give_me, &[("email", &account.email)])
            } else {
                format!("{} · {}", account.email, terms::role(lang, account.role))
            };
            choice("give", account.id.to_string(), text, chosen)
        })
        .collect_view();
    view! {
        <fieldset class="question">
            <legend class="field-label">{w.give_legend}</legend>
            <div class="answers">
                {rows}
                {choice("give", NOBODY, w.give_nobody, chosen)}
            </div>
        </fieldset>
    }
}
