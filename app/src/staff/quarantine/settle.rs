//! Settling one entry or all of them, and the question before content is deleted for good. All of them take several requests: each settles a
//! part and says how many are left.

use bedring_contract::quarantine::{ManyAction, ResolutionAction, ResolveMany};
use leptos::prelude::*;
use uuid::Uuid;

use super::entries::{Desk, SAID};
use crate::api::{ApiFailure, staff as api};
use crate::staff::dialogs::modal;
use crate::staff::words::fill;
use crate::staff::{dates, terms, widgets};

/// What the question about setting aside is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// One entry: its id and receipt.
    One(Uuid, String),
    /// All that are shown, so many.
    All(u64),
}

/// Tries one entry again, takes it in, or sets it aside.
pub(super) fn resolve(desk: Desk, id: Uuid, receipt: String, action: ResolutionAction) {
    let lang = desk.staff.lang_now();
    let w = desk.words();
    desk.said.set(None);
    desk.failure.set(None);
    desk.staff.ask(api::resolve(id, action), move |outcome| {
        let said = match outcome {
            Ok(done) if done.settled => {
                let sentence = match action {
                    ResolutionAction::Retry | ResolutionAction::Accept => w.retried,
                    ResolutionAction::Dismiss => w.dismissed,
                };
                ("note note-good", fill(sentence, &[("receipt", &receipt)]))
            }
            Ok(done) => {
                let reason = terms::reason(lang, done.reason.as_deref().unwrap_or_default());
                let text = fill(w.retry_same, &[("receipt", &receipt), ("reason", reason)]);
                ("note", text)
            }
            Err(trouble) => {
                desk.failure.try_set(Some(trouble));
                return;
            }
        };
        say(desk, said);
    });
}

/// The row that was pressed may be gone: the outcome takes the focus.
fn say(desk: Desk, said: (&'static str, String)) {
    if desk.said.try_set(Some(said)).is_none() {
        desk.reload();
        widgets::focus(SAID);
    }
}

/// How far it has come with all of them.
#[derive(Debug, Clone, Copy, Default)]
struct Done {
    settled: u64,
    kept: u64,
}

/// Settles all that are shown, part by part. What arrives while that goes on is not among them: nobody has seen it.
pub(super) fn resolve_all(desk: Desk, action: ManyAction) {
    // Where that moment cannot be read, what stands here has arrived before now.
    let newest = desk.of.with_untracked(|of| of.as_ref()?.newest);
    let until = newest.unwrap_or_else(dates::now);
    let wanted = ResolveMany {
        action,
        reason: desk.reason.get_untracked(),
        seen_until: until,
        after: None,
    };
    desk.said.set(None);
    desk.failure.set(None);
    desk.progress.set(Some((0, untrack(|| desk.shown()))));
    widgets::focus(SAID);
    go_on(desk, wanted, Done::default());
}

fn go_on(desk: Desk, wanted: ResolveMany, before: Done) {
    let asked = wanted.clone();
    let request = async move { api::resolve_many(desk.whose, &asked).await };
    desk.staff.ask(request, move |outcome| {
        // Whoever has left the screen has stopped it.
        if desk.progress.try_get_untracked().is_none() {
            return;
        }
        match outcome {
            Ok(part) => {
                let done = Done {
                    settled: before.settled + part.settled,
                    kept: before.kept + part.kept,
                };
                if part.next.is_some() {
                    desk.progress
                        .set(Some((done.settled + done.kept, part.left)));
                    let after = part.next;
                    return go_on(desk, ResolveMany { after, ..wanted }, done);
                }
                desk.progress.set(None);
                say(
                    desk,
                    ("note note-good", outcome_of(desk, wanted.action, done)),
                );
            }
            Err(failure) => stopped(desk, before, failure),
        }
    });
}

fn outcome_of(desk: Desk, action: ManyAction, done: Done) -> String {
    let w = desk.words();
    let sentence = match action {
        ManyAction::Dismiss => w.all_dismissed,
        ManyAction::Retry => w.all_retried,
    };
    let (n, kept) = (done.settled.to_string(), done.kept.to_string());
    fill(sentence, &[("n", &n), ("kept", &kept)])
}

/// It says how far it came, and why not further; the list shows what is left.
fn stopped(desk: Desk, done: Done, failure: ApiFailure) {
    desk.progress.set(None);
    desk.failure.set(Some(failure));
    let n = (done.settled + done.kept).to_string();
    say(
        desk,
        (
            "note note-attention",
            fill(desk.words().half_way, &[("n", &n)]),
        ),
    );
}

/// Asks before content is deleted for good.
pub(super) fn confirm(desk: Desk) -> impl IntoView {
    modal("dismiss-title", desk.asked, move |asked| {
        let (shared, w) = (desk.staff.lang_now().words(), desk.words());
        let (title, text, stays, yes) = match asked {
            Asked::One(_, receipt) => (
                fill(w.dismiss_title, &[("receipt", receipt)]),
                w.dismiss_text,
                w.dismiss_stays,
                w.dismiss_yes,
            ),
            Asked::All(n) => (
                fill(w.all_title, &[("n", &n.to_string())]),
                w.all_text,
                w.all_stays,
                w.all_yes,
            ),
        };
        let asked = asked.clone();
        let press = move |_| {
            desk.asked.set(None);
            match asked.clone() {
                Asked::One(id, receipt) => resolve(desk, id, receipt, ResolutionAction::Dismiss),
                Asked::All(_) => resolve_all(desk, ManyAction::Dismiss),
            }
        };
        view! {
            <div class="stack">
                <h2 id="dismiss-title">{title}</h2>
                <p>{text}</p>
                <p>{stays}</p>
                <div class="choices">
                    <button type="button" class="button-choice" on:click=move |_| desk.asked.set(None)>{shared.cancel}</button>
                    <button type="button" class="button-choice" on:click=press>{yes}</button>
                </div>
            </div>
        }
    })
}
