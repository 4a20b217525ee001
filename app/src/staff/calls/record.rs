//! The dialog in which somebody notes what became of a call: there is always a next step.

use bedring_contract::followup::{CallAttempt, CallOutcome};
use bedring_domain::course::MissedReason;
use bedring_domain::time::parse_day;
use leptos::prelude::*;

use super::{Call, Calls};
use crate::api::{ApiFailure, followup as api};
use crate::staff::dialogs::{self, choice, modal};
use crate::staff::terms;
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;

const DAY: &str = "call-day";
const REASON: &str = "call-reason";

/// The dialog.
pub fn dialog(calls: Calls) -> impl IntoView {
    modal("call-dialog", calls.record, move |call| form(calls, call))
}

/// What is being filled in.
#[derive(Clone, Copy)]
struct Fields {
    outcome: RwSignal<String>,
    reason: RwSignal<String>,
    day: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl Fields {
    fn outcome(self) -> Option<CallOutcome> {
        self.outcome.with(|o| CallOutcome::parse(o))
    }

    /// With a reason there is nothing left to ask.
    fn may_reason(self) -> bool {
        let outcome = self.outcome();
        matches!(
            outcome,
            Some(CallOutcome::Reached | CallOutcome::NotReached)
        )
    }

    fn wants_day(self) -> bool {
        let tried_again = self.may_reason() && self.reason.with(String::is_empty);
        tried_again || self.outcome() == Some(CallOutcome::AgreedDate)
    }

    /// As the server takes it; `None` if the day cannot be read.
    fn attempt(self, outcome: CallOutcome) -> Option<CallAttempt> {
        let next_try = if self.wants_day() {
            Some(self.day.with_untracked(|d| parse_day(d.trim()))?)
        } else {
            None
        };
        let reason = self.reason.with_untracked(|r| MissedReason::parse(r));
        Some(CallAttempt {
            outcome,
            next_try,
            reason: reason.filter(|_| self.may_reason()),
        })
    }
}

fn form(calls: Calls, call: &Call) -> impl IntoView + use<> {
    let (lang, w) = (calls.staff.lang_now(), calls.w());
    let (call, code) = (call.id, call.code.clone());
    let fields = Fields {
        outcome: RwSignal::new(String::new()),
        reason: RwSignal::new(String::new()),
        day: RwSignal::new(String::new()),
        error: RwSignal::new(None),
    };
    let (missing, busy) = (RwSignal::new(false), RwSignal::new(false));
    let failure = RwSignal::new(None::<ApiFailure>);
    let title = fill(w.call_dialog, &[("code", &code)]);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.error.set(None);
        failure.set(None);
        let outcome = untrack(move || fields.outcome());
        missing.set(outcome.is_none());
        let Some(outcome) = outcome.filter(|_| !busy.get_untracked()) else {
            return;
        };
        let Some(attempt) = untrack(move || fields.attempt(outcome)) else {
            fields.error.set(Some(w.call_day_wrong.to_owned()));
            return widgets::focus(DAY);
        };
        busy.set(true);
        let sentence = fill(w.call_saved, &[("code", &code)]);
        calls
            .staff
            .ask(api::attempt(call, attempt), move |outcome| {
                busy.try_set(false);
                match outcome {
                    Ok(_) => {
                        calls.record.try_set(None);
                        calls.done.run(sentence);
                    }
                    Err(ApiFailure::Problem(problem))
                        if problem.errors.iter().any(|e| e.pointer == "/next_try") =>
                    {
                        fields.error.try_set(Some(w.call_day_wrong.to_owned()));
                    }
                    Err(trouble) => {
                        failure.try_set(Some(trouble));
                    }
                }
            });
    };
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="call-dialog">{title}</h2>
            {script(calls)}
            {questions(calls, fields)}
            {move || missing.get().then(|| view! { <p class="field-error" role="alert">{w.choose_one}</p> })}
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(calls.record, lang.words().cancel, w.save, busy)}
        </form>
    }
}

fn script(calls: Calls) -> impl IntoView {
    let w = calls.w();
    view! {
        <div class="note stack-tight">
            <h3>{w.script_title}</h3>
            <ul>
                <li>{w.script_1}</li>
                <li>{w.script_2}</li>
                <li>{w.script_3}</li>
            </ul>
        </div>
    }
}

fn questions(calls: Calls, fields: Fields) -> impl IntoView {
    let (lang, w) = (calls.staff.lang_now(), calls.w());
    let answers = CallOutcome::ALL
        .into_iter()
        .map(|o| {
            choice(
                "call",
                o.as_str(),
                terms::call_outcome(lang, o),
                fields.outcome,
            )
        })
        .collect_view();
    let reason = FieldSpec::text(REASON, w.call_next);
    let day = move || {
        let agreed = fields.outcome() == Some(CallOutcome::AgreedDate);
        let label = if agreed {
            w.call_agreed_day
        } else {
            w.call_try_day
        };
        let spec = FieldSpec {
            kind: "date",
            hint: w.call_day_hint,
            ..FieldSpec::text(DAY, label)
        };
        fields
            .wants_day()
            .then(|| widgets::field(spec, fields.day, fields.error))
    };
    view! {
        <fieldset class="question">
            <legend class="field-label">{w.call_legend}</legend>
            <div class="answers">{answers}</div>
        </fieldset>
        <div hidden=move || !fields.may_reason()>
            {widgets::select_field(reason, terms::missed_reasons(lang, w.call_again), fields.reason, RwSignal::new(None))}
        </div>
        {day}
    }
}
