//! Withdrawing in three widths, and being forgotten on this phone.

use bedring_domain::consent::Scope;
use bedring_domain::journal::Event;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::trail::Screen;
use super::{browser, end, session, unlock};
use crate::i18n::{ScopeTexts, Texts};
use crate::sync::SyncState;
use crate::ui::{View, actions, button, confirm, div, dynamic, el, heading, p, paragraphs, stack};

/// What is said about a scope.
#[must_use]
pub const fn scope_texts(t: &'static Texts, scope: Scope) -> &'static ScopeTexts {
    match scope {
        Scope::StopAsking => &t.stop_asking,
        Scope::StopUsing => &t.stop_using,
        Scope::Erase => &t.erase,
    }
}

/// The three ways, each explained.
pub fn withdraw_page(app: App, t: &'static Texts) -> View {
    let mut page = div("stack-wide")
        .child(heading(t.withdraw_title))
        .child(p(t.withdraw_body));
    for scope in [Scope::StopAsking, Scope::StopUsing, Scope::Erase] {
        let texts = scope_texts(t, scope);
        let ask = button("button-secondary", texts.name, move || {
            app.go(Screen::ConfirmWithdraw(scope))
        });
        page = page.child(
            el("section", "card stack-tight")
                .child(el("h2", "").child(texts.name))
                .child(p(texts.body))
                .child(ask),
        );
    }
    page.view()
}

/// Asked once more.
pub fn confirm_page(app: App, t: &'static Texts, scope: Scope) -> View {
    let texts = scope_texts(t, scope);
    let withdraw = move || {
        app.say(vec![Event::ConsentWithdrawn { scope }], move || {
            session::close(app);
            app.proceed();
        });
    };
    let mut body = paragraphs(texts.body);
    if scope == Scope::Erase {
        body.push(div("").child(unlock::erase_waits(app, t)));
    }
    confirm(
        texts.confirm,
        body,
        texts.button,
        withdraw,
        t.cancel,
        move || app.back(),
    )
}

/// What a withdrawal did.
pub fn withdrawn_page(app: App, t: &'static Texts, scope: Scope) -> View {
    let texts = scope_texts(t, scope);
    // What is true of an erasure changes while the page is looked at: the wish is on its way, and then it has been carried out.
    let status = app.here().map(|here| here.sync.status());
    let done = move || {
        let erased = status.is_some_and(|s| s.with(|s| s.state == SyncState::Erased));
        if scope == Scope::Erase && erased {
            t.erased_body
        } else if unlock::erasing_waits(app) {
            // When it will be carried out stands above.
            ""
        } else {
            texts.done
        }
    };
    let change = (scope != Scope::Erase).then(|| {
        button("button-quiet", t.withdrawn_change, move || {
            app.go(Screen::Letter { asks: true })
        })
    });
    stack(heading(t.withdrawn_title))
        .child(el("p", "").attr("role", "status").child(dynamic(done)))
        .child(end::contacts_card(app, t))
        .child(actions(change))
        .view()
}

/// Forget me on this phone, after one more question.
pub fn forget_page(app: App, t: &'static Texts) -> View {
    let mut body = paragraphs(t.forget_body);
    let waiting = app
        .here()
        .map_or(0, |h| h.sync.status().with_untracked(|s| s.waiting));
    if waiting > 0 {
        body.extend(paragraphs(t.forget_waiting));
    }
    confirm(
        t.forget_title,
        body,
        t.forget_yes,
        move || forget(app),
        t.cancel,
        move || app.back(),
    )
}

fn forget(app: App) {
    let (Some(here), Some(person)) = (app.here(), app.person()) else {
        return;
    };
    session::close(app);
    spawn_local(async move {
        match here.device.forget(person).await {
            Ok(()) => browser::leave(),
            Err(error) => app.storage.set(Some(error)),
        }
    });
}
