//! IndexedDB, as little of it as we need: opening with numbered upgrades, and transactions whose requests are all issued at once.
//!
//! A browser may close the connection under us at any time (iOS does so under memory pressure), so every transaction is tried once more
//! on a fresh connection. Requests are values or pure closures, so that trying again is harmless. Nothing asynchronous happens between
//! the first and the last request: the transaction would end by itself.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbOpenDbRequest, IdbRequest, IdbTransaction};

use super::DeviceError;
use super::keys::{Key, Sealed};
use super::opening::{close_when_it_comes, factory, opened_by_the_page, upgrade_handler};
use super::schema::{KEYS, NAME, STEPS, TURN, VAULT_KEY};
use super::seen::Seen;
use super::turns::Turns;

/// One change.
pub(super) enum Op {
    /// Writes a value, whatever stood there.
    Put(&'static str, String, JsValue),
    /// Writes a value where none stands; the whole transaction fails if one does.
    Add(&'static str, String, JsValue),
    /// Removes a value.
    Delete(&'static str, String),
    /// Removes all values of a store.
    Clear(&'static str),
}

impl Op {
    const fn store(&self) -> &'static str {
        match self {
            Self::Put(store, ..)
            | Self::Add(store, ..)
            | Self::Delete(store, _)
            | Self::Clear(store) => store,
        }
    }
}

/// How hard a write must be on the disk before it counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// Handed to the operating system: survives a killed browser.
    Relaxed,
    /// Flushed: survives an empty battery.
    Strict,
}

/// The connection, reopened when it is lost.
#[derive(Default)]
pub(super) struct Connection {
    db: Rc<RefCell<Option<IdbDatabase>>>,
    /// One opening at a time: what a vanished database needs is put back once, before anything else is written.
    opening: Turns,
    /// The key of the values, once it is known.
    key: RefCell<Option<Key>>,
    /// The database was deleted while it was open here.
    pub(super) deleted: Rc<Cell<bool>>,
    /// What is put back if that happens.
    pub(super) seen: RefCell<Seen<JsValue>>,
}

impl Connection {
    /// The key of the values from here on.
    pub(super) fn keep_key(&self, key: Key) {
        self.key.replace(Some(key));
    }

    /// The key of the values. It changes if somebody is forgotten, and if the database vanishes and another page makes a new one first.
    pub(super) fn key(&self) -> Result<Key, DeviceError> {
        self.key.borrow().clone().ok_or(DeviceError::KeyLost)
    }

    /// The key that lies in the database.
    pub(super) async fn stored_key(&self) -> Result<Key, DeviceError> {
        let stored = self.attempt(&[KEYS], None, &|tx| {
            let keys = tx.object_store(KEYS)?;
            Ok(vec![keys.get(&VAULT_KEY.into())?, keys.get(&TURN.into())?])
        });
        let stored = stored.await.map_err(|failure| meaning(&failure))?;
        let [lies, turn] = stored.as_slice() else {
            return Err(DeviceError::KeyLost);
        };
        Key::read(lies, turn.clone()).await
    }

    /// Reads single values, all in one transaction; `undefined` where there is none.
    pub(super) async fn get(
        &self,
        wanted: &[(&'static str, &str)],
    ) -> Result<Vec<JsValue>, DeviceError> {
        let stores: Vec<_> = wanted.iter().map(|(store, _)| *store).collect();
        let values = self
            .run(&stores, None, &|tx| {
                wanted
                    .iter()
                    .map(|(store, key)| tx.object_store(store)?.get(&(*key).into()))
                    .collect()
            })
            .await?;
        let mut seen = self.seen.borrow_mut();
        for ((store, key), value) in wanted.iter().zip(&values) {
            if value.is_undefined() {
                seen.remove(store, key);
            } else {
                seen.put(store, key, value.clone());
            }
        }
        Ok(values)
    }

    /// All keys of a store.
    pub(super) async fn keys(&self, store: &'static str) -> Result<Vec<String>, DeviceError> {
        let results = self
            .run(&[store], None, &|tx| {
                Ok(vec![tx.object_store(store)?.get_all_keys()?])
            })
            .await?;
        Ok(results
            .iter()
            .flat_map(|r| Array::from(r).to_vec())
            .filter_map(|k| k.as_string())
            .collect())
    }

    /// All keys and values of some stores, as they stood at one moment, in the order of the keys.
    pub(super) async fn all(&self, stores: &[&'static str]) -> Result<Vec<Sealed>, DeviceError> {
        let results = self
            .run(stores, None, &|tx| {
                let mut requests = Vec::with_capacity(stores.len() * 2);
                for store in stores {
                    let store = tx.object_store(store)?;
                    requests.push(store.get_all_keys()?);
                    requests.push(store.get_all()?);
                }
                Ok(requests)
            })
            .await?;
        let mut found = Vec::new();
        let mut seen = self.seen.borrow_mut();
        for (store, pair) in stores.iter().zip(results.chunks(2)) {
            let [keys, values] = pair else { continue };
            seen.clear(store);
            for (key, value) in Array::from(keys).iter().zip(Array::from(values).iter()) {
                if let Some(key) = key.as_string() {
                    // The key itself is remembered in its own place.
                    if *store != KEYS {
                        seen.put(store, &key, value.clone());
                    }
                    found.push((*store, key, value));
                }
            }
        }
        Ok(found)
    }

    /// Makes all changes, or none.
    pub(super) async fn write(
        &self,
        ops: &[Op],
        durability: Durability,
    ) -> Result<(), DeviceError> {
        let stores: Vec<_> = ops.iter().map(Op::store).collect();
        self.run(&stores, Some(durability), &|tx| {
            ops.iter()
                .map(|op| {
                    let store = tx.object_store(op.store())?;
                    match op {
                        Op::Put(_, key, value) => store.put_with_key(value, &key.into()),
                        Op::Add(_, key, value) => store.add_with_key(value, &key.into()),
                        Op::Delete(_, key) => store.delete(&key.into()),
                        Op::Clear(_) => store.clear(),
                    }
                })
                .collect()
        })
        .await?;
        let mut seen = self.seen.borrow_mut();
        for op in ops {
            match op {
                Op::Put(store, key, value) | Op::Add(store, key, value) => {
                    seen.put(store, key, value.clone());
                }
                Op::Delete(store, key) => seen.remove(store, key),
                Op::Clear(store) => seen.clear(store),
            }
        }
        Ok(())
    }

    /// Runs a transaction and answers its requests' results; on a lost connection once more on a fresh one. Each looks whether another tab
    /// has changed the key, and takes that one: what was read can be unlocked with it, and what was written is written again.
    async fn run(
        &self,
        stores: &[&'static str],
        write: Option<Durability>,
        issue: Issue<'_>,
    ) -> Result<Vec<JsValue>, DeviceError> {
        let mut stores = stores.to_vec();
        stores.push(KEYS);
        let with_turn: Issue<'_> = &|tx| {
            let mut requests = vec![tx.object_store(KEYS)?.get(&TURN.into())?];
            requests.extend(issue(tx)?);
            Ok(requests)
        };
        let mut tried = false;
        loop {
            let failure = match self.attempt(&stores, write, with_turn).await {
                Ok(mut results) => {
                    let turn = results.remove(0);
                    if self.key().is_ok_and(|key| key.turn != turn) {
                        self.keep_key(self.stored_key().await?);
                        // Locked with the old one: it must not be put back.
                        self.seen.borrow_mut().forget();
                    }
                    return Ok(results);
                }
                Err(failure) => failure,
            };
            let error = meaning(&failure);
            // A value that stands already (`add`) and a full phone stay so, whatever the connection.
            if tried || error != DeviceError::Unavailable || name_of(&failure) == "ConstraintError"
            {
                return Err(error);
            }
            tried = true;
            if let Some(db) = self.db.take() {
                db.close();
            }
        }
    }

    async fn attempt(
        &self,
        stores: &[&'static str],
        write: Option<Durability>,
        issue: Issue<'_>,
    ) -> Result<Vec<JsValue>, JsValue> {
        let present = self.db.borrow().clone();
        let db = match present {
            Some(db) => db,
            None => self.open().await?,
        };
        transact(&db, stores, write, issue).await
    }

    async fn open(&self) -> Result<IdbDatabase, JsValue> {
        let _turn = self.opening.take().await;
        let present = self.db.borrow().clone();
        if let Some(db) = present {
            return Ok(db);
        }
        if let Some(db) = opened_by_the_page().await {
            self.watch(&db);
            self.db.replace(Some(db.clone()));
            return Ok(db);
        }
        let request = factory()?.open_with_u32(NAME, u32::try_from(STEPS.len()).unwrap_or(1))?;
        let upgrade = upgrade_handler(&request);
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        if let Err(error) = settled(&request).await {
            if meaning(&error) == DeviceError::Blocked {
                close_when_it_comes(&request);
            }
            return Err(error);
        }
        let db: IdbDatabase = request.result()?.dyn_into()?;
        self.watch(&db);
        if let Ok(key) = self.key() {
            let revived = self.revive(&db, &key).await;
            revived.inspect_err(|_| db.close())?;
        }
        self.db.replace(Some(db.clone()));
        Ok(db)
    }

    /// Lets go of the database when another tab wants to upgrade it, and forgets it when the browser has closed it.
    fn watch(&self, db: &IdbDatabase) {
        let slot = Rc::clone(&self.db);
        let deleted = Rc::clone(&self.deleted);
        let closing = db.clone();
        let leave = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            // A change to no version at all is a deletion.
            if Reflect::get(&event, &"newVersion".into()).is_ok_and(|v| v.is_null()) {
                deleted.set(true);
            }
            closing.close();
            slot.take();
        });
        let handler: &Function = leave.as_ref().unchecked_ref();
        db.set_onversionchange(Some(handler));
        db.set_onclose(Some(handler));
        // One small closure for each connection: it must live as long as the connection, which only the browser ends.
        leave.forget();
    }
}

/// Runs one transaction and answers its requests' results.
pub(super) async fn transact(
    db: &IdbDatabase,
    stores: &[&'static str],
    write: Option<Durability>,
    issue: Issue<'_>,
) -> Result<Vec<JsValue>, JsValue> {
    let tx = begin(db, stores, write)?;
    let finished = Promise::new(&mut |resolve, reject| {
        tx.set_oncomplete(Some(&resolve));
        tx.set_onabort(Some(&reject));
    });
    let requests = match issue(&tx) {
        Ok(requests) => requests,
        Err(error) => {
            let _ = tx.abort();
            let _ = JsFuture::from(finished).await;
            return Err(error);
        }
    };
    // Chromium before 129 completes a reading transaction that is told so before its results have come.
    if write.is_some() {
        commit(&tx);
    }
    JsFuture::from(finished).await?;
    requests.iter().map(IdbRequest::result).collect()
}

pub(super) type Issue<'a> = &'a dyn Fn(&IdbTransaction) -> Result<Vec<IdbRequest>, JsValue>;

/// Begins a transaction. web-sys counts the options among its unstable parts, hence the call by name; a browser that does not know them
/// ignores them.
fn begin(
    db: &IdbDatabase,
    stores: &[&'static str],
    write: Option<Durability>,
) -> Result<IdbTransaction, JsValue> {
    let names = Array::new();
    for store in stores {
        names.push(&(*store).into());
    }
    let options = Object::new();
    let mode = match write {
        None => "readonly",
        Some(durability) => {
            let durability = if durability == Durability::Strict {
                "strict"
            } else {
                "relaxed"
            };
            Reflect::set(&options, &"durability".into(), &durability.into())?;
            "readwrite"
        }
    };
    let transaction: Function = Reflect::get(db, &"transaction".into())?.dyn_into()?;
    transaction
        .call3(db, &names, &mode.into(), &options)?
        .dyn_into()
}

/// Says that nothing more comes, which spares a slow phone one round between page and browser. Older browsers find out by themselves.
fn commit(tx: &IdbTransaction) {
    let known: Option<Function> = Reflect::get(tx, &"commit".into())
        .ok()
        .and_then(|f| f.dyn_into().ok());
    if let Some(commit) = known {
        let _ = commit.call0(tx);
    }
}

/// Waits for a request; the failure is the event that told it.
async fn settled(request: &IdbRequest) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        if let Some(open) = request.dyn_ref::<IdbOpenDbRequest>() {
            open.set_onblocked(Some(&reject));
        }
    });
    JsFuture::from(promise).await.map(|_| ())
}

/// What a failure means: an exception, or the event of a failed request or an aborted transaction.
fn meaning(failure: &JsValue) -> DeviceError {
    match name_of(failure).as_str() {
        "QuotaExceededError" => DeviceError::QuotaExceeded,
        // An older version of the app that meets a database upgraded by a newer one waits for a reload, like one that is blocked.
        "blocked" | "VersionError" => DeviceError::Blocked,
        _ => DeviceError::Unavailable,
    }
}

fn name_of(failure: &JsValue) -> String {
    let text = |of: &JsValue, key: &str| {
        Reflect::get(of, &key.into())
            .ok()
            .and_then(|v| v.as_string())
    };
    if text(failure, "type").as_deref() == Some("blocked") {
        return "blocked".to_owned();
    }
    Reflect::get(failure, &"target".into())
        .and_then(|target| Reflect::get(&target, &"error".into()))
        .ok()
        .and_then(|error| text(&error, "name"))
        .or_else(|| text(failure, "name"))
        .unwrap_or_default()
}
