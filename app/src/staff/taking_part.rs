//! Whether a project takes part, and from which day: told on its board, and set by an administrator.

use bedring_contract::project::{ProjectStatus, TakingPart};
use bedring_contract::staff::{Programme, Project};
use bedring_domain::time::parse_day;
use chrono::NaiveDate;
use leptos::prelude::*;
use uuid::Uuid;

use super::dates;
use super::kept::Kept;
use super::state::{Remote, Staff};
use super::terms;
use super::widgets::{self, FieldSpec};
use super::words::{Lang, fill, words};
use crate::api::{ApiFailure, programme as api};

const DAY: &str = "taking-part-day";

words! {
    title: "Er projektet med?", "Does the project take part?";
    lead: "Er projektet fritaget eller trukket ud, bliver ingen spurgt eller mindet om noget fra den dag. Alle bliver stående i de tal, de hører til, og de kan stadig svare.",
          "If the project is exempt or withdrawn, nobody is asked or reminded from that day on. Everybody stays in the figures they belong to, and they can still answer.";
    legend: "Hvad gælder?", "What holds?";
    from: "Fra og med", "From this day on";
    from_hint: "En dag i fremtiden kan kun vælges for et projekt, der er i gang indtil da.", "A day to come can be chosen only for a project that is running until then.";
    error_future: "Vælg i dag eller en tidligere dag.", "Choose today or an earlier day.";
    save: "Gem", "Save";
    saved: "Det er gemt.", "It is saved.";
    exempt_since: "Projektet er fritaget for måling siden {day}. Ingen bliver spurgt, og alle bliver stående i tallene.",
                  "The project has been exempt from measuring since {day}. Nobody is asked, and everybody stays in the figures.";
    exempt_ahead: "Projektet er fritaget for måling fra {day}. Indtil da bliver der spurgt som før.",
                  "The project is exempt from measuring from {day}. Until then people are asked as before.";
    exempt: "Projektet er fritaget for måling. Ingen bliver spurgt, og alle bliver stående i tallene.",
            "The project is exempt from measuring. Nobody is asked, and everybody stays in the figures.";
    withdrawn_since: "Projektet er trukket ud siden {day}. Ingen bliver spurgt, og alle bliver stående i tallene.",
                     "The project has been withdrawn since {day}. Nobody is asked, and everybody stays in the figures.";
    withdrawn_ahead: "Projektet bliver trukket ud fra {day}. Indtil da bliver der spurgt som før.",
                     "The project will be withdrawn from {day}. Until then people are asked as before.";
    withdrawn: "Projektet er trukket ud. Ingen bliver spurgt, og alle bliver stående i tallene.",
               "The project is withdrawn. Nobody is asked, and everybody stays in the figures.";
}

/// What a project's status means for its board; nothing for one that takes part.
#[must_use]
pub fn told(lang: Lang, status: &str, on: Option<NaiveDate>, today: NaiveDate) -> Option<String> {
    let w = Words::of(lang);
    let (since, ahead, plain) = match ProjectStatus::parse(status)? {
        ProjectStatus::Active => return None,
        ProjectStatus::Exempt => (w.exempt_since, w.exempt_ahead, w.exempt),
        ProjectStatus::Withdrawn => (w.withdrawn_since, w.withdrawn_ahead, w.withdrawn),
    };
    Some(on.map_or_else(
        || plain.to_owned(),
        |day| {
            let sentence = if day > today { ahead } else { since };
            fill(sentence, &[("day", &dates::date(lang, day))])
        },
    ))
}

