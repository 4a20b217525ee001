//! This device as the server knows it, one for each person who uses it: a pair of keys that never leaves it, and the token that the server
//! gave to whoever has them. What was answered before is read back with these, and not with a link alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedring_contract::device::{DeviceAnswer, DeviceKey};
use crypto_box::SecretKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::clock::random;
use super::idb::Durability;
use super::schema::ACCESS;
use super::vault::Write;
use super::{Change, Device, DeviceError, StoredAccess};
use crate::api::Own;

/// What is kept of it, beside the person's secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OwnDevice {
    id: Uuid,
    /// In base64.
    key: String,
    token: Option<String>,
    /// The secret of the link with which the token was given: another link may vouch for this device, or be all that still works.
    by: String,
    /// How the server sees it.
    #[serde(flatten)]
    pub(crate) standing: Standing,
}

/// How the server sees a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// It may read back what was answered, and erase at once.
    pub known: bool,
    /// Another device of the person becomes known by a PIN.
    pub pin_set: bool,
}

impl OwnDevice {
    fn make() -> Result<Self, DeviceError> {
        Ok(Self {
            id: uuid::Builder::from_random_bytes(random()?).into_uuid(),
            key: STANDARD.encode(random::<32>()?),
            token: None,
            by: String::new(),
            standing: Standing::default(),
        })
    }

    fn secret_key(&self) -> Option<SecretKey> {
        SecretKey::from_slice(&STANDARD.decode(&self.key).ok()?).ok()
    }

    /// What the server has to know to lock something for this device.
    pub(crate) fn public(&self) -> Option<DeviceKey> {
        Some(DeviceKey {
            id: self.id,
            public_key: STANDARD.encode(self.secret_key()?.public_key().as_bytes()),
        })
    }

    /// The text that the server locked for this device.
    pub(crate) fn unlock(&self, sealed: &str) -> Option<String> {
        let plain = self.secret_key()?.unseal(&STANDARD.decode(sealed).ok()?);
        String::from_utf8(plain.ok()?).ok()
    }
}

impl StoredAccess {
    /// What shows the server whose device this is.
    pub(crate) fn own(&self) -> Own {
        Own {
            secret: self.secret.clone(),
            token: self.device.as_ref().and_then(|d| d.token.clone()),
        }
    }

    /// Whether the server gave the token to the link that is used now.
    pub(crate) fn is_registered(&self) -> bool {
        let fits = |d: &OwnDevice| d.token.is_some() && d.by == self.secret;
        self.device.as_ref().is_some_and(fits)
    }
}

impl Device {
    /// How the server sees this device, as it last said.
    pub async fn standing(&self, person: Uuid) -> Standing {
        let access = self.stored_access(person).await.ok().flatten();
        access
            .and_then(|a| a.device)
            .map(|d| d.standing)
            .unwrap_or_default()
    }

    /// A person's way in with the keys that this device has for them; they are made and kept here before anybody hears of them. `anew`: the
    /// ones before are worth nothing any more.
    pub(crate) async fn with_keys(
        &self,
        person: Uuid,
        anew: bool,
    ) -> Result<StoredAccess, DeviceError> {
        let _turn = self.inner.turns.take().await;
        let access = self.stored_access(person).await?;
        let mut access = access.ok_or(DeviceError::KeyLost)?;
        if access.device.is_none() || anew {
            access.device = Some(OwnDevice::make()?);
            self.keep(&access).await?;
        }
        Ok(access)
    }

    /// Takes in what the server says of this device, asked with that secret.
    pub(crate) async fn note_standing(
        &self,
        person: Uuid,
        by: &str,
        answer: &DeviceAnswer,
    ) -> Result<StoredAccess, DeviceError> {
        let access = {
            let _turn = self.inner.turns.take().await;
            let access = self.stored_access(person).await?;
            let mut access = access.ok_or(DeviceError::KeyLost)?;
            let device = access.device.as_mut().ok_or(DeviceError::KeyLost)?;
            // An answer without a token leaves the one before.
            if !answer.sealed_token.is_empty() {
                let token = device.unlock(&answer.sealed_token);
                device.token = Some(token.ok_or(DeviceError::Corrupt)?);
            }
            by.clone_into(&mut device.by);
            device.standing = Standing {
                known: answer.known,
                pin_set: answer.pin_set,
            };
            self.keep(&access).await?;
            access
        };
        self.tell(Change::Other);
        Ok(access)
    }

    async fn keep(&self, access: &StoredAccess) -> Result<(), DeviceError> {
        let write = Write::json(ACCESS, access.person, access)?;
        self.inner
            .vault
            .commit(vec![write], Durability::Relaxed)
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(byte: u8) -> OwnDevice {
        OwnDevice {
            id: Uuid::nil(),
            key: STANDARD.encode([byte; 32]),
            token: None,
            by: String::new(),
            standing: Standing::default(),
        }
    }

    /// Public key and box are libsodium's, made with PyNaCl's `SealedBox`.
    #[test]
    fn what_is_locked_for_another_device_stays_locked() {
        let public = device(7).public().map(|p| p.public_key);
        let theirs = "E75P6uryBMf9M1j8nAByGIHRdCeBKCJ+xnTzf3/pe20=";
        assert_eq!(public.as_deref(), Some(theirs));
        let sealed = "J7VJjgEAJQ7nKKEqWkgyJMsh9qUnN8jWJ+eXUzkA/DZ/gb1ohDvRRyiIBsHZcxAwpXup07E+";
        assert_eq!(device(7).unlock(sealed).as_deref(), Some("æøå"));
        assert_eq!(device(8).unlock(sealed), None);
        assert_eq!(device(7).unlock("AAAA"), None);
        assert_eq!(device(7).unlock("not base64!"), None);
    }

    #[test]
    fn an_access_from_before_there_were_keys_reads_as_one_without() {
        let json = r#"{"person":"019367b0-0000-7000-8000-000000000001","secret":"s","seal_key":{"key_id":"k","public_key":""},"forgotten":false}"#;
        let mut access: StoredAccess = serde_json::from_str(json).unwrap();
        assert!(!access.is_registered() && access.own().token.is_none());
        let mut own = device(7);
        own.token = Some("t".to_owned());
        own.by = "s".to_owned();
        access.device = Some(own);
        let again: StoredAccess =
            serde_json::from_str(&serde_json::to_string(&access).unwrap()).unwrap();
        assert!(again.is_registered());
        let newer = StoredAccess {
            secret: "another".to_owned(),
            ..again
        };
        assert!(!newer.is_registered(), "another link is told of it, too");
    }
}
