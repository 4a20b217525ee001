//! One write at a time, in the order in which they were asked for.
//!
//! Encrypting is asynchronous, so two saves of one draft could overtake each other and leave the older answer standing. Each write
//! therefore waits for the one before it.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// The queue.
#[derive(Default)]
pub(super) struct Turns {
    last: RefCell<Option<Promise>>,
}

/// The right to write; given back when dropped.
pub(super) struct Turn {
    done: Option<Function>,
}

impl Turns {
    /// Waits until everybody who came earlier is done. The place in the queue is taken when this is called *and first polled*.
    pub(super) async fn take(&self) -> Turn {
        let (mine, done) = deferred();
        let before = self.last.replace(Some(mine));
        let turn = Turn { done };
        if let Some(before) = before {
            let _ = JsFuture::from(before).await;
        }
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            let _ = done.call0(&JsValue::UNDEFINED);
        }
    }
}

/// A promise and the function that resolves it.
pub(super) fn deferred() -> (Promise, Option<Function>) {
    let mut done = None;
    let promise = Promise::new(&mut |resolve, _| done = Some(resolve));
    (promise, done)
}
