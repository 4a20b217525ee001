//! The worklist: calls, what is overdue and due, and courses of which nobody has said whether they ended. For leaders and helpers.

mod calls;
mod ends;
mod waiting;
pub mod words;

pub use waiting::paused;

use std::collections::BTreeSet;

use bedring_contract::followup::{WorkPerson, Worklist};
use leptos::prelude::*;
use uuid::Uuid;

use super::calls::{Calls, dialogs as call_dialogs};
use super::end_question::{self, Ends};
use super::route::Route;
use super::state::{Remote, Staff};
use super::widgets;
use super::words::{Lang, fill};
use crate::api::{ApiFailure, followup as api, staff as projects};
use words::Words;

/// What the buttons on the list do, and what is chosen on it.
#[derive(Clone, Copy)]
struct Desk {
    staff: Staff,
    list: Remote<Worklist>,
    /// What was done last.
    said: RwSignal<Option<String>>,
    failure: RwSignal<Option<ApiFailure>>,
    /// Occasions that are to get a reason.
    picked: RwSignal<BTreeSet<Uuid>>,
    /// The reason that they are to get, by its wire name or empty; it outlives a list that is loaded again.
    reason: RwSignal<String>,
    /// The question about the end of a course.
    ends: Ends,
    /// What is done about calls.
    calls: Calls,
}

impl Desk {
    fn lang(self) -> Lang {
        self.staff.lang_now()
    }

    fn w(self) -> &'static Words {
        Words::of(self.lang())
    }

    fn done(self, sentence: String) {
        done(self.list, self.said, self.failure, sentence);
    }
}

/// It is done: says so, where the focus goes as well, for what was pressed may be gone, and loads the list again.
fn done(
    list: Remote<Worklist>,
    said: RwSignal<Option<String>>,
    failure: RwSignal<Option<ApiFailure>>,
    sentence: String,
) {
    if said.try_set(Some(sentence)).is_none() {
        failure.set(None);
        list.reload();
        widgets::focus("worklist-said");
    }
}

/// The screen.
pub fn screen(staff: Staff) -> impl IntoView {
    let lang = staff.lang_now();
    let w = Words::of(lang);
    let project = RwSignal::new(String::new());
    let list = Remote::new(staff, move || {
        let wanted = project.with(|p| Uuid::parse_str(p).ok());
        api::worklist(wanted)
    });
    let (said, failure) = (RwSignal::new(None), RwSignal::new(None));
    let finish = Callback::new(move |sentence| done(list, said, failure, sentence));
    let fail = Callback::new(move |trouble| {
        failure.try_set(Some(trouble));
    });
    let desk = Desk {
        staff,
        list,
        said,
        failure,
        picked: RwSignal::new(BTreeSet::new()),
        reason: RwSignal::new(String::new()),
        ends: Ends::new(staff, finish),
        calls: Calls::new(staff, finish, fail),
    };
    view! {
        <div class="stack-wide">
            {widgets::heading(staff, lang.words(), w.title.to_owned())}
            <p>{w.lead}</p>
            {project_field(staff, project, desk)}
            <div id="worklist-said" role="status" tabindex="-1">
                {move || desk.said.get().map(|text| view! { <p class="note note-good">{text}</p> })}
            </div>
            {move || desk.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {widgets::loaded(staff, list, move |found| sections(desk, found))}
            {end_question::dialog(desk.ends)}
            {call_dialogs(desk.calls)}
        </div>
    }
}

/// One project or all of them; only for those who have several.
fn project_field(staff: Staff, project: RwSignal<String>, desk: Desk) -> impl IntoView {
    let w = Words::of(staff.lang_now());
    let label = staff.lang_now().words().project;
    let programmes = Remote::new(staff, projects::programmes);
    widgets::loaded(staff, programmes, move |list| {
        let all: Vec<(String, String)> = list
            .iter()
            .flat_map(|p| &p.projects)
            .map(|p| (p.id.to_string(), format!("{} · {}", p.code, p.name)))
            .collect();
        (all.len() > 1).then(|| {
            let options = all
                .into_iter()
                .map(|(id, name)| view! { <option value=id>{name}</option> })
                .collect_view();
            let changed = move |event| {
                desk.picked.set(BTreeSet::new());
                desk.said.set(None);
                project.set(event_target_value(&event));
            };
            view! {
                <div class="field">
                    <label for="worklist-project">{label}</label>
                    <select id="worklist-project" class="input" on:change=changed>
                        <option value="">{w.all_projects}</option>
                        {options}
                    </select>
                </div>
            }
        })
    })
}

fn sections(desk: Desk, found: &Worklist) -> impl IntoView + use<> {
    let w = desk.w();
    let counts = [
        &found.calls.total,
        &found.overdue.total,
        &found.due.total,
        &found.ends.total,
    ];
    if counts.iter().all(|n| **n == 0) {
        return view! { <p class="note note-good">{w.nothing}</p> }.into_any();
    }
    let [calls, overdue, due, ends] = counts.map(u64::to_string);
    let values = [
        ("calls", &*calls),
        ("overdue", &*overdue),
        ("due", &*due),
        ("ends", &*ends),
    ];
    let summary = fill(w.counts, &values);
    view! {
        <div class="stack-wide">
            <p class="quiet">{summary}</p>
            {calls::section(desk, &found.calls)}
            {waiting::sections(desk, found)}
            {ends::section(desk, &found.ends, found.today)}
        </div>
    }
    .into_any()
}

/// A section's heading with its number, and a note where not all is shown.
fn section_head(
    w: &'static Words,
    id: &'static str,
    title: &str,
    shown: usize,
    total: u64,
) -> impl IntoView + use<> {
    let heading = fill(w.section, &[("title", title), ("n", &total.to_string())]);
    let capped = (total > shown as u64).then(|| {
        let values = [("n", &*shown.to_string()), ("total", &*total.to_string())];
        view! { <p class="quiet">{fill(w.capped, &values)}</p> }
    });
    view! {
        <h2 id=id>{heading}</h2>
        {capped}
    }
}

/// Whom a row is about: the code as a link, and the name where one is held.
fn who(person: &WorkPerson) -> impl IntoView + use<> {
    let project = &person.project_code;
    let about = match &person.name {
        Some(name) => format!("{name} · {project}"),
        None => project.clone(),
    };
    view! {
        <a href=Route::Person(person.person).href()>{person.code.clone()}</a>
        " "
        <span class="quiet">{about}</span>
    }
}
