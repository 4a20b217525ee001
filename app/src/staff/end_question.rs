//! The question whether a course has ended: the dialog that takes the answer, from the worklist and from a person's page.

use bedring_contract::followup::CourseAnswer;
use bedring_domain::time::parse_day;
use chrono::NaiveDate;
use leptos::prelude::*;
use uuid::Uuid;

use super::dialogs::{self, choice, modal};
use super::state::Staff;
use super::widgets::{self, FieldSpec};
use super::words::fill;
use super::worklist::words::Words;
use crate::api::{ApiFailure, followup as api, staff as people};

const DAY: &str = "end-day";
const TODAY: &str = "today";
const OTHER: &str = "other";
const STILL: &str = "still";
const CANNOT: &str = "cannot";

/// Whose course it is about.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The person.
    pub person: Uuid,
    /// Their code.
    pub code: String,
    /// The day in Denmark.
    pub today: NaiveDate,
}

/// The question, and what follows when it is answered.
#[derive(Clone, Copy)]
pub struct Ends {
    /// The screen's.
    pub staff: Staff,
    /// About whom it is asked at the moment.
    pub asked: RwSignal<Option<Asked>>,
    /// What was done, as a sentence.
    pub done: Callback<String>,
}

impl Ends {
    /// Asked about nobody yet.
    #[must_use]
    pub fn new(staff: Staff, done: Callback<String>) -> Self {
        Self {
            staff,
            asked: RwSignal::new(None),
            done,
        }
    }
}

/// The dialog that takes the answer.
pub fn dialog(ends: Ends) -> impl IntoView {
    modal("end-dialog", ends.asked, move |asked| form(ends, asked))
}

fn form(ends: Ends, asked: &Asked) -> impl IntoView + use<> {
    let lang = ends.staff.lang_now();
    let w = Words::of(lang);
    let (code, person, today) = (asked.code.clone(), asked.person, asked.today);
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
        let Some(answer) = chosen.with_untracked(|c| said(today, c, &day.get_untracked())) else {
            error.set(Some(lang.words().error_date.to_owned()));
            return widgets::focus(DAY);
        };
        busy.set(true);
        let sentence = fill(w.end_saved, &[("code", &code)]);
        let request = async move {
            match answer {
                Said::Ended(end) => people::end_course(person, Some(end), None).await,
                Said::Known(known) => api::course(person, known).await.map(drop),
            }
        };
        ends.staff.ask(request, move |outcome| {
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    ends.asked.try_set(None);
                    ends.done.run(sentence);
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
            {dialogs::buttons(ends.asked, lang.words().cancel, w.save, busy)}
        </form>
    }
}

/// What was answered.
enum Said {
    Ended(NaiveDate),
    Known(CourseAnswer),
}

/// The answer as the server takes it; `None` for a day that cannot be read.
fn said(today: NaiveDate, chosen: &str, day: &str) -> Option<Said> {
    Some(match chosen {
        TODAY => Said::Ended(today),
        OTHER => Said::Ended(parse_day(day.trim())?),
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
