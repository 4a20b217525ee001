//! A log-in that ends while somebody writes: it is asked for again over the screen, and nothing that is written there is lost.
//!
//! The screen stays as it is behind a dialog that hides it, for whoever finds the computer now is nobody. The requests that were turned
//! away wait (`api::cookie`) and go on once the same account is back. Another account gets screens of its own.

use bedring_contract::staff::Account;
use leptos::html::Dialog;
use leptos::prelude::*;

use super::state::{Session, Staff, Why};
use super::{login, widgets};
use crate::api::cookie;

const TITLE: &str = "log-in-again";

/// From now on a log-in that ends is asked for again.
pub fn when_it_ends(staff: Staff) {
    cookie::when_ended(move || match staff.account_now() {
        Some(account) => {
            staff.again.set(Some(account.email));
            true
        }
        None => false,
    });
}

/// The dialog; it stands once on the page, after everything that it hides.
pub fn dialog(staff: Staff) -> impl IntoView {
    let node = NodeRef::<Dialog>::new();
    let show = move || {
        let wanted = staff.again.with_untracked(Option::is_some);
        if let Some(dialog) = node.get_untracked() {
            if wanted && !dialog.open() {
                let _ = dialog.show_modal();
                widgets::focus("login-password");
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    };
    Effect::new(move |_| {
        staff.again.track();
        show();
    });
    // A browser lets nobody be kept in a dialog by force: it opens again for as long as nobody is logged in.
    let closed = move |_| show();
    let stay = move |event: leptos::ev::Event| event.prevent_default();
    view! {
        <dialog class="dialog dialog-alone" node_ref=node aria-labelledby=TITLE on:cancel=stay on:close=closed>
            {move || staff.again.get().map(|email| inside(staff, email))}
        </dialog>
    }
}

fn inside(staff: Staff, email: String) -> impl IntoView {
    let w = staff.lang_now().words();
    let entered = Callback::new(move |account| entered(staff, account));
    view! {
        <div class="stack">
            <h2 id=TITLE>{w.again_title}</h2>
            <p>{w.again_text}</p>
            {login::form(staff, email, entered)}
            <button type="button" class="button-quiet" on:click=move |_| leave(staff)>{w.again_leave}</button>
        </div>
    }
}

/// The same account goes on where it was; another one begins anew, and what was under way is given up.
fn entered(staff: Staff, account: Account) {
    let same = staff.account_now().is_some_and(|a| a.id == account.id);
    staff.again.set(None);
    cookie::go_on(same);
    if !same {
        staff.plan_draft.set_value(None);
        login::enter(staff, account);
    }
}

fn leave(staff: Staff) {
    staff.again.set(None);
    staff.draft.set_value(None);
    staff.plan_draft.set_value(None);
    staff.session.set(Session::Out(Why::LoggedOut));
    cookie::go_on(false);
}
