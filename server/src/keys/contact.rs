//! Keys of names and contact data: XSalsa20-Poly1305 with a random nonce in front.
//!
//! Layout: one byte version (1), four bytes that name the key, 24 bytes nonce, then tag and ciphertext. A leaked database without
//! the key file holds no name and no address.

use bedring_domain::journal::hex;
use bedring_store::StoreError;
use crypto_secretbox::aead::{Aead, KeyInit};
use crypto_secretbox::{Key, Nonce, XSalsa20Poly1305};
use hmac::{Hmac, KeyInit as _, Mac};
use sha2::{Digest, Sha256};

use super::OpenError;
use crate::ports::Random;

const VERSION: u8 = 1;
const ID_LENGTH: usize = 4;
const NONCE_LENGTH: usize = 24;
const HEAD: usize = 1 + ID_LENGTH + NONCE_LENGTH;

/// Where boxes lie: table and column. A new column of sealed contact data belongs here, too.
pub(super) const COLUMNS: [(&str, &str); 6] = [
    ("contacts", "name_sealed"),
    ("contacts", "email_sealed"),
    ("contacts", "phone_sealed"),
    ("mail_choices", "contact_email_sealed"),
    ("mail_choices", "contact_name_sealed"),
    ("erasure_requests", "note_sealed"),
];

/// The name of the key that a box was made with, from its first bytes; none: this is no box.
pub(super) fn key_of(head: &[u8]) -> Option<String> {
    let (version, rest) = head.split_first()?;
    (*version == VERSION).then(|| rest.get(..ID_LENGTH).map(hex))?
}

#[derive(Clone)]
struct ContactKey {
    id: [u8; ID_LENGTH],
    secret: [u8; 32],
}

impl ContactKey {
    fn from_bytes(secret: [u8; 32]) -> Self {
        // Hashed with a prefix, so that the name of a key is not the start of a hash that somebody may have elsewhere.
        let digest = Sha256::new()
            .chain_update(b"bedring contact key")
            .chain_update(secret)
            .finalize();
        Self {
            id: [digest[0], digest[1], digest[2], digest[3]],
            secret,
        }
    }

    /// Each purpose has a key of its own, so that what is shown for one proves nothing for another.
    fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        let own = Sha256::new()
            .chain_update(b"bedring mac key ")
            .chain_update(purpose)
            .chain_update([0])
            .chain_update(self.secret)
            .finalize();
        // Any length is a key for HMAC, so this never fails.
        Hmac::<Sha256>::new_from_slice(&own).map_or([0; 32], |mac| {
            mac.chain_update(data).finalize().into_bytes().into()
        })
    }

    fn cipher(&self) -> XSalsa20Poly1305 {
        XSalsa20Poly1305::new(&Key::from(self.secret))
    }
}

/// The keys: the first encrypts, all decrypt.
#[derive(Clone)]
pub struct ContactKeys {
    newest: ContactKey,
    older: Vec<ContactKey>,
}

impl std::fmt::Debug for ContactKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContactKeys")
            .field("keys", &(1 + self.older.len()))
            .finish_non_exhaustive()
    }
}

impl ContactKeys {
    /// The newest, and those that still decrypt older data.
    #[must_use]
    pub fn new(newest: [u8; 32], older: &[[u8; 32]]) -> Self {
        Self {
            newest: ContactKey::from_bytes(newest),
            older: older.iter().copied().map(ContactKey::from_bytes).collect(),
        }
    }

    /// One new key.
    #[must_use]
    pub fn generate(random: &dyn Random) -> Self {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        Self::new(bytes, &[])
    }

