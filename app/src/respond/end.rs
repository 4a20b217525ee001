//! The end: what is true of the answers, thanks, whom to turn to, and what happens next.

use bedring_contract::person::CONTACTS_CALLED_AGAIN_DAYS;
use bedring_domain::instrument::text;
use bedring_domain::journal::{Event, Outcome, Response};
use leptos::prelude::*;

use super::app::App;
use super::flow::{self, Step};
use super::trail::Screen;
use crate::device::OwnCopy;
use crate::i18n::Texts;
use crate::ui::dom::El;
use crate::ui::{View, actions, button, div, dynamic, el, heading, p, quiet, stack};

/// Thanks, and the truth about every questionnaire of the occasion.
pub fn end_page(app: App, t: &'static Texts) -> View {
    let steps: Vec<_> = t
        .end_next_steps
        .iter()
        .map(|s| el("li", "").child(*s))
        .collect();
    let next = app.bundle.with_untracked(|b| {
        let day = flow::next_day(b.as_ref()?, app.today())?;
        Some((t.not_yet_from)(&t.day(day)))
    });
    let what_next = el("section", "stack")
        .child(el("h2", "").child(t.end_next))
        .child(el("ol", "steps").child(steps))
        .child(next.map(p));
    let receipts = el("details", "receipts")
        .child(el("summary", "button-quiet").child(t.end_receipts))
        .child(div("stack").child(dynamic(move || states(app, t))));
    let truth = el("p", "end-truth")
        .attr("role", "status")
        .child(dynamic(move || truth(app, t)));
    div("stack-wide")
        .child(super::consent::just_said(app, t, Screen::End))
        .child(
            div("end-head")
                .child(heading(t.end_title))
                .child(p(t.end_thanks))
                .child(truth),
        )
        .child(p(t.end_grounding))
        .child(what_next)
        .child(contacts_card(app, t))
        .child(receipts)
        .child(actions(button(
            "button-secondary",
            t.menu_mine,
            move || app.go(Screen::Mine),
        )))
        .view()
}

/// The copies of the latest occasion's finished questionnaires.
fn latest(copies: &[OwnCopy]) -> Vec<(&OwnCopy, &Response)> {
    let finished = || copies.iter().filter_map(|c| response_of(c).map(|r| (c, r)));
    let occasion = finished().next_back().map(|(_, r)| r.occasion);
    finished()
        .filter(|(_, r)| Some(r.occasion) == occasion)
        .collect()
}

/// In one sentence: received, or still on this phone alone.
fn truth(app: App, t: &'static Texts) -> &'static str {
    let copies = app.copies.get();
    let outcomes = || latest(&copies).into_iter().map(|(c, _)| c.outcome);
    if outcomes().any(|o| matches!(o, None | Some(Outcome::NotStored))) {
        t.end_all_saved
    } else if outcomes().any(|o| matches!(o, Some(Outcome::Gone))) {
        t.end_gone
    } else if outcomes().any(|o| matches!(o, Some(Outcome::Quarantined | Outcome::Conflict))) {
        t.end_kept_apart
    } else {
        t.end_all_received
    }
}

/// Every finished questionnaire of the latest occasion, with what became of it. Changes when something arrives.
fn states(app: App, t: &'static Texts) -> Vec<El> {
    let copies = app.copies.get();
    latest(&copies)
        .into_iter()
        .map(|(copy, response)| state(app, t, copy, response))
        .collect()
}

/// A finished questionnaire in a copy.
#[must_use]
pub fn response_of(copy: &OwnCopy) -> Option<&Response> {
    match &copy.entry.event {
        Event::ResponseSubmitted(response) => Some(response),
        _ => None,
    }
}

/// What a questionnaire is called.
#[must_use]
pub fn title_of(app: App, instrument: &str, edition: &str) -> String {
    let lang = app.lang.get_untracked().code();
    app.bundle.with_untracked(|b| {
        let definition = b.as_ref().and_then(|b| {
            b.definitions
                .iter()
                .find(|d| d.instrument == instrument && d.edition == edition)
        });
        definition.map_or_else(
            || instrument.to_owned(),
            |d| text(&d.title, lang).to_owned(),
        )
    })
}

fn state(app: App, t: &'static Texts, copy: &OwnCopy, response: &Response) -> El {
    let done = |words: &str| p(el("strong", "saved").child(words));
    let says = match copy.outcome {
        None | Some(Outcome::NotStored) => done(t.end_saved).view().and(p(t.end_saved_body)),
        Some(Outcome::Stored | Outcome::Repeated) => done(t.end_received).view(),
        Some(Outcome::Quarantined | Outcome::Conflict) => p(t.end_kept_apart).view(),
        Some(Outcome::Gone) => p(t.end_gone).view(),
    };
    let receipt = copy.receipt.as_deref().map(|code| {
        p(t.end_receipt)
            .child(el("span", "receipt-code").child(code))
            .view()
            .and(quiet(t.end_receipt_hint))
    });
    let title = title_of(app, &response.instrument, &response.edition);
    div("receipt")
        .child(el("h2", "").child(title))
        .child(says)
        .child(receipt)
}

/// Nothing is asked now.
pub fn not_yet_page(app: App, t: &'static Texts) -> View {
    let day = match app.next_step() {
        Some(Step::NotYet(Some(day))) => Some((t.not_yet_from)(&t.day(day))),
        _ => None,
    };
    stack(heading(t.not_yet_title))
        .child(day.map(p))
        .child(p(t.not_yet_body))
        .child(contacts_card(app, t))
        .child(actions(button(
            "button-secondary",
            t.menu_mine,
            move || app.go(Screen::Mine),
        )))
        .view()
}

/// Whom to turn to, as a page.
pub fn contacts_page(app: App, t: &'static Texts) -> View {
    stack(heading(t.contacts_title))
        .child(contacts(app, t))
        .view()
}

/// Whom to turn to, as a card with its own heading.
pub fn contacts_card(app: App, t: &'static Texts) -> El {
    el("section", "stack")
        .child(el("h2", "").child(t.contacts_title))
        .child(contacts(app, t))
}

fn contacts(app: App, t: &'static Texts) -> El {
    let bundle = app.bundle.get_untracked();
    let Some(card) = bundle
        .as_ref()
        .map(|b| &b.programme)
        .filter(|p| !p.contacts.is_empty())
    else {
        return el("p", "contact-card").child(t.contacts_none);
    };
    let rows = card.contacts.iter().map(|contact| {
        let number = (!contact.phone.is_empty()).then(|| {
            let digits: String = contact
                .phone
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '+')
                .collect();
            el("a", "contact-number")
                .attr("href", &["tel:", &digits].concat())
                .child(contact.phone.as_str())
        });
        let name = el("span", "contact-name")
            .child(app.text(&contact.name))
            .child(el("br", ""))
            .child(el("span", "quiet").child(app.text(&contact.note)));
        el("li", "").child(name).child(number)
    });
    let rows: Vec<_> = rows.collect();
    // A day long ago would look neglected at the worst moment; `bedring doctor` asks for the numbers to be called.
    let long_ago = app.today() - chrono::Days::new(CONTACTS_CALLED_AGAIN_DAYS);
    let checked = card
        .contacts_checked
        .filter(|day| *day >= long_ago)
        .map(|day| quiet((t.contacts_checked)(&t.day(day))));
    div("contact-card")
        .child(p(t.contacts_lead))
        .child(el("ul", "contact-list").child(rows))
        .child(checked)
}
