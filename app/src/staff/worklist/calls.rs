//! Calls: who takes which, and the dialog in which somebody notes what became of one.

use bedring_contract::followup::{CallAttempt, CallLine, CallOutcome, CallSection};
use bedring_domain::course::MissedReason;
use leptos::prelude::*;
use uuid::Uuid;

use super::waiting::{measurement, owner, reasons};
use super::{Desk, choice, modal, section_head, who};
use crate::api::{ApiFailure, followup as api};
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;
use crate::staff::{dates, terms};

const DAY: &str = "call-day";
const REASON: &str = "call-reason";

/// The list.
pub fn section(desk: Desk, section: &CallSection) -> impl IntoView + use<> {
    let w = desk.w();
    let rows = section
        .lines
        .iter()
        .map(|line| row(desk, line))
        .collect_view();
    (section.total > 0).then(|| {
        view! {
            <section class="stack" aria-labelledby="calls-title">
                {section_head(w, "calls-title", w.calls_title, section.lines.len(), section.total)}
                <div class="table-wrap" tabindex="0">
                    <table class="table table-cards">
                        <caption class="visually-hidden">{w.calls_caption}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{desk.lang().words().person}</th>
                                <th scope="col">{w.measurement}</th>
                                <th scope="col">{w.try_on}</th>
                                <th scope="col">{w.tries}</th>
                                <th scope="col">{w.owner}</th>
                                <th scope="col">{desk.lang().words().actions}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

fn row(desk: Desk, line: &CallLine) -> impl IntoView + use<> {
    let (lang, w) = (desk.lang(), desk.w());
    let tries = match line.last_outcome {
        Some(outcome) => {
            let outcome = terms::call_outcome(lang, outcome);
            let n = line.attempts.to_string();
            fill(w.tries_last, &[("n", &n), ("outcome", outcome)])
        }
        None => line.attempts.to_string(),
    };
    let day = line
        .line
        .next_step
        .map_or_else(|| lang.words().none.to_owned(), |d| dates::date(lang, d));
    let about = format!(" {}", fill(w.about, &[("code", &line.line.who.code)]));
    let asked = line.clone();
    view! {
        <tr>
            <th scope="row" data-label=lang.words().person>{who(&line.line.who)}</th>
            <td data-label=w.measurement>{measurement(lang, &line.line)}</td>
            <td class="number" data-label=w.try_on>{day}</td>
            <td data-label=w.tries>{tries}</td>
            <td data-label=w.owner>{owner(desk, &line.line)}</td>
            <td data-label=lang.words().actions>
                <button type="button" class="button-quiet" on:click=move |_| desk.call.set(Some(asked.clone()))>
                    {w.record}<span class="visually-hidden">{about.clone()}</span>
                </button>
                {take(desk, line, about.clone())}
            </td>
        </tr>
    }
}

/// Takes a call that nobody has, or gives one's own back.
fn take(desk: Desk, line: &CallLine, about: String) -> impl IntoView + use<> {
    let w = desk.w();
    let me = desk.staff.account_now().map(|a| a.id);
    let (call, code) = (line.call, line.line.who.code.clone());
    let (text, next, sentence) = match (&line.line.owner, me) {
        (None, Some(me)) => (w.take, Some(me), w.taken),
        (Some(owner), Some(me)) if owner.id == me => (w.give_back, None, w.given_back),
        _ => return None,
    };
    let press = move |_| own(desk, call, next, fill(sentence, &[("code", &code)]));
    Some(view! {
        <button type="button" class="button-quiet" on:click=press>
            {text}<span class="visually-hidden">{about}</span>
        </button>
    })
}

fn own(desk: Desk, call: Uuid, owner: Option<Uuid>, sentence: String) {
    desk.said.set(None);
    desk.failure.set(None);
    desk.staff
        .ask(api::own(call, owner), move |outcome| match outcome {
            Ok(_) => desk.done(sentence),
            Err(trouble) => {
                desk.failure.try_set(Some(trouble));
            }
        });
}

/// The dialog in which somebody notes what became of a call.
pub fn dialog(desk: Desk) -> impl IntoView {
    modal("call-dialog", desk.call, move |line| form(desk, line))
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
            Some(self.day.with_untracked(|d| d.trim().parse().ok())?)
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

fn form(desk: Desk, line: &CallLine) -> impl IntoView + use<> {
    let (lang, w) = (desk.lang(), desk.w());
    let (call, code) = (line.call, line.line.who.code.clone());
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
            fields.error.set(Some(lang.words().error_date.to_owned()));
            return widgets::focus(DAY);
        };
        busy.set(true);
        let sentence = fill(w.call_saved, &[("code", &code)]);
        desk.staff.ask(api::attempt(call, attempt), move |outcome| {
            busy.try_set(false);
            match outcome {
                Ok(_) => {
                    desk.call.try_set(None);
                    desk.done(sentence);
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
            {script(desk)}
            {questions(desk, fields)}
            {move || missing.get().then(|| view! { <p class="field-error" role="alert">{w.choose_one}</p> })}
            {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            <div class="choices">
                <button type="button" class="button-choice" on:click=move |_| desk.call.set(None)>{lang.words().cancel}</button>
                <button type="submit" class="button-choice" aria-disabled=move || busy.get().then_some("true")>{w.save}</button>
            </div>
        </form>
    }
}

fn script(desk: Desk) -> impl IntoView {
    let w = desk.w();
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

fn questions(desk: Desk, fields: Fields) -> impl IntoView {
    let (lang, w) = (desk.lang(), desk.w());
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
            {widgets::select_field(reason, reasons(lang, w.call_again), fields.reason, RwSignal::new(None))}
        </div>
        {day}
    }
}
