//! The worklist: calls, what is overdue and due, and courses of which nobody has said whether they ended. For leaders and helpers.

mod calls;
mod ends;
mod erasures;
mod waiting;
pub mod words;

pub use waiting::paused;

use std::collections::BTreeSet;

use bedring_contract::followup::{WORKLIST_LINES, WORKLIST_LINES_MOST, WorkPerson, Worklist};
use leptos::prelude::*;
use uuid::Uuid;

use super::calls::{Calls, dialogs as call_dialogs};
use super::end_question::{self, Ends};
use super::route::Route;
use super::state::{Load, Remote, Staff};
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
    /// Most lines of a section.
    lines: RwSignal<u64>,
    /// The section and the line from which on more were asked for.
    more_from: RwSignal<Option<(&'static str, usize)>>,
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

/// The screen. For whoever has no worklist it says whom it is for and leads to what they may see; asking the server would not help.
pub fn screen(staff: Staff) -> AnyView {
    if staff.may_see_worklist() {
        desk(staff).into_any()
    } else {
        not_yours(staff).into_any()
    }
}

fn not_yours(staff: Staff) -> impl IntoView {
    let words = staff.lang_now().words();
    let w = Words::of(staff.lang_now());
    view! {
        <div class="stack">
            {widgets::heading(staff, words, w.title.to_owned())}
            <p>{w.not_yours}</p>
            <p>{w.not_yours_instead}</p>
            <p><a class="button-secondary" href=Route::Programmes.href()>{words.to_overview}</a></p>
        </div>
    }
}

fn desk(staff: Staff) -> impl IntoView {
    let lang = staff.lang_now();
    let w = Words::of(lang);
    let project = RwSignal::new(String::new());
    let lines = RwSignal::new(WORKLIST_LINES);
    let list = Remote::new(staff, move || {
        let wanted = project.with(|p| Uuid::parse_str(p).ok());
        api::worklist(wanted, lines.get())
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
        lines,
        more_from: RwSignal::new(None),
        picked: RwSignal::new(BTreeSet::new()),
        reason: RwSignal::new(String::new()),
        ends: Ends::new(staff, finish),
        calls: Calls::new(staff, finish, fail),
    };
    // When more lines have come, whoever asked for them goes on at the first of them.
    Effect::new(move |_| {
        if list.state.with(|s| matches!(s, Load::Ready(_)))
            && let Some((section, line)) = desk.more_from.get_untracked()
        {
            desk.more_from.set(None);
            let row = line + 1;
            widgets::focus_selected(format!(
                "[aria-labelledby={section}] tbody tr:nth-child({row}) a"
            ));
        }
    });
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
                desk.lines.set(WORKLIST_LINES);
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
        &found.erasures.total,
    ];
    if counts.iter().all(|n| **n == 0) {
        return view! { <p class="note note-good">{w.nothing}</p> }.into_any();
    }
    let summary = in_words(w, counts.map(|n| *n));
    view! {
        <div class="stack-wide">
            <p class="quiet">{summary}</p>
            {erasures::section(desk, &found.erasures)}
            {calls::section(desk, &found.calls)}
            {waiting::sections(desk, found)}
            {ends::section(desk, &found.ends, found.today)}
        </div>
    }
    .into_any()
}

/// How much there is to do, in one sentence that leaves out what there is none of.
fn in_words(w: &'static Words, [calls, overdue, due, ends, erasures]: [u64; 5]) -> String {
    let parts = [
        (calls, w.count_calls_one, w.count_calls),
        (overdue, w.count_overdue_one, w.count_overdue),
        (due, w.count_due_one, w.count_due),
        (ends, w.count_ends_one, w.count_ends),
        (erasures, w.count_erasures_one, w.count_erasures),
    ];
    let said = parts.into_iter().filter_map(|(n, one, many)| match n {
        0 => None,
        1 => Some(one.to_owned()),
        n => Some(fill(many, &[("n", &n.to_string())])),
    });
    format!("{}.", said.collect::<Vec<_>>().join(", "))
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

/// Below a section that does not show all: shows more of it.
fn more(
    desk: Desk,
    id: &'static str,
    title: &'static str,
    shown: usize,
    total: u64,
) -> impl IntoView + use<> {
    let shows_more = total > shown as u64 && (shown as u64) < WORKLIST_LINES_MOST;
    shows_more.then(|| {
        let press = move |_| {
            desk.more_from.set(Some((id, shown)));
            let lines = shown as u64 + WORKLIST_LINES;
            desk.lines.set(lines.min(WORKLIST_LINES_MOST));
        };
        view! {
            <div class="actions">
                <button type="button" class="button-secondary" on:click=press>{fill(desk.w().more, &[("title", title)])}</button>
            </div>
        }
    })
}

/// Whom a row is about: the code as a link, and the name where one is held.
fn who(lang: Lang, person: &WorkPerson) -> impl IntoView + use<> {
    let project = &person.project_code;
    let about = match &person.name {
        Some(name) => format!("{name} · {project}"),
        None => project.clone(),
    };
    view! {
        <a href=Route::Person(person.person).href()>{person.code.clone()}</a>
        " "
        <span class="quiet">{about}</span>
        {person.damaged.then(|| view! { " " {widgets::badge("state state-missed", lang.words().damaged)} })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_told_in_words_without_what_there_is_none_of() {
        let said = |lang, counts| in_words(Words::of(lang), counts);
        assert_eq!(
            said(Lang::Da, [8, 1, 0, 2, 0]),
            "8 personer at ringe til, 1 måling, der mangler, 2 spørgsmål om forløb."
        );
        assert_eq!(
            said(Lang::En, [1, 0, 3, 0, 1]),
            "1 person to call, 3 measurements due now, 1 person to be erased."
        );
    }
}
