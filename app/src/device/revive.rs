//! A database that was deleted while the app was open: noticed when it is opened again, and filled with what this page still knows.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::IdbDatabase;

use super::idb::{Connection, Durability, transact};
use super::keys::{Key, same, sealed_anew};
use super::schema::{ALL, KEYS, TURN, VAULT_KEY};
use super::{Change, Device};

impl Connection {
    /// Looks whether a database that was opened again is still the one it was. If not: puts back what this page has seen and nobody has
    /// written meanwhile, under the key that lies there if another page was faster with one, and tells.
    pub(super) async fn revive(&self, db: &IdbDatabase, ours: &Key) -> Result<(), JsValue> {
        let found = transact(db, &[KEYS], None, &|tx| {
            let keys = tx.object_store(KEYS)?;
            Ok(vec![keys.get(&VAULT_KEY.into())?, keys.get(&TURN.into())?])
        })
        .await?;
        let theirs = match found.as_slice() {
            [lies, turn] => Key::read(lies, turn.clone()).await.ok(),
            _ => None,
        };
        let foreign = match &theirs {
            Some(theirs) => !same(&ours.works, &theirs.works).await,
            None => false,
        };
        if theirs.is_some() && !foreign && !self.deleted.get() {
            return Ok(());
        }
        let stores = &ALL[1..];
        let keys = transact(db, stores, None, &|tx| {
            stores
                .iter()
                .map(|store| tx.object_store(store)?.get_all_keys())
                .collect()
        })
        .await?;
        let mut present = Vec::new();
        for (store, keys) in stores.iter().zip(keys) {
            let keys = Array::from(&keys).to_vec();
            present.extend(keys.iter().filter_map(|k| Some((*store, k.as_string()?))));
        }
        let mut back = self.seen.borrow().missing(&present);
        back.retain(|(store, ..)| *store != KEYS);
        if foreign && let Some(theirs) = &theirs {
            back = sealed_anew(back, &ours.works, &theirs.works).await;
        }
        transact(db, &ALL, Some(Durability::Strict), &|tx| {
            let mut requests = Vec::with_capacity(back.len() + 1);
            if theirs.is_none() {
                // The key's file has gone with the database.
                let keys = tx.object_store(KEYS)?;
                requests.push(keys.put_with_key(&ours.works, &VAULT_KEY.into())?);
                requests.push(keys.put_with_key(&ours.turn, &TURN.into())?);
            }
            for (store, key, value) in &back {
                requests.push(
                    tx.object_store(store)?
                        .put_with_key(value, &key.as_str().into())?,
                );
            }
            Ok(requests)
        })
        .await?;
        if let Some(theirs) = theirs {
            self.keep_key(theirs);
        }
        let mut seen = self.seen.borrow_mut();
        for (store, key, value) in back {
            seen.put(store, &key, value);
        }
        drop(seen);
        self.deleted.set(false);
        if let Some(device) = Device::opened() {
            device.tell_here(Change::Vanished);
        }
        Ok(())
    }
}
