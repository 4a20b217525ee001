//! The people of one project, page by page, with a box to find a code.

use bedring_contract::staff::{PersonLine, Programme};
use leptos::prelude::*;
use uuid::Uuid;

use super::route::Route;
use super::state::{Remote, Staff};
use super::widgets::{self, FieldSpec};
use super::words::{Lang, fill};
use super::{board, dates, taking_part, terms};
use crate::api::{ApiFailure, staff as api};

/// What has been loaded so far.
#[derive(Clone, Copy)]
struct People {
    lines: RwSignal<Vec<PersonLine>>,
    next: RwSignal<Option<String>>,
    started: RwSignal<bool>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<ApiFailure>>,
    filter: RwSignal<String>,
}

/// The screen of a project.
pub fn screen(staff: Staff, project: Uuid) -> impl IntoView {
    let lang = staff.lang_now();
    let w = lang.words();
    let programmes = Remote::new(staff, api::programmes);
    let people = People {
        lines: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        started: RwSignal::new(false),
        busy: RwSignal::new(false),
        failure: RwSignal::new(None),
        filter: RwSignal::new(String::new()),
    };
    load(staff, project, people);
    view! {
        <div class="stack-wide">
            {widgets::crumbs(w, vec![(Route::Programmes, w.nav_programmes.to_owned())])}
            {widgets::loaded_screen(staff, programmes, |w| w.project, move |list| title(staff, programmes, list, project))}
            {move || people.failure.get().map(|f| {
                let again = Callback::new(move |()| load(staff, project, people));
                widgets::trouble_note(lang, &f, Some(again))
            })}
            {move || list(staff, lang, project, people)}
            {board::section(staff, project)}
            {staff.may_edit_plans().then(|| taking_part::section(staff, project, programmes))}
        </div>
    }
}

/// Name, code and status of a project that the account may see.
pub fn name_of(programmes: &[Programme], project: Uuid) -> Option<(String, String)> {
    let project = programmes
        .iter()
        .flat_map(|p| &p.projects)
        .find(|p| p.id == project)?;
    Some((
        format!("{} · {}", project.code, project.name),
        project.status.clone(),
    ))
}

fn title(
    staff: Staff,
    remote: Remote<Vec<Programme>>,
    programmes: &[Programme],
    project: Uuid,
) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = lang.words();
    let name = name_of(programmes, project).map_or_else(|| w.project.to_owned(), |(name, _)| name);
    // It may change while the page is open.
    let badge = widgets::followed(remote, move |programmes| {
        let (_, status) = name_of(programmes, project)?;
        (status != "active").then(|| {
            let (text, class) = terms::project_status(lang, &status);
            widgets::badge(class, text)
        })
    });
    let button = staff.may_register().then(|| {
        view! { <a class="button-primary" href=Route::NewPerson(project).href()>{w.new_person}</a> }
    });
    view! {
        <div class="title-row">
            {widgets::heading(staff, w, name)}
            <div class="actions">{badge} {button}</div>
        </div>
    }
}

/// Loads the next page, and all that follow while somebody is looking for a code.
fn load(staff: Staff, project: Uuid, people: People) {
    if people.busy.get_untracked() {
        return;
    }
    people.busy.set(true);
    people.failure.set(None);
    let after = people.next.get_untracked();
    let request = async move { api::persons(project, after.as_deref()).await };
    staff.ask(request, move |outcome| {
        // The screen may be gone by now.
        if people.busy.try_set(false).is_some() {
            return;
        }
        match outcome {
            Ok(page) => {
                people.started.set(true);
                people.next.set(page.next);
                people.lines.update(|lines| lines.extend(page.persons));
                let (looking, more) = (
                    people.filter.with_untracked(|f| !f.trim().is_empty()),
                    people.next.with_untracked(Option::is_some),
                );
                if looking && more {
                    load(staff, project, people);
                } else if !more {
                    // The button that had the focus is gone.
                    refocus_count();
                }
            }
            Err(failure) => people.failure.set(Some(failure)),
        }
    });
}

