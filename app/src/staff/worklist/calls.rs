//! People to be called: who takes which, when they are tried, and all that is missing of them. They stand in no other list.

use bedring_contract::followup::{CallLine, CallSection};
use leptos::prelude::*;

use super::waiting::{due_words, measurement, owner, pick};
use super::{Desk, more, section_head, who};
use crate::staff::calls::{self, Call};
use crate::staff::words::fill;
use crate::staff::{dates, phone, terms};

/// The list.
pub fn section(desk: Desk, section: &CallSection) -> impl IntoView + use<> {
    let w = desk.w();
    let rows = section
        .lines
        .iter()
        .map(|line| row(desk, line))
        .collect_view();
    (section.total > 0).then(|| {
        view! {
            <section class="stack" aria-labelledby="calls-title">
                {section_head(w, "calls-title", w.calls_title, section.lines.len(), section.total)}
                <p class="quiet">{w.calls_text}</p>
                <div class="table-wrap" tabindex="0">
                    <table class="table table-figures">
                        <caption class="visually-hidden">{w.calls_caption}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{desk.lang().words().person}</th>
                                <th scope="col">{w.missing}</th>
                                <th scope="col">{w.try_on}</th>
                                <th scope="col">{w.tries}</th>
                                <th scope="col">{w.owner}</th>
                                <th scope="col">{desk.lang().words().actions}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {more(desk, "calls-title", w.calls_title, section.lines.len(), section.total)}
            </section>
        }
    })
}

fn row(desk: Desk, line: &CallLine) -> impl IntoView + use<> {
    let (lang, w) = (desk.lang(), desk.w());
    let tries = match line.last_outcome {
        Some(outcome) => {
            let outcome = terms::call_outcome(lang, outcome);
            let n = line.attempts.to_string();
            fill(w.tries_last, &[("n", &n), ("outcome", outcome)])
        }
        None => line.attempts.to_string(),
    };
    let day = line
        .line
        .next_step
        .map_or_else(|| lang.words().none.to_owned(), |d| dates::date(lang, d));
    let asked = Call {
        id: line.call,
        code: line.line.who.code.clone(),
        project: line.line.who.project,
        owner: line.line.owner.clone(),
    };
    view! {
        <tr>
            <th scope="row" data-label=lang.words().person>
                {who(lang, &line.line.who)}
                {line.phone.as_deref().map(|number| view! { <div>{phone::link(lang, number)}</div> })}
            </th>
            <td>{missing(desk, line)}</td>
            <td class="number" data-label=w.try_on>{day}</td>
            <td data-label=w.tries>{tries}</td>
            <td data-label=w.owner>{owner(desk, &line.line)}</td>
            <td class="actions-cell" data-label=lang.words().actions>
                <div class="row-actions">{calls::buttons(desk.calls, &asked)}</div>
            </td>
        </tr>
    }
}

/// All that waits of the person, each to be selected; what the call is about where nothing is due yet.
fn missing(desk: Desk, line: &CallLine) -> AnyView {
    let lang = desk.lang();
    if line.waiting.is_empty() {
        return measurement(lang, &line.line).into_any();
    }
    let one = |waits| {
        let words = format!("{}: {}", measurement(lang, waits), due_words(lang, waits));
        view! { <li>{pick(desk, waits, Some(words))}</li> }
    };
    let all = line.waiting.iter().map(one).collect_view();
    view! { <ul class="missing">{all}</ul> }.into_any()
}
