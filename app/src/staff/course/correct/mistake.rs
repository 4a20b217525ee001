//! A registration that was a mistake: moved to the right project, discarded, or merged with the right one. For those who answer for a
//! project.

use bedring_contract::correct::{DiscardReason, Discarded, MovePerson};
use bedring_contract::staff::{PersonDetail, Programme};
use leptos::prelude::*;
use uuid::Uuid;

use super::words::Words;
use super::{merge, why};
use crate::api::{ApiFailure, staff as api};
use crate::staff::course::Case;
use crate::staff::dates;
use crate::staff::dialogs::{self, choice, modal};
use crate::staff::route::Route;
use crate::staff::state::{Load, Remote};
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;

const PROJECT: &str = "move-project";
const CODE: &str = "move-code";

/// Whom a dialog is about: code and project.
pub type Whom = (String, Uuid);

/// The dialogs that are open.
#[derive(Clone, Copy)]
pub struct Mistakes {
    pub(super) moving: RwSignal<Option<Whom>>,
    pub(super) discarding: RwSignal<Option<Whom>>,
    pub(super) merging: RwSignal<Option<Whom>>,
}

impl Mistakes {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self {
            moving: RwSignal::new(None),
            discarding: RwSignal::new(None),
            merging: RwSignal::new(None),
        }
    }
}

impl Default for Mistakes {
    fn default() -> Self {
        Self::new()
    }
}

/// The buttons, for a person who counts.
pub fn section(case: Case, detail: &PersonDetail) -> impl IntoView + use<> {
    let w = Words::of(case.lang());
    let shown = case.staff.may_put_right() && detail.discarded.is_none();
    let whom = (detail.line.code.clone(), detail.project);
    let button = move |text: &'static str, asked: RwSignal<Option<Whom>>| {
        let whom = whom.clone();
        let press = move |_| asked.set(Some(whom.clone()));
        view! { <button type="button" class="button-quiet" on:click=press>{text}</button> }
    };
    let Mistakes {
        moving,
        discarding,
        merging,
    } = case.mistakes;
    shown.then(|| {
        view! {
            <section class="card stack" aria-labelledby="mistakes-title">
                <h2 id="mistakes-title">{w.wrong_title}</h2>
                <div class="stack-tight">
                    <div class="row-actions">{button(w.move_button, moving)}</div>
                    <div class="row-actions">{button(w.merge_button, merging)}</div>
                    <div class="row-actions">{button(w.discard_button, discarding)}</div>
                </div>
            </section>
        }
    })
}

/// That the person was discarded, with the way back.
pub fn note(case: Case, discarded: &Discarded) -> impl IntoView + use<> {
    let lang = case.lang();
    let w = Words::of(lang);
    let day = dates::date(lang, dates::local(discarded.at).date_naive());
    let reason = discarded.why.map_or("", |r| why(lang, r)).to_lowercase();
    let values = [
        ("day", day.as_str()),
        ("why", &reason),
        ("code", &discarded.code),
    ];
    let text = fill(w.discarded, &values);
    let way = match discarded.merged_into {
        Some(other) => {
            view! { <p><a href=Route::Person(other).href()>{w.merged_link}</a></p> }.into_any()
        }
        None if case.staff.may_put_right() => {
            let person = case.person;
            let press = move |_| {
                case.staff
                    .ask(api::restore(person), move |outcome| match outcome {
                        Ok(()) => case.changed(w.restored.to_owned()),
                        Err(trouble) => {
                            case.failure.try_set(Some(trouble));
                        }
                    });
            };
            view! { <button type="button" class="button-secondary" on:click=press>{w.restore}</button> }
                .into_any()
        }
        None => ().into_any(),
    };
    view! {
        <div class="note note-attention stack-tight" id="discarded">
            <p>{text}</p>
            {way}
        </div>
    }
}

/// What is asked over the page.
pub fn dialogs(case: Case) -> impl IntoView {
    let asked = case.mistakes;
    view! {
        {modal("move-dialog", asked.moving, move |whom| move_form(case, whom))}
        {modal("discard-dialog", asked.discarding, move |whom| discard_form(case, whom))}
        {modal("merge-dialog", asked.merging, move |whom| merge::form(case, whom))}
    }
}

