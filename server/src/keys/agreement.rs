//! X25519 with a secret key that opens many boxes: the greater part of the work of taking in a delivery.
//!
//! Graviola's assembler (s2n-bignum, formally proven) does it in a third of the time, on processors that have what it asks for. Others do
//! the same through `crypto_box`. It is used by the journal for every entry, so this is worth a second way; nothing else is.

use crypto_box::{PublicKey, SalsaBox, SecretKey, aead::Aead as _};
use crypto_secretbox::aead::KeyInit as _;
use crypto_secretbox::{Nonce, XSalsa20Poly1305};

use super::OpenError;

/// A secret key, ready for use.
#[derive(Clone)]
pub(super) struct Agreement {
    secret: SecretKey,
    fast: bool,
}

impl Agreement {
    /// In the fastest way that this processor has.
    pub(super) fn new(secret: SecretKey) -> Self {
        Self {
            secret,
            fast: fast::supported(),
        }
    }

    /// The key itself.
    pub(super) const fn secret(&self) -> &SecretKey {
        &self.secret
    }

    /// Decrypts what was encrypted with the key that both sides can work out.
    ///
    /// # Errors
    /// [`OpenError::Damaged`]: it was not made for this key, or changed.
    pub(super) fn decrypt(
        &self,
        theirs: &[u8; 32],
        nonce: &Nonce,
        cipher: &[u8],
    ) -> Result<Vec<u8>, OpenError> {
        let opened = if self.fast {
            let shared = fast::shared(&self.secret, theirs).ok_or(OpenError::Damaged)?;
            XSalsa20Poly1305::new(&box_key(&shared)).decrypt(nonce, cipher)
        } else {
            SalsaBox::new(&PublicKey::from(*theirs), &self.secret).decrypt(nonce, cipher)
        };
        opened.map_err(|_| OpenError::Damaged)
    }
}

/// The key of a box from what both sides share: HSalsa20, as in NaCl's `crypto_box_beforenm`.
fn box_key(shared: &[u8; 32]) -> crypto_secretbox::Key {
    salsa20::hsalsa::<crypto_secretbox::aead::generic_array::typenum::U10>(
        shared.into(),
        &Default::default(),
    )
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod fast {
    use graviola::key_agreement::x25519::{PublicKey, StaticPrivateKey};

    /// Without the instructions that it asks for, graviola would stop the program.
    pub(super) fn supported() -> bool {
        graviola::util::is_cpu_supported()
    }

    /// `None` for a public key of small order, with which nothing can be shared.
    pub(super) fn shared(secret: &super::SecretKey, theirs: &[u8; 32]) -> Option<[u8; 32]> {
        let shared = StaticPrivateKey::from_array(&secret.to_bytes())
            .diffie_hellman(&PublicKey::from_array(theirs))
            .ok()?;
        Some(shared.as_bytes())
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod fast {
    pub(super) const fn supported() -> bool {
        false
    }

    pub(super) const fn shared(_: &super::SecretKey, _: &[u8; 32]) -> Option<[u8; 32]> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(seed: u8) -> [u8; 32] {
        std::array::from_fn(|i| {
            u8::try_from(i)
                .unwrap()
                .wrapping_mul(seed)
                .wrapping_add(seed ^ 0x5a)
        })
    }

    /// A box that `crypto_box` makes opens in both ways; a box for somebody else in neither.
    #[test]
    fn both_ways_open_the_same_boxes() {
        for seed in 1..40 {
            let (ours, theirs) = (
                SecretKey::from_bytes(bytes(seed)),
                SecretKey::from_bytes(bytes(seed + 100)),
            );
            let nonce = Nonce::from([seed; 24]);
            let plain = vec![seed; usize::from(seed) * 7];
            let cipher = SalsaBox::new(&ours.public_key(), &theirs)
                .encrypt(&nonce, plain.as_slice())
                .unwrap();
            let mut way = Agreement::new(ours);
            for fast in [way.fast, false] {
                way.fast = fast;
                let from = theirs.public_key().to_bytes();
                assert_eq!(way.decrypt(&from, &nonce, &cipher).unwrap(), plain);
                let stranger = Agreement {
                    secret: SecretKey::from_bytes(bytes(seed + 50)),
                    fast,
                };
                assert_eq!(
                    stranger.decrypt(&from, &nonce, &cipher),
                    Err(OpenError::Damaged)
                );
                assert_eq!(
                    way.decrypt(&[0; 32], &nonce, &cipher),
                    Err(OpenError::Damaged)
                );
            }
        }
    }

    /// RFC 7748, section 5.2, first vector.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    #[test]
    fn the_fast_way_gives_what_the_standard_says() {
        if !fast::supported() {
            return;
        }
        let read = |hex: &str| -> [u8; 32] {
            std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
        };
        let scalar = read("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
        let point = read("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
        let shared = read("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
        assert_eq!(
            fast::shared(&SecretKey::from_bytes(scalar), &point),
            Some(shared)
        );
    }
}
