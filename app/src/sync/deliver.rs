//! The delivery loop: when to send, what the server says apart from deliveries, and what views are told. One round of it: `serve`.

mod serve;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bedring_contract::problem::Code;
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::lane::{Lane, SHORTEST_GAP_MS};
use super::lost::lost;
use super::{SyncState, SyncStatus};
use crate::api::{ApiFailure, person};
use crate::device::{Device, DeviceError, Hold, clock, hold};

/// The name under which all tabs agree on who sends.
const LOCK: &str = "bedring-sync";
/// When to look again if another tab is sending, in seconds.
const OTHER_TAB_SECONDS: f64 = 5.0;
/// The first look for news waits until the first screen stands, in milliseconds.
const SETTLE_IN_MS: i32 = 1500;

/// Sends for this tab.
pub(super) struct Sender {
    pub(super) device: Device,
    pub(super) signal: ReadSignal<SyncStatus>,
    status: ArcRwSignal<SyncStatus>,
    lanes: RefCell<Vec<Lane>>,
    /// What the server said of the current person apart from any delivery.
    standing: Cell<Option<SyncState>>,
    /// What the server has lost was looked for: once at each start.
    compared: Cell<bool>,
    running: Cell<bool>,
    again: Cell<bool>,
    timer: Cell<Option<i32>>,
}

impl Sender {
    pub(super) fn new(device: Device) -> Self {
        let status = ArcRwSignal::new(SyncStatus::default());
        // An owner of its own that is never disposed: sending outlives every screen.
        let owner = Owner::new_root(None);
        let signal = owner.with(|| ReadSignal::from(status.read_only()));
        std::mem::forget(owner);
        Self {
            device,
            signal,
            status,
            lanes: RefCell::default(),
            standing: Cell::new(None),
            compared: Cell::new(false),
            running: Cell::new(false),
            again: Cell::new(false),
            timer: Cell::new(None),
        }
    }

    /// The first round. News about the person is asked for by whoever opens the page.
    pub(super) async fn begin(self: Rc<Self>) {
        self.tell().await;
        self.wake(true);
        clock::sleep(SETTLE_IN_MS).await;
        let _ = self.device.purge_sent().await;
    }

    /// A new link may do what an old one could not.
    pub(super) fn link_opened(self: &Rc<Self>) {
        self.standing.set(None);
        self.wake(true);
    }

    /// Sends soon: at once if a person or the network gave reason (`urgent`), otherwise what is due.
    pub(super) fn wake(self: &Rc<Self>, urgent: bool) {
        if self.running.get() {
            self.again.set(self.again.get() || urgent);
            return;
        }
        self.running.set(true);
        let sender = Rc::clone(self);
        spawn_local(async move {
            let mut urgent = urgent;
            loop {
                sender.again.set(false);
                let received = sender.turn(urgent).await;
                if received && let Ok(Some(access)) = sender.device.current().await {
                    sender.refresh(access.person).await;
                }
                if !sender.again.get() {
                    break;
                }
                urgent = true;
            }
            sender.running.set(false);
            sender.tell().await;
        });
    }

    /// One turn under the lock. Answers whether anything was received.
    async fn turn(self: &Rc<Self>, urgent: bool) -> bool {
        let lock = hold(LOCK).await;
        if matches!(lock, Hold::Taken) {
            self.look_again_in(OTHER_TAB_SECONDS * 1000.0);
            return false;
        }
        let received = self.round(urgent).await;
        drop(lock);
        self.plan();
        // Storage that cannot be read just now is told by the views that read it.
        received.unwrap_or(false)
    }

    async fn erased(&self, person: Uuid) -> Result<(), DeviceError> {
        self.standing.set(Some(SyncState::Erased));
        self.device.forget(person).await
    }

    /// Fetches what the server says about a person, and keeps it.
    pub(super) async fn refresh(&self, person: Uuid) {
        let Ok(Some(access)) = self.device.stored_access(person).await else {
            return;
        };
        if access.forgotten {
            return;
        }
        // Before the server is asked: what it takes in meanwhile it need not tell.
        let copies = if self.compared.get() {
            Vec::new()
        } else {
            self.device.own_copies(person).await.unwrap_or_default()
        };
        match person::occasion(&access.own()).await {
            Ok(told) if told.bundle.person == person => {
                self.standing.set(None);
                let again = !self.compared.replace(true)
                    && lost(
                        &told.bundle,
                        &copies,
                        &self.device.resendable().await.unwrap_or_default(),
                    );
                let _ = self.device.store_bundle(told).await;
                if again {
                    let _ = self.device.resend_all().await;
                }
            }
            Err(ApiFailure::Problem(problem)) if problem.code == Code::PersonErased => {
                let _ = self.erased(person).await;
            }
            Err(ApiFailure::Problem(problem)) if problem.status == 401 => {
                self.standing.set(Some(SyncState::LinkNotValid));
                self.tell().await;
            }
            // No news: what is on the phone stays good.
            Ok(_) | Err(_) => {}
        }
    }

    /// Reads anew what waits, and tells the views.
    pub(super) async fn tell(&self) {
        let Ok(waiting) = self.device.waiting().await else {
            return;
        };
        let state = self.state(&waiting.iter().map(|w| w.person).collect::<Vec<_>>());
        self.status.update(|status| {
            status.waiting = waiting.len();
            status.oldest = waiting.iter().map(|w| w.recorded_at).min();
            if status.state != SyncState::Sending || !self.running.get() {
                status.state = state;
            }
            status.version += 1;
        });
    }

    fn state(&self, waiting: &[Uuid]) -> SyncState {
        let lanes = self.lanes.borrow();
        let stuck = lanes
            .iter()
            .find(|l| l.state != SyncState::Idle && waiting.contains(&l.person))
            .map(|l| l.state);
        stuck.or(self.standing.get()).unwrap_or_default()
    }

    fn say(&self, state: SyncState) {
        if self.status.with_untracked(|s| s.state != state) {
            self.status.update(|s| s.state = state);
        }
    }

    fn lane<T>(&self, person: Uuid, act: impl FnOnce(&mut Lane) -> T) -> Option<T> {
        self.lanes
            .borrow_mut()
            .iter_mut()
            .find(|l| l.person == person)
            .map(act)
    }

    /// Sets the timer for the next try by itself.
    fn plan(self: &Rc<Self>) {
        let next = self
            .lanes
            .borrow()
            .iter()
            .filter_map(Lane::next_try)
            .fold(f64::INFINITY, f64::min);
        if next.is_finite() {
            self.look_again_in(next - clock::ticks());
        }
    }

    fn look_again_in(self: &Rc<Self>, ms: f64) {
        let Some(window) = web_sys::window() else {
            return;
        };
        if let Some(before) = self.timer.take() {
            window.clear_timeout_with_handle(before);
        }
        let sender = Rc::clone(self);
        let ring = Closure::once_into_js(move || {
            sender.timer.set(None);
            sender.wake(false);
        });
        #[allow(clippy::cast_possible_truncation)]
        let ms = ms.clamp(SHORTEST_GAP_MS, 3_600_000.0) as i32;
        let handle =
            window.set_timeout_with_callback_and_timeout_and_arguments_0(ring.unchecked_ref(), ms);
        self.timer.set(handle.ok());
    }
}
