//! X25519 keys to which phones seal their finished entries (libsodium's sealed box).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bedring_domain::journal::hex;
use blake2::Blake2b;
use blake2::digest::Digest as _;
use blake2::digest::consts::U24;
use crypto_box::{KEY_SIZE, PublicKey, SecretKey};
use sha2::{Digest, Sha256};

use super::OpenError;
use super::agreement::Agreement;
use crate::ports::Random;

/// A key pair and its name.
#[derive(Clone)]
pub struct SealKeyPair {
    id: String,
    agreement: Agreement,
    public: PublicKey,
}

impl std::fmt::Debug for SealKeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealKeyPair")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl SealKeyPair {
    /// From the 32 secret bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let secret = SecretKey::from_bytes(bytes);
        let public = secret.public_key();
        let id = hex(&Sha256::digest(public.as_bytes())[..4]);
        Self {
            id,
            agreement: Agreement::new(secret),
            public,
        }
    }

    /// As `SecretKey::unseal`, but with the public key made once: working it out for every box costs half as much as opening it.
    fn unseal(&self, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (ephemeral, cipher) = sealed
            .split_first_chunk::<KEY_SIZE>()
            .ok_or(OpenError::Damaged)?;
        let nonce = Blake2b::<U24>::new()
            .chain_update(ephemeral)
            .chain_update(self.public.as_bytes())
            .finalize();
        self.agreement.decrypt(ephemeral, &nonce, cipher)
    }

    /// The first eight hexadecimal digits of the public key's SHA-256.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public key, as it is served.
    #[must_use]
    pub fn public_base64(&self) -> String {
        STANDARD.encode(self.public.as_bytes())
    }
}

/// The keys that open entries: at least one.
#[derive(Debug, Clone)]
pub struct SealKeys {
    newest: SealKeyPair,
    older: Vec<SealKeyPair>,
}

impl SealKeys {
    /// The newest, and those that still open older entries.
    #[must_use]
    pub fn new(newest: SealKeyPair, older: Vec<SealKeyPair>) -> Self {
        Self { newest, older }
    }

    /// One new key.
    #[must_use]
    pub fn generate(random: &dyn Random) -> Self {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        Self::new(SealKeyPair::from_bytes(bytes), Vec::new())
    }

    /// The one that is served.
    #[must_use]
    pub fn newest(&self) -> &SealKeyPair {
        &self.newest
    }

    /// Opens a sealed box.
    ///
    /// # Errors
    /// No such key, or the box was not made for it.
    pub fn open(&self, key_id: &str, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let pair = std::iter::once(&self.newest)
            .chain(&self.older)
            .find(|p| p.id == key_id)
            .ok_or(OpenError::KeyUnknown)?;
        pair.unseal(sealed)
    }

    /// Seals with the newest key, in base64: for what came open but must not lie open.
    #[must_use]
    pub fn seal(&self, random: &dyn Random, plain: &[u8]) -> String {
        // Sealing fails only beyond 64 GiB; an empty box cannot be opened, so it would be noticed, not mistaken for data.
        STANDARD.encode(
            self.newest
                .public
                .seal(&mut FromRandom(random), plain)
                .unwrap_or_default(),
        )
    }

    /// Each key with its name.
    pub(super) fn named(&self) -> impl Iterator<Item = (String, [u8; 32])> + '_ {
        std::iter::once(&self.newest)
            .chain(&self.older)
            .map(|p| (p.id.clone(), p.agreement.secret().to_bytes()))
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = [u8; 32]> + '_ {
        std::iter::once(&self.newest)
            .chain(&self.older)
            .map(|p| p.agreement.secret().to_bytes())
    }
}

/// Seals for somebody else's public key, in base64. What cannot be sealed comes out empty, and an empty box opens for nobody.
#[must_use]
pub fn seal_to(random: &dyn Random, public: &[u8; 32], plain: &[u8]) -> String {
    let sealed = PublicKey::from(*public).seal(&mut FromRandom(random), plain);
    STANDARD.encode(sealed.unwrap_or_default())
}

/// The server's randomness in the shape that the sealed box asks for.
struct FromRandom<'a>(&'a dyn Random);

impl crypto_box::aead::rand_core::RngCore for FromRandom<'_> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }
    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        self.0.fill(dest);
    }
    fn try_fill_bytes(
        &mut self,
        dest: &mut [u8],
    ) -> Result<(), crypto_box::aead::rand_core::Error> {
        self.0.fill(dest);
        Ok(())
    }
}

impl crypto_box::aead::rand_core::CryptoRng for FromRandom<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededRandom;

    #[test]
    fn every_loaded_key_opens_and_the_first_one_is_served() {
        let random = SeededRandom::new(1);
        let (old, new) = (SealKeys::generate(&random), SealKeys::generate(&random));
        let both = SealKeys::new(new.newest().clone(), vec![old.newest().clone()]);
        let sealed = seal(&old.newest().public_base64(), b"kept");
        assert_eq!(both.newest().id(), new.newest().id());
        assert_eq!(both.open(old.newest().id(), &sealed).unwrap(), b"kept");
        assert_eq!(
            new.open(old.newest().id(), &sealed),
            Err(OpenError::KeyUnknown)
        );
        assert_eq!(
            both.open(new.newest().id(), &sealed),
            Err(OpenError::Damaged)
        );
        assert_eq!(
            both.open(old.newest().id(), &sealed[..20]),
            Err(OpenError::Damaged)
        );
    }

    /// As a phone does, from nothing but the served key.
    fn seal(public_base64: &str, plain: &[u8]) -> Vec<u8> {
        let bytes: [u8; 32] = STANDARD.decode(public_base64).unwrap().try_into().unwrap();
        crypto_box::PublicKey::from(bytes)
            .seal(&mut StepRng(9), plain)
            .unwrap()
    }

    struct StepRng(u8);

    impl crypto_box::aead::rand_core::RngCore for StepRng {
        fn next_u32(&mut self) -> u32 {
            7
        }
        fn next_u64(&mut self) -> u64 {
            7
        }
        fn fill_bytes(&mut self, dest: &mut [u8]) {
            dest.fill(self.0);
        }
        fn try_fill_bytes(
            &mut self,
            dest: &mut [u8],
        ) -> Result<(), crypto_box::aead::rand_core::Error> {
            self.fill_bytes(dest);
            Ok(())
        }
    }

    impl crypto_box::aead::rand_core::CryptoRng for StepRng {}
}
