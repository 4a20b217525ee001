//! What the browser says about our storage: will it keep it, how full is it, and was something here before.

use js_sys::Reflect;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageManager;

use super::Device;
use super::clock;
use super::idb::Durability;
use super::schema::SETTINGS;
use super::vault::Write;

/// In localStorage, outside the database: the only trace of a database that has vanished. Says nothing about anybody.
const MARKER: &str = "bedring.kept";
const PERSISTENCE: &str = "persistence";

/// What the browser answered when asked to keep our storage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PersistenceAnswer {
    granted: bool,
    asked_at: chrono::DateTime<chrono::FixedOffset>,
}

/// Asks the browser to keep our storage even when the phone gets full, and records the answer. `None`: this browser cannot be asked.
pub async fn ask_for_persistence() -> Option<bool> {
    let promise = manager()?.persist().ok()?;
    let granted = JsFuture::from(promise).await.ok()?.as_bool()?;
    if let Some(device) = Device::opened() {
        let answer = PersistenceAnswer {
            granted,
            asked_at: clock::now(),
        };
        if let Ok(write) = Write::json(SETTINGS, PERSISTENCE, &answer) {
            // The answer is for support: that it could not be written changes nothing for the person.
            let _ = device
                .inner
                .vault
                .commit(vec![write], Durability::Relaxed)
                .await;
        }
    }
    Some(granted)
}

/// Whether the browser has said that it keeps our storage.
pub async fn is_persistent() -> bool {
    let Some(promise) = manager().and_then(|m| m.persisted().ok()) else {
        return false;
    };
    JsFuture::from(promise)
        .await
        .is_ok_and(|kept| kept.is_truthy())
}

/// Bytes used and bytes available, as the browser estimates them.
pub async fn storage_estimate() -> Option<(f64, f64)> {
    let estimate = JsFuture::from(manager()?.estimate().ok()?).await.ok()?;
    let number = |key: &str| Reflect::get(&estimate, &key.into()).ok()?.as_f64();
    Some((number("usage")?, number("quota")?))
}

impl Device {
    /// What the browser answered when it was last asked to keep our storage.
    pub async fn persistence_answer(&self) -> Option<bool> {
        let answer: Option<PersistenceAnswer> =
            self.inner.vault.get(SETTINGS, PERSISTENCE).await.ok()?;
        answer.map(|a| a.granted)
    }
}

fn manager() -> Option<StorageManager> {
    let navigator = web_sys::window()?.navigator();
    Reflect::get(&navigator, &"storage".into())
        .ok()
        .filter(JsValue::is_object)
        .map(JsCast::unchecked_into)
}

/// Notes, or no longer notes, that this browser holds something of somebody's.
pub(super) fn set_marker(kept: bool) {
    let Some(storage) = web_sys::window().and_then(|w| w.local_storage().ok().flatten()) else {
        return;
    };
    let _ = if kept {
        storage.set_item(MARKER, "1")
    } else {
        storage.remove_item(MARKER)
    };
}

/// Whether this browser held something of somebody's.
pub(super) fn marker() -> bool {
    let storage = web_sys::window().and_then(|w| w.local_storage().ok().flatten());
    storage
        .and_then(|s| s.get_item(MARKER).ok().flatten())
        .is_some()
}
