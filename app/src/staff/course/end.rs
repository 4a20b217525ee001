//! The end of the course on a person's page: the last day once it is known, and until then the day on which it is meant to be.

use bedring_contract::course::PersonCourse;
use bedring_contract::followup::{CourseAnswer, CourseKnown};
use bedring_domain::time::parse_day;
use leptos::prelude::*;

use super::Case;
use crate::api::{ApiFailure, followup as api};
use crate::staff::kept::Kept;
use crate::staff::state::Load;
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;
use crate::staff::{changed, course_end, dates};

const FIELD: &str = "course-planned";

/// The card.
pub fn section(case: Case) -> impl IntoView {
    let (lang, w) = (case.lang(), case.w());
    let done = Callback::new(move |()| case.changed(w.end_saved.to_owned()));
    let gone = super::correct_words(lang).end_removed;
    let removed = Callback::new(move |()| case.changed(gone.to_owned()));
    let show = move |course: &PersonCourse| {
        let open = course.end.end.is_none();
        open.then(|| known(case, &course.end))
    };
    // The field is not drawn anew with what stands above it.
    let open = Memo::new(move |_| about(case, |end| end.end.is_none()));
    view! {
        <section class="card stack">
            <h2>{lang.words().course_end}</h2>
            {course_end::form(case.staff, done, removed, case.ended, case.person, case.detail)}
            {widgets::loaded(case.staff, case.course, show)}
            {move || open.get().then(|| planned(case))}
        </section>
    }
}

/// Does this hold of what is known of the end, as far as that is loaded?
fn about(case: Case, holds: impl Fn(&CourseKnown) -> bool) -> bool {
    case.course.state.with(|state| match state {
        Load::Ready(course) => holds(&course.end),
        Load::Waiting | Load::Failed(_) => false,
    })
}

/// What somebody answered that is not a day.
fn known(case: Case, end: &CourseKnown) -> impl IntoView + use<> {
    let (lang, w) = (case.lang(), case.w());
    let still = end.still_enrolled.map(|day| {
        let text = fill(w.end_still, &[("day", &dates::date(lang, day))]);
        view! { <p class="quiet">{text}</p> }
    });
    let cannot = end
        .end_cannot_be_told
        .then(|| view! { <p class="quiet">{w.end_cannot}</p> });
    (still, cannot)
}

fn planned(case: Case) -> impl IntoView {
    let (lang, w) = (case.lang(), case.w());
    let Kept {
        value,
        error,
        failure,
        busy,
        ..
    } = case.planned;
    let send = move |answer: CourseAnswer, sentence: &'static str| {
        error.set(None);
        failure.set(None);
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let seen = parse_day(case.planned.seen().trim());
        let answer = CourseAnswer {
            end_planned_seen: Some(seen),
            ..answer
        };
        let request = api::course(case.person, answer);
        case.staff.ask(request, move |outcome| {
            busy.try_set(false);
            match outcome {
                Ok(_) => case.changed(sentence.to_owned()),
                Err(ApiFailure::Problem(problem))
                    if problem.errors.iter().any(|e| e.pointer == "/end_planned") =>
                {
                    let day = |text: &str| {
                        parse_day(text).map_or_else(|| text.to_owned(), |d| dates::date(lang, d))
                    };
                    let typed = value.get_untracked();
                    if let Some(both) = changed::told(lang, &problem, "/end_planned", &typed, day) {
                        error.try_set(Some(both));
                        case.course.reload();
                        return widgets::focus(FIELD);
                    }
                    let words = lang.words().course_end_before_start;
                    error.try_set(Some(words.to_owned()));
                    widgets::focus(FIELD);
                }
                Err(trouble) => {
                    failure.try_set(Some(trouble));
                }
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(end) = value.with_untracked(|v| parse_day(v.trim())) else {
            error.set(Some(lang.words().error_date.to_owned()));
            return widgets::focus(FIELD);
        };
        let answer = CourseAnswer {
            end_planned: Some(end),
            ..CourseAnswer::default()
        };
        send(answer, w.planned_saved);
    };
    let is_set = Memo::new(move |_| about(case, |end| end.end_planned.is_some()));
    let clear = move || {
        is_set.get().then(|| {
        let press = move |_| {
            let answer = CourseAnswer {
                no_end_planned: true,
                ..CourseAnswer::default()
            };
            send(answer, w.planned_cleared);
        };
        view! { <button type="button" class="button-quiet" on:click=press>{w.planned_clear}</button> }
    })
    };
    let spec = FieldSpec {
        kind: "date",
        hint: w.planned_hint,
        ..FieldSpec::text(FIELD, w.planned)
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            {widgets::field(spec, value, error)}
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            <div class="row-actions">
                <button type="submit" class="button-secondary" aria-disabled=move || busy.get().then_some("true")>{w.planned_save}</button>
                {clear}
            </div>
        </form>
    }
}
