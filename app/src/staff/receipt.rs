//! What became of an entry, by the receipt that its person shows. A slip of the finger is told before the server is asked.

use bedring_contract::problem::Code;
use bedring_contract::staff::ReceiptStatus;
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

fn found(lang: Lang, status: ReceiptStatus) -> impl IntoView {
    let w = lang.words();
    let fact = |label: &'static str, value: String| view! { <dt>{label}</dt><dd>{value}</dd> };
    let badge = widgets::badge(
        terms::outcome_class(&status.outcome),
        terms::outcome(lang, &status.outcome),
    );
    view! {
        <div class="card stack">
            <p class="receipt-code">{status.receipt}</p>
            <dl class="facts">
                <dt>{w.receipt_outcome}</dt><dd>{badge}</dd>
                {status.reason.map(|code| fact(w.reason, terms::reason(lang, &code).to_owned()))}
                {fact(w.what, terms::entry_kind(lang, status.kind.as_deref()).to_owned())}
                {fact(w.receipt_received, dates::moment(lang, dates::local(status.received_at)))}
                {status.person_code.map(|code| fact(w.person, code))}
            </dl>
        </div>
    }
}