    /// Encrypts for storage.
    #[must_use]
    pub fn encrypt(&self, random: &dyn Random, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LENGTH];
        random.fill(&mut nonce);
        let mut stored = Vec::with_capacity(HEAD + 16 + plain.len());
        stored.push(VERSION);
        stored.extend_from_slice(&self.newest.id);
        stored.extend_from_slice(&nonce);
        // Fails only beyond 64 GiB; an empty ciphertext cannot be decrypted, so it would be noticed, not mistaken for data.
        stored.extend_from_slice(
            &self
                .newest
                .cipher()
                .encrypt(&Nonce::from(nonce), plain)
                .unwrap_or_default(),
        );
        stored
    }

    /// Decrypts what was stored.
    ///
    /// # Errors
    /// A key that is not loaded, or changed bytes.
    pub fn decrypt(&self, stored: &[u8]) -> Result<Vec<u8>, OpenError> {
        if stored.len() < HEAD || stored.first() != Some(&VERSION) {
            return Err(OpenError::Damaged);
        }
        let (head, ciphertext) = stored.split_at(HEAD);
        let (id, nonce) = head[1..].split_at(ID_LENGTH);
        let nonce = <[u8; NONCE_LENGTH]>::try_from(nonce).map_err(|_| OpenError::Damaged)?;
        let key = std::iter::once(&self.newest)
            .chain(&self.older)
            .find(|k| k.id == id)
            .ok_or(OpenError::KeyUnknown)?;
        key.cipher()
            .decrypt(&Nonce::from(nonce), ciphertext)
            .map_err(|_| OpenError::Damaged)
    }

    /// A name, address or number as text, if one is held.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`]: a key that is not loaded, or a damaged box.
    pub fn text(&self, sealed: Option<&[u8]>) -> Result<Option<String>, StoreError> {
        let unreadable = || StoreError::Unreadable { table: "contacts" };
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let plain = self.decrypt(sealed).map_err(|_| unreadable())?;
        String::from_utf8(plain).map(Some).map_err(|_| unreadable())
    }

    /// HMAC-SHA-256 with the newest key: the same for the same data, and nobody without the key can make or guess it.
    #[must_use]
    pub fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        self.newest.mac(purpose, data)
    }

    /// The same with every key: what may have been shown before a key was changed.
    pub fn macs<'a>(
        &'a self,
        purpose: &'a str,
        data: &'a [u8],
    ) -> impl Iterator<Item = [u8; 32]> + 'a {
        std::iter::once(&self.newest)
            .chain(&self.older)
            .map(move |key| key.mac(purpose, data))
    }

    /// The name of the key that encrypts.
    #[must_use]
    pub fn newest_id(&self) -> String {
        hex(&self.newest.id)
    }

    /// Each key with its name.
    pub(super) fn named(&self) -> impl Iterator<Item = (String, [u8; 32])> + '_ {
        std::iter::once(&self.newest)
            .chain(&self.older)
            .map(|k| (hex(&k.id), k.secret))
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = [u8; 32]> + '_ {
        std::iter::once(&self.newest)
            .chain(&self.older)
            .map(|k| k.secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededRandom;

    #[test]
    fn contact_data_is_readable_with_its_key_only() {
        let random = SeededRandom::new(1);
        let (old, new) = (
            ContactKeys::generate(&random),
            ContactKeys::generate(&random),
        );
        let stored = old.encrypt(&random, "Åse, aase@example.org".as_bytes());
        assert_ne!(
            stored,
            old.encrypt(&random, "Åse, aase@example.org".as_bytes()),
            "every time another nonce"
        );
        let both = ContactKeys::new(new.newest.secret, &[old.newest.secret]);
        assert_eq!(
            both.decrypt(&stored).unwrap(),
            "Åse, aase@example.org".as_bytes()
        );
        assert_eq!(new.decrypt(&stored), Err(OpenError::KeyUnknown));
        for i in (0..stored.len()).filter(|i| !(1..=ID_LENGTH).contains(i)) {
            let mut changed = stored.clone();
            changed[i] ^= 1;
            assert_eq!(both.decrypt(&changed), Err(OpenError::Damaged), "byte {i}");
        }
        assert_eq!(both.decrypt(&stored[..HEAD - 1]), Err(OpenError::Damaged));
        assert_eq!(both.decrypt(&[]), Err(OpenError::Damaged));
    }
}
