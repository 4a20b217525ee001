//! What tabs tell each other: that something changed, and who was forgotten.

use std::cell::RefCell;

use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, MessageEvent};

use super::{Change, Device};

thread_local! {
    static CHANNEL: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
    /// People whom another tab forgot since this one opened.
    static FORGOTTEN: RefCell<Vec<Uuid>> = const { RefCell::new(Vec::new()) };
}

/// Whether another tab forgot a person since this one opened.
pub(super) fn forgot(person: Uuid) -> bool {
    FORGOTTEN.with_borrow(|forgotten| forgotten.contains(&person))
}

/// The person's link was opened here once more.
pub(super) fn opened_again(person: Uuid) {
    FORGOTTEN.with_borrow_mut(|forgotten| forgotten.retain(|p| *p != person));
}

/// Other tabs read again, or let go of a person.
pub(super) fn tell(forgotten: Option<Uuid>) {
    CHANNEL.with_borrow(|channel| {
        if let Some(channel) = channel {
            let message = forgotten.map(|p| p.to_string()).unwrap_or_default();
            let _ = channel.post_message(&message.into());
        }
    });
}

/// Listens to other tabs for as long as the page lives.
pub(super) fn listen() {
    let Some(window) = web_sys::window() else {
        return;
    };
    // Older browsers lack it; tabs then notice each other's changes at their next reading.
    if CHANNEL.with_borrow(Option::is_some)
        || !js_sys::Reflect::has(&window, &"BroadcastChannel".into()).unwrap_or(false)
    {
        return;
    }
    let Ok(channel) = BroadcastChannel::new("bedring") else {
        return;
    };
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        let data = event.data().as_string();
        let forgotten: Option<Uuid> = data.and_then(|d| d.parse().ok());
        FORGOTTEN.with_borrow_mut(|all| all.extend(forgotten));
        let Some(device) = Device::opened() else {
            return;
        };
        if let Some(person) = forgotten {
            let device = device.clone();
            // What this tab was just writing may have come after what the other one erased.
            spawn_local(async move {
                let _ = device.erase_leftovers(person).await;
            });
        }
        device.tell_here(Change::Elsewhere);
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    CHANNEL.replace(Some(channel));
}
