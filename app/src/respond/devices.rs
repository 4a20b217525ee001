//! "My phones and links": what may read back what was answered, what opens the questions, and ending either; another phone, and the PIN.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedring_contract::device::{AnotherDevice, DeviceLine, WayIn, WaysIn};
use bedring_domain::pin::pin_allowed;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::browser;
use super::trail::Screen;
use crate::api::device::{self, End};
use crate::api::{ApiFailure, Own};
use crate::device::{Standing, clock};
use crate::i18n::Texts;
use crate::ui::dom::El;
use crate::ui::{
    Field, View, actions, button, div, dynamic, el, heading, p, quiet, row, rows, stack,
};

/// Where a question to the server stands.
#[derive(Clone, PartialEq)]
enum Asked<T> {
    Waits,
    Told(T),
    Failed(ApiFailure),
}

/// Why there is no answer, in a sentence.
pub(super) fn why(t: &'static Texts, failure: &ApiFailure) -> &'static str {
    match failure {
        ApiFailure::Problem(_) => t.server_body,
        ApiFailure::Garbled => t.not_ours_body,
        ApiFailure::Offline | ApiFailure::Timeout => t.sync_offline,
    }
}

/// Asks as this device, and puts the answer where a screen sees it.
fn ask<T: Clone + Send + Sync + 'static>(
    app: App,
    into: RwSignal<Asked<T>>,
    act: impl AsyncFnOnce(Own) -> Result<T, ApiFailure> + 'static,
) {
    spawn_local(async move {
        let told = match app.own().await {
            Some(own) => act(own).await,
            None => Err(ApiFailure::Offline),
        };
        into.try_set(match told {
            Ok(told) => Asked::Told(told),
            Err(failure) => Asked::Failed(failure),
        });
    });
}

fn shown<T: Clone + Send + Sync + 'static>(
    t: &'static Texts,
    asked: RwSignal<Asked<T>>,
    show: impl Fn(T) -> View + 'static,
) -> El {
    div("stack-wide")
        .attr("role", "status")
        .child(dynamic(move || match asked.get() {
            Asked::Waits => p(t.loading).view(),
            Asked::Told(told) => show(told),
            Asked::Failed(failure) => p(why(t, &failure)).view(),
        }))
}

// --- The list ----------------------------------------------------------------------------------------

/// Everything that opens something.
pub fn devices_page(app: App, t: &'static Texts) -> View {
    let asked = RwSignal::new(Asked::Waits);
    ask(app, asked, async |own| device::ways(&own).await);
    let pin_set = app
        .standing
        .with_untracked(|s| s.is_some_and(|s| s.pin_set));
    let pin = if pin_set {
        t.device.pin_change
    } else {
        t.device.pin_choose
    };
    let to = |label: &str, screen: Screen| button("row", label, move || app.go(screen));
    div("stack-wide")
        .child(heading(t.device.title))
        .child(p(t.device.body))
        .child(rows(vec![
            to(t.device.another, Screen::Another),
            to(pin, Screen::Pin),
        ]))
        .child(shown(t, asked, move |ways| list(app, t, asked, &ways)))
        .view()
}

