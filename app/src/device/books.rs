//! Opening the storage, and what it knows of people: who may be spoken for, and what the server said about them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bedring_contract::meta::SealKey;
use bedring_contract::person::PersonBundle;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::idb::Durability;
use super::journal::own_copies_in;
use super::schema::{ACCESS, BUNDLES, COPIES, SETTINGS};
use super::storage::{marker, set_marker};
use super::turns::Turns;
use super::vault::{Plain, Vault, Write, parse};
use super::{Access, Change, Device, DeviceError, Inner, Last, Opened, StoredAccess, clock, tabs};
use crate::api::person::Told;

/// Who is current.
pub(super) const CURRENT: &str = "current";
/// The counterpart of the marker in localStorage: where that stands and this does not, a database has vanished.
pub(super) const KEPT: &str = "kept";
/// Names this browser to the server; made once, says nothing about anybody.
const DEVICE_ID: &str = "device_id";
/// By how much the server's clock was ahead of the phone's when the server last told something, in milliseconds.
const SERVER_AHEAD: &str = "server_ahead";

thread_local! {
    static DEVICE: RefCell<Option<Device>> = const { RefCell::new(None) };
}

impl Device {
    /// Opens the phone's storage, and reads in the same breath what the first screen needs. Opening again gives the same handle.
    /// `way`: the secret in the address. Whoever it leads to is looked up here, so that every link that this phone knows works without
    /// a network; without one it is the person whose link was opened last.
    pub async fn open(way: Option<&str>) -> Result<Opened, DeviceError> {
        // Before anything is read: what another tab forgets from here on is heard.
        tabs::listen();
        let (vault, plain) = Vault::open(&[SETTINGS, ACCESS, BUNDLES, COPIES]).await?;
        let kept = plain
            .iter()
            .any(|(s, k, _)| (*s, k.as_str()) == (SETTINGS, KEPT));
        let last = last_person(&plain, way);
        // A damaged value is as good as none: the next answer of the server writes a new one.
        let server_ahead = found::<i64>(&plain, SETTINGS, SERVER_AHEAD).unwrap_or_default();
        let device = match Self::opened() {
            Some(device) => device,
            None => {
                let inner = Inner {
                    vault,
                    turns: Turns::default(),
                    finished: RefCell::default(),
                    forgotten: RefCell::default(),
                    last_ms: Cell::new(0),
                    server_ahead: Cell::new(server_ahead),
                    listeners: RefCell::default(),
                };
                let device = Self {
                    inner: Rc::new(inner),
                };
                DEVICE.replace(Some(device.clone()));
                device
            }
        };
        let vanished = !kept && marker();
        if kept {
            // Browsers write localStorage lazily: a browser killed too soon may have lost the marker.
            set_marker(true);
        }
        Ok(Opened {
            device,
            vanished,
            kept,
            last,
        })
    }

    /// Empties the storage of a phone whose key is lost, after the person has been told, and opens it anew.
    pub async fn start_anew() -> Result<Opened, DeviceError> {
        Vault::empty().await?;
        DEVICE.replace(None);
        set_marker(false);
        Self::open(None).await
    }

    /// The handle, if the storage is open in this tab.
    pub(crate) fn opened() -> Option<Self> {
        DEVICE.with_borrow(Clone::clone)
    }

    /// The person whose link was opened last.
    pub async fn current(&self) -> Result<Option<Access>, DeviceError> {
        let Some(person) = self.inner.vault.get::<Uuid>(SETTINGS, CURRENT).await? else {
            return Ok(None);
        };
        let access = self.stored_access(person).await?.filter(|a| !a.forgotten);
        Ok(access.map(|a| Access {
            person: a.person,
            secret: a.secret,
        }))
    }

