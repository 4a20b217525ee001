//! The frame of every screen: bar, menu, notices, the screen itself, and what must always be in reach.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::app::App;
use super::trail::Screen;
use super::{
    before, browser, code, consent, devices, end, mine, notices, papers, pause, question, review,
    start, unlock, ways, withdraw,
};
use crate::i18n::Texts;
use crate::ui::dom::{El, follow};
use crate::ui::{View, button, div, dynamic, el, meant};

/// All of it. Built anew for every screen, so that no field keeps anything of the one before.
pub fn show(app: App) {
    follow(Box::new(move || browser::set_page_language(app.lang.get())));
    let all = dynamic(move || {
        // The first screen leaves the focus to the browser: nobody has moved yet.
        if app.turn.get() > app.first_turn() {
            request_animation_frame(browser::focus_heading);
        }
        // Whatever a screen reads while it is built is no reason to build it again.
        untrack(|| frame(app))
    });
    if let Some(body) = document().body() {
        let words = meant::Words::of_the_page();
        all.mount(&body);
        meant::watch(&body, words);
        before::clear();
    }
}

fn frame(app: App) -> El {
    let t = app.texts();
    let screen = app.screen();
    let asking = matches!(screen, Screen::Question(_) | Screen::List);
    let line = notices::sync_line(app);
    let (above, below) = if asking {
        (None, Some(line))
    } else {
        (Some(line), None)
    };
    let head = el("header", "page-head")
        .child(el("span", "brand").child("Bedring"))
        .child(opening(screen).then(|| language_button(app, t, "button-quiet")))
        .child(menu(app, t, screen));
    div("page")
        .child(button("skip-link", t.skip_to_content, || {
            browser::focus("main")
        }))
        .child(head)
        .child(notices::above(app, t))
        .child(unlock::erasing(app, t))
        .child(above)
        .child(
            el("main", "")
                .attr("id", "main")
                .attr("tabindex", "-1")
                .child(content(app, t, screen)),
        )
        .child(below)
        .child(question::bar(app, t, screen))
}

fn content(app: App, t: &'static Texts, screen: Screen) -> View {
    match screen {
        Screen::Code => code::page(app, t),
        Screen::Trouble(trouble) => start::trouble_page(app, t, trouble),
        Screen::Install => ways::install_page(app, t),
        Screen::Letter { asks: true } => consent::summary_page(app, t),
        Screen::Letter { asks: false } => consent::letter_page(app, t),
        Screen::Consent(purpose) => consent::consent_page(app, t, purpose),
        Screen::Role => consent::role_page(app, t),
        Screen::Declined => consent::declined_page(app, t),
        Screen::Withdrawn(scope) => withdraw::withdrawn_page(app, t, scope),
        Screen::Question(index) => question::question_page(app, t, index),
        Screen::List => question::list_page(app, t),
        Screen::Review => review::review_page(app, t),
        Screen::Alone => review::alone_page(app, t),
        Screen::Pause => pause::pause_page(app, t),
        Screen::End => end::end_page(app, t),
        Screen::NotYet => end::not_yet_page(app, t),
        Screen::NeedsNetwork => start::needs_network_page(app, t),
        Screen::Elsewhere => pause::elsewhere_page(app, t),
        Screen::Contacts => end::contacts_page(app, t),
        Screen::Mine => mine::mine_page(app, t),
        Screen::Answers => papers::answers_page(app, t),
        Screen::Choices => mine::choices_page(app, t),
        Screen::Devices => devices::devices_page(app, t),
        Screen::Another => devices::another_page(app, t),
        Screen::Pin => devices::pin_page(app, t),
        Screen::Unlock => unlock::unlock_page(app, t),
        Screen::Withdraw => withdraw::withdraw_page(app, t),
        Screen::ConfirmWithdraw(scope) => withdraw::confirm_page(app, t, scope),
        Screen::Take => papers::take_page(app, t),
        Screen::Forget => withdraw::forget_page(app, t),
    }
}

/// The screens that somebody meets first: whoever cannot read one does not look for their language behind a word they cannot read.
const fn opening(screen: Screen) -> bool {
    matches!(screen, Screen::Install | Screen::Letter { asks: true })
}

fn language_button(app: App, t: &'static Texts, class: &str) -> El {
    let other = app.lang.get_untracked().other();
    button(class, t.language_switch, move || app.set_language(other)).attr("lang", other.code())
}

fn menu(app: App, t: &'static Texts, screen: Screen) -> El {
    if app.bundle.with_untracked(Option::is_none) {
        return language_button(app, t, "button-quiet");
    }
    let item = |label: &str, to: Screen| {
        let elsewhere = screen != to;
        elsewhere.then(|| el("li", "").child(button("", label, move || app.go(to))))
    };
    let place = app.session.with_value(|s| {
        let session = s.as_ref()?;
        Some(
            session
                .draft
                .position
                .min(session.definition.items.len().saturating_sub(1)),
        )
    });
    let list = place.and_then(|place| match screen {
        Screen::List => item(t.menu_one, Screen::Question(place)),
        _ => item(t.menu_list, Screen::List),
    });
    let items = el("ul", "menu-list")
        .child(item(t.menu_mine, Screen::Mine))
        .child(item(t.menu_contacts, Screen::Contacts))
        .child(list)
        .child(place.and_then(|_| item(t.menu_pause, Screen::Pause)))
        .child((!opening(screen)).then(|| el("li", "").child(language_button(app, t, ""))))
        .child(item(t.menu_forget, Screen::Forget));
    el("details", "menu")
        .child(el("summary", "button-quiet").child(t.menu))
        .child(items)
        .on("keydown", |event| {
            if event.unchecked_into::<web_sys::KeyboardEvent>().key() == "Escape" {
                browser::close_menus();
            }
        })
}
