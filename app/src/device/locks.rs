//! Two tabs do not fight: Web Locks say who sends and who has a questionnaire open.
//!
//! Browsers without Web Locks go on as if they were alone; the server sorts out what is sent twice, and the last tap wins.

use std::cell::Cell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::clock::sleep;
use super::turns::deferred;

const QUESTIONNAIRE: &str = "bedring-draft-";

thread_local! {
    /// Questionnaires open in this tab.
    static OPEN: Cell<usize> = const { Cell::new(0) };
}

/// A lock that is held; given back when dropped.
pub(crate) struct Lock {
    release: Option<Function>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// What came of asking for a lock.
pub(crate) enum Hold {
    /// It is ours until dropped.
    Held(#[allow(dead_code)] Lock),
    /// Another tab has it.
    Taken,
    /// This browser has no locks.
    Missing,
}

/// Takes a lock if nobody has it.
pub(crate) async fn hold(name: &str) -> Hold {
    let Some(manager) = manager() else {
        return Hold::Missing;
    };
    let (until, release) = deferred();
    let (granted, answer) = deferred();
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let held = !lock.is_null();
        if let Some(answer) = answer {
            let _ = answer.call1(&JsValue::UNDEFINED, &held.into());
        }
        // The browser keeps the lock until this promise is settled.
        if held {
            until.into()
        } else {
            JsValue::UNDEFINED
        }
    });
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
    let arguments = Array::of3(&name.into(), &options, &callback);
    let Some(request) = manager.call("request", &arguments) else {
        return Hold::Missing;
    };
    match JsFuture::from(Promise::race(&Array::of2(&granted, &request))).await {
        Ok(answer) if answer.is_truthy() => Hold::Held(Lock { release }),
        Ok(_) => Hold::Taken,
        Err(_) => Hold::Missing,
    }
}

/// Whether this tab may show a questionnaire.
pub enum Claim {
    /// Yes, for as long as the guard lives.
    Held(QuestionnaireGuard),
    /// The same occasion is open in another tab.
    ElsewhereOpen,
}

/// Keep it as long as the questionnaire is on the screen: no other tab opens it, and no new version of the app takes over.
pub struct QuestionnaireGuard {
    lock: Option<Lock>,
}

impl Drop for QuestionnaireGuard {
    fn drop(&mut self) {
        self.lock.take();
        OPEN.set(OPEN.get().saturating_sub(1));
        super::update::questionnaire_closed();
    }
}

/// Claims an occasion's questionnaires for this tab.
pub async fn claim_questionnaire(occasion: Uuid) -> Claim {
    let name = format!("{QUESTIONNAIRE}{occasion}");
    let mut held = hold(&name).await;
    if matches!(held, Hold::Taken) {
        // A tab that is just being closed or reloaded lets go a moment later.
        sleep(300).await;
        held = hold(&name).await;
    }
    let lock = match held {
        Hold::Taken => return Claim::ElsewhereOpen,
        Hold::Held(lock) => Some(lock),
        Hold::Missing => None,
    };
    OPEN.set(OPEN.get() + 1);
    Claim::Held(QuestionnaireGuard { lock })
}

/// Is a questionnaire open in this tab.
pub(super) fn open_here() -> bool {
    OPEN.get() > 0
}

/// Is a questionnaire open in any tab, as far as the browser can tell.
pub(super) async fn open_anywhere() -> bool {
    if open_here() {
        return true;
    }
    let Some(manager) = manager() else {
        return false;
    };
    let Some(query) = manager.call("query", &Array::new()) else {
        return false;
    };
    let Ok(snapshot) = JsFuture::from(query).await else {
        return false;
    };
    let held = Reflect::get(&snapshot, &"held".into()).unwrap_or_default();
    Array::from(&held).iter().any(|lock| {
        Reflect::get(&lock, &"name".into())
            .ok()
            .and_then(|n| n.as_string())
            .is_some_and(|name| name.starts_with(QUESTIONNAIRE))
    })
}

/// The browser's Web Locks; called by name, as web-sys counts them among its unstable parts.
struct Manager(JsValue);

impl Manager {
    fn call(&self, method: &str, arguments: &Array) -> Option<Promise> {
        let method: Function = Reflect::get(&self.0, &method.into())
            .ok()?
            .dyn_into()
            .ok()?;
        method.apply(&self.0, arguments).ok()?.dyn_into().ok()
    }
}

fn manager() -> Option<Manager> {
    let navigator = web_sys::window()?.navigator();
    // Absent in older browsers and on pages without a secure connection.
    Reflect::get(&navigator, &"locks".into())
        .ok()
        .filter(JsValue::is_object)
        .map(Manager)
}
