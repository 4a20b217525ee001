//! What was done and said, latest first, a few lines at a time.

use bedring_contract::course::{History, HistoryLine};
use leptos::prelude::*;

use super::{Case, LINES, sentences};
use crate::staff::state::Load;
use crate::staff::words::{Lang, fill};
use crate::staff::{dates, widgets};

/// The card.
pub fn section(case: Case) -> impl IntoView {
    let (lang, w) = (case.lang(), case.w());
    let show = move |history: &History| {
        let lines = history.lines.iter().map(|l| line(lang, l)).collect_view();
        let shown = history.lines.len().to_string();
        let total = history.total.to_string();
        let shown = fill(w.history_shown, &[("n", &shown), ("total", &total)]);
        view! {
            <ol class="history">{lines}</ol>
            <p class="quiet">{shown}</p>
        }
    };
    // Outside of what is loaded, so that the focus stays on it.
    let all = move || {
        case.history.state.with(|state| match state {
            Load::Ready(history) => history.lines.len() as u64 >= history.total,
            Load::Waiting | Load::Failed(_) => true,
        })
    };
    view! {
        <section class="card stack" aria-labelledby="history-title">
            <h2 id="history-title">{w.history_title}</h2>
            <p class="quiet">{w.history_text}</p>
            {widgets::loaded(case.staff, case.history, show)}
            <div class="row-actions" hidden=all>
                <button type="button" class="button-secondary" on:click=move |_| case.lines.update(|n| *n += 2 * LINES)>{w.history_more}</button>
            </div>
        </section>
    }
}

fn line(lang: Lang, line: &HistoryLine) -> impl IntoView + use<> {
    let when = dates::moment(lang, dates::local(line.at));
    view! {
        <li>
            <p>{sentences::what(lang, line)}</p>
            <p class="quiet">{when} " · " {sentences::by(lang, &line.by)}</p>
        </li>
    }
}
