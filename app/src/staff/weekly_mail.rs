//! Whether the weekly mail comes, and a switch for it. For those who get one: leaders and helpers.

use bedring_contract::staff::{AccountChoices, ChangeAccountChoices};
use leptos::prelude::*;

use super::state::{Remote, Staff};
use super::widgets;
use super::words::words;
use crate::api::{ApiFailure, staff as api};

const TITLE: &str = "weekly-title";
const TEXT: &str = "weekly-text";

words! {
    title: "Ugens mail", "The weekly mail";
    text: "Først på ugen kan du få en mail, der siger, hvor mange målinger og opkald der venter. Der står ingen navne, og venter der ikke noget, kommer der ingen mail.",
          "Early in the week you can have a mail that says how many measurements and calls wait. There are no names in it, and if nothing waits there is no mail.";
    switch: "Send mig ugens mail", "Send me the weekly mail";
    comes: "Du får ugens mail.", "You get the weekly mail.";
    comes_not: "Du får ikke ugens mail.", "You do not get the weekly mail.";
    not_saved: "Valget er ikke gemt.", "The choice is not saved.";
}

/// The card.
pub fn section(staff: Staff) -> impl IntoView {
    let w = Words::of(staff.lang_now());
    let choices = Remote::new(staff, api::choices);
    view! {
        <section class="card stack" aria-labelledby=TITLE>
            <h2 id=TITLE>{w.title}</h2>
            <p id=TEXT>{w.text}</p>
            {widgets::loaded(staff, choices, move |found| switch(staff, found))}
        </section>
    }
}

fn switch(staff: Staff, found: &AccountChoices) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = Words::of(lang);
    // What the server has, and what the switch shows: while it is being saved they may differ.
    let comes = RwSignal::new(found.weekly_digest);
    let shown = RwSignal::new(found.weekly_digest);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<ApiFailure>);
    let changed = move |event| {
        let wanted = event_target_checked(&event);
        shown.set(wanted);
        if !busy.get_untracked() {
            save(staff, comes, shown, busy, failure);
        }
    };
    let state = move || if comes.get() { w.comes } else { w.comes_not };
    let trouble = move || {
        failure.get().map(|failure| {
            view! {
                {widgets::trouble_note(lang, &failure, None)}
                <p>{w.not_saved}</p>
            }
        })
    };
    view! {
        <label class="answer">
            <input type="checkbox" role="switch" aria-describedby=TEXT prop:checked=move || shown.get() on:change=changed />
            <span class="answer-text">{w.switch}</span>
        </label>
        <p role="status">{state}</p>
        {trouble}
    }
}

/// Tells the server what the switch shows, once more if it was pressed again meanwhile. What cannot be saved is not shown as if it were.
fn save(
    staff: Staff,
    comes: RwSignal<bool>,
    shown: RwSignal<bool>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<ApiFailure>>,
) {
    busy.set(true);
    failure.set(None);
    let change = ChangeAccountChoices {
        language: None,
        weekly_digest: Some(shown.get_untracked()),
    };
    let request = async move { api::choose(&change).await };
    staff.ask(request, move |outcome| {
        // The screen may be gone by now.
        if busy.try_set(false).is_some() {
            return;
        }
        match outcome {
            Ok(now) => {
                comes.set(now.weekly_digest);
                if shown.get_untracked() != now.weekly_digest {
                    save(staff, comes, shown, busy, failure);
                }
            }
            Err(trouble) => {
                failure.set(Some(trouble));
                shown.set(comes.get_untracked());
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
    }
}
