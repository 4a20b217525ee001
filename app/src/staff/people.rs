//! The people of one project: loaded page by page, found by code or name, and narrowed down by what is awaited of them.

use bedring_contract::staff::PersonLine;
use leptos::prelude::*;
use uuid::Uuid;

use super::route::Route;
use super::standing::{Standing, telling};
use super::state::Staff;
use super::widgets::{self, FieldSpec};
use super::words::{Lang, fill, words};
use super::{dates, terms};
use crate::api::{ApiFailure, staff as api};

words! {
    find: "Find en kode eller et navn", "Find a code or a name";
    // Whoever sees no names cannot find any.
    find_code: "Find en kode", "Find a code";
    filters: "Vis dem, der", "Show those who";
    all: "Alle", "All";
    shown: "Viser {n} personer", "Showing {n} people";
    shown_one: "Viser 1 person", "Showing 1 person";
    shown_more: "Viser de første {n} personer", "Showing the first {n} people";
    found: "Viser {n} af {all} personer", "Showing {n} of {all} people";
    found_more: "{n} fundet blandt de første {all} personer. Resten er ikke set igennem endnu.",
                "{n} found among the first {all} people. The rest have not been looked through yet.";
    none_found: "Ingen af de {all} personer passer til det, du søger.", "None of the {all} people fits what you are looking for.";
}

/// What has been loaded so far, and what is looked for in it.
#[derive(Clone, Copy)]
struct People {
    staff: Staff,
    project: Uuid,
    lines: RwSignal<Vec<PersonLine>>,
    next: RwSignal<Option<String>>,
    started: RwSignal<bool>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<ApiFailure>>,
    text: RwSignal<String>,
    standing: RwSignal<Option<Standing>>,
}

impl People {
    /// Somebody is looking for something: then every page is needed.
    fn is_looking(self) -> bool {
        self.standing.with(Option::is_some) || self.text.with(|t| !t.trim().is_empty())
    }

    fn has_more(self) -> bool {
        self.next.with(Option::is_some)
    }

    fn found(self) -> Vec<PersonLine> {
        let wanted = self.text.with(|t| t.trim().to_lowercase());
        let standing = self.standing.get();
        let fits = |line: &&PersonLine| {
            let named = line.name.as_ref();
            let by_text = line.code.to_lowercase().contains(&wanted)
                || named.is_some_and(|name| name.to_lowercase().contains(&wanted));
            by_text && standing.is_none_or(|s| Standing::of(line) == s)
        };
        self.lines
            .with(|lines| lines.iter().filter(fits).cloned().collect())
    }

    /// How many are shown of how many, and whether that is all there are.
    fn count(self, found: usize) -> String {
        let w = Words::of(self.staff.lang_now());
        let sentence = match (self.is_looking(), self.has_more()) {
            (true, true) => w.found_more,
            (true, false) if found == 0 => w.none_found,
            (true, false) => w.found,
            (false, true) => w.shown_more,
            (false, false) if found == 1 => w.shown_one,
            (false, false) => w.shown,
        };
        let all = self.lines.with(Vec::len).to_string();
        fill(sentence, &[("n", &found.to_string()), ("all", &all)])
    }
}

/// The search, the filters and the list.
pub fn section(staff: Staff, project: Uuid) -> impl IntoView {
    let people = People {
        staff,
        project,
        lines: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        started: RwSignal::new(false),
        busy: RwSignal::new(false),
        failure: RwSignal::new(None),
        text: RwSignal::new(String::new()),
        standing: RwSignal::new(None),
    };
    load(people);
    Effect::new(move |_| {
        if people.is_looking() && people.next.with_untracked(Option::is_some) {
            load(people);
        }
    });
    view! {
        {move || people.failure.get().map(|f| {
            let again = Callback::new(move |()| load(people));
            widgets::trouble_note(staff.lang_now(), &f, Some(again))
        })}
        {move || list(people)}
    }
}

