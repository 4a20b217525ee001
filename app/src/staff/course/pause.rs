//! The dialog in which reminders of a person are paused: until a day, or until somebody says otherwise.

use bedring_contract::course::NewPause;
use bedring_domain::time::parse_day;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::Case;
use crate::api::{ApiFailure, followup as api};
use crate::staff::dialogs::{self, modal};
use crate::staff::state::Load;
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;
use crate::staff::{changed, dates};

const DAY: &str = "pause-day";

/// The dialog.
pub fn dialog(case: Case) -> impl IntoView {
    modal("pause-dialog", case.pausing, move |code| form(case, code))
}

fn form(case: Case, code: &str) -> impl IntoView + use<> {
    let (lang, w) = (case.lang(), case.w());
    let (day, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<ApiFailure>);
    let title = fill(w.pause_dialog, &[("code", code)]);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        error.set(None);
        failure.set(None);
        if busy.get_untracked() {
            return;
        }
        let typed = day.get_untracked();
        let until = match typed.trim() {
            "" => Some(None),
            text => parse_day(text).map(Some),
        };
        let Some(until) = until else {
            error.set(Some(lang.words().error_date.to_owned()));
            return widgets::focus(DAY);
        };
        busy.set(true);
        let request = api::pause(
            case.person,
            Some(NewPause {
                until,
                seen: Some(paused_at(case)),
            }),
        );
        case.staff.ask(request, move |outcome| {
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    case.pausing.try_set(None);
                    case.done(w.pause_saved.to_owned());
                }
                Err(ApiFailure::Problem(problem))
                    if problem.errors.iter().any(|e| e.pointer == "/until") =>
                {
                    let day = |text: &str| {
                        parse_day(text).map_or_else(|| text.to_owned(), |d| dates::date(lang, d))
                    };
                    let typed = until.map(|day| day.to_string()).unwrap_or_default();
                    let both = changed::told(lang, &problem, "/until", &typed, day);
                    if both.is_some() {
                        case.course.reload();
                    }
                    error.try_set(Some(both.unwrap_or_else(|| w.pause_wrong.to_owned())));
                    widgets::focus(DAY);
                }
                Err(trouble) => {
                    failure.try_set(Some(trouble));
                }
            }
        });
    };
    let spec = FieldSpec {
        kind: "date",
        hint: w.pause_hint,
        aside: lang.words().optional,
        ..FieldSpec::text(DAY, w.pause_day)
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="pause-dialog">{title}</h2>
            <p>{w.pause_text}</p>
            {widgets::field(spec, day, error)}
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(case.pausing, lang.words().cancel, w.pause_save, busy)}
        </form>
    }
}

/// When the pause was set that the page shows, if it shows one.
fn paused_at(case: Case) -> Option<DateTime<Utc>> {
    case.course.state.with_untracked(|state| match state {
        Load::Ready(course) => course.reminders.pause.as_ref().map(|pause| pause.at),
        Load::Waiting | Load::Failed(_) => None,
    })
}