    /// Makes a person current whose way in this phone knows already.
    pub async fn return_to(&self, person: Uuid) -> Result<(), DeviceError> {
        let _turn = self.inner.turns.take().await;
        if self.inner.vault.get::<Uuid>(SETTINGS, CURRENT).await? == Some(person) {
            return Ok(());
        }
        let write = Write::json(SETTINGS, CURRENT, &person)?;
        self.inner
            .vault
            .commit(vec![write], Durability::Relaxed)
            .await
    }

    /// Notes that a short code led to a person: typed again, also without a network, it leads there again.
    pub async fn also_known_by(&self, person: Uuid, code: &str) -> Result<(), DeviceError> {
        let _turn = self.inner.turns.take().await;
        let Some(mut access) = self.stored_access(person).await? else {
            return Ok(());
        };
        access.note_way(code.to_owned());
        let write = Write::json(ACCESS, person, &access)?;
        self.inner
            .vault
            .commit(vec![write], Durability::Relaxed)
            .await
    }

    /// The secret behind a short code that was typed here before.
    pub async fn known_code(&self, code: &str) -> Result<Option<String>, DeviceError> {
        let all: Vec<(String, StoredAccess)> = self.inner.vault.all(ACCESS).await?;
        let known = all.into_iter().find(|(_, a)| a.is_opened_by(code));
        Ok(known.map(|(_, a)| a.secret))
    }

    /// Keeps what a link gave: the key to seal with, and the bundle as the server sent it. The person becomes current. The new secret is
    /// used from now on; the ones before still lead here.
    pub async fn remember(
        &self,
        access: &Access,
        seal_key: SealKey,
        bundle: String,
    ) -> Result<(), DeviceError> {
        {
            let _turn = self.inner.turns.take().await;
            self.inner
                .forgotten
                .borrow_mut()
                .retain(|p| *p != access.person);
            tabs::opened_again(access.person);
            let before = self.stored_access(access.person).await.ok().flatten();
            let mut stored = StoredAccess {
                person: access.person,
                secret: access.secret.clone(),
                seal_key,
                forgotten: false,
                ways: Vec::new(),
                device: None,
            };
            // Whoever was forgotten here begins anew, with this link alone.
            if let Some(before) = before.filter(|b| !b.forgotten) {
                stored.ways = before.ways;
                stored.device = before.device;
                stored.note_way(before.secret);
            }
            let mut writes = vec![
                Write::json(ACCESS, access.person, &stored)?,
                Write::Put(BUNDLES, access.person.to_string(), bundle.into_bytes()),
                Write::json(SETTINGS, CURRENT, &access.person)?,
                Write::json(SETTINGS, KEPT, &true)?,
            ];
            writes.extend(self.time_writes()?);
            // Not flushed: the first tap waits for it, the link can be opened again, and what is finished is flushed with all before it.
            self.inner.vault.commit(writes, Durability::Relaxed).await?;
        }
        set_marker(true);
        self.tell(Change::Opened);
        Ok(())
    }

    /// Notes what time it is at the server, which told it just now.
    pub fn heard_time(&self, server: DateTime<Utc>) {
        let ahead = server.timestamp_millis().saturating_sub(clock::now_ms());
        self.inner.server_ahead.set(Some(ahead));
    }

