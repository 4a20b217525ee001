//! New versions of the app: noticed early, activated only when nobody is in the middle of something.

use std::cell::{Cell, RefCell};

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState,
    VisibilityState,
};

use super::{Device, clock, locks};

/// How often a page that stays open asks for a new version.
const CHECK_EVERY_MS: i32 = 3 * 60 * 60 * 1000;

thread_local! {
    static UPDATES: RefCell<Option<Updates>> = const { RefCell::new(None) };
    /// The screen has nothing half done that a reload would lose.
    static AT_REST: Cell<bool> = const { Cell::new(false) };
    /// A new version has taken over; the page is reloaded as soon as no questionnaire is open.
    static RELOAD_DUE: Cell<bool> = const { Cell::new(false) };
    static RELOADING: Cell<bool> = const { Cell::new(false) };
    /// This page asked for the change of version.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

#[derive(Clone)]
struct Updates {
    registration: ServiceWorkerRegistration,
    waiting: ArcRwSignal<bool>,
}

/// Registers the service worker and watches for new versions. Answers a signal that says whether one waits. Call once, at the start.
pub fn start() -> ReadSignal<bool> {
    let waiting = ArcRwSignal::new(false);
    let signal = ReadSignal::from(waiting.read_only());
    if let Some(container) = container() {
        spawn_local(async move {
            // No service worker (switched off, private window) means no app without a network, and no updates to mind.
            let _ = watch(container, waiting).await;
        });
    }
    signal
}

/// How long the first registering waits for the first tap, in milliseconds.
const FIRST_TAP_MS: i32 = 600;

/// Lets the waiting version take over and reloads the page, if no questionnaire is open in any tab.
pub fn activate_update() {
    spawn_local(async {
        let Some(updates) = UPDATES.with_borrow(Clone::clone) else {
            return;
        };
        if !locks::open_anywhere().await {
            take_over(&updates.registration);
        }
    });
}

/// Says whether the screen has nothing half done that a reload would lose. A waiting version then takes over when the app is put away.
pub fn set_at_rest(at_rest: bool) {
    AT_REST.set(at_rest);
}

/// A questionnaire was closed: a reload that waited for it can happen now.
pub(super) fn questionnaire_closed() {
    if RELOAD_DUE.get() && !locks::open_here() {
        reload();
    }
}

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let present =
        js_sys::Reflect::get(&navigator, &"serviceWorker".into()).is_ok_and(|c| c.is_object());
    present.then(|| navigator.service_worker())
}

async fn watch(
    container: ServiceWorkerContainer,
    waiting: ArcRwSignal<bool>,
) -> Result<(), JsValue> {
    // The very first worker also takes control of the page; that is no update.
    let controlled = Cell::new(container.controller().is_some());
    let taken_over = Closure::<dyn FnMut()>::new(move || {
        if controlled.replace(true) || ASKED.get() {
            RELOAD_DUE.set(true);
            questionnaire_closed();
        }
    });
    container.set_oncontrollerchange(Some(taken_over.as_ref().unchecked_ref()));
    taken_over.forget();

    if container.controller().is_none() {
        // The very first visit: fetching all for later makes a slow phone stumble just when the first tap comes.
        clock::sleep(FIRST_TAP_MS).await;
    }
    let registration: ServiceWorkerRegistration = JsFuture::from(container.register("/sw.js"))
        .await?
        .unchecked_into();
    let updates = Updates {
        registration,
        waiting,
    };
    UPDATES.replace(Some(updates.clone()));
    if updates.look() && nothing_under_way().await {
        // Right at the start nobody has typed anything yet.
        take_over(&updates.registration);
        return Ok(());
    }
    updates.follow();
    updates.check_regularly();
    updates.check();
    Ok(())
}

async fn nothing_under_way() -> bool {
    if locks::open_anywhere().await {
        return false;
    }
    match Device::opened() {
        Some(device) => !device.has_open_draft().await.unwrap_or(true),
        None => true,
    }
}

impl Updates {
    /// Is there a version that waits; the signal says the same from now on.
    fn look(&self) -> bool {
        // Without an active version the waiting one is the first, and becomes active by itself.
        let waits = self.registration.active().is_some() && self.registration.waiting().is_some();
        if self.waiting.get_untracked() != waits {
            self.waiting.set(waits);
        }
        waits
    }

    /// Notices a version that is being installed, and when it is ready.
    fn follow(&self) {
        let updates = self.clone();
        let found = Closure::<dyn FnMut()>::new(move || updates.follow_installing());
        self.registration
            .set_onupdatefound(Some(found.as_ref().unchecked_ref()));
        found.forget();
        // One may have been found while the page was starting.
        self.follow_installing();
    }

    fn follow_installing(&self) {
        let Some(worker) = self.registration.installing() else {
            return;
        };
        let (updates, of) = (self.clone(), worker.clone());
        let changed = Closure::<dyn FnMut()>::new(move || {
            if of.state() == ServiceWorkerState::Installed {
                updates.look();
            }
        });
        worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
        changed.forget();
    }

    /// Asks the server for a new version.
    fn check(&self) {
        if let Ok(promise) = self.registration.update() {
            // Without a network this fails, and that is nobody's problem.
            spawn_local(async move { drop(JsFuture::from(promise).await) });
        }
    }

    /// Asks when the person comes back to the app and every few hours, and lets a waiting version take over when the app is put away.
    fn check_regularly(&self) {
        let Some(window) = web_sys::window() else {
            return;
        };
        let updates = self.clone();
        let timer = Closure::<dyn FnMut()>::new(move || updates.check());
        let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(
            timer.as_ref().unchecked_ref(),
            CHECK_EVERY_MS,
        );
        timer.forget();
        let Some(document) = window.document() else {
            return;
        };
        let (updates, page) = (self.clone(), document.clone());
        let visibility = Closure::<dyn FnMut()>::new(move || {
            if page.visibility_state() == VisibilityState::Visible {
                updates.check();
            } else if AT_REST.get() && updates.look() {
                let updates = updates.clone();
                spawn_local(async move {
                    if nothing_under_way().await {
                        take_over(&updates.registration);
                    }
                });
            }
        });
        let _ = document.add_event_listener_with_callback(
            "visibilitychange",
            visibility.as_ref().unchecked_ref(),
        );
        visibility.forget();
    }
}

fn take_over(registration: &ServiceWorkerRegistration) {
    let Some(waiting): Option<ServiceWorker> = registration.waiting() else {
        return;
    };
    let message = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&message, &"type".into(), &"activate".into());
    ASKED.set(true);
    let _ = waiting.post_message(&message);
}

fn reload() {
    if !RELOADING.replace(true)
        && let Some(window) = web_sys::window()
    {
        let _ = window.location().reload();
    }
}
