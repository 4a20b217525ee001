//! The drop-out board of a project: what became of the measurements of those who started, as numbers with small bars.

use bedring_contract::followup::{Board, BoardKind};
use leptos::prelude::*;
use uuid::Uuid;

use super::state::{Remote, Staff};
use super::taking_part;
use super::terms;
use super::widgets;
use super::words::{Lang, fill};
use super::worklist::words::Words;
use crate::api::followup as api;

/// The board, loaded by itself so that the people of the project do not wait for it.
pub fn section(staff: Staff, project: Uuid) -> impl IntoView {
    let w = Words::of(staff.lang_now());
    let board = Remote::new(staff, move || api::board(project));
    // It stands above the people and is folded to its main figures, so that neither pushes the other off the screen.
    view! {
        <section class="stack" aria-labelledby="board-title">
            {widgets::followed(board, move |board| status(staff.lang_now(), board))}
            <details class="card board">
                <summary class="board-summary">
                    <h2 id="board-title">{w.board_title}</h2>
                    {widgets::followed(board, move |board| main_figures(staff.lang_now(), board))}
                </summary>
                {widgets::loaded(staff, board, move |board| figures(staff.lang_now(), board))}
            </details>
        </section>
    }
}

/// What the project's status means for everything below.
fn status(lang: Lang, board: &Board) -> impl IntoView + use<> {
    let status = taking_part::told(lang, &board.status, board.status_on, board.today);
    status.map(|text| view! { <p class="note">{text}</p> })
}

/// How many of each kind are answered, in time or later.
fn main_figures(lang: Lang, board: &Board) -> impl IntoView + use<> {
    let w = Words::of(lang);
    board
        .kinds
        .iter()
        .map(|kind| {
            let (done, total) = (kind.on_time + kind.late, kind.total);
            let values = [
                ("kind", terms::occasion_kind(lang, kind.kind)),
                ("n", &*done.to_string()),
                ("total", &*total.to_string()),
            ];
            view! { <span class="board-figure">{fill(w.board_answered, &values)}</span> " " }
        })
        .collect_view()
}

fn figures(lang: Lang, board: &Board) -> impl IntoView + use<> {
    let w = Words::of(lang);
    if board.started == 0 {
        return view! { <p>{w.board_none}</p> }.into_any();
    }
    let lead = fill(
        w.board_lead,
        &[
            ("n", &board.started.to_string()),
            ("unknown", &board.end_unknown.to_string()),
        ],
    );
    view! {
        <p>{lead}</p>
        <div class="grid">{board.kinds.iter().map(|kind| bars(lang, kind)).collect_view()}</div>
    }
    .into_any()
}

/// What there is of a kind, from what was made to what was lost; what nobody is in is left out.
fn lines(lang: Lang, kind: &BoardKind) -> Vec<(String, u64)> {
    let w = Words::of(lang);
    let plain = |text: &str, n: u64| (text.to_owned(), n);
    let missed = kind.missed.iter().map(|m| {
        let reason = terms::missed_reason(lang, m.reason);
        (
            fill(w.board_missed, &[("reason", &lower_first(reason))]),
            m.count,
        )
    });
    let mut lines = vec![
        plain(w.board_on_time, kind.on_time),
        plain(w.board_late, kind.late),
        plain(w.board_open, kind.open),
        plain(w.board_due, kind.due),
        plain(w.board_overdue, kind.overdue),
        plain(w.board_planned, kind.planned),
        plain(w.board_end_unknown, kind.end_unknown),
    ];
    lines.extend(missed);
    lines.push(plain(w.board_declined, kind.declined));
    lines.push(plain(w.board_withdrawn, kind.withdrawn));
    lines.retain(|(_, n)| *n > 0);
    lines
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

fn bars(lang: Lang, kind: &BoardKind) -> impl IntoView + use<> {
    let w = Words::of(lang);
    let total = kind.total;
    let title = fill(
        w.board_kind,
        &[
            ("kind", terms::occasion_kind(lang, kind.kind)),
            ("n", &total.to_string()),
        ],
    );
    let rows = lines(lang, kind)
        .into_iter()
        .map(|(label, n)| {
            let values = [("n", &*n.to_string()), ("total", &*total.to_string())];
            let value = fill(w.board_of, &values);
            // Whole per cents are more than a bar can show.
            let width = (n * 100).checked_div(total).unwrap_or(0).max(1).to_string();
            view! {
                <li class="meter">
                    <span>{label}</span>
                    <span class="meter-value">{value}</span>
                    <svg class="board-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                        <rect class="chart-track" width="100" height="8"></rect>
                        <rect class="chart-bar" width=width height="8"></rect>
                    </svg>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="stack">
            <h3>{title}</h3>
            <ul class="board-bars">{rows}</ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedring_contract::followup::BoardReason;
    use bedring_domain::course::{MissedReason, OccasionKind};

    #[test]
    fn lines_add_up_and_leave_out_what_nobody_is_in() {
        let kind = BoardKind {
            kind: OccasionKind::Exit,
            total: 10,
            on_time: 3,
            late: 0,
            planned: 1,
            end_unknown: 2,
            open: 0,
            due: 0,
            overdue: 1,
            declined: 0,
            withdrawn: 1,
            missed: vec![BoardReason {
                reason: MissedReason::Illness,
                count: 2,
            }],
        };
        let lines = lines(Lang::En, &kind);
        assert_eq!(lines.iter().map(|(_, n)| n).sum::<u64>(), 10);
        assert_eq!(lines.len(), 6);
        assert!(lines.contains(&("Not made: illness".to_owned(), 2)));
    }
}