    /// The day, by the server's clock where it is known and by the phone's own otherwise. A phone whose clock runs 200 days ahead must
    /// not ask for the end of a course on the day on which it began.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        let ahead = self.inner.server_ahead.get().unwrap_or(0);
        let now = clock::now();
        TimeDelta::try_milliseconds(ahead)
            .and_then(|ahead| now.checked_add_signed(ahead))
            .unwrap_or(now)
            .date_naive()
    }

    fn time_writes(&self) -> Result<Option<Write>, DeviceError> {
        let ahead = self.inner.server_ahead.get();
        ahead
            .map(|ahead| Write::json(SETTINGS, SERVER_AHEAD, &ahead))
            .transpose()
    }

    /// What the server last said about a person.
    pub async fn bundle(&self, person: Uuid) -> Result<Option<PersonBundle>, DeviceError> {
        self.inner.vault.get(BUNDLES, &person.to_string()).await
    }

    /// Replaces what the server said about a person, unless they were forgotten meanwhile.
    pub(crate) async fn store_bundle(&self, told: Told) -> Result<(), DeviceError> {
        let person = told.bundle.person;
        self.heard_time(told.bundle.time);
        {
            let _turn = self.inner.turns.take().await;
            let Some(mut access) = self.stored_access(person).await?.filter(|a| !a.forgotten)
            else {
                return Ok(());
            };
            if self.has_forgotten(person) {
                return Ok(());
            }
            access.seal_key = told.bundle.seal_key;
            let mut writes = vec![
                Write::Put(BUNDLES, person.to_string(), told.text.into_bytes()),
                Write::json(ACCESS, person, &access)?,
            ];
            writes.extend(self.time_writes()?);
            self.inner.vault.commit(writes, Durability::Relaxed).await?;
        }
        self.tell(Change::Other);
        Ok(())
    }

    pub(crate) async fn stored_access(
        &self,
        person: Uuid,
    ) -> Result<Option<StoredAccess>, DeviceError> {
        self.inner.vault.get(ACCESS, &person.to_string()).await
    }

    /// Names this browser to the server.
    pub(crate) async fn device_id(&self) -> Result<Uuid, DeviceError> {
        if let Some(id) = self.inner.vault.get(SETTINGS, DEVICE_ID).await? {
            return Ok(id);
        }
        let id = uuid::Builder::from_random_bytes(clock::random()?).into_uuid();
        self.inner
            .vault
            .commit(
                vec![Write::json(SETTINGS, DEVICE_ID, &id)?],
                Durability::Relaxed,
            )
            .await?;
        Ok(id)
    }

    /// Calls back on every change except the saving of drafts, for as long as the page lives.
    pub(crate) fn on_change(&self, listener: impl Fn(Change) + 'static) {
        self.inner.listeners.borrow_mut().push(Rc::new(listener));
    }

    /// Tells this tab and the others that something changed.
    pub(super) fn tell(&self, change: Change) {
        self.tell_here(change);
        tabs::tell(None);
    }

    pub(super) fn tell_here(&self, change: Change) {
        let listeners = self.inner.listeners.borrow().clone();
        for listener in listeners {
            listener(change);
        }
    }
}

/// The person to whom a way in leads, or without one the person whose link was opened last, out of what was read at the start.
fn last_person(plain: &[Plain], way: Option<&str>) -> Result<Option<Last>, DeviceError> {
    let known = match way {
        Some(way) => person_behind(plain, way),
        None => found::<Uuid>(plain, SETTINGS, CURRENT)?,
    };
    let Some(current) = known else {
        return Ok(None);
    };
    let key = current.to_string();
    let Some(access) = found::<StoredAccess>(plain, ACCESS, &key)?.filter(|a| !a.forgotten) else {
        return Ok(None);
    };
    Ok(Some(Last {
        access: Access {
            person: current,
            secret: access.secret,
        },
        // A damaged bundle is fetched again.
        bundle: found(plain, BUNDLES, &key).unwrap_or_default(),
        copies: own_copies_in(plain, current),
    }))
}

fn person_behind(plain: &[Plain], way: &str) -> Option<Uuid> {
    let readable = plain
        .iter()
        .filter(|(store, ..)| *store == ACCESS)
        .filter_map(|(.., value)| value.as_ref().ok());
    readable
        .filter_map(|value| parse::<StoredAccess>(value).ok())
        .find(|access| access.is_opened_by(way))
        .map(|access| access.person)
}

fn found<T: DeserializeOwned>(
    plain: &[Plain],
    store: &str,
    key: &str,
) -> Result<Option<T>, DeviceError> {
    match plain.iter().find(|(s, k, _)| *s == store && k == key) {
        Some((.., Ok(value))) => parse(value).map(Some),
        Some((.., Err(error))) => Err(*error),
        None => Ok(None),
    }
}
