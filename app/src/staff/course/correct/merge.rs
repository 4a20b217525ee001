//! The dialog in which another registration of the same person becomes part of this one. What happens is shown before it does.

use bedring_contract::correct::{MergeEffect, MergePersons};
use bedring_domain::course::RespondentType;
use bedring_domain::time::parse_day;
use leptos::prelude::*;
use uuid::Uuid;

use super::mistake::Whom;
use super::words::Words;
use crate::api::{ApiFailure, staff as api};
use crate::staff::course::Case;
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;
use crate::staff::{dates, terms};

const CODE: &str = "merge-code";

/// What was tried: the other registration, and what merging would do.
type Tried = (Uuid, MergeEffect);

pub(super) fn form(case: Case, whom: &Whom) -> impl IntoView + use<> {
    let lang = case.lang();
    let (w, all) = (Words::of(lang), lang.words());
    let (own, project) = whom.clone();
    let asked = case.mistakes.merging;
    let (code, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let (failure, busy) = (RwSignal::new(None::<ApiFailure>), RwSignal::new(false));
    let tried = RwSignal::new(None::<Tried>);
    let person = case.person;
    let unknown = move || {
        error.try_set(Some(w.merge_unknown.to_owned()));
        widgets::focus(CODE);
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        error.set(None);
        failure.set(None);
        let typed = code.with_untracked(|c| c.trim().to_owned());
        if typed.is_empty() {
            return unknown();
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let known = tried.with_untracked(|t| t.as_ref().map(|(other, _)| *other));
        let request = async move {
            let other = match known {
                Some(other) => Some(other),
                None => api::find_person(project, &typed)
                    .await?
                    .filter(|id| *id != person),
            };
            let Some(other) = other else { return Ok(None) };
            let form = MergePersons {
                other,
                save: known.is_some(),
            };
            Ok(Some((other, api::merge(person, form).await?)))
        };
        case.staff.ask(request, move |outcome| {
            busy.try_set(false);
            match outcome {
                Ok(None) => unknown(),
                Ok(Some((_, effect))) if effect.saved => {
                    asked.try_set(None);
                    case.changed(w.merge_saved.to_owned());
                }
                Ok(Some(found)) => {
                    tried.try_set(Some(found));
                }
                Err(trouble) => {
                    failure.try_set(Some(trouble));
                }
            }
        });
    };
    // Another code is another registration: it is tried anew.
    Effect::new(move |_| {
        code.track();
        tried.set(None);
    });
    let spec = FieldSpec {
        hint: w.merge_code_hint,
        ..FieldSpec::text(CODE, w.merge_code)
    };
    let (title, text) = (
        fill(w.merge_title, &[("code", &own)]),
        fill(w.merge_text, &[("code", &own)]),
    );
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="merge-dialog">{title}</h2>
            <p>{text}</p>
            {widgets::field(spec, code, error)}
            <div role="status">{move || tried.with(|t| t.as_ref().map(|(_, effect)| told(case, &own, effect)))}</div>
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            <div class="choices">
                <button type="button" class="button-choice" on:click=move |_| asked.set(None)>{all.cancel}</button>
                <button type="submit" class="button-primary" aria-disabled=move || busy.get().then_some("true")>
                    {move || if tried.with(Option::is_some) { w.merge_save } else { w.merge_try }}
                </button>
            </div>
        </form>
    }
}

fn told(case: Case, own: &str, effect: &MergeEffect) -> impl IntoView + use<> {
    let lang = case.lang();
    let w = Words::of(lang);
    let (responses, consents, ways) = (
        effect.responses.to_string(),
        effect.consents.to_string(),
        effect.ways_in.to_string(),
    );
    let counts = fill(
        w.merge_counts,
        &[
            ("responses", &responses),
            ("consents", &consents),
            ("ways", &ways),
        ],
    );
    let twice = (effect.answered_twice > 0)
        .then(|| fill(w.merge_twice, &[("n", &effect.answered_twice.to_string())]));
    let ends = (effect.requests_ended > 0).then_some(w.merge_ends_request);
    let lines = effect.differences.iter().map(|d| {
        let (kept, other) = (
            shown(case, &d.field, &d.kept),
            shown(case, &d.field, &d.other),
        );
        let values = [
            ("field", label(case, &d.field)),
            ("kept", kept.as_str()),
            ("other", other.as_str()),
        ];
        view! { <li>{fill(w.merge_difference, &values)}</li> }
    });
    let lines = (!effect.differences.is_empty()).then(|| {
        view! {
            <p>{fill(w.merge_differs, &[("code", own)])}</p>
            <ul>{lines.collect_view()}</ul>
        }
    });
    view! {
        <div class="note stack-tight">
            <p>{counts}</p>
            {twice.map(|text| view! { <p>{text}</p> })}
            {ends.map(|text| view! { <p>{text}</p> })}
            {lines}
        </div>
    }
}

fn label(case: Case, field: &str) -> &'static str {
    let all = case.lang().words();
    match field {
        "name" => all.name,
        "email" => all.email,
        "phone" => all.phone,
        "respondent_type" => all.role,
        "start" => all.start,
        "end" => all.end,
        _ => Words::of(case.lang()).language,
    }
}

fn shown(case: Case, field: &str, value: &str) -> String {
    let lang = case.lang();
    match field {
        "respondent_type" => terms::respondent_type(lang, RespondentType::parse(value)).to_owned(),
        "start" | "end" => {
            parse_day(value).map_or_else(|| value.to_owned(), |d| dates::date(lang, d))
        }
        "language" => super::language(lang, value),
        _ => value.to_owned(),
    }
}
