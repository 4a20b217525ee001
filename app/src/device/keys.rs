//! The key that locks everything else on this phone: how it is made, where it lies, and how it is changed.
//!
//! It lies in a file of its own, whose name stands in the database: browsers take such a file off the disk when it is removed, while what
//! stood in the database itself stays in its logs for an unknown time, deleted or not (decision 0069). So whoever is forgotten is forgotten
//! for good: everything else is locked anew with a new key, and the file of the old one goes. Where the browser keeps no files, and on phones
//! from before that, the browser's own key lies in the database.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;

use super::DeviceError;
use super::clock::random;
use super::idb::{Connection, Durability, Op};
use super::schema::{KEYS, VAULT_KEY};
use super::vault::{seal, subtle, unseal};

/// A key.
#[derive(Clone)]
pub(super) struct Key {
    /// As it works.
    pub(super) works: CryptoKey,
    /// The name of its file, if it has one.
    file: Option<JsValue>,
    /// Another with every new key, so that another tab notices.
    pub(super) turn: JsValue,
}

/// A value and where it lies.
pub(super) type Sealed = (&'static str, String, JsValue);

impl Key {
    /// A new one, with its file where there can be one.
    pub(super) async fn make(turn: JsValue) -> Result<Self, DeviceError> {
        let bytes = Uint8Array::from(random::<32>()?.as_slice());
        let works = of(&bytes).await?;
        let name = uuid::Builder::from_random_bytes(random()?).into_uuid();
        let name: JsValue = name.to_string().into();
        let written = file(&name, &bytes).await;
        Ok(Self {
            works,
            file: written.is_ok().then_some(name),
            turn,
        })
    }

    /// The one that lies in the database.
    pub(super) async fn read(lies: &JsValue, turn: JsValue) -> Result<Self, DeviceError> {
        if let Some(works) = lies.dyn_ref::<CryptoKey>() {
            return Ok(Self {
                works: works.clone(),
                file: None,
                turn,
            });
        }
        if !lies.is_string() {
            return Err(DeviceError::KeyLost);
        }
        let bytes = file(lies, &JsValue::UNDEFINED).await;
        Ok(Self {
            works: of(&Uint8Array::new(&bytes?)).await?,
            file: Some(lies.clone()),
            turn,
        })
    }

    /// What lies in the database.
    pub(super) fn lies(&self) -> JsValue {
        self.file
            .clone()
            .unwrap_or_else(|| self.works.clone().into())
    }

    /// Takes its file off the disk: nothing that is locked with it can be read any more, wherever it still stands.
    pub(super) async fn remove(&self) {
        if let Some(name) = &self.file {
            let _ = file(name, &JsValue::NULL).await;
        }
    }
}

/// The key of these bytes, as the browser works with it.
async fn of(bytes: &Uint8Array) -> Result<CryptoKey, DeviceError> {
    let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
    let works = subtle()?
        .import_key_with_str("raw", bytes, "AES-GCM", false, &usages)
        .map_err(|_| DeviceError::KeyLost)?;
    let works = JsFuture::from(works).await;
    Ok(works.map_err(|_| DeviceError::KeyLost)?.unchecked_into())
}

/// The page's own script writes, reads and removes files: the same in a tenth of the code.
async fn file(name: &JsValue, bytes: &JsValue) -> Result<JsValue, DeviceError> {
    let lost = |_| DeviceError::KeyLost;
    let window: JsValue = web_sys::window().ok_or(DeviceError::Unavailable)?.into();
    let files = Reflect::get(&window, &"bedringFile".into()).map_err(lost)?;
    let files: Function = files.dyn_into().map_err(lost)?;
    let done = files.call2(&window, name, bytes).map_err(lost)?;
    let done: Promise = done.dyn_into().map_err(lost)?;
    JsFuture::from(done).await.map_err(lost)
}

/// Makes a key and stores it. Two tabs that open a new phone at once agree on the first one that was stored.
pub(super) async fn first_key(connection: &Connection) -> Result<Key, DeviceError> {
    let key = Key::make(JsValue::UNDEFINED).await?;
    let add = Op::Add(KEYS, VAULT_KEY.to_owned(), key.lies());
    match connection.write(&[add], Durability::Strict).await {
        Ok(()) => Ok(key),
        Err(error) => {
            key.remove().await;
            connection.stored_key().await.map_err(|_| error)
        }
    }
}

/// Locks values with another key. What cannot be read is left out.
pub(super) async fn sealed_anew(
    values: Vec<Sealed>,
    ours: &CryptoKey,
    theirs: &CryptoKey,
) -> Vec<Sealed> {
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
pub(super) async fn same(ours: &CryptoKey, theirs: &CryptoKey) -> bool {
    match seal(ours, KEYS, VAULT_KEY, &mut [0]).await {
        Ok(value) => unseal(theirs, KEYS, VAULT_KEY, &value).await.is_ok(),
        Err(_) => true,
    }
}
