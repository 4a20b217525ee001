//! Saying that a person's course has ended: from that day on the exit may be answered.

use bedring_contract::staff::PersonDetail;
use bedring_domain::time::parse_day;
use leptos::prelude::*;
use uuid::Uuid;

use super::kept::Kept;
use super::state::{Remote, Staff};
use super::widgets::{self, FieldSpec};
use super::words::Words;
use crate::api::{ApiFailure, staff as api};

const FIELD: &str = "course-end";

/// The form. A day that was set wrongly can be set again.
pub fn form(
    staff: Staff,
    done: Callback<()>,
    day: Kept,
    person: Uuid,
    detail: Remote<PersonDetail>,
) -> impl IntoView {
    let lang = staff.lang_now();
    let w = lang.words();
    let Kept {
        value,
        error,
        failure,
        busy,
        ..
    } = day;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        error.set(None);
        failure.set(None);
        if busy.get_untracked() {
            return;
        }
        let Some(end) = value.with_untracked(|v| parse_day(v.trim())) else {
            error.set(Some(w.error_date.to_owned()));
            return widgets::focus(FIELD);
        };
        busy.set(true);
        let request = async move { api::end_course(person, end).await };
        staff.ask(request, move |outcome| {
            // The screen may be gone by now; then there is nobody to tell.
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(()) => done.run(()),
                Err(trouble) => match words_at_the_field(w, &trouble) {
                    Some(words) => {
                        error.set(Some(words.to_owned()));
                        widgets::focus(FIELD);
                    }
                    None => failure.set(Some(trouble)),
                },
            }
        });
    };
    let spec = FieldSpec {
        kind: "date",
        hint: w.course_end_hint,
        ..FieldSpec::text(FIELD, w.course_end_day)
    };
    let ended = move |found: &PersonDetail| {
        if found.line.end.is_some() {
            w.course_end_change
        } else {
            w.course_end_submit
        }
    };
    let button = widgets::followed(detail, ended);
    view! {
            <form class="stack" novalidate=true on:submit=submit>
                {widgets::field(spec, value, error)}
                {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
                <div class="actions">
                    <button type="submit" class="button-secondary" aria-disabled=move || busy.get().then_some("true")>{button}</button>
                </div>
            </form>
    }
}

fn words_at_the_field(w: &'static Words, failure: &ApiFailure) -> Option<&'static str> {
    let ApiFailure::Problem(problem) = failure else {
        return None;
    };
    problem.errors.iter().find_map(|e| {
        (e.pointer == "/end").then_some(if e.code == "before_start" {
            w.course_end_before_start
        } else {
            w.error_date
        })
    })
}
