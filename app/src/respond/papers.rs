//! What I answered, as a page to read and print, and as a file to take along.

use bedring_contract::person::{Mine, MyResponse};
use bedring_domain::course::OccasionKind;
use bedring_domain::instrument::{Definition, EditionRef, text};
use bedring_domain::journal::{Answer, Answers};
use chrono::{DateTime, FixedOffset};
use leptos::prelude::*;
use serde::Serialize;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::trail::Screen;
use super::{browser, end, flow, mine, unlock};
use crate::device::{OwnCopy, clock};
use crate::i18n::Texts;
use crate::ui::dom::El;
use crate::ui::{View, actions, button, div, dynamic, el, heading, p, quiet, row, rows};

/// A finished questionnaire, from the phone or from the server.
pub(super) struct Paper {
    pub(super) edition: EditionRef,
    pub(super) kind: Option<OccasionKind>,
    finished_at: DateTime<FixedOffset>,
    pub(super) answers: Answers,
    receipt: Option<String>,
    /// The account that typed it in, where it was not the person.
    by: Option<String>,
}

/// Everything finished: the phone's own copies, and what the server has from elsewhere.
pub(super) fn papers(app: App) -> Vec<Paper> {
    let copies = app.copies.get();
    let mine = app.mine.get();
    let kind_of = |occasion: Uuid| {
        app.bundle.with(|b| {
            b.as_ref()?
                .occasions
                .iter()
                .find(|o| o.id == occasion)
                .map(|o| o.kind)
        })
    };
    let here = copies
        .iter()
        .filter_map(|c| end::response_of(c).map(|r| (c, r)))
        .map(|(copy, r)| Paper {
            edition: EditionRef {
                instrument: r.instrument.clone(),
                edition: r.edition.clone(),
            },
            kind: kind_of(r.occasion),
            finished_at: r.finished_at.get(),
            answers: r.answers.clone(),
            receipt: copy.receipt.clone(),
            by: None,
        });
    let elsewhere = |r: &&MyResponse| !copies.iter().any(|c| c.id == r.id);
    let there = mine
        .iter()
        .flat_map(|m| &m.responses)
        .filter(elsewhere)
        .map(|r| Paper {
            edition: r.edition.clone(),
            kind: Some(r.occasion),
            finished_at: r.finished_at,
            answers: r.answers.clone(),
            receipt: Some(r.receipt.clone()),
            by: r.by.clone(),
        });
    let mut papers: Vec<Paper> = Vec::new();
    for paper in here.chain(there) {
        let place = papers.partition_point(|p| p.finished_at <= paper.finished_at);
        papers.insert(place, paper);
    }
    papers
}

/// What I answered.
pub fn answers_page(app: App, t: &'static Texts) -> View {
    let list = move || {
        let papers = papers(app);
        let none = papers.is_empty().then(|| p(t.mine_answers_none));
        View::none()
            .and(none)
            .and(papers.iter().map(|p| paper(app, t, p)).collect::<Vec<_>>())
    };
    div("stack-wide")
        .child(heading(t.mine_answers))
        .child(dynamic(list))
        .child(unlock::locked(app, t))
        .child(mine::offline_note(app, t))
        .child(actions(button(
            "button-secondary",
            t.take_print,
            browser::print,
        )))
        .view()
}

fn paper(app: App, t: &'static Texts, paper: &Paper) -> El {
    let kind = match paper.kind {
        Some(OccasionKind::Intake) => t.intake,
        Some(OccasionKind::Exit) => t.exit,
        Some(OccasionKind::FollowUp) => t.follow_up,
        None => "",
    };
    let finished = (t.finished_on)(&t.moment(paper.finished_at));
    let by = paper.by.iter().flat_map(|by| [" · ", by]);
    let receipt = paper
        .receipt
        .as_deref()
        .map(|code| p([t.end_receipt, ": "].concat()).child(el("strong", "").child(code)));
    let definition = app.bundle.with_untracked(|b| {
        b.as_ref()
            .and_then(|b| flow::definition_of(b, &paper.edition).cloned())
    });
    let lines = words(app, t, definition.as_ref(), &paper.answers)
        .into_iter()
        .map(|(question, answer)| row(question).child(el("span", "row-value").child(answer)));
    el("section", "card stack-tight")
        .child(el("h2", "").child(end::title_of(
            app,
            &paper.edition.instrument,
            &paper.edition.edition,
        )))
        .child(quiet(
            [kind, " · ", &finished]
                .into_iter()
                .chain(by)
                .collect::<String>(),
        ))
        .child(receipt)
        .child(rows(lines.collect()))
}

