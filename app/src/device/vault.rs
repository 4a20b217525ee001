//! Encrypted values over IndexedDB: AES-GCM with a 256-bit key that lies beside them in a file of its own (`keys`).
//!
//! A value is 12 random bytes and the ciphertext. Its store and key are authenticated with it, so that nothing can be moved elsewhere.
//! Encryption is always done before a transaction begins and decryption after it has ended.

use js_sys::{Promise, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, CryptoKey, SubtleCrypto};

use super::DeviceError;
use super::clock::random;
use super::idb::{Connection, Durability, Op};
use super::keys::{Key, Sealed, first_key, sealed_anew};
use super::schema::{ALL, KEYS, QUEUE, TURN, VAULT_KEY};

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

    fn is_at(&self, at: &str, name: &str) -> bool {
        let (Self::Put(store, key, _) | Self::Delete(store, key)) = self;
        *store == at && key == name
    }

    /// The change as it is made in the database.
    async fn locked(&mut self, with: &CryptoKey) -> Result<Op, DeviceError> {
        Ok(match self {
            Self::Delete(store, key) => Op::Delete(store, key.clone()),
            Self::Put(store, key, plain) => {
                let value = seal(with, store, key, plain).await?;
                Op::Put(store, key.clone(), value)
            }
        })
    }
}

pub(super) struct Vault {
    connection: Connection,
}

/// What a value holds.
pub(super) type Plain = (&'static str, String, Result<Vec<u8>, DeviceError>);

impl Vault {
    /// Opens the database, makes it if need be, and finds or makes the key. Answers what some stores hold besides: a slow phone pays
    /// for every transaction, and at the start a person waits.
    pub(super) async fn open(stores: &[&'static str]) -> Result<(Self, Vec<Plain>), DeviceError> {
        let connection = Connection::default();
        let wanted: Vec<_> = [KEYS].iter().chain(stores).copied().collect();
        let mut found = connection.all(&wanted).await?;
        let keys: Vec<_> = found.extract_if(.., |(store, ..)| *store == KEYS).collect();
        let lies_at = |name: &str| keys.iter().find(|(_, key, _)| key == name).map(|k| &k.2);
        let key = match lies_at(VAULT_KEY) {
            Some(lies) => Key::read(lies, lies_at(TURN).cloned().unwrap_or_default()).await?,
            None => {
                if !found.is_empty() || !connection.keys(QUEUE).await?.is_empty() {
                    return Err(DeviceError::KeyLost);
                }
                first_key(&connection).await?
            }
        };
        connection.keep_key(key);
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
        parse(&unseal(&self.connection.key()?.works, store, key, value).await?).map(Some)
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
            let vault_key = self.connection.key()?.works;
            let mut ops = Vec::with_capacity(writes.len());
            for write in &mut writes {
                ops.push(write.locked(&vault_key).await?);
            }
            self.connection.write(&ops, durability).await?;
            // Another tab has changed the key, or the database had vanished: nobody could read what was just written.
            if self.connection.key()?.works == vault_key {
                return Ok(());
            }
        }
    }

    /// Makes all changes in one transaction and locks everything that stays with a new key. What the database and its logs still hold of
    /// what goes can be read by nobody any more: the file of the old key is taken off the disk.
    pub(super) async fn commit_anew(&self, mut writes: Vec<Write>) -> Result<(), DeviceError> {
        let old = self.connection.key()?;
        let new = Key::make(js_sys::Math::random().into()).await?;
        let mut stay = self.connection.all(&ALL[1..]).await?;
        stay.retain(|(store, key, _)| !writes.iter().any(|w| w.is_at(store, key)));
        let mut ops = puts(sealed_anew(stay, &old.works, &new.works).await);
        for write in &mut writes {
            ops.push(write.locked(&new.works).await?);
        }
        ops.push(Op::Put(KEYS, VAULT_KEY.to_owned(), new.lies()));
        ops.push(Op::Put(KEYS, TURN.to_owned(), new.turn.clone()));
        match self.connection.write(&ops, Durability::Strict).await {
            Ok(()) => {}
            // A phone that is full still deletes.
            Err(DeviceError::QuotaExceeded) => {
                new.remove().await;
                return self.commit(writes, Durability::Strict).await;
            }
            Err(error) => {
                new.remove().await;
                return Err(error);
            }
        }
        // Whatever another tab wrote with the old key while this one worked.
        let late = self.connection.all(&ALL[1..]).await?;
        let late = sealed_anew(late, &old.works, &new.works).await;
        if !late.is_empty() {
            self.connection
                .write(&puts(late), Durability::Strict)
                .await?;
        }
        old.remove().await;
        Ok(())
    }

    /// Unseals side by side: the browser works on all of them while this thread waits once.
    async fn unseal_all(&self, found: Vec<Sealed>) -> Vec<Plain> {
        let vault_key = self.connection.key().map(|key| key.works);
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

fn puts(values: Vec<Sealed>) -> Vec<Op> {
    let put = |(store, key, value)| Op::Put(store, key, value);
    values.into_iter().map(put).collect()
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

pub(super) fn subtle() -> Result<SubtleCrypto, DeviceError> {
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

#[cfg(test)]
mod tests {
    use super::bound;

    #[test]
    fn no_two_places_are_bound_alike() {
        assert_ne!(bound("drafts", "a/b"), bound("drafts", "a/c"));
        assert_ne!(bound("queue", "x"), bound("sent", "x"));
    }
}
