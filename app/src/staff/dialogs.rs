//! Questions that are asked over a screen: the browser's own dialog, and its pieces.

use leptos::html::Dialog;
use leptos::prelude::*;

/// The browser's own dialog: it keeps the focus inside, closes on Escape and gives the focus back. What is inside is made anew each time.
pub fn modal<T, V>(
    title: &'static str,
    asked: RwSignal<Option<T>>,
    inside: impl Fn(&T) -> V + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let node = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let wanted = asked.with(Option::is_some);
        if let Some(dialog) = node.get() {
            if wanted && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    });
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby=title on:close=move |_| asked.set(None)>
            {move || asked.with(|asked| asked.as_ref().map(inside))}
        </dialog>
    }
}

/// One of several answers, as a row with a radio button.
pub fn choice(
    group: &'static str,
    value: impl Into<String>,
    text: impl Into<String>,
    chosen: RwSignal<String>,
) -> impl IntoView {
    let (value, text): (String, String) = (value.into(), text.into());
    let (mine, picked) = (value.clone(), value.clone());
    view! {
        <label class="answer">
            <input type="radio" name=group value=value prop:checked=move || chosen.with(|c| *c == mine)
                on:change=move |_| chosen.set(picked.clone()) />
            <span class="answer-text">{text}</span>
        </label>
    }
}

/// A sentence that somebody confirms, as a row with a checkbox.
pub fn confirmation(
    id: &'static str,
    text: &'static str,
    confirmed: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <label class="answer">
            <input type="checkbox" id=id prop:checked=move || confirmed.get()
                on:change=move |event| confirmed.set(event_target_checked(&event)) />
            <span class="answer-text">{text}</span>
        </label>
    }
}

/// The two buttons at the end of a dialog: away, and what it is for.
pub fn buttons<T: Clone + Send + Sync + 'static>(
    asked: RwSignal<Option<T>>,
    cancel: &'static str,
    save: &'static str,
    busy: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <div class="choices">
            <button type="button" class="button-choice" on:click=move |_| asked.set(None)>{cancel}</button>
            <button type="submit" class="button-primary" aria-disabled=move || busy.get().then_some("true")>{save}</button>
        </div>
    }
}
