//! A break, and a questionnaire that is open in another tab.

use leptos::prelude::*;

use super::app::App;
use super::trail::Screen;
use super::{browser, end, ways};
use crate::i18n::Texts;
use crate::ui::{View, actions, button, heading, p, quiet, stack};

/// The answers are kept; how to come back.
pub fn pause_page(app: App, t: &'static Texts) -> View {
    let place = app.session.with_value(|s| {
        s.as_ref()
            .map(|s| (s.draft.position, s.definition.items.len()))
    });
    let (position, of) = place.unwrap_or_default();
    let on = if position < of {
        Screen::Question(position)
    } else {
        Screen::Review
    };
    let reached = (position < of).then(|| p((t.pause_where)(position + 1, of)));
    stack(heading(t.pause_title))
        .child(reached)
        .child(p(t.pause_body))
        .child(browser::home_screen_is_apart().then(|| quiet(t.home_screen_apart)))
        .child(actions(button(
            "button-primary",
            t.pause_go_on,
            move || app.go(on),
        )))
        .child(ways::keeping(t))
        .child(end::contacts_card(app, t))
        .view()
}

/// The questionnaire is open in another tab.
pub fn elsewhere_page(app: App, t: &'static Texts) -> View {
    let again = button("button-primary", t.try_again, move || app.proceed());
    stack(heading(t.elsewhere_title))
        .child(p(t.elsewhere_body))
        .child(actions(again))
        .view()
}
