//! Courses of which nobody has said whether they ended: the list.

use bedring_contract::followup::{EndLine, EndSection};
use chrono::NaiveDate;
use leptos::prelude::*;

use super::{Desk, more, section_head, who};
use crate::staff::dates;
use crate::staff::end_question::Asked;
use crate::staff::words::fill;

/// The list.
pub fn section(desk: Desk, section: &EndSection, today: NaiveDate) -> impl IntoView + use<> {
    let w = desk.w();
    let rows = section
        .lines
        .iter()
        .map(|line| row(desk, line, today))
        .collect_view();
    (section.total > 0).then(|| {
        view! {
            <section class="stack" aria-labelledby="ends-title">
                {section_head(w, "ends-title", w.ends_title, section.lines.len(), section.total)}
                <p>{w.ends_text}</p>
                <div class="table-wrap" tabindex="0">
                    <table class="table table-figures">
                        <caption class="visually-hidden">{w.ends_caption}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{desk.lang().words().person}</th>
                                <th scope="col">{w.started}</th>
                                <th scope="col">{w.end_planned}</th>
                                <th scope="col">{w.last_known}</th>
                                <th scope="col">{desk.lang().words().actions}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {more(desk, "ends-title", w.ends_title, section.lines.len(), section.total)}
            </section>
        }
    })
}

fn row(desk: Desk, line: &EndLine, today: NaiveDate) -> impl IntoView + use<> {
    let (lang, w) = (desk.lang(), desk.w());
    let day = |day: Option<NaiveDate>| {
        day.map_or_else(|| lang.words().none.to_owned(), |d| dates::date(lang, d))
    };
    let about = format!(" {}", fill(w.about, &[("code", &line.who.code)]));
    let asked = Asked {
        person: line.who.person,
        code: line.who.code.clone(),
        today,
    };
    view! {
        <tr>
            <th scope="row" data-label=lang.words().person>{who(lang, &line.who)}</th>
            <td class="number" data-label=w.started>{day(line.start)}</td>
            <td class="number" data-label=w.end_planned>{day(line.end_planned)}</td>
            <td class="number" data-label=w.last_known>{day(line.still_enrolled)}</td>
            <td class="actions-cell" data-label=lang.words().actions>
                <div class="row-actions">
                    <button type="button" class="button-secondary" on:click=move |_| desk.ends.asked.set(Some(asked.clone()))>
                        {w.answer}<span class="visually-hidden">{about}</span>
                    </button>
                </div>
            </td>
        </tr>
    }
}
