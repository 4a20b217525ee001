//! The dialog in which the second one reads who asked and why, sees what will be gone, and erases everything.

use bedring_contract::erasure::Held;
use leptos::prelude::*;
use uuid::Uuid;

use super::words::Words;
use super::{Asked, Erasing, meanwhile, told};
use crate::api::staff as api;
use crate::staff::dialogs::{self, confirmation};
use crate::staff::widgets;
use crate::staff::words::fill;

const SURE: &str = "erase-sure";

/// The dialog.
pub fn form(block: Erasing, (code, open, held): &Asked) -> impl IntoView + use<> {
    let (lang, w) = (block.lang(), block.w());
    let (sure, error) = (RwSignal::new(false), RwSignal::new(false));
    let request = open.id;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        error.set(!sure.get_untracked());
        if sure.get_untracked() {
            erase(block, request);
        } else {
            widgets::focus(SURE);
        }
    };
    let goes = goes(w, held).into_iter();
    let goes = goes.map(|text| view! { <li>{text}</li> }).collect_view();
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="erase-dialog">{fill(w.confirm_title, &[("code", code)])}</h2>
            {told(lang, open)}
            <div class="stack-tight">
                <p>{w.goes}</p>
                <ul>{goes}</ul>
                <p>{w.stays}</p>
            </div>
            <div class="answers">{confirmation(SURE, w.sure, sure)}</div>
            <div role="alert">{move || error.get().then(|| view! { <p class="field-error">{w.not_sure}</p> })}</div>
            {move || block.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(block.confirming, lang.words().cancel, w.confirm, block.busy)}
        </form>
    }
}

/// What will be gone, without what there is none of.
fn goes(w: &'static Words, held: &Held) -> Vec<String> {
    let some = |n: u64, text: &str| (n > 0).then(|| fill(text, &[("n", &n.to_string())]));
    let responses = match held.responses {
        1 => Some(w.goes_one.to_owned()),
        n => some(n, w.goes_responses),
    };
    let all = [
        responses,
        held.contact.then(|| w.goes_contact.to_owned()),
        some(held.kept_apart, w.goes_apart),
        some(held.devices, w.goes_devices),
        Some(w.goes_rest.to_owned()),
    ];
    all.into_iter().flatten().collect()
}

fn erase(block: Erasing, request: Uuid) {
    if block.busy.get_untracked() {
        return;
    }
    block.busy.set(true);
    block.failure.set(None);
    let sending = api::confirm_erasure(block.person, request);
    block.staff.ask(sending, move |outcome| {
        if block.busy.try_set(false).is_some() {
            return;
        }
        match outcome {
            Ok(()) => {
                block.confirming.set(None);
                block.case.begin_again();
            }
            Err(trouble) => meanwhile(block, trouble),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::words::Lang;

    #[test]
    fn it_is_told_what_will_be_gone_and_nothing_that_is_not_there() {
        let w = Words::of(Lang::Da);
        assert_eq!(goes(w, &Held::default()), [w.goes_rest]);
        let held = Held {
            responses: 1,
            kept_apart: 2,
            contact: true,
            devices: 3,
        };
        let told = goes(w, &held);
        assert_eq!(told.len(), 5);
        assert_eq!(told[0], "1 besvarelse med scorer");
        assert!(told[2].ends_with("(2)") && told[3].ends_with("(3)"));
    }
}
