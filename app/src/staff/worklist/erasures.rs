//! People about whom it was asked that everything be erased: the list.

use bedring_contract::followup::{ErasureLine, ErasureSection};
use leptos::prelude::*;

use super::{Desk, more, section_head, who};
use crate::staff::dates;
use crate::staff::erasing::words::{Words, why};
use crate::staff::route::Route;
use crate::staff::words::fill;

/// The list.
pub fn section(desk: Desk, section: &ErasureSection) -> impl IntoView + use<> {
    let w = Words::of(desk.lang());
    let rows = section.lines.iter().map(|line| row(desk, line));
    let rows = rows.collect_view();
    (section.total > 0).then(|| {
        view! {
            <section class="stack" aria-labelledby="erasures-title">
                {section_head(desk.w(), "erasures-title", w.list_title, section.lines.len(), section.total)}
                <p>{w.list_text}</p>
                <div class="table-wrap" tabindex="0">
                    <table class="table table-figures">
                        <caption class="visually-hidden">{w.list_caption}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{desk.lang().words().person}</th>
                                <th scope="col">{w.list_asked}</th>
                                <th scope="col">{w.list_by}</th>
                                <th scope="col">{w.list_why}</th>
                                <th scope="col">{desk.lang().words().actions}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {more(desk, "erasures-title", w.list_title, section.lines.len(), section.total)}
            </section>
        }
    })
}

fn row(desk: Desk, line: &ErasureLine) -> impl IntoView + use<> {
    let lang = desk.lang();
    let w = Words::of(lang);
    let asked = dates::date(lang, dates::local(line.asked_at).date_naive());
    let action = if line.may_confirm {
        let about = format!(" {}", fill(w.about, &[("code", &line.who.code)]));
        view! {
            <a class="button-secondary" href=Route::Person(line.who.person).href()>
                {w.answer}<span class="visually-hidden">{about}</span>
            </a>
        }
        .into_any()
    } else {
        view! { <span class="quiet">{w.list_waits}</span> }.into_any()
    };
    view! {
        <tr>
            <th scope="row" data-label=lang.words().person>{who(lang, &line.who)}</th>
            <td class="number" data-label=w.list_asked>{asked}</td>
            <td data-label=w.list_by>{line.asked_by.clone()}</td>
            <td data-label=w.list_why>{why(lang, line.why)}</td>
            <td class="actions-cell" data-label=lang.words().actions><div class="row-actions">{action}</div></td>
        </tr>
    }
}
