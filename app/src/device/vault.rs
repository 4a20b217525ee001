//! Encrypted values over IndexedDB: AES-GCM with a 256-bit key that the browser keeps and does not hand out.
//!
//! A value is 12 random bytes and the ciphertext. Its store and key are authenticated with it, so that nothing can be moved elsewhere.
//! Encryption is always done before a transaction begins and decryption after it has ended.

use js_sys::{Array, Promise, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, AesKeyGenParams, CryptoKey, SubtleCrypto};

use super::DeviceError;
use super::clock::random;
use super::idb::{Connection, Durability, Op};
use super::schema::{ALL, KEYS, QUEUE, VAULT_KEY};

const IV_BYTES: usize = 12;

/// One change, still readable.
pub(super) enum Write {
    Put(&'static str, String, Vec<u8>),
    Delete(&'static str, String),
}

impl Write {
    /// Writes a value as JSON.
    pub(super) fn json<T: Serialize>(
        store: &'static str,
        key: impl ToString,
        value: &T,
    ) -> Result<Self, DeviceError> {
        Ok(Self::Put(
            store,
            key.to_string(),
            serde_json::to_vec(value).map_err(|_| DeviceError::Corrupt)?,
        ))
    }
}

pub(super) struct Vault {
    connection: Connection,
}

/// A value as it lies in the database, or what it holds.
type Sealed = (&'static str, String, JsValue);
pub(super) type Plain = (&'static str, String, Result<Vec<u8>, DeviceError>);

impl Vault {
    /// Opens the database, makes it if need be, and finds or makes the key. Answers what some stores hold besides: a slow phone pays
    /// for every transaction, and at the start a person waits.
    pub(super) async fn open(stores: &[&'static str]) -> Result<(Self, Vec<Plain>), DeviceError> {
        let connection = Connection::default();
        let wanted: Vec<_> = [KEYS].iter().chain(stores).copied().collect();
        let mut found = connection.all(&wanted).await?;
        let keys = found.extract_if(.., |(store, ..)| *store == KEYS);
        let key = keys
            .filter(|(_, key, _)| key == VAULT_KEY)
            .find_map(|(.., value)| value.dyn_into().ok());
        let key = match key {
            Some(key) => key,
            None => {
                if !found.is_empty() || !connection.keys(QUEUE).await?.is_empty() {
                    return Err(DeviceError::KeyLost);
                }
                new_key(&connection).await?
            }
        };
        connection.keep_key(&key);
        let vault = Self { connection };
        let plain = vault.unseal_all(found).await;
        Ok((vault, plain))
    }

    /// Empties every store, so that a phone whose key is lost can start anew.
    pub(super) async fn empty() -> Result<(), DeviceError> {
        Connection::default()
            .write(&ALL.map(Op::Clear), Durability::Strict)
            .await
    }

    /// One value.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        store: &'static str,
        key: &str,
    ) -> Result<Option<T>, DeviceError> {
        let values = self.connection.get(&[(store, key)]).await?;
        let Some(value) = values.first().filter(|v| !v.is_undefined()) else {
            return Ok(None);
        };
        parse(&unseal(&self.connection.key()?, store, key, value).await?).map(Some)
    }

    /// All values of a store that can be read, in the order of their keys. One that is damaged stays where it is and hides no other.
    pub(super) async fn all<T: DeserializeOwned>(
        &self,
        store: &'static str,
    ) -> Result<Vec<(String, T)>, DeviceError> {
        let found = self.connection.all(&[store]).await?;
        let plain = self.unseal_all(found).await;
        Ok(plain
            .into_iter()
            .filter_map(|(_, key, value)| Some((key, parse(&value.ok()?).ok()?)))
            .collect())
    }

    /// What this page has seen is not put back any more if the database vanishes.
    pub(super) fn forget_seen(&self) {
        self.connection.seen.borrow_mut().forget();
    }

    /// All keys of a store.
    pub(super) async fn keys(&self, store: &'static str) -> Result<Vec<String>, DeviceError> {
        self.connection.keys(store).await
    }

    /// Makes all changes in one transaction, or none.
    pub(super) async fn commit(
        &self,
        writes: Vec<Write>,
        durability: Durability,
    ) -> Result<(), DeviceError> {
        if writes.is_empty() {
            return Ok(());
        }
        let mut writes = writes;
        loop {
            let vault_key = self.connection.key()?;
            let mut ops = Vec::with_capacity(writes.len());
            for write in &mut writes {
                ops.push(match write {
                    Write::Delete(store, key) => Op::Delete(store, key.clone()),
                    Write::Put(store, key, plain) => {
                        let value = seal(&vault_key, store, key, plain).await?;
                        Op::Put(store, key.clone(), value)
                    }
                });
            }
            self.connection.write(&ops, durability).await?;
            // The database had vanished and has another key now: nobody could read what was just written.
            if self.connection.key()? == vault_key {
                return Ok(());
            }
        }
    }

    /// Unseals side by side: the browser works on all of them while this thread waits once.
    async fn unseal_all(&self, found: Vec<Sealed>) -> Vec<Plain> {
        let vault_key = self.connection.key();
        let begun: Vec<_> = found
            .into_iter()
            .map(|(store, key, value)| {
                let promise = vault_key
                    .as_ref()
                    .map_err(|e| *e)
                    .and_then(|vault_key| begin_unsealing(vault_key, store, &key, &value));
                (store, key, promise)
            })
            .collect();
        let mut plain = Vec::with_capacity(begun.len());
        for (store, key, promise) in begun {
            let value = match promise {
                Ok(promise) => opened(promise).await,
                Err(error) => Err(error),
            };
            plain.push((store, key, value));
        }
        plain
    }
}

/// Locks a value to its place.
pub(super) async fn seal(
    vault_key: &CryptoKey,
    store: &str,
    key: &str,
    plain: &mut [u8],
) -> Result<JsValue, DeviceError> {
    let iv = random::<IV_BYTES>()?;
    let promise = subtle()?
        .encrypt_with_object_and_u8_array(&params(&iv, store, key), vault_key, plain)
        .map_err(|_| DeviceError::Unavailable)?;
    let cipher = Uint8Array::new(
        &JsFuture::from(promise)
            .await
            .map_err(|_| DeviceError::Unavailable)?,
    );
    let value = Uint8Array::new_with_length(cipher.length() + IV_BYTES as u32);
    value.set(&Uint8Array::from(iv.as_slice()), 0);
    value.set(&cipher, IV_BYTES as u32);
    Ok(value.into())
}

/// Opens a value of that place.
pub(super) async fn unseal(
    vault_key: &CryptoKey,
    store: &str,
    key: &str,
    value: &JsValue,
) -> Result<Vec<u8>, DeviceError> {
    opened(begin_unsealing(vault_key, store, key, value)?).await
}

fn begin_unsealing(
    vault_key: &CryptoKey,
    store: &str,
    key: &str,
    value: &JsValue,
) -> Result<Promise, DeviceError> {
    let value: &Uint8Array = value.dyn_ref().ok_or(DeviceError::Corrupt)?;
    let mut iv = [0; IV_BYTES];
    if value.length() < IV_BYTES as u32 {
        return Err(DeviceError::Corrupt);
    }
    value.subarray(0, IV_BYTES as u32).copy_to(&mut iv);
    let cipher = value.subarray(IV_BYTES as u32, value.length());
    subtle()?
        .decrypt_with_object_and_js_u8_array(&params(&iv, store, key), vault_key, &cipher)
        .map_err(|_| DeviceError::Unavailable)
}

async fn opened(promise: Promise) -> Result<Vec<u8>, DeviceError> {
    let plain = JsFuture::from(promise)
        .await
        .map_err(|_| DeviceError::Corrupt)?;
    Ok(Uint8Array::new(&plain).to_vec())
}

pub(super) fn parse<T: DeserializeOwned>(plain: &[u8]) -> Result<T, DeviceError> {
    let text = core::str::from_utf8(plain).map_err(|_| DeviceError::Corrupt)?;
    crate::json::read(text).ok_or(DeviceError::Corrupt)
}

fn params(iv: &[u8; IV_BYTES], store: &str, key: &str) -> AesGcmParams {
    let params = AesGcmParams::new_with_u8_array("AES-GCM", &Uint8Array::from(iv.as_slice()));
    params.set_additional_data_u8_array(&Uint8Array::from(bound(store, key).as_slice()));
    params
}

/// What is authenticated with a value. Store names hold no slash, so two places never share it.
fn bound(store: &str, key: &str) -> Vec<u8> {
    [store, "/", key].concat().into_bytes()
}

fn subtle() -> Result<SubtleCrypto, DeviceError> {
    let crypto = web_sys::window()
        .and_then(|w| w.crypto().ok())
        .ok_or(DeviceError::Unavailable)?;
    // Absent on pages without a secure connection.
    let present = Reflect::get(&crypto, &"subtle".into()).is_ok_and(|s| s.is_object());
    if present {
        Ok(crypto.subtle())
    } else {
        Err(DeviceError::Unavailable)
    }
}

async fn stored_key(connection: &Connection) -> Result<Option<CryptoKey>, DeviceError> {
    let values = connection.get(&[(KEYS, VAULT_KEY)]).await?;
    Ok(values.into_iter().next().and_then(|v| v.dyn_into().ok()))
}

/// Makes a key and stores it. Two tabs that open a new phone at once agree on the first one that was stored.
async fn new_key(connection: &Connection) -> Result<CryptoKey, DeviceError> {
    let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
    let promise = subtle()?
        .generate_key_with_object(&AesKeyGenParams::new("AES-GCM", 256), false, &usages)
        .map_err(|_| DeviceError::Unavailable)?;
    let key: CryptoKey = JsFuture::from(promise)
        .await
        .map_err(|_| DeviceError::Unavailable)?
        .unchecked_into();
    let added = connection
        .write(
            &[Op::Add(KEYS, VAULT_KEY.to_owned(), key.clone().into())],
            Durability::Strict,
        )
        .await;
    match added {
        Ok(()) => Ok(key),
        Err(error) => stored_key(connection).await?.ok_or(error),
    }
}

#[cfg(test)]
mod tests {
    use super::bound;

    #[test]
    fn no_two_places_are_bound_alike() {
        assert_ne!(bound("drafts", "a/b"), bound("drafts", "a/c"));
        assert_ne!(bound("queue", "x"), bound("sent", "x"));
    }
}
