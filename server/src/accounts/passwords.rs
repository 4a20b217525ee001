//! Passwords: argon2id at the parameters that the crate recommends (19 MiB, two rounds), off the async threads and bounded.
//!
//! One hash takes a whole core and 19 MiB for some time: no more of them run at once than there are cores. A log-in for an account that
//! does not exist is checked against a stand-in, so that it takes as long as one that does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{ARGON2ID_IDENT, Argon2, Params, RECOMMENDED_SALT_LEN, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::ports::Random;

/// Fewer characters are refused for a new password.
pub const MINIMUM_LENGTH: usize = 12;
/// Longer ones are refused everywhere: nobody types them.
pub const MAXIMUM_BYTES: usize = 1024;

/// Why a password could not be hashed or compared. Never holds it.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The stored hash cannot be read, or hashing failed.
    #[error("the password hash cannot be used: {0}")]
    Hash(password_hash::Error),
    /// The stored hash is not one.
    #[error("the stored password hash is damaged")]
    Damaged,
    /// The thread was lost: the server is stopping.
    #[error("hashing was interrupted")]
    Interrupted,
}

/// Hashes and compares passwords.
#[derive(Debug)]
pub struct Passwords {
    cores: Arc<Semaphore>,
    /// What is compared when there is no account: random bytes in place of a hash, so no password fits it.
    stand_in: String,
    compared: AtomicU64,
}

impl Passwords {
    /// With a stand-in of its own.
    #[must_use]
    pub fn new(random: &dyn Random) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            cores: Arc::new(Semaphore::new(cores)),
            stand_in: stand_in(random),
            compared: AtomicU64::new(0),
        }
    }

    /// The hash of a new password, as it is stored.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn hash(
        &self,
        random: &dyn Random,
        password: SecretString,
    ) -> Result<String, PasswordError> {
        let mut salt = [0; RECOMMENDED_SALT_LEN];
        random.fill(&mut salt);
        self.off_thread(move || {
            let hash: PasswordHash = Argon2::default()
                .hash_password_with_salt(password.expose_secret().as_bytes(), &salt)
                .map_err(PasswordError::Hash)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password fits; without a stored hash it never does, and takes as long.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn fits(
        &self,
        password: SecretString,
        stored: Option<&str>,
    ) -> Result<bool, PasswordError> {
        let stored = stored.unwrap_or(&self.stand_in).to_owned();
        self.compared.fetch_add(1, Ordering::Relaxed);
        self.off_thread(move || {
            let hash = PasswordHash::new(&stored).map_err(|_| PasswordError::Damaged)?;
            let password = password.expose_secret().as_bytes();
            match Argon2::default().verify_password(password, &hash) {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(PasswordError::Hash(error)),
            }
        })
        .await
    }

    /// How many passwords were compared since the start, for accounts that exist and for others.
    #[must_use]
    pub fn compared(&self) -> u64 {
        self.compared.load(Ordering::Relaxed)
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = Arc::clone(&self.cores)
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::Interrupted)?;
        // The permit goes along: if the client hangs up, the core is still busy until the work is done.
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .unwrap_or(Err(PasswordError::Interrupted))
    }
}

fn stand_in(random: &dyn Random) -> String {
    let (mut salt, mut hash) = ([0; RECOMMENDED_SALT_LEN], [0; Params::DEFAULT_OUTPUT_LEN]);
    random.fill(&mut salt);
    random.fill(&mut hash);
    let params = Params::DEFAULT;
    format!(
        "${}$v={}$m={},t={},p={}${}${}",
        ARGON2ID_IDENT.as_str(),
        u32::from(Version::default()),
        params.m_cost(),
        params.t_cost(),
        params.p_cost(),
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(hash),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SeededRandom;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only_and_the_stand_in_is_made_alike() {
        let random = SeededRandom::new(5);
        let passwords = Passwords::new(&random);
        let secret = |s: &str| SecretString::from(s.to_owned());
        let stored = passwords
            .hash(&random, secret("en lang sætning"))
            .await
            .unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        assert!(
            passwords
                .fits(secret("en lang sætning"), Some(&stored))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .fits(secret("en lang saetning"), Some(&stored))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .fits(secret("en lang sætning"), None)
                .await
                .unwrap()
        );
        assert!(passwords.fits(secret("x"), Some("plain")).await.is_err());
        let shape = |hash: &str| {
            let parts: Vec<&str> = hash.split('$').collect();
            (parts[..4].join("$"), parts[4].len(), parts[5].len())
        };
        assert_eq!(shape(&passwords.stand_in), shape(&stored), "the same work");
        let again = passwords
            .hash(&random, secret("en lang sætning"))
            .await
            .unwrap();
        assert_ne!(stored, again, "every time another salt");
    }
}
