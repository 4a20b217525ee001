//! A database that was deleted while the app was open: noticed when it is opened again, and filled with what this page still knows.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, IdbDatabase};

use super::idb::{Connection, Durability, transact};
use super::schema::{ALL, KEYS, VAULT_KEY};
use super::vault::{seal, unseal};
use super::{Change, Device};

impl Connection {
    /// Looks whether a database that was opened again is still the one it was. If not: puts back what this page has seen and nobody has
    /// written meanwhile, under the key that lies there if another page was faster with one, and tells.
    pub(super) async fn revive(&self, db: &IdbDatabase, ours: &CryptoKey) -> Result<(), JsValue> {
        let found = transact(db, &[KEYS], None, &|tx| {
            Ok(vec![tx.object_store(KEYS)?.get(&VAULT_KEY.into())?])
        })
        .await?;
        let theirs: Option<CryptoKey> = found.into_iter().next().and_then(|k| k.dyn_into().ok());
        let foreign = match &theirs {
            Some(theirs) => !same(ours, theirs).await,
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
            back = sealed_anew(back, ours, theirs).await;
        }
        transact(db, &ALL, Some(Durability::Strict), &|tx| {
            let mut requests = Vec::with_capacity(back.len() + 1);
            if theirs.is_none() {
                requests.push(
                    tx.object_store(KEYS)?
                        .put_with_key(ours, &VAULT_KEY.into())?,
                );
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
            self.keep_key(&theirs);
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

/// Under the other key. What cannot be read is left out.
async fn sealed_anew(
    values: Vec<(&'static str, String, JsValue)>,
    ours: &CryptoKey,
    theirs: &CryptoKey,
) -> Vec<(&'static str, String, JsValue)> {
    let mut anew = Vec::with_capacity(values.len());
    for (store, key, value) in values {
        if let Ok(mut plain) = unseal(ours, store, &key, &value).await
            && let Ok(value) = seal(theirs, store, &key, &mut plain).await
        {
            anew.push((store, key, value));
        }
    }
    anew
}

/// Keys cannot be compared; what one locks the other opens, or not.
async fn same(ours: &CryptoKey, theirs: &CryptoKey) -> bool {
    match seal(ours, KEYS, VAULT_KEY, &mut [0]).await {
        Ok(value) => unseal(theirs, KEYS, VAULT_KEY, &value).await.is_ok(),
        Err(_) => true,
    }
}
