//! What helps where a link, a browser or another app stands in the way: the code instead of a damaged link, the browser instead of another
//! app's window, the home screen of an iPhone, and asking a browser to keep what is here.

use bedring_domain::consent::Purpose;
use bedring_domain::journal::Event;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::trail::Screen;
use super::{browser, code, consent, end};
use crate::device::{OwnCopy, ask_for_persistence, is_persistent};
use crate::i18n::Texts;
use crate::ui::dom::El;
use crate::ui::{View, actions, button, div, dynamic, el, heading, p, stack};

/// A link that lost its secret on the way. `kept`: something of somebody lies on this phone, perhaps of the same person; they say so
/// themselves, for a phone may be shared.
pub fn damaged_page(app: App, t: &'static Texts, kept: bool) -> View {
    let on = kept.then(|| button("button-secondary", t.damaged_go_on, browser::leave));
    code::form(app, t, (t.damaged_title, t.damaged_body), on)
}

/// What else a person can do whose browser does not save.
pub fn besides(app: App, t: &'static Texts) -> View {
    p(t.other_ways).view().and(end::contacts_card(app, t))
}

/// Where a person begins inside another app: what is answered there is lost sooner. They may go on all the same.
pub fn inside_app(app: App, t: &'static Texts) -> Option<El> {
    let first = app.turn.get_untracked() <= app.first_turn()
        || matches!(app.screen(), Screen::Code | Screen::Letter { asks: true });
    let begins = first && app.copies.with_untracked(|c| c.is_empty());
    (begins && browser::is_inside_app()).then(|| {
        div("note stack-tight")
            .child(p(el("strong", "").child(t.inside_title)))
            .child(p(t.inside_body))
    })
}

/// Says yes to taking part. On an iPhone the home screen is offered first, once: it has a storage of its own, so whoever goes there must not
/// have said anything here yet.
pub fn says_yes(app: App) {
    if browser::offers_home_screen() && !said_before(app) {
        app.go(Screen::Install);
    } else {
        consent::decide(app, Purpose::Evaluation, true, move || app.proceed());
    }
}

fn said_before(app: App) -> bool {
    let reads = |c: &OwnCopy| matches!(c.entry.event, Event::LetterRead { .. });
    app.copies.with_untracked(|c| !c.iter().all(reads))
}

/// iOS: the home screen first. It has a storage of its own and takes nothing along but the address, so the link stands there for as long as
/// this is offered, and on no other screen.
pub fn install_page(app: App, t: &'static Texts) -> View {
    let steps: Vec<_> = t
        .install_steps
        .iter()
        .map(|s| el("li", "").child(*s))
        .collect();
    browser::show_address(app.secret().as_deref());
    let skip = button("button-secondary", t.install_skip, move || {
        browser::home_screen_offered();
        consent::decide(app, Purpose::Evaluation, true, move || app.proceed());
    });
    stack(heading(t.install_title))
        .child(p(t.install_body))
        .child(el("ol", "steps").child(steps))
        .child(actions(skip))
        .view()
}

/// How a browser stands that asks the person before it keeps what is here.
#[derive(Clone, Copy)]
enum Keeping {
    Unknown,
    Offered,
    Yes,
    No,
}

/// A browser that asks the person before it keeps what is here is asked only after a sentence about it, and by a button.
pub fn keeping(t: &'static Texts) -> View {
    if !browser::asks_before_keeping() {
        return View::none();
    }
    let stands = RwSignal::new(Keeping::Unknown);
    spawn_local(async move {
        if !is_persistent().await {
            stands.try_set(Keeping::Offered);
        }
    });
    let ask = move || {
        spawn_local(async move {
            let granted = ask_for_persistence().await == Some(true);
            stands.try_set(if granted { Keeping::Yes } else { Keeping::No });
        });
    };
    let shown = dynamic(move || match stands.get() {
        Keeping::Unknown => View::none(),
        Keeping::Offered => {
            p(t.keep_body)
                .view()
                .and(actions(button("button-secondary", t.keep_button, ask)))
        }
        Keeping::Yes => p(t.keep_yes).view(),
        Keeping::No => p(t.keep_no).view(),
    });
    div("stack").attr("role", "status").child(shown).view()
}
