//! The plan of a programme: in words for everybody who may see it, and for administrators with fields, a look at who is affected, and
//! saving. Nothing is saved that was not looked at.

mod discard;
mod editor;
mod effect;
mod fields;
mod form;
mod occasions;
mod reminders;
mod saving;
mod told;
mod words;
mod wrong;

use bedring_domain::instrument::text;
use leptos::prelude::*;
use uuid::Uuid;

use self::editor::{Editor, Loaded};
use self::words::Words;
use super::route::Route;
use super::state::{Remote, Staff};
use super::widgets;
use super::words::fill;
use crate::api::{ApiFailure, programme as api, staff as people};

/// The screen.
pub fn screen(staff: Staff, programme: Uuid) -> impl IntoView {
    let loaded = Remote::new(staff, move || load(programme));
    // Outlives the draft: it is said over the plan that takes its place.
    let saved = RwSignal::new(None::<String>);
    let title = move || {
        let w = Words::of(staff.lang_now());
        let failed = loaded
            .state
            .with(|state| matches!(state, super::state::Load::Failed(_)));
        failed.then(|| widgets::heading(staff, staff.lang_now().words(), w.title.to_owned()))
    };
    view! {
        <div class="stack">
            {title}
            <div id="plan-saved" role="status" tabindex="-1">
                {move || saved.get().map(|text| view! { <p class="note note-good">{text}</p> })}
            </div>
            {widgets::loaded(staff, loaded, move |found| page(staff, loaded, programme, saved, found))}
        </div>
    }
}

async fn load(programme: Uuid) -> Result<Loaded, ApiFailure> {
    let plan = api::plan(programme).await?;
    let editions = api::instruments().await?;
    let programmes = people::programmes().await?;
    let found = programmes.into_iter().find(|p| p.id == programme);
    Ok(Loaded {
        plan,
        editions,
        name: found.map(|p| p.name).unwrap_or_default(),
    })
}

fn page(
    staff: Staff,
    remote: Remote<Loaded>,
    programme: Uuid,
    saved: RwSignal<Option<String>>,
    found: &Loaded,
) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = Words::of(lang);
    let name = text(&found.name, lang.code()).to_owned();
    let body = if staff.may_edit_plans() {
        let editor = Editor::new(staff, remote, programme, saved, found);
        view! {
            {move || editor.kept.get().then(|| view! { <p class="note">{w.kept}</p> })}
            <p class="quiet">{w.nothing_yet}</p>
            {occasions::section(editor)}
            {reminders::section(editor)}
            {effect::section(editor)}
            {discard::dialog(editor)}
        }
        .into_any()
    } else {
        view! {
            <p class="note">{w.read_only}</p>
            {occasions::read_only(lang, found)}
            {reminders::read_only(lang, &found.plan.reminders)}
        }
        .into_any()
    };
    view! {
        <div class="stack-wide">
            {widgets::crumbs(lang.words(), vec![(Route::Programmes, lang.words().nav_programmes.to_owned())])}
            {widgets::heading(staff, lang.words(), fill(w.title_of, &[("name", &name)]))}
            <p>{w.lead}</p>
            {body}
        </div>
    }
}

/// Labels and sentences, side by side.
fn facts(facts: Vec<(&'static str, String)>) -> impl IntoView {
    let rows = facts
        .into_iter()
        .map(|(label, sentence)| view! { <dt>{label}</dt><dd>{sentence}</dd> })
        .collect_view();
    view! { <dl class="facts plan-facts">{rows}</dl> }
}
