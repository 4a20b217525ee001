//! Logging in: the same answer, after the same work, for an account that does not exist, one that was disabled, and a wrong password.

use bedring_store::entities::account;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};

use super::passwords::{MAXIMUM_BYTES, PasswordError, Passwords};
use super::sessions::{self, Token};
use super::{Member, canonical_email};
use crate::audit;
use crate::ports::Random;

/// Why nobody is logged in.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// Unknown, disabled, or the wrong password: never told apart.
    #[error("the log-in failed")]
    Failed,
    /// The hash.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What logging in needs.
pub struct LogInContext<'a> {
    /// The database.
    pub db: &'a Db,
    /// Hashing.
    pub passwords: &'a Passwords,
    /// Randomness.
    pub random: &'a dyn Random,
    /// The time.
    pub now: DateTime<Utc>,
    /// How long a session lasts.
    pub length: TimeDelta,
}

/// Begins a session for whoever knows the password, and ends the one that the same browser had.
///
/// # Errors
/// [`LogInError`].
pub async fn log_in(
    ctx: &LogInContext<'_>,
    email: &str,
    password: SecretString,
    previous: Option<&str>,
) -> Result<(Member, Token), LogInError> {
    let account = account::Entity::find()
        .filter(account::Column::Email.eq(canonical_email(email)))
        .one(ctx.db.read())
        .await
        .map_err(StoreError::from)?;
    // Cut, not refused: a refusal would be faster than a wrong password.
    let too_long = password.expose_secret().len() > MAXIMUM_BYTES;
    let password = if too_long {
        SecretString::default()
    } else {
        password
    };
    let stored = account.as_ref().map(|a| a.password_hash.as_str());
    let fits = ctx.passwords.fits(password, stored).await?;
    let Some(account) = account.filter(|a| fits && !too_long && a.disabled_at.is_none()) else {
        return Err(LogInError::Failed);
    };
    let tx = ctx.db.begin().await?;
    if let Some(previous) = previous {
        sessions::end(&*tx, previous).await?;
    }
    let token = sessions::begin(&*tx, ctx.random, account.id, ctx.now, ctx.length).await?;
    let member = sessions::member_of(&*tx, account).await?;
    audit::log_in(&*tx, ctx.random, &member, ctx.now).await?;
    tx.commit().await?;
    Ok((member, token))
}
