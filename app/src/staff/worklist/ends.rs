//! Courses of which nobody has said whether they ended: the list, and the dialog that takes the answer.

use bedring_contract::followup::{CourseAnswer, EndLine, EndSection};
use chrono::NaiveDate;
use leptos::prelude::*;

use super::{Desk, choice, modal, section_head, who};
use crate::api::{ApiFailure, followup as api, staff as people};
use crate::staff::dates;
use crate::staff::state::Load;
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;

const DAY: &str = "end-day";
const TODAY: &str = "today";
const OTHER: &str = "other";
const STILL: &str = "still";
const CANNOT: &str = "cannot";

/// The list.
pub fn section(desk: Desk, section: &EndSection) -> impl IntoView + use<> {
    let w = desk.w();
    let rows = section
        .lines
        .iter()
        .map(|line| row(desk, line))
        .collect_view();
    (section.total > 0).then(|| {
        view! {
            <section class="stack" aria-labelledby="ends-title">
                {section_head(w, "ends-title", w.ends_title, section.lines.len(), section.total)}
                <p>{w.ends_text}</p>
                <div class="table-wrap" tabindex="0">
                    <table class="table table-cards">
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
            </section>
        }
    })
}

fn row(desk: Desk, line: &EndLine) -> impl IntoView + use<> {
    let (lang, w) = (desk.lang(), desk.w());
    let day = |day: Option<NaiveDate>| {
        day.map_or_else(|| lang.words().none.to_owned(), |d| dates::date(lang, d))
    };
    let about = format!(" {}", fill(w.about, &[("code", &line.who.code)]));
    let asked = line.clone();
    view! {
        <tr>
            <th scope="row" data-label=lang.words().person>{who(&line.who)}</th>
            <td class="number" data-label=w.started>{day(line.start)}</td>
            <td class="number" data-label=w.end_planned>{day(line.end_planned)}</td>
            <td class="number" data-label=w.last_known>{day(line.still_enrolled)}</td>
            <td data-label=lang.words().actions>
                <button type="button" class="button-quiet" on:click=move |_| desk.end.set(Some(asked.clone()))>
                    {w.answer}<span class="visually-hidden">{about}</span>
                </button>
            </td>
        </tr>
    }
}

/// The dialog that takes the answer.
pub fn dialog(desk: Desk) -> impl IntoView {
    modal("end-dialog", desk.end, move |line| form(desk, line))
}

fn form(desk: Desk, line: &EndLine) -> impl IntoView + use<> {
    let (lang, w) = (desk.lang(), desk.w());
    let (code, person) = (line.who.code.clone(), line.who.person);
    let chosen = RwSignal::new(String::new());
    let (day, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let (missing, busy) = (RwSignal::new(false), RwSignal::new(false));
    let failure = RwSignal::new(None::<ApiFailure>);
    let title = fill(w.end_dialog, &[("code", &code)]);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        error.set(None);
        failure.set(None);
        missing.set(chosen.with_untracked(String::is_empty));
        if missing.get_untracked() || busy.get_untracked() {
            return;
        }
        let Some(answer) = chosen.with_untracked(|c| said(desk, c, &day.get_untracked())) else {
            error.set(Some(lang.words().error_date.to_owned()));
            return widgets::focus(DAY);
        };
        busy.set(true);
        let sentence = fill(w.end_saved, &[("code", &code)]);
        let request = async move {
            match answer {
                Said::Ended(end) => people::end_course(person, end).await,
                Said::Known(known) => api::course(person, known).await.map(drop),
            }
        };
        desk.staff.ask(request, move |outcome| {
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    desk.end.try_set(None);
                    desk.done(sentence);
                }
                Err(trouble) => {
                    if before_start(&trouble) {
                        error.try_set(Some(lang.words().course_end_before_start.to_owned()));
                    } else {
                        failure.try_set(Some(trouble));
                    }
                }
            }
        });
    };
    let spec = FieldSpec {
        kind: "date",
        ..FieldSpec::text(DAY, w.end_day)
    };
    let field = widgets::field(spec, day, error);
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="end-dialog">{title}</h2>
            <fieldset class="question">
                <legend class="field-label">{w.end_legend}</legend>
                <div class="answers">
                    {choice("end", TODAY, w.end_today, chosen)}
                    {choice("end", OTHER, w.end_other, chosen)}
                    {choice("end", STILL, w.end_still, chosen)}
                    {choice("end", CANNOT, w.end_cannot, chosen)}
                </div>
            </fieldset>
            <div hidden=move || chosen.with(|c| c != OTHER)>{field}</div>
            {move || missing.get().then(|| view! { <p class="field-error" role="alert">{w.choose_one}</p> })}
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            <div class="choices">
                <button type="button" class="button-choice" on:click=move |_| desk.end.set(None)>{lang.words().cancel}</button>
                <button type="submit" class="button-choice" aria-disabled=move || busy.get().then_some("true")>{w.save}</button>
            </div>
        </form>
    }
}

/// What was answered.
enum Said {
    Ended(NaiveDate),
    Known(CourseAnswer),
}

/// The answer as the server takes it; `None` for a day that cannot be read.
fn said(desk: Desk, chosen: &str, day: &str) -> Option<Said> {
    let today = desk.list.state.with_untracked(|state| match state {
        Load::Ready(list) => Some(list.today),
        Load::Waiting | Load::Failed(_) => None,
    })?;
    Some(match chosen {
        TODAY => Said::Ended(today),
        OTHER => Said::Ended(day.trim().parse().ok()?),
        STILL => Said::Known(CourseAnswer {
            still_enrolled: Some(today),
            ..CourseAnswer::default()
        }),
        _ => Said::Known(CourseAnswer {
            end_cannot_be_told: Some(true),
            ..CourseAnswer::default()
        }),
    })
}

fn before_start(failure: &ApiFailure) -> bool {
    matches!(failure, ApiFailure::Problem(problem) if problem.errors.iter().any(|e| e.code == "before_start"))
}