/// Questions with their answers in words; the item's code and the number where the wording is not on this phone.
fn words(
    app: App,
    t: &'static Texts,
    definition: Option<&Definition>,
    answers: &Answers,
) -> Vec<(String, String)> {
    let lang = app.lang.get_untracked().code();
    let plain = |answer: Option<Answer>| match answer {
        Some(Answer::Code(code)) => code.to_string(),
        Some(Answer::Skipped) => t.skipped.to_owned(),
        Some(Answer::NotRelevant) => t.not_relevant.to_owned(),
        None => t.not_answered.to_owned(),
    };
    let Some(definition) = definition else {
        return answers
            .0
            .iter()
            .map(|(code, answer)| (code.clone(), plain(Some(*answer))))
            .collect();
    };
    let row = |item: &bedring_domain::instrument::Item| {
        let answer = answers.get(&item.code);
        let words = match answer {
            Some(Answer::Code(code)) => definition
                .options_of(item)
                .iter()
                .find(|o| o.code == code)
                .map(|o| text(&o.label, lang).to_owned()),
            _ => None,
        };
        (
            text(&item.text, lang).to_owned(),
            words.unwrap_or_else(|| plain(answer)),
        )
    };
    definition.items.iter().map(row).collect()
}

/// All that is known of a person, in one file.
#[derive(Serialize)]
struct Export<'a> {
    format: &'static str,
    made_at: DateTime<FixedOffset>,
    on_this_phone: &'a [OwnCopy],
    on_the_server: Option<&'a Mine>,
}

/// Take my data with me.
pub fn take_page(app: App, t: &'static Texts) -> View {
    let save = move || spawn_local(async move { export(app).await });
    let print = move || {
        app.go(Screen::Answers);
        set_timeout(browser::print, core::time::Duration::from_millis(400));
    };
    let waiting = app.here().map(|h| h.sync.status());
    let rescue = move || {
        let waits = waiting.is_some_and(|s| s.with(|s| s.waiting > 0));
        waits.then(|| {
            let save = button("button-secondary", t.rescue_button, move || rescue(app));
            el("section", "stack").child(p(t.rescue_body)).child(save)
        })
    };
    let sent_again = RwSignal::new(false);
    let send_again = move || {
        if let Some(here) = app.here() {
            here.sync.resend_all();
            sent_again.set(true);
        }
    };
    let done = move || if sent_again.get() { t.resend_done } else { "" };
    let resend = el("section", "stack")
        .child(quiet(t.resend_body))
        .child(dynamic(move || {
            (!sent_again.get()).then(|| button("button-quiet", t.resend_button, send_again))
        }))
        .child(el("p", "").attr("role", "status").child(dynamic(done)));
    let buttons = button("button-secondary", t.take_json, save)
        .view()
        .and(button("button-secondary", t.take_print, print));
    div("stack-wide")
        .child(heading(t.take_title))
        .child(p(t.take_body))
        .child(actions(buttons))
        .child(dynamic(rescue))
        .child(resend)
        .view()
}

/// The newest word of the server where there is a network, else what was fetched last.
async fn export(app: App) {
    app.fetch_mine().await;
    let copies = app.copies.get_untracked();
    let mine = app.mine.get_untracked();
    let export = Export {
        format: "bedring-mine-1",
        made_at: clock::now(),
        on_this_phone: &copies,
        on_the_server: mine.as_deref(),
    };
    if let Ok(json) = serde_json::to_string(&export) {
        browser::save_file("bedring.json", &browser::readable(&json));
    }
}

fn rescue(app: App) {
    let Some(here) = app.here() else { return };
    spawn_local(async move {
        match here.device.rescue_file().await {
            Ok(file) => browser::save_file("bedring-redning.json", &file),
            Err(error) => app.storage.set(Some(error)),
        }
    });
}
