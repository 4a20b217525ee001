//! Before the end: a look over what is unanswered, and whether the person answered alone.

use bedring_domain::instrument::text;
use leptos::prelude::*;

use super::app::App;
use super::session::HowAnswered;
use super::trail::Screen;
use super::{finish, flow, question};
use crate::i18n::Texts;
use crate::ui::{self, View, actions, button, dynamic, el, heading, p, radios, stack};

/// What is unanswered; answering it is offered, never demanded.
pub fn review_page(app: App, t: &'static Texts) -> View {
    let lang = app.lang.get_untracked().code();
    let rows = app.session.with_value(|s| {
        let session = s.as_ref()?;
        let answers = &session.draft.answers;
        let rows = flow::unanswered(&session.definition, answers)
            .into_iter()
            .filter_map(|index| {
                let item = session.definition.items.get(index)?;
                let said = if answers.get(&item.code).is_some() {
                    t.skipped
                } else {
                    t.not_answered
                };
                let number = question::number_of(app, &session.definition, index);
                Some((index, format!("{number}. {}", text(&item.text, lang)), said))
            });
        Some(rows.collect::<Vec<_>>())
    });
    let rows = rows.unwrap_or_default();
    let count = rows.len();
    let body = if count == 0 {
        t.review_all.to_owned()
    } else {
        (t.review_body)(count)
    };
    let on = if count == 0 { t.go_on } else { t.review_finish };
    let items = rows.into_iter().map(|(index, words, said)| {
        button("row", words, move || app.go(Screen::Question(index)))
            .child(el("span", "row-open").child(said))
    });
    let items: Vec<_> = items.collect();
    stack(heading(t.review_title))
        .child(p(body))
        .child(actions(button("button-primary", on, move || {
            finish::done_asking(app)
        })))
        .child((count > 0).then(|| ui::rows(items)))
        .view()
}

/// The roles of helpers, as they stand in the entry.
const HELPERS: [&str; 3] = ["family_or_friend", "volunteer", "staff"];

/// On your own or with help, and unseen or not. All of it may be skipped.
pub fn alone_page(app: App, t: &'static Texts) -> View {
    let alone = RwSignal::new(None);
    let helper = RwSignal::new(None);
    let private = RwSignal::new(None);
    let who = move || {
        let helped = alone.get() == Some(1);
        helped.then(|| {
            let roles = [t.helper_family, t.helper_volunteer, t.helper_staff];
            radios("helper", t.helper_question, &roles, helper)
        })
    };
    let finish = move || {
        let helped = alone.get_untracked() == Some(1);
        let role = helper
            .get_untracked()
            .filter(|_| helped)
            .and_then(|i: usize| HELPERS.get(i));
        let private = private.get_untracked().map(|i: usize| i == 0);
        finish::finish(
            app,
            HowAnswered {
                helped,
                helped_by: role.map(|r| (*r).to_owned()),
                private,
            },
        );
    };
    let without = move || finish::finish(app, HowAnswered::default());
    let buttons = button("button-primary", t.finish, finish)
        .view()
        .and(button("button-quiet", t.finish_without, without));
    stack(heading(t.alone_title))
        .child(p(t.alone_body))
        .child(radios(
            "alone",
            t.alone_question,
            &[t.alone_yes, t.alone_helped],
            alone,
        ))
        .child(dynamic(who))
        .child(radios(
            "private",
            t.private_question,
            &[t.private_yes, t.private_no],
            private,
        ))
        .child(actions(buttons))
        .view()
}
