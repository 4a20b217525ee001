//! Erasing everything about a person, on their page: asking for it, and answering what somebody else has asked for.

mod ask;
mod confirm;
pub mod words;

use bedring_contract::erasure::{Erasure, ErasureRequest, Held};
use bedring_contract::staff::PersonDetail;
use leptos::prelude::*;
use uuid::Uuid;

use super::course::Case;
use super::dialogs::modal;
use super::state::{Remote, Staff};
use super::words::{Lang, fill};
use super::{dates, widgets};
use crate::api::{ApiFailure, staff as api};
use words::{Words, why};

/// What is to be confirmed: the person's code, the request, and what is held.
type Asked = (String, ErasureRequest, Held);

/// What the screen knows of it; cheap to copy.
#[derive(Clone, Copy)]
pub struct Erasing {
    staff: Staff,
    case: Case,
    person: Uuid,
    detail: Remote<PersonDetail>,
    erasure: Remote<Erasure>,
    /// The dialog in which somebody asks, with the person's code.
    asking: RwSignal<Option<String>>,
    /// The dialog in which somebody confirms.
    confirming: RwSignal<Option<Asked>>,
    failure: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
}

impl Erasing {
    /// Begins loading. What is done about the person may end a request: it is looked for again then.
    #[must_use]
    pub fn new(staff: Staff, case: Case, person: Uuid, detail: Remote<PersonDetail>) -> Self {
        let erasure = Remote::new(staff, move || api::erasure(person));
        Effect::new(move |before: Option<()>| {
            detail.state.track();
            if before.is_some() {
                erasure.reload();
            }
        });
        Self {
            staff,
            case,
            person,
            detail,
            erasure,
            asking: RwSignal::new(None),
            confirming: RwSignal::new(None),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    fn lang(self) -> Lang {
        self.staff.lang_now()
    }

    fn w(self) -> &'static Words {
        Words::of(self.lang())
    }

    /// That somebody asked, in the open, with what can be done about it.
    pub fn note(self) -> impl IntoView {
        widgets::followed(self.detail, move |detail| {
            let code = detail.line.code.clone();
            super::person::correctable(detail).then(|| {
                widgets::followed(self.erasure, move |erasure| {
                    let held = erasure.held;
                    let open = erasure.open.clone();
                    open.map(|open| waits(self, code.clone(), open, held))
                })
            })
        })
    }

    /// The card with the button that asks, where nobody has asked yet.
    pub fn section(self) -> impl IntoView {
        let w = self.w();
        widgets::followed(self.detail, move |detail| {
            let code = detail.line.code.clone();
            super::person::correctable(detail).then(|| {
                widgets::followed(self.erasure, move |erasure| {
                    let code = code.clone();
                    let press = move |_| self.asking.set(Some(code.clone()));
                    erasure.open.is_none().then(|| {
                        view! {
                            <section class="card stack" aria-labelledby="erase-title">
                                <h2 id="erase-title">{w.title}</h2>
                                <p class="quiet">{w.lead}</p>
                                <div class="row-actions">
                                    <button type="button" class="button-quiet" on:click=press>{w.ask}</button>
                                </div>
                            </section>
                        }
                    })
                })
            })
        })
    }

    /// What is asked over the page.
    pub fn dialogs(self) -> impl IntoView {
        view! {
            {modal("erase-ask-dialog", self.asking, move |code| ask::form(self, code))}
            {modal("erase-dialog", self.confirming, move |asked| confirm::form(self, asked))}
        }
    }
}

fn waits(block: Erasing, code: String, open: ErasureRequest, held: Held) -> impl IntoView {
    let (lang, w) = (block.lang(), block.w());
    let request = open.id;
    let take_back = open.may_take_back.then(|| {
        view! {
            <button type="button" class="button-secondary" on:click=move |_| take_back(block, request)>{w.take_back}</button>
        }
    });
    let (may_confirm, lines) = (open.may_confirm, told(lang, &open));
    let asked = (code, open, held);
    let press = move |_| {
        block.failure.set(None);
        block.confirming.set(Some(asked.clone()));
    };
    let answer = may_confirm.then(|| {
        view! { <button type="button" class="button-secondary" on:click=press>{w.answer}</button> }
    });
    view! {
        <section class="note note-attention stack-tight" id="erasure-asked" aria-labelledby="erasure-asked-title">
            <h2 id="erasure-asked-title">{w.waits_title}</h2>
            {lines}
            {(!may_confirm).then(|| view! { <p>{w.waits_for_other}</p> })}
            {move || block.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            <div class="row-actions">{answer} {take_back}</div>
        </section>
    }
}

/// Who asked, when and why, with the message.
fn told(lang: Lang, open: &ErasureRequest) -> impl IntoView + use<> {
    let w = Words::of(lang);
    let when = dates::moment(lang, dates::local(open.asked_at));
    let reason = why(lang, open.why).to_lowercase();
    let values = [
        ("who", open.asked_by.as_str()),
        ("when", &when),
        ("why", &reason),
    ];
    let note = open.note.as_deref();
    let note = note.map(|note| view! { <p>{fill(w.note, &[("note", note)])}</p> });
    view! {
        <p>{fill(w.waits, &values)}</p>
        {note}
    }
}

fn take_back(block: Erasing, request: Uuid) {
    if block.busy.get_untracked() {
        return;
    }
    block.busy.set(true);
    block.failure.set(None);
    let sending = api::take_back_erasure(block.person, request);
    block.staff.ask(sending, move |outcome| {
        if block.busy.try_set(false).is_some() {
            return;
        }
        match outcome {
            Ok(()) => block.case.changed(block.w().taken_back.to_owned()),
            Err(trouble) => meanwhile(block, trouble),
        }
    });
}

/// It could not be done. What has become of the request is loaded again: the reason may be that somebody else was faster.
fn meanwhile(block: Erasing, trouble: ApiFailure) {
    block.failure.try_set(Some(trouble));
    block.erasure.reload();
}
