//! What was received but cannot be used yet: why, since when, and what to do with it.

use bedring_contract::quarantine::{Quarantine, QuarantineLine, ResolutionAction};
use bedring_domain::journal::Reason;
use leptos::html::Dialog;
use leptos::prelude::*;
use uuid::Uuid;

use super::route::Route;
use super::state::{Remote, Staff};
use super::words::{Lang, fill};
use super::{dates, terms, widgets};
use crate::api::{ApiFailure, staff as api};

/// Which entry the question about setting aside is about: its id and receipt.
type Asked = RwSignal<Option<(Uuid, String)>>;

/// What the buttons in the list do.
#[derive(Clone, Copy)]
struct Desk {
    staff: Staff,
    list: Remote<Quarantine>,
    said: RwSignal<Option<(&'static str, String)>>,
    failure: RwSignal<Option<ApiFailure>>,
    asked: Asked,
}

impl Desk {
    fn resolve(self, id: Uuid, receipt: String, action: ResolutionAction) {
        let lang = self.staff.lang_now();
        let w = lang.words();
        self.said.set(None);
        self.failure.set(None);
        self.staff.ask(api::resolve(id, action), move |outcome| {
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
                    self.failure.try_set(Some(trouble));
                    return;
                }
            };
            // The row that was pressed may be gone: the outcome takes the focus.
            if self.said.try_set(Some(said)).is_none() {
                self.list.reload();
                widgets::focus("quarantine-said");
            }
        });
    }
}

/// The screen.
pub fn screen(staff: Staff) -> impl IntoView {
    let lang = staff.lang_now();
    let w = lang.words();
    let desk = Desk {
        staff,
        list: Remote::new(staff, api::quarantine),
        said: RwSignal::new(None),
        failure: RwSignal::new(None),
        asked: RwSignal::new(None),
    };
    view! {
        <div class="stack-wide">
            {widgets::heading(staff, w, w.quarantine_title.to_owned())}
            <p>{w.quarantine_lead}</p>
            <div id="quarantine-said" role="status" tabindex="-1">
                {move || desk.said.get().map(|(class, text)| view! { <p class=class>{text}</p> })}
            </div>
            {move || desk.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {widgets::loaded(staff, desk.list, move |found| list(lang, desk, found))}
            {confirm(lang, desk)}
        </div>
    }
}

fn list(lang: Lang, desk: Desk, found: &Quarantine) -> impl IntoView + use<> {
    let w = lang.words();
    if found.entries.is_empty() {
        return view! { <p class="note note-good">{w.quarantine_none}</p> }.into_any();
    }
    let now = dates::now();
    let shown = found.entries.len();
    let more = (found.total > shown as u64).then(|| {
        let text = fill(
            w.quarantine_more,
            &[
                ("n", &shown.to_string()),
                ("total", &found.total.to_string()),
            ],
        );
        view! { <p class="quiet">{text}</p> }
    });
    view! {
        <div class="table-wrap" tabindex="0">
            <table class="table table-cards">
                <caption class="visually-hidden">{w.quarantine_caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{w.receipt}</th>
                        <th scope="col">{w.what}</th>
                        <th scope="col">{w.reason}</th>
                        <th scope="col">{w.person}</th>
                        <th scope="col">{w.age}</th>
                        <th scope="col">{w.actions}</th>
                    </tr>
                </thead>
                <tbody>{found.entries.iter().map(|line| row(lang, desk, line, now)).collect_view()}</tbody>
            </table>
        </div>
        {more}
    }
    .into_any()
}

fn row(
    lang: Lang,
    desk: Desk,
    line: &QuarantineLine,
    now: chrono::DateTime<chrono::Utc>,
) -> impl IntoView + use<> {
    let w = lang.words();
    let person = match (&line.person_code, line.person) {
        (Some(code), Some(id)) => {
            view! { <a href=Route::Person(id).href()>{code.clone()}</a> }.into_any()
        }
        (Some(code), None) => view! { {code.clone()} }.into_any(),
        _ => view! { <span class="quiet">{w.unknown_person}</span> }.into_any(),
    };
    let project = line
        .project_code
        .clone()
        .map(|code| view! { <span class="quiet">" · " {code}</span> });
    let (id, receipt) = (line.id, line.receipt.clone());
    // Trying answers again that were early changes nothing: somebody has to say that they are the right ones.
    let early = Reason::parse(&line.reason) == Some(Reason::OccasionNotOpen);
    let (action, words) = match early {
        true => (ResolutionAction::Accept, w.accept),
        false => (ResolutionAction::Retry, w.retry),
    };
    let retry = {
        let receipt = receipt.clone();
        move |_| desk.resolve(id, receipt.clone(), action)
    };
    let dismiss = {
        let receipt = receipt.clone();
        move |_| desk.asked.set(Some((id, receipt.clone())))
    };
    let about = format!(" {receipt}");
    view! {
        <tr>
            <th scope="row" class="number" data-label=w.receipt>{receipt}</th>
            <td data-label=w.what>{terms::entry_kind(lang, line.kind.as_deref())}</td>
            <td data-label=w.reason>{terms::reason(lang, &line.reason)}</td>
            <td data-label=w.person>{person}{project}</td>
            <td data-label=w.age>{dates::age(lang, line.received_at, now)}</td>
            <td data-label=w.actions>
                <button type="button" class="button-quiet" on:click=retry>
                    {words}<span class="visually-hidden">{about.clone()}</span>
                </button>
                <button type="button" class="button-quiet" on:click=dismiss>
                    {w.dismiss}<span class="visually-hidden">{about}</span>
                </button>
            </td>
        </tr>
    }
}

/// Asks before something is set aside. The browser's own dialog keeps the focus inside, closes on Escape and gives the focus back.
fn confirm(lang: Lang, desk: Desk) -> impl IntoView {
    let w = lang.words();
    let node = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let wanted = desk.asked.with(Option::is_some);
        if let Some(dialog) = node.get() {
            if wanted && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    });
    let title = move || {
        desk.asked.with(|a| {
            a.as_ref()
                .map(|(_, receipt)| fill(w.dismiss_title, &[("receipt", receipt)]))
                .unwrap_or_default()
        })
    };
    let yes = move |_| {
        if let Some((id, receipt)) = desk.asked.get_untracked() {
            desk.asked.set(None);
            desk.resolve(id, receipt, ResolutionAction::Dismiss);
        }
    };
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby="dismiss-title" on:close=move |_| desk.asked.set(None)>
            <div class="stack">
                <h2 id="dismiss-title">{title}</h2>
                <p>{w.dismiss_text}</p>
                <div class="choices">
                    <button type="button" class="button-choice" on:click=move |_| desk.asked.set(None)>{w.cancel}</button>
                    <button type="button" class="button-choice" on:click=yes>{w.dismiss_yes}</button>
                </div>
            </div>
        </dialog>
    }
}
