//! A break, and a questionnaire that is open in another tab.

use leptos::prelude::*;

use super::app::App;
use super::trail::Screen;
use super::{browser, end, question, ways};
use crate::i18n::Texts;
use crate::ui::{View, actions, button, heading, p, quiet, stack};

/// The answers are kept; how to come back.
pub fn pause_page(app: App, t: &'static Texts) -> View {
    let open = app.session.with_value(|s| {
        let s = s.as_ref()?;
        let asks = s.draft.position < s.definition.items.len();
        asks.then(|| {
            (
                s.draft.position,
                question::place_of(app, &s.definition, s.draft.position),
            )
        })
    });
    let on = open
        .as_ref()
        .map_or(Screen::Review, |(position, _)| Screen::Question(*position));
    let reached = open.and_then(|(_, place)| place);
    let reached = reached.map(|place| p((t.pause_where)(place.number, place.of)));
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
