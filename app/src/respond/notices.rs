//! What must be said on every screen: what waits to be sent, a storage that fails, a new version.

use bedring_domain::consent::Scope;
use leptos::prelude::*;

use super::app::App;
use super::trail::Screen;
use super::{session, start, ways};
use crate::device::{clock, update};
use crate::i18n::Texts;
use crate::sync::{SyncHandle, SyncState, SyncStatus};
use crate::ui::dom::{El, follow};
use crate::ui::{View, button, div, dynamic, p};

/// Above the screen: trouble with the storage, and a new version when nothing is open.
pub fn above(app: App, t: &'static Texts) -> El {
    div("")
        .attr("aria-live", "polite")
        .child(dynamic(move || storage_note(app, t)))
        .child(dynamic(move || vanished_note(app, t)))
        .child(dynamic(move || {
            app.begun_elsewhere
                .get()
                .then(|| div("note").child(p(t.browser_apart)))
        }))
        .child(dynamic(move || update_banner(app, t)))
        .child(ways::inside_app(app, t))
}

fn storage_note(app: App, t: &'static Texts) -> Option<El> {
    let error = app.storage.get()?;
    let again = button("button-secondary", t.save_again, move || {
        session::try_again(app, error)
    });
    Some(
        div("note note-attention stack-tight")
            .child(p(start::storage_text(t, error)))
            .child(again),
    )
}

fn vanished_note(app: App, t: &'static Texts) -> Option<El> {
    app.vanished.get().then(|| {
        let close = button("button-quiet", t.close, move || app.vanished.set(false));
        div("note note-attention stack-tight")
            .child(p(t.vanished))
            .child(close)
    })
}

fn update_banner(app: App, t: &'static Texts) -> Option<El> {
    let offered = app.update.get() && app.session.with_value(Option::is_none);
    offered.then(|| {
        let take = button("button-quiet", t.new_version_take, update::activate_update);
        div("banner").child(p(t.new_version)).child(take)
    })
}

/// How many entries wait and how old the oldest is, for as long as any do.
pub fn sync_line(app: App) -> View {
    let Some(here) = app.here() else {
        return View::none();
    };
    let t = app.texts();
    let status = here.sync.status();
    // What was written a moment ago is normally gone a moment later: said at once it would only flicker.
    let old_enough = RwSignal::new(false);
    let screen = app.screen();
    follow(Box::new(move || {
        if status.with(|s| s.waiting) == 0 {
            old_enough.set(false);
        } else {
            let say = move || {
                old_enough.try_set(true);
            };
            set_timeout(say, core::time::Duration::from_millis(1500));
        }
    }));
    let line = move || {
        let status = status.get();
        let speaks = matches!(status.state, SyncState::LinkNotValid | SyncState::Erased);
        let trouble = !matches!(status.state, SyncState::Idle | SyncState::Sending);
        let shown = status.waiting > 0 && (old_enough.get() || trouble) || speaks;
        // These pages say it themselves.
        let says_itself = match screen {
            Screen::Trouble(_) => true,
            Screen::Withdrawn(Scope::Erase) => status.state == SyncState::Erased,
            _ => false,
        };
        (shown && !says_itself).then(|| banner(t, here.sync, &status))
    };
    div("").attr("role", "status").child(dynamic(line)).view()
}

fn banner(t: &'static Texts, sync: SyncHandle, status: &SyncStatus) -> El {
    let mut words = String::new();
    if let Some(oldest) = status.oldest.filter(|_| status.waiting > 0) {
        words = (t.waiting)(&t.ago(oldest, clock::now()));
    }
    if let Some(says) = state_text(t, status.state) {
        words = [&words, " ", says].concat();
    }
    let sending = status.state == SyncState::Sending;
    let send = status.waiting > 0 && !sending;
    div("banner")
        .child(p(words))
        .child(send.then(|| button("button-quiet", t.send_now, move || sync.send_now())))
}

/// A sentence for how the sending stands, where there is something to say.
#[must_use]
pub fn state_text(t: &Texts, state: SyncState) -> Option<&'static str> {
    match state {
        SyncState::Idle => None,
        SyncState::Sending => Some(t.sending),
        SyncState::Offline => Some(t.sync_offline),
        SyncState::NotOurServer => Some(t.sync_not_ours),
        SyncState::Busy => Some(t.server_body),
        SyncState::TooLarge => Some(t.sync_too_large),
        SyncState::LinkNotValid => Some(t.sync_link),
        SyncState::Erased => Some(t.sync_erased),
    }
}