/// The form, for administrators.
pub fn section(staff: Staff, project: Uuid, programmes: Remote<Vec<Programme>>) -> impl IntoView {
    let said = RwSignal::new(false);
    let lang = staff.lang_now();
    let w = Words::of(lang);
    let status = Kept::new(programmes, move |list| {
        Some(find(list, project)?.status.clone())
    });
    let day = Kept::new(programmes, move |list| {
        let today = dates::local(dates::now()).date_naive();
        let on = find(list, project)?.status_on;
        Some(on.unwrap_or(today).to_string())
    });
    let about = Form {
        staff,
        programmes,
        project,
        status: status.value,
        day,
        said,
    };
    let inside = widgets::loaded_once(staff, programmes, move |list| {
        find(list, project).map(|_| form(about))
    });
    view! {
        <section class="card stack" aria-labelledby="taking-part">
            <h2 id="taking-part">{w.title}</h2>
            <p>{w.lead}</p>
            {inside}
            {move || day.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            <p role="status" id="taking-part-said" tabindex="-1">{move || said.get().then_some(w.saved)}</p>
        </section>
    }
}

fn find(list: &[Programme], project: Uuid) -> Option<&Project> {
    list.iter()
        .flat_map(|p| &p.projects)
        .find(|p| p.id == project)
}

/// What the form is about; it outlives each drawing of the fields.
#[derive(Clone, Copy)]
struct Form {
    staff: Staff,
    programmes: Remote<Vec<Programme>>,
    project: Uuid,
    status: RwSignal<String>,
    day: Kept,
    said: RwSignal<bool>,
}

fn form(form: Form) -> impl IntoView {
    let Form {
        staff,
        programmes,
        project,
        status,
        said,
        day:
            Kept {
                value: day,
                error,
                failure,
                busy,
                ..
            },
    } = form;
    let lang = staff.lang_now();
    let w = Words::of(lang);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        error.set(None);
        failure.set(None);
        said.set(false);
        let status = status.with_untracked(|s| ProjectStatus::parse(s));
        let Some(status) = status.filter(|_| !busy.get_untracked()) else {
            return;
        };
        let Some(on) = day.with_untracked(|d| parse_day(d.trim())) else {
            error.set(Some(lang.words().error_date.to_owned()));
            return widgets::focus(DAY);
        };
        busy.set(true);
        let request = api::take_part(project, TakingPart { status, on });
        staff.ask(request, move |outcome| {
            // The screen may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(_) => {
                    said.set(true);
                    programmes.reload();
                    widgets::focus("taking-part-said");
                }
                Err(ApiFailure::Problem(problem))
                    if problem.errors.iter().any(|e| e.pointer == "/on") =>
                {
                    let future = problem.errors.iter().any(|e| e.code == "in_future");
                    let words = if future {
                        w.error_future
                    } else {
                        lang.words().error_date
                    };
                    error.set(Some(words.to_owned()));
                    widgets::focus(DAY);
                }
                Err(trouble) => failure.set(Some(trouble)),
            }
        });
    };
    let answers = ProjectStatus::ALL
        .into_iter()
        .map(|value| {
            let value = value.as_str();
            let (text, _) = terms::project_status(lang, value);
            view! {
                <label class="answer">
                    <input type="radio" name="taking-part" value=value prop:checked=move || status.with(|s| s == value)
                        on:change=move |_| status.set(value.to_owned()) />
                    <span class="answer-text">{text}</span>
                </label>
            }
        })
        .collect_view();
    let spec = FieldSpec {
        kind: "date",
        hint: w.from_hint,
        ..FieldSpec::text(DAY, w.from)
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <fieldset class="question">
                <legend class="field-label">{w.legend}</legend>
                <div class="answers">{answers}</div>
            </fieldset>
            {widgets::field(spec, day, error)}
            <div class="actions">
                <button type="submit" class="button-secondary" aria-disabled=move || busy.get().then_some("true")>{w.save}</button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
    }

    #[test]
    fn a_board_says_since_when_and_nothing_where_people_are_asked() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-03-02");
        let da = |status, on: Option<&str>| told(Lang::Da, status, on.map(day), today);
        assert_eq!(da("active", Some("2026-01-01")), None);
        let since = da("exempt", Some("2026-03-02")).unwrap();
        assert!(since.contains("siden 2. marts 2026"), "{since}");
        let ahead = da("withdrawn", Some("2026-03-03")).unwrap();
        assert!(ahead.contains("fra 3. marts 2026"), "{ahead}");
        assert!(
            da("withdrawn", None)
                .unwrap()
                .starts_with("Projektet er trukket ud.")
        );
    }
}
