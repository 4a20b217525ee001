//! What became of an entry, by the receipt that its person shows. A slip of the finger is told before the server is asked.

use bedring_contract::problem::Code;
use bedring_contract::quarantine::{ReceiptEntry, ReceiptStatus};
use bedring_domain::code::{CodeError, parse_receipt};
use leptos::prelude::*;

use super::state::Staff;
use super::widgets::{self, FieldSpec};
use super::words::{Lang, Words, fill};
use super::{dates, terms};
use crate::api::{ApiFailure, staff as api};

/// What the look-up came to.
#[derive(Clone)]
enum Answer {
    Found(ReceiptStatus),
    /// Well written, but not here.
    Unknown(String),
    Trouble(ApiFailure),
}

/// The screen.
pub fn screen(staff: Staff) -> impl IntoView {
    let lang = staff.lang_now();
    let w = lang.words();
    let (typed, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let answer = RwSignal::new(None::<Answer>);
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        answer.set(None);
        let receipt = match typed.with_untracked(|t| parse_receipt(t)) {
            Ok(receipt) => receipt,
            Err(wrong) => {
                error.set(Some(slip(w, wrong)));
                return widgets::focus("receipt-code");
            }
        };
        error.set(None);
        busy.set(true);
        let asked = receipt.clone();
        staff.ask(async move { api::receipt(&asked).await }, move |outcome| {
            if busy.try_set(false).is_some() {
                return;
            }
            answer.set(Some(match outcome {
                Ok(status) => Answer::Found(status),
                Err(ApiFailure::Problem(problem)) if problem.code == Code::NotFound => {
                    Answer::Unknown(receipt)
                }
                Err(trouble) => Answer::Trouble(trouble),
            }));
        });
    };
    let spec = FieldSpec {
        hint: w.receipt_hint,
        class: "input input-code",
        ..FieldSpec::text("receipt-code", w.receipt_field)
    };
    view! {
        <div class="stack-wide">
            {widgets::heading(staff, w, w.receipt_title.to_owned())}
            <p>{w.receipt_lead}</p>
            <form class="stack" novalidate=true on:submit=submit>
                {widgets::field(spec, typed, error)}
                <button type="submit" class="button-primary" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { w.receipt_busy } else { w.receipt_submit }}
                </button>
            </form>
            <div role="status">{move || answer.get().map(|a| show(lang, a))}</div>
        </div>
    }
}

fn slip(w: &'static Words, wrong: CodeError) -> String {
    match wrong {
        CodeError::Length { found, .. } => fill(w.receipt_length, &[("n", &found.to_string())]),
        CodeError::Character => w.receipt_character.to_owned(),
        CodeError::Check => w.receipt_check.to_owned(),
    }
}

fn show(lang: Lang, answer: Answer) -> AnyView {
    let w = lang.words();
    match answer {
        Answer::Found(status) => found(lang, status).into_any(),
        Answer::Unknown(receipt) => {
            view! { <p class="note note-attention">{fill(w.receipt_unknown, &[("receipt", &receipt)])}</p> }.into_any()
        }
        Answer::Trouble(failure) => widgets::trouble_note(lang, &failure, None).into_any(),
    }
}

fn found(lang: Lang, mut status: ReceiptStatus) -> impl IntoView {
    let w = lang.words();
    if status.entries.is_empty() {
        // A server of before there was a list.
        status.entries.push(ReceiptEntry {
            outcome: status.outcome,
            reason: status.reason,
            kind: status.kind,
            received_at: status.received_at,
            person_code: status.person_code,
            set_aside_at: status.set_aside_at,
        });
    }
    let count = status.entries.len();
    let shared = (count > 1).then(|| {
        let text = fill(w.receipt_shared, &[("n", &count.to_string())]);
        view! { <p class="note note-attention">{text}</p> }
    });
    let cards: Vec<_> = status
        .entries
        .into_iter()
        .map(|e| card(lang, status.receipt.clone(), e))
        .collect();
    view! { <div class="stack">{shared}{cards}</div> }
}

fn card(lang: Lang, receipt: String, entry: ReceiptEntry) -> impl IntoView {
    let w = lang.words();
    let fact = |label: &'static str, value: String| view! { <dt>{label}</dt><dd>{value}</dd> };
    let badge = widgets::badge(
        terms::outcome_class(&entry.outcome),
        terms::outcome(lang, &entry.outcome),
    );
    view! {
        <div class="card stack">
            <p class="receipt-code">{receipt}</p>
            <dl class="facts">
                <dt>{w.receipt_outcome}</dt><dd>{badge}</dd>
                {entry.reason.map(|code| fact(w.reason, terms::reason(lang, &code).to_owned()))}
                {fact(w.what, terms::entry_kind(lang, entry.kind.as_deref()).to_owned())}
                {fact(w.receipt_received, dates::moment(lang, dates::local(entry.received_at)))}
                {entry.set_aside_at.map(|at| {
                    let when = dates::moment(lang, dates::local(at));
                    fact(w.receipt_aside, fill(w.receipt_aside_text, &[("when", &when)]))
                })}
                {entry.person_code.map(|code| fact(w.person, code))}
            </dl>
        </div>
    }
}
