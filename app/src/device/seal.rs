//! Sealing a finished entry to the server's public key: from then on this phone cannot read it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedring_contract::meta::SealKey;
use crypto_box::PublicKey;
use crypto_box::aead::rand_core::{self, CryptoRng, RngCore};

use super::DeviceError;
use super::clock::random;

/// Bytes of randomness that one seal takes: its one-time secret key.
const SEED: usize = 32;

/// Base64 of the sealed box (X25519, XSalsa20-Poly1305) of a text.
pub(super) fn seal(key: &SealKey, text: &str) -> Result<String, DeviceError> {
    seal_with(key, text, random::<SEED>()?)
}

fn seal_with(key: &SealKey, text: &str, seed: [u8; SEED]) -> Result<String, DeviceError> {
    let public = STANDARD.decode(&key.public_key).ok();
    let public = public
        .and_then(|bytes| PublicKey::from_slice(&bytes).ok())
        .ok_or(DeviceError::Corrupt)?;
    let mut drawn = Drawn {
        seed,
        left: true,
        spoiled: false,
    };
    let sealed = public
        .seal(&mut drawn, text.as_bytes())
        .map_err(|_| DeviceError::Unavailable)?;
    if drawn.spoiled {
        Err(DeviceError::Unavailable)
    } else {
        Ok(STANDARD.encode(sealed))
    }
}

/// Randomness drawn from the browser beforehand, where a failure can still be told. Hands out its bytes once; whoever asks for more
/// spoils the result instead of getting guessable bytes unnoticed.
struct Drawn {
    seed: [u8; SEED],
    left: bool,
    spoiled: bool,
}

impl RngCore for Drawn {
    fn next_u32(&mut self) -> u32 {
        self.spoiled = true;
        0
    }

    fn next_u64(&mut self) -> u64 {
        self.spoiled = true;
        0
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        if self.left && dest.len() == SEED {
            dest.copy_from_slice(&self.seed);
            self.left = false;
        } else {
            self.spoiled = true;
        }
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl CryptoRng for Drawn {}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto_box::SecretKey;

    fn pair() -> (SecretKey, SealKey) {
        let secret = SecretKey::from([7; 32]);
        let public_key = STANDARD.encode(secret.public_key().as_bytes());
        (
            secret,
            SealKey {
                key_id: "k1".to_owned(),
                public_key,
            },
        )
    }

    #[test]
    fn only_the_servers_key_opens_what_was_sealed() {
        let (secret, key) = pair();
        let sealed = seal_with(&key, "{\"kind\":\"ære\"}", [9; 32]).unwrap();
        let bytes = STANDARD.decode(&sealed).unwrap();
        assert_eq!(
            secret.unseal(&bytes).unwrap(),
            "{\"kind\":\"ære\"}".as_bytes()
        );
        assert!(SecretKey::from([8; 32]).unseal(&bytes).is_err());
        assert_ne!(
            sealed,
            seal_with(&key, "{\"kind\":\"ære\"}", [10; 32]).unwrap()
        );
    }

    #[test]
    fn a_key_that_is_none_is_told() {
        for bad in ["", "AAAA", "not base64!"] {
            let key = SealKey {
                key_id: "k".to_owned(),
                public_key: bad.to_owned(),
            };
            assert_eq!(
                seal_with(&key, "x", [1; 32]),
                Err(DeviceError::Corrupt),
                "{bad}"
            );
        }
    }

    #[test]
    fn randomness_is_never_handed_out_twice() {
        let mut drawn = Drawn {
            seed: [3; 32],
            left: true,
            spoiled: false,
        };
        let mut once = [0; 32];
        drawn.fill_bytes(&mut once);
        assert!(once == [3; 32] && !drawn.spoiled);
        drawn.fill_bytes(&mut once);
        assert!(drawn.spoiled);
    }
}
