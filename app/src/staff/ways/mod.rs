//! The ways in and the devices on a person's page, folded; and, in the open, an erasure that waits.

mod lines;
mod words;

use bedring_contract::device::{DeviceLine, WayIn, WaysIn};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use uuid::Uuid;

use super::dialogs::{self, modal};
use super::state::{Remote, Staff};
use super::words::{Lang, fill};
use super::{dates, widgets};
use crate::api::{ApiFailure, staff as api};
use lines::Standing;
use words::Words;

/// Where the focus goes when something was ended: the button that was pressed is gone.
const SAID: &str = "ways-said";

/// What somebody ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// All ways in.
    All,
    /// This way in.
    Way(Uuid),
    /// This device.
    Device(Uuid),
}

/// What the block holds.
#[derive(Clone, Copy)]
struct Block {
    staff: Staff,
    person: Uuid,
    ways: Remote<WaysIn>,
    /// What is to be ended, once it is confirmed.
    ending: RwSignal<Option<Ending>>,
    said: RwSignal<Option<&'static str>>,
    failure: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
}

/// The block. Whoever may not invite sees it and ends nothing.
pub fn section(staff: Staff, person: Uuid) -> impl IntoView {
    let (lang, w) = (staff.lang_now(), Words::of(staff.lang_now()));
    let block = Block {
        staff,
        person,
        ways: Remote::new(staff, move || api::ways(person)),
        ending: RwSignal::new(None),
        said: RwSignal::new(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    view! {
        <section class="stack" aria-labelledby="ways-title">
            {widgets::followed(block.ways, move |ways| waiting(lang, ways))}
            <details class="card board" id="ways">
                <summary class="board-summary">
                    <h2 id="ways-title">{w.title}</h2>
                    {widgets::followed(block.ways, move |ways| count(lang, ways))}
                </summary>
                <p class="quiet">{w.lead}</p>
                <div id=SAID role="status" tabindex="-1">
                    {move || block.said.get().map(|text| view! { <p class="note note-good">{text}</p> })}
                </div>
                {widgets::loaded(staff, block.ways, move |ways| lists(block, ways))}
            </details>
            {modal("ways-dialog", block.ending, move |what| confirm(block, *what))}
        </section>
    }
}

/// An erasure that waits stands in the open: somebody may have to call the person before its day.
fn waiting(lang: Lang, ways: &WaysIn) -> impl IntoView + use<> {
    let w = Words::of(lang);
    let nobody_knows = !ways.devices.iter().any(|d| d.known && d.ended_at.is_none());
    ways.erasing.as_ref().map(|erasing| {
        let text = fill(w.waiting, &[("day", &dates::date(lang, erasing.on))]);
        view! {
            <div class="note note-attention stack-tight" id="erasing">
                <p>{text}</p>
                {nobody_knows.then(|| view! { <p>{w.waiting_unknown}</p> })}
            </div>
        }
    })
}

fn open(ways: &WaysIn, now: DateTime<Utc>) -> usize {
    let ways = ways.ways.iter();
    ways.filter(|way| lines::standing(way, now) == Standing::Open)
        .count()
}

fn count(lang: Lang, ways: &WaysIn) -> impl IntoView + use<> {
    let w = Words::of(lang);
    let text = match open(ways, dates::now()) {
        1 => w.open_one.to_owned(),
        n => fill(w.open_many, &[("n", &n.to_string())]),
    };
    view! { <span class="board-figure">{text}</span> }
}

fn lists(block: Block, ways: &WaysIn) -> impl IntoView + use<> {
    let now = dates::now();
    let w = Words::of(block.staff.lang_now());
    let is_open = |way: &&WayIn| lines::standing(way, now) == Standing::Open;
    let (open, closed): (Vec<&WayIn>, Vec<&WayIn>) = ways.ways.iter().partition(is_open);
    let may_end = block.staff.may_register();
    let none = match (open.is_empty(), closed.is_empty()) {
        (true, true) => Some(w.none),
        (true, false) => Some(w.none_open),
        (false, _) => None,
    };
    let all = (may_end && !open.is_empty()).then(|| {
        let press = move |_| ask(block, Ending::All);
        view! {
            <div class="row-actions">
                <button type="button" class="button-secondary" on:click=press>{w.end_all}</button>
            </div>
        }
    });
    let over = (!closed.is_empty()).then(|| {
        let title = fill(w.closed, &[("n", &closed.len().to_string())]);
        let closed = closed.iter().map(|way| line(block, way, now, false));
        view! {
            <details class="plan-who">
                <summary>{title}</summary>
                <ul class="history">{closed.collect_view()}</ul>
            </details>
        }
    });
    let open = open.iter().map(|way| line(block, way, now, may_end));
    view! {
        {none.map(|text| view! { <p>{text}</p> })}
        <ul class="history">{open.collect_view()}</ul>
        {all}
        {over}
        <h3>{w.devices}</h3>
        {devices(block, &ways.devices, may_end)}
    }
}

fn line(block: Block, way: &WayIn, now: DateTime<Utc>, may_end: bool) -> impl IntoView + use<> {
    let lang = block.staff.lang_now();
    let w = Words::of(lang);
    let (kind, made, id) = (lines::kind(lang, way), lines::made(lang, way), way.id);
    let became = lines::became(lang, way, now).join(" ");
    let end = may_end.then(|| {
        // Several buttons with one word: read aloud, each says what it ends.
        let of = format!(" {kind}. {made}");
        view! {
            <div class="row-actions">
                <button type="button" class="button-secondary" on:click=move |_| ask(block, Ending::Way(id))>
                    {w.end}<span class="visually-hidden">{of}</span>
                </button>
            </div>
        }
    });
    view! {
        <li class="stack-tight">
            <p><strong>{kind}</strong></p>
            <p class="quiet">{made} " " {became}</p>
            {end}
        </li>
    }
}

fn devices(block: Block, devices: &[DeviceLine], may_end: bool) -> impl IntoView + use<> {
    let lang = block.staff.lang_now();
    let w = Words::of(lang);
    if devices.is_empty() {
        return view! { <p class="quiet">{w.no_devices}</p> }.into_any();
    }
    let rows = devices.iter().map(|device| {
        let (name, told) = lines::device(lang, device);
        let (id, told) = (device.id, told.join(" "));
        let of = format!(" {name}. {told}");
        let end = (may_end && device.ended_at.is_none()).then(|| {
            view! {
                <div class="row-actions">
                    <button type="button" class="button-secondary" on:click=move |_| ask(block, Ending::Device(id))>
                        {w.end_device}<span class="visually-hidden">{of}</span>
                    </button>
                </div>
            }
        });
        view! {
            <li class="stack-tight">
                <p><strong>{name}</strong></p>
                <p class="quiet">{told}</p>
                {end}
            </li>
        }
    });
    view! { <ul class="history">{rows.collect_view()}</ul> }.into_any()
}

fn ask(block: Block, what: Ending) {
    block.said.set(None);
    block.failure.set(None);
    block.ending.set(Some(what));
}

fn confirm(block: Block, what: Ending) -> impl IntoView + use<> {
    let lang = block.staff.lang_now();
    let w = Words::of(lang);
    let (title, text, button) = match what {
        Ending::Way(_) => (w.end_title, w.end_text, w.end_confirm),
        Ending::All => (w.end_all_title, w.end_all_text, w.end_all_confirm),
        Ending::Device(_) => (w.end_device_title, w.end_device_text, w.end_device_confirm),
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        end(block, what);
    };
    view! {
        <form class="stack" on:submit=submit>
            <h2 id="ways-dialog">{title}</h2>
            <p>{text}</p>
            {move || block.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(block.ending, lang.words().cancel, button, block.busy)}
        </form>
    }
}

fn end(block: Block, what: Ending) {
    if block.busy.get_untracked() {
        return;
    }
    let w = Words::of(block.staff.lang_now());
    block.busy.set(true);
    block.failure.set(None);
    let person = block.person;
    let request = async move {
        match what {
            Ending::All => api::end_ways(person, None).await,
            Ending::Way(id) => api::end_ways(person, Some(id)).await,
            Ending::Device(id) => api::end_device(person, id).await,
        }
    };
    block.staff.ask(request, move |outcome| {
        if block.busy.try_set(false).is_some() {
            return;
        }
        match outcome {
            Ok(()) => {
                block.ending.set(None);
                let said = match what {
                    Ending::Way(_) => w.is_ended,
                    Ending::All => w.all_ended,
                    Ending::Device(_) => w.device_ended,
                };
                block.said.set(Some(said));
                block.ways.reload();
                widgets::focus(SAID);
            }
            Err(trouble) => block.failure.set(Some(trouble)),
        }
    });
}