fn refocus_count() {
    let on_button = document()
        .active_element()
        .is_some_and(|e| e.id() == "people-more");
    if on_button {
        widgets::focus("people-count");
    }
}

fn list(staff: Staff, lang: Lang, project: Uuid, people: People) -> impl IntoView {
    let w = lang.words();
    if !people.started.get() {
        return (people.failure.with(Option::is_none))
            .then(|| view! { <p class="quiet" role="status">{w.waiting}</p> }.into_any());
    }
    if people.lines.with_untracked(Vec::is_empty) {
        return Some(view! { <p class="note">{w.people_none}</p> }.into_any());
    }
    let found = move || {
        let wanted = people.filter.with(|f| f.trim().to_lowercase());
        people.lines.with(|lines| {
            lines
                .iter()
                .filter(|l| l.code.to_lowercase().contains(&wanted))
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    let count = move || {
        let n = found().len();
        let sentence = match (n, people.next.with(Option::is_some)) {
            (0, false) => w.people_no_match,
            (_, true) => w.people_shown_more,
            (_, false) => w.people_shown,
        };
        fill(sentence, &[("n", &n.to_string())])
    };
    Effect::new(move |_| {
        let looking = people.filter.with(|f| !f.trim().is_empty());
        if looking && people.next.with_untracked(Option::is_some) {
            load(staff, project, people);
        }
    });
    let more = move || {
        people.next.with(Option::is_some).then(|| view! {
            <button id="people-more" type="button" class="button-secondary" on:click=move |_| load(staff, project, people)>
                {move || if people.busy.get() { w.waiting } else { w.more }}
            </button>
        })
    };
    Some(
        view! {
            <section class="stack">
                <div class="toolbar">
                    {widgets::field(FieldSpec::text("people-filter", w.filter), people.filter, RwSignal::new(None))}
                </div>
                <p id="people-count" class="quiet" role="status" tabindex="-1">{count}</p>
                <div class="table-wrap" tabindex="0">
                    <table class="table table-cards">
                        <caption class="visually-hidden">{w.people}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{w.code}</th>
                                <th scope="col">{w.name}</th>
                                <th scope="col">{w.role}</th>
                                <th scope="col">{w.start}</th>
                                <th scope="col">{w.end}</th>
                                <th scope="col">{w.occasions}</th>
                            </tr>
                        </thead>
                        <tbody>
                            <For each=found key=|line| line.id let:line>{row(lang, &line)}</For>
                        </tbody>
                    </table>
                </div>
                {more}
            </section>
        }
        .into_any(),
    )
}

fn row(lang: Lang, line: &PersonLine) -> impl IntoView + use<> {
    let w = lang.words();
    let day = |day: Option<chrono::NaiveDate>| {
        day.map_or_else(|| w.none.to_owned(), |d| dates::date(lang, d))
    };
    let badges = line
        .occasions
        .iter()
        .map(|o| {
            let text = format!(
                "{}: {}",
                terms::occasion_kind(lang, o.kind),
                terms::occasion_state(lang, o.state)
            );
            view! { {widgets::badge(terms::occasion_class(o.state), text)} " " }
        })
        .collect_view();
    view! {
        <tr>
            <th scope="row" class="number" data-label=w.code><a href=Route::Person(line.id).href()>{line.code.clone()}</a></th>
            <td data-label=w.name>{line.name.clone().unwrap_or_else(|| w.none.to_owned())}</td>
            <td data-label=w.role>{terms::respondent_type(lang, line.respondent_type)}</td>
            <td class="number" data-label=w.start>{day(line.start)}</td>
            <td class="number" data-label=w.end>{day(line.end)}</td>
            <td data-label=w.occasions>{badges}</td>
        </tr>
    }
}
