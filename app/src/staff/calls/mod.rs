//! What is done about a call: note what became of it, take it, give it to somebody else. On the worklist and on a person's page.

mod give;
mod record;

use bedring_contract::followup::WorkOwner;
use leptos::prelude::*;
use uuid::Uuid;

use super::state::Staff;
use super::words::fill;
use super::worklist::words::Words;
use crate::api::{ApiFailure, followup as api};

/// A call that somebody has to make.
#[derive(Debug, Clone)]
pub struct Call {
    /// The call task.
    pub id: Uuid,
    /// Whom it is about.
    pub code: String,
    /// The project, whose people may take it.
    pub project: Uuid,
    /// Who has taken it.
    pub owner: Option<WorkOwner>,
}

/// What the buttons do, and what they ask at the moment.
#[derive(Clone, Copy)]
pub struct Calls {
    staff: Staff,
    record: RwSignal<Option<Call>>,
    give: RwSignal<Option<Call>>,
    done: Callback<String>,
    failed: Callback<ApiFailure>,
}

impl Calls {
    /// `done` is told what was done, as a sentence; `failed` why what has no dialog was not.
    #[must_use]
    pub fn new(staff: Staff, done: Callback<String>, failed: Callback<ApiFailure>) -> Self {
        Self {
            staff,
            record: RwSignal::new(None),
            give: RwSignal::new(None),
            done,
            failed,
        }
    }

    fn w(self) -> &'static Words {
        Words::of(self.staff.lang_now())
    }
}

/// The buttons of one call.
pub fn buttons(calls: Calls, call: &Call) -> impl IntoView + use<> {
    let w = calls.w();
    let about = format!(" {}", fill(w.about, &[("code", &call.code)]));
    let me = calls.staff.account_now().map(|a| a.id);
    let taken = call.owner.is_some();
    let (record, give, take) = (call.clone(), call.clone(), call.clone());
    let take = me.filter(|_| !taken).map(|me| {
        let sentence = fill(w.taken, &[("code", &call.code)]);
        let press = move |_| {
            let sentence = sentence.clone();
            calls
                .staff
                .ask(api::own(take.id, Some(me)), move |outcome| match outcome {
                    Ok(_) => calls.done.run(sentence),
                    Err(trouble) => calls.failed.run(trouble),
                });
        };
        button(QUIET, w.take, &about, press)
    });
    view! {
        {button(FIRST, w.record, &about, move |_| calls.record.set(Some(record.clone())))}
        {take}
        {button(QUIET, w.give, &about, move |_| calls.give.set(Some(give.clone())))}
    }
}

/// The class of what is done most, and of the rest.
const FIRST: &str = "button-secondary";
const QUIET: &str = "button-quiet";

fn button(
    class: &'static str,
    text: &'static str,
    about: &str,
    press: impl Fn(leptos::ev::MouseEvent) + 'static,
) -> AnyView {
    let about = about.to_owned();
    view! {
        <button type="button" class=class on:click=press>
            {text}<span class="visually-hidden">{about}</span>
        </button>
    }
    .into_any()
}

/// The dialogs; they stand once on a screen.
pub fn dialogs(calls: Calls) -> impl IntoView {
    view! {
        {record::dialog(calls)}
        {give::dialog(calls)}
    }
}