/// Loads the next page, and all that follow while somebody is looking for something.
fn load(people: People) {
    if people.busy.get_untracked() {
        return;
    }
    people.busy.set(true);
    people.failure.set(None);
    let after = people.next.get_untracked();
    let looking = untrack(|| people.is_looking());
    let project = people.project;
    let request = async move { api::persons(project, after.as_deref(), looking).await };
    people.staff.ask(request, move |outcome| {
        // The screen may be gone by now.
        if people.busy.try_set(false).is_some() {
            return;
        }
        match outcome {
            Ok(page) => {
                people.started.set(true);
                people.next.set(page.next);
                people.lines.update(|lines| lines.extend(page.persons));
                let (looking, more) = untrack(|| (people.is_looking(), people.has_more()));
                if looking && more {
                    load(people);
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

fn list(people: People) -> Option<AnyView> {
    let lang = people.staff.lang_now();
    let w = lang.words();
    if !people.started.get() {
        return (people.failure.with(Option::is_none))
            .then(|| view! { <p class="quiet" role="status">{w.waiting}</p> }.into_any());
    }
    if people.lines.with_untracked(Vec::is_empty) {
        return Some(view! { <p class="note">{w.people_none}</p> }.into_any());
    }
    let found = Memo::new(move |_| people.found());
    let more = move || {
        people.has_more().then(|| view! {
            <button id="people-more" type="button" class="button-secondary" on:click=move |_| load(people)>
                {move || if people.busy.get() { w.waiting } else { w.more }}
            </button>
        })
    };
    Some(
        view! {
            <section class="stack">
                <div class="toolbar">{search(people)} {filters(people)}</div>
                <p id="people-count" class="quiet" role="status" tabindex="-1">{move || people.count(found.with(Vec::len))}</p>
                <div class="table-wrap" tabindex="0" hidden=move || found.with(Vec::is_empty)>
                    <table class="table table-rows">
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
                            <For each=move || found.get() key=|line| line.id let:line>{row(lang, &line)}</For>
                        </tbody>
                    </table>
                </div>
                {more}
            </section>
        }
        .into_any(),
    )
}

fn search(people: People) -> impl IntoView {
    let w = Words::of(people.staff.lang_now());
    // Evaluators see codes only, and are not told that they could find a name.
    let label = if people.staff.may_register() {
        w.find
    } else {
        w.find_code
    };
    let spec = FieldSpec::text("people-filter", label);
    widgets::field(spec, people.text, RwSignal::new(None))
}

/// One button for everybody and one for each standing. How many there are of each is said once all are loaded: before, it would be wrong.
fn filters(people: People) -> impl IntoView {
    let lang = people.staff.lang_now();
    let w = Words::of(lang);
    let button = move |standing: Option<Standing>| {
        let text = standing.map_or(w.all, |s| s.words(lang));
        let count = move || {
            let whole = !people.has_more();
            let fits = |line: &&PersonLine| standing.is_none_or(|s| Standing::of(line) == s);
            whole.then(|| people.lines.with(|lines| lines.iter().filter(fits).count()))
        };
        let count = move || count().map(|n| view! { <span class="filter-count">{n}</span> " " });
        let pressed = move || (people.standing.get() == standing).to_string();
        view! {
            <button type="button" class="filter" aria-pressed=pressed on:click=move |_| people.standing.set(standing)>
                {count} {text}
            </button>
        }
    };
    view! {
        <div class="filters" role="group" aria-label=w.filters>
            {button(None)}
            {Standing::ALL.map(|s| button(Some(s))).collect_view()}
        </div>
    }
}

fn row(lang: Lang, line: &PersonLine) -> impl IntoView + use<> {
    let w = lang.words();
    let day = |day: Option<chrono::NaiveDate>| {
        day.map_or_else(|| w.none.to_owned(), |d| dates::date(lang, d))
    };
    let telling = telling(line);
    let badges = line
        .occasions
        .iter()
        .enumerate()
        .map(|(i, o)| {
            let text = format!(
                "{}: {}",
                terms::occasion_kind(lang, o.kind),
                terms::occasion_state(lang, o.state)
            );
            // On a narrow screen there is one line: the measurement that tells most.
            let class = (Some(i) != telling).then_some("wide-only");
            view! { <span class=class>{widgets::badge(terms::occasion_class(o.state), text)} " "</span> }
        })
        .collect_view();
    let name = line.name.clone();
    let unnamed = name.is_none().then_some("wide-only");
    view! {
        <tr>
            <th scope="row" class="number"><a href=Route::Person(line.id).href()>{line.code.clone()}</a></th>
            <td class=unnamed>{name.unwrap_or_else(|| w.none.to_owned())}</td>
            <td class="wide-only">{terms::respondent_type(lang, line.respondent_type)}</td>
            <td class="number wide-only">{day(line.start)}</td>
            <td class="number wide-only">{day(line.end)}</td>
            <td class="row-state">{line.damaged.then(|| widgets::badge("state state-missed", w.damaged))} " " {badges}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places_to_fill() {
        crate::staff::words::assert_same_places(PAIRS);
        assert_ne!(Words::of(Lang::Da).find, Words::of(Lang::En).find);
    }
}
