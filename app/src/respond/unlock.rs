//! A phone that the server does not know: what can be done on it, how it becomes known, and an erasure that was asked for on one.

use bedring_contract::problem::Code;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::devices::{pin_form, why};
use super::trail::Screen;
use super::{browser, session};
use crate::api::{ApiFailure, device};
use crate::i18n::Texts;
use crate::sync::own;
use crate::ui::dom::{El, follow};
use crate::ui::{View, actions, button, div, dynamic, el, heading, p, stack};

/// Whether the server has said that it does not know this device.
pub(super) fn is_locked(app: App) -> bool {
    app.standing.with(|s| s.is_some_and(|s| !s.known))
}

/// Where earlier answers would stand: that they are locked here, and the way to them.
pub fn locked(app: App, t: &'static Texts) -> View {
    dynamic(move || {
        is_locked(app).then(|| {
            let unlock = button("button-secondary", t.device.unlock, move || {
                app.go(Screen::Unlock)
            });
            el("section", "card stack-tight")
                .child(el("h2", "").child(t.device.locked))
                .child(p(t.device.locked_body))
                .child(actions(unlock))
        })
    })
}

/// The ways of becoming known.
pub fn unlock_page(app: App, t: &'static Texts) -> View {
    let error = RwSignal::new(None);
    let pin = move || {
        let set = app.standing.with(|s| s.is_some_and(|s| s.pin_set));
        set.then(|| {
            part(t.device.unlock_pin).child(pin_form(t, t.device.unlock, error, move |pin| {
                unlock(app, t, pin, error);
            }))
        })
    };
    div("stack-wide")
        .child(heading(t.device.locked))
        .child(p(t.device.locked_body))
        .child(dynamic(pin))
        .child(part(t.device.unlock_phone).child(p(t.device.unlock_phone_body)))
        .child(part(t.device.unlock_neither).child(p(t.device.unlock_neither_body)))
        .view()
}

fn part(title: &str) -> El {
    el("section", "stack").child(el("h2", "").child(title))
}

fn unlock(app: App, t: &'static Texts, pin: String, error: RwSignal<Option<String>>) {
    spawn_local(async move {
        match vouch(app, pin).await {
            Ok(()) => {
                app.fetch_mine().await;
                app.replace(Screen::Mine);
            }
            Err(failure) => {
                let text = match &failure {
                    ApiFailure::Problem(problem) => match problem.code {
                        Code::DevicePinWrong => t.device.pin_wrong,
                        Code::DevicePinBlocked => t.device.pin_blocked,
                        _ => t.server_body,
                    },
                    failure => why(t, failure),
                };
                error.try_set(Some(text.to_owned()));
                browser::focus("#pin");
            }
        }
    });
}

async fn vouch(app: App, pin: String) -> Result<(), ApiFailure> {
    let (Some(here), Some(person)) = (app.here(), app.person()) else {
        return Err(ApiFailure::Offline);
    };
    let access = own::registered(&here.device, person, false).await?;
    let answer = device::vouch(&access.own(), pin).await?;
    let noted = here.device.note_standing(person, &access.secret, &answer);
    noted.await.map(|_| ()).map_err(|_| ApiFailure::Offline)
}

/// An erasure waits.
pub fn erasing_waits(app: App) -> bool {
    app.bundle
        .with(|b| b.as_ref().is_some_and(|b| b.erasing.is_some()))
}

/// An erasure that waits, with the way to take it back where this device may. It is told on every screen: the person may be here
/// once in these seven days, and for something else.
pub fn erasing(app: App, t: &'static Texts) -> View {
    let failed = RwSignal::new(None);
    follow(Box::new(move || {
        // Only a device that is known may take it back, and the server has to say whether this one is.
        if erasing_waits(app) && app.standing.with_untracked(Option::is_none) {
            spawn_local(app.look_up_standing());
        }
    }));
    dynamic(move || {
        let day = app
            .bundle
            .with(|b| b.as_ref()?.erasing.as_ref().map(|e| e.on))?;
        let known = app.standing.with(|s| s.is_some_and(|s| s.known));
        let body = if known {
            t.device.erasing_body
        } else {
            t.device.erasing_elsewhere
        };
        let take_back = known.then(|| {
            button("button-secondary", t.device.take_back, move || {
                spawn_local(async move {
                    if let Err(failure) = take_back(app).await {
                        failed.try_set(Some(why(t, &failure)));
                    }
                });
            })
        });
        let wrong = move || failed.get().unwrap_or_default();
        Some(
            div("note note-attention stack-tight")
                .child(p(el("strong", "").child((t.device.erasing)(&t.day(day)))))
                .child(p(body))
                .child(take_back.map(actions))
                .child(
                    el("p", "field-error")
                        .attr("role", "status")
                        .child(dynamic(wrong)),
                ),
        )
    })
}

async fn take_back(app: App) -> Result<(), ApiFailure> {
    let (Some(here), Some(person), Some(own)) = (app.here(), app.person(), app.own().await) else {
        return Err(ApiFailure::Offline);
    };
    device::take_back(&own).await?;
    here.sync.ask_bundle(person).await;
    app.read_again().await;
    session::proceed(app).await;
    Ok(())
}

/// Before an erasure is asked for: that it waits, on a device that is not known.
pub fn erase_waits(app: App, t: &'static Texts) -> View {
    stack(dynamic(move || {
        is_locked(app).then(|| p(t.device.erase_waits))
    }))
    .view()
}