fn list(app: App, t: &'static Texts, asked: RwSignal<Asked<WaysIn>>, all: &WaysIn) -> View {
    let end = move |label: &str, what: End| {
        button("button-secondary", label, move || {
            ask(app, asked, async move |own| {
                device::end(&own, what).await?;
                device::ways(&own).await
            });
        })
    };
    let device = |d: &DeviceLine| {
        let name = if d.own { t.device.this } else { "" };
        let may = if d.known {
            t.device.reads
        } else {
            t.device.writes
        };
        let came = (t.device.came)(&t.moment(d.registered_at.fixed_offset()));
        line(name, &[may, &came]).child((!d.own).then(|| end(t.device.end, End::Device(d.id))))
    };
    let way = |w: &WayIn| {
        let used = if w.used_at.is_some() {
            t.device.used
        } else {
            t.device.unused
        };
        let made = (t.device.made)(&t.moment(w.made_at.fixed_offset()));
        line((t.device.kind)(&w.kind), &[&made, used])
            .child((!w.own).then(|| end(t.device.end, End::Way(w.id))))
    };
    let devices = all.devices.iter().filter(|d| d.ended_at.is_none());
    let now = clock::now();
    let works = |w: &&WayIn| w.ended_at.is_none() && w.expires_at > now;
    let ways: Vec<_> = all.ways.iter().filter(works).collect();
    let others = ways.iter().filter(|w| !w.own).count();
    let works: Vec<_> = ways.into_iter().map(way).collect();
    let devices = part(t.device.devices).child(rows(devices.map(device).collect()));
    if works.is_empty() {
        return devices.view();
    }
    let ways = part(t.device.ways)
        .child(rows(works))
        .child((others > 1).then(|| end(t.device.end_others, End::OtherWays)));
    devices.view().and(ways)
}

fn part(title: &str) -> El {
    el("section", "stack").child(el("h2", "").child(title))
}

fn line(name: &str, facts: &[&str]) -> El {
    let name = (!name.is_empty()).then(|| p(el("strong", "").child(name)));
    row(div("stack-tight")
        .child(name)
        .child(quiet(facts.join(" · ").as_str())))
}

// --- Another phone -------------------------------------------------------------------------------------

/// A code that the other phone reads.
pub fn another_page(app: App, t: &'static Texts) -> View {
    let asked = RwSignal::new(Asked::Waits);
    ask(app, asked, async |own| device::another(&own).await);
    let code = move |made: AnotherDevice| {
        let picture = ["data:image/svg+xml;base64,", &STANDARD.encode(made.qr_svg)].concat();
        el("img", "qr")
            .attr("src", &picture)
            .attr("alt", t.device.another_alt)
            .view()
            .and(quiet(t.device.another_link))
            .and(el("p", "address").child(made.link))
    };
    stack(heading(t.device.another))
        .child(p(t.device.another_body))
        .child(shown(t, asked, code))
        .view()
}

// --- The PIN -------------------------------------------------------------------------------------------

/// The field for a PIN, with a button for what is done with it.
pub(super) fn pin_form(
    t: &'static Texts,
    label: &str,
    error: RwSignal<Option<String>>,
    done: impl Fn(String) + 'static,
) -> El {
    let typed = RwSignal::new(String::new());
    let field = Field {
        id: "pin",
        class: "input input-code",
        kind: "text",
        label: t.device.pin_label,
        hint: t.device.pin_hint,
    };
    el("form", "stack")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            // People write spaces between digits.
            let pin: String = typed.get_untracked().split_whitespace().collect();
            done(pin);
        })
        .child(field.view(typed, error))
        .child(actions(
            el("button", "button-primary")
                .attr("type", "submit")
                .child(label),
        ))
}

/// Chooses the PIN.
pub fn pin_page(app: App, t: &'static Texts) -> View {
    let error = RwSignal::new(None);
    let saved = RwSignal::new(false);
    let save = move |pin: String| {
        if !pin_allowed(&pin) {
            error.set(Some(t.device.pin_weak.to_owned()));
            return browser::focus("#pin");
        }
        error.set(None);
        spawn_local(async move {
            let told = match app.own().await {
                Some(own) => device::choose_pin(&own, pin).await,
                None => Err(ApiFailure::Offline),
            };
            match told {
                Ok(()) => {
                    app.standing.set(Some(Standing {
                        known: true,
                        pin_set: true,
                    }));
                    saved.try_set(true);
                }
                Err(failure) => {
                    error.try_set(Some(why(t, &failure).to_owned()));
                }
            }
        });
    };
    let done = move || if saved.get() { t.device.pin_saved } else { "" };
    stack(heading(t.device.pin_label))
        .child(p(t.device.pin_body))
        .child(pin_form(t, t.device.pin_save, error, save))
        .child(el("p", "saved").attr("role", "status").child(dynamic(done)))
        .view()
}
