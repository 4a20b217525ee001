//! Sending what waits on this phone, and saying truthfully how far that has come.
//!
//! One delivery at a time in all tabs together, oldest first, for each person with that person's secret. An entry leaves the phone only
//! after an answer that names its id and hash; everything else is tried again, more and more rarely.

mod answer;
mod deliver;
mod lane;
mod lost;
pub(crate) mod own;

use std::cell::RefCell;
use std::rc::Rc;

use chrono::{DateTime, FixedOffset};
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::device::{Change, Device, clock};
use deliver::Sender;

/// How the sending stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SyncState {
    /// Nothing under way.
    #[default]
    Idle,
    /// A delivery is under way.
    Sending,
    /// No answer from the network.
    Offline,
    /// Somebody answers, but not our server: a log-in page of a network, for example.
    NotOurServer,
    /// Our server cannot take anything just now.
    Busy,
    /// A single entry is more than the server, or something before it, takes.
    TooLarge,
    /// The server does not know this link any more; nothing is deleted, and opening a new link sends again.
    LinkNotValid,
    /// The person has erased everything; this phone has done so too.
    Erased,
}

/// What views show about sending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncStatus {
    /// How many entries wait.
    pub waiting: usize,
    /// When the oldest of them was written.
    pub oldest: Option<DateTime<FixedOffset>>,
    /// How it stands.
    pub state: SyncState,
    /// Rises with every change on the phone, so that views know when to read again.
    pub version: u64,
}

/// How long sending waits at the start, in milliseconds.
const FIRST_SCREEN_MS: i32 = 400;

/// The way for views to the sending.
#[derive(Clone, Copy)]
pub struct SyncHandle {
    status: ReadSignal<SyncStatus>,
}

thread_local! {
    static SENDER: RefCell<Option<Rc<Sender>>> = const { RefCell::new(None) };
}

/// Starts sending. Call once storage is open; a second call gives the same handle.
pub fn start(device: Device) -> SyncHandle {
    if let Some(sender) = SENDER.with_borrow(Clone::clone) {
        return SyncHandle {
            status: sender.signal,
        };
    }
    let sender = Rc::new(Sender::new(device));
    SENDER.replace(Some(Rc::clone(&sender)));
    listen(&sender);
    let handle = SyncHandle {
        status: sender.signal,
    };
    spawn_local(async move {
        // A slow phone first shows what the person came for.
        clock::sleep(FIRST_SCREEN_MS).await;
        sender.begin().await;
    });
    handle
}

impl SyncHandle {
    /// How it stands; changes by itself.
    #[must_use]
    pub fn status(&self) -> ReadSignal<SyncStatus> {
        self.status
    }

    /// Sends what waits now, unless the server asked to wait.
    pub fn send_now(&self) {
        with_sender(|sender| sender.wake(true));
    }

    /// Fetches what the server says about a person and keeps it, if there is a network.
    pub fn refresh_bundle(&self, person: Uuid) {
        with_sender(|sender| {
            spawn_local(async move {
                clock::sleep(FIRST_SCREEN_MS).await;
                sender.refresh(person).await;
            })
        });
    }

    /// Fetches what the server says about a person and keeps it; ends when that is done or cannot be.
    pub async fn ask_bundle(&self, person: Uuid) {
        if let Some(sender) = SENDER.with_borrow(Clone::clone) {
            sender.refresh(person).await;
        }
    }

    /// Sends everything once more that was received in the last fourteen days.
    pub fn resend_all(&self) {
        with_sender(|sender| {
            // Storage that fails here is told by the next reading; nothing was changed.
            spawn_local(async move {
                let _ = sender.device.resend_all().await;
            });
        });
    }
}

fn with_sender(act: impl FnOnce(Rc<Sender>)) {
    if let Some(sender) = SENDER.with_borrow(Clone::clone) {
        act(sender);
    }
}

/// Everything that may mean that sending is worth a try.
fn listen(sender: &Rc<Sender>) {
    let changed = Rc::clone(sender);
    sender.device.on_change(move |change| {
        match change {
            Change::Opened => changed.link_opened(),
            Change::Queued | Change::Vanished => changed.wake(true),
            Change::Other | Change::Elsewhere => {}
        }
        let changed = Rc::clone(&changed);
        spawn_local(async move { changed.tell().await });
    });
    let Some(window) = web_sys::window() else {
        return;
    };
    let woken = Rc::clone(sender);
    let page = window.document();
    let wake = Closure::<dyn FnMut()>::new(move || {
        if page
            .as_ref()
            .is_none_or(|p| p.visibility_state() == web_sys::VisibilityState::Visible)
        {
            woken.wake(true);
        }
    });
    let handler: &js_sys::Function = wake.as_ref().unchecked_ref();
    let _ = window.add_event_listener_with_callback("online", handler);
    let _ = window.add_event_listener_with_callback("pageshow", handler);
    if let Some(document) = window.document() {
        let _ = document.add_event_listener_with_callback("visibilitychange", handler);
    }
    wake.forget();
}