fn discard_form(case: Case, whom: &Whom) -> impl IntoView + use<> {
    let lang = case.lang();
    let w = Words::of(lang);
    let asked = case.mistakes.discarding;
    let chosen = RwSignal::new(DiscardReason::Mistake.as_str().to_owned());
    let (failure, busy) = (RwSignal::new(None::<ApiFailure>), RwSignal::new(false));
    let person = case.person;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let reason = chosen.with_untracked(|name| DiscardReason::parse(name));
        let Some(reason) = reason.filter(|_| !busy.get_untracked()) else {
            return;
        };
        failure.set(None);
        busy.set(true);
        case.staff
            .ask(api::discard(person, reason), move |outcome| {
                busy.try_set(false);
                match outcome {
                    Ok(()) => {
                        asked.try_set(None);
                        case.changed(w.discard_saved.to_owned());
                    }
                    Err(trouble) => {
                        failure.try_set(Some(trouble));
                    }
                }
            });
    };
    let reasons = DiscardReason::CHOICES
        .into_iter()
        .map(|r| choice("discard-why", r.as_str(), why(lang, r), chosen))
        .collect_view();
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="discard-dialog">{fill(w.discard_title, &[("code", &whom.0)])}</h2>
            <p>{w.discard_text}</p>
            <fieldset class="question">
                <legend class="field-label">{w.discard_why}</legend>
                <div class="answers">{reasons}</div>
            </fieldset>
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(asked, lang.words().cancel, w.discard_save, busy)}
        </form>
    }
}

/// The other projects of the programme, where the account sees them.
fn beside(programmes: &[Programme], project: Uuid) -> Vec<(Uuid, String)> {
    let own = programmes
        .iter()
        .find(|p| p.projects.iter().any(|p| p.id == project));
    let projects = own.into_iter().flat_map(|p| &p.projects);
    projects
        .filter(|p| p.id != project)
        .map(|p| (p.id, format!("{} {}", p.code, p.name)))
        .collect()
}

fn move_form(case: Case, whom: &Whom) -> impl IntoView + use<> {
    let lang = case.lang();
    let (w, all) = (Words::of(lang), lang.words());
    let (title, seen) = (fill(w.move_title, &[("code", &whom.0)]), whom.1);
    let asked = case.mistakes.moving;
    let programmes = Remote::new(case.staff, api::programmes);
    let (to, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (to_error, code_error) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let (failure, busy) = (RwSignal::new(None::<ApiFailure>), RwSignal::new(false));
    let person = case.person;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        to_error.set(None);
        code_error.set(None);
        failure.set(None);
        let Some(project) = to.with_untracked(|id| Uuid::parse_str(id).ok()) else {
            to_error.set(Some(w.move_unknown.to_owned()));
            return widgets::focus(PROJECT);
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let new = code.with_untracked(|c| Some(c.trim().to_owned()).filter(|c| !c.is_empty()));
        let form = MovePerson {
            seen,
            to: project,
            code: new,
        };
        let request = async move { api::move_person(person, &form).await };
        case.staff.ask(request, move |outcome| {
            busy.try_set(false);
            match outcome {
                Ok(()) => {
                    asked.try_set(None);
                    case.changed(w.move_saved.to_owned());
                }
                Err(ApiFailure::Problem(problem)) if problem.status == 422 => {
                    let has = |code: &str| problem.errors.iter().any(|e| e.code == code);
                    if problem.errors.iter().any(|e| e.pointer == "/code") {
                        let text = if has("taken") {
                            all.error_code_taken
                        } else {
                            all.error_code_pseudonymous
                        };
                        code_error.try_set(Some(text.to_owned()));
                        widgets::focus(CODE);
                    } else {
                        let text = if has("other_programme") {
                            w.move_other
                        } else {
                            w.move_unknown
                        };
                        to_error.try_set(Some(text.to_owned()));
                        widgets::focus(PROJECT);
                    }
                }
                Err(trouble) => {
                    failure.try_set(Some(trouble));
                }
            }
        });
    };
    let options = move || {
        programmes.state.with(|state| match state {
            Load::Ready(list) => beside(list, seen),
            Load::Waiting | Load::Failed(_) => Vec::new(),
        })
    };
    let options = move || {
        let options = options()
            .into_iter()
            .map(|(id, name)| view! { <option value=id.to_string()>{name}</option> });
        options.collect_view()
    };
    let codes = FieldSpec {
        hint: w.move_code_hint,
        aside: all.optional,
        ..FieldSpec::text(CODE, w.move_code)
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="move-dialog">{title}</h2>
            <p>{w.move_text}</p>
            <div class="field">
                <label for=PROJECT>{w.move_to}</label>
                <select id=PROJECT class="input" on:change=move |event| to.set(event_target_value(&event))>
                    <option value="">{w.move_choose}</option>
                    {options}
                </select>
                {move || to_error.get().map(|text| view! { <p class="field-error" role="alert">{text}</p> })}
            </div>
            {widgets::field(codes, code, code_error)}
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(asked, all.cancel, w.move_save, busy)}
        </form>
    }
}
