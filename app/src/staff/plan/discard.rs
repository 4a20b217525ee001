//! The question before a draft is thrown away: nothing of it can be had back.

use leptos::prelude::*;

use super::editor::Editor;
use crate::staff::dialogs::{self, modal};

/// The dialog.
pub fn dialog(editor: Editor) -> impl IntoView {
    modal("discard-dialog", editor.discarding, move |()| form(editor))
}

fn form(editor: Editor) -> impl IntoView {
    let w = editor.w();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        editor.discarding.set(None);
        editor.discard();
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="discard-dialog">{w.discard_title}</h2>
            <p>{w.discard_text}</p>
            {dialogs::buttons(editor.discarding, w.discard_no, w.discard_yes, RwSignal::new(false))}
        </form>
    }
}
