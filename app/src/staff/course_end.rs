//! Saying that a person's course has ended: from that day on the exit may be answered.

use bedring_contract::staff::PersonDetail;
use bedring_domain::time::parse_day;
use leptos::prelude::*;
use uuid::Uuid;

use super::kept::Kept;
use super::state::{Remote, Staff};
use super::widgets::{self, FieldSpec};
use super::words::Lang;
use super::{changed, dates};
use crate::api::{ApiFailure, staff as api};

const FIELD: &str = "course-end";

/// The form. A day that was set wrongly can be set again, or removed.
pub fn form(
    staff: Staff,
    done: Callback<()>,
    removed: Callback<()>,
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
        let seen = parse_day(day.seen().trim());
        let request = async move { api::end_course(person, Some(end), seen).await };
        staff.ask(request, move |outcome| {
            // The screen may be gone by now; then there is nobody to tell.
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(()) => done.run(()),
                Err(trouble) => match words_at_the_field(lang, &trouble, &value.get_untracked()) {
                    Some(words) => {
                        error.set(Some(words));
                        detail.reload();
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
    let put_right = super::course::correct_words(lang);
    let remove = move |found: &PersonDetail| {
        let seen = found.line.end;
        let press = move |_| {
            failure.set(None);
            let request = async move { api::end_course(person, None, seen).await };
            staff.ask(request, move |outcome| match outcome {
                Ok(()) => removed.run(()),
                Err(trouble) => {
                    failure.try_set(Some(trouble));
                }
            });
        };
        seen.map(|_| {
            view! { <button type="button" class="button-quiet" on:click=press>{put_right.end_remove}</button> }
        })
    };
    let remove = widgets::followed(detail, remove);
    view! {
            <form class="stack" novalidate=true on:submit=submit>
                {widgets::field(spec, value, error)}
                {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
                <div class="actions">
                    <button type="submit" class="button-secondary" aria-disabled=move || busy.get().then_some("true")>{button}</button>
                    {remove}
                </div>
            </form>
    }
}

fn words_at_the_field(lang: Lang, failure: &ApiFailure, typed: &str) -> Option<String> {
    let w = lang.words();
    let ApiFailure::Problem(problem) = failure else {
        return None;
    };
    let day =
        |text: &str| parse_day(text).map_or_else(|| text.to_owned(), |d| dates::date(lang, d));
    if let Some(both) = changed::told(lang, problem, "/end", typed, day) {
        return Some(both);
    }
    problem.errors.iter().find_map(|e| {
        (e.pointer == "/end").then_some(if e.code == "before_start" {
            w.course_end_before_start.to_owned()
        } else {
            w.error_date.to_owned()
        })
    })
}
