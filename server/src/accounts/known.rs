//! Browsers that are known: a cookie that outlives the session and says that somebody has logged in here with an account before. It opens
//! nothing. It only sets a browser apart from those of guessers, so that whatever others try, the people of an account get to its password.
//!
//! A mark is a MAC over account, password hash and day: nothing is stored, another password ends it, and it names nobody.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedring_store::StoreError;
use bedring_store::entities::account;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, Utc};

use super::canonical_email;
use crate::error::{ApiError, ApiResult};
use crate::keys::ContactKeys;
use crate::state::AppState;

const SECURE_NAME: &str = "__Host-bedring-known";
const PLAIN_NAME: &str = "bedring-known";
/// Of so many accounts a browser is known; shared ones have some.
const MOST: usize = 4;
/// So long a browser stays known without a new log-in.
const DAYS: u32 = 400;
const PURPOSE: &str = "known browser";
const MAC_LENGTH: usize = 32;

fn name(state: &AppState) -> &'static str {
    if state.config.cookie_secure() {
        SECURE_NAME
    } else {
        PLAIN_NAME
    }
}

/// The marks that a browser shows, as they are.
fn shown(state: &AppState, headers: &HeaderMap) -> Vec<Vec<u8>> {
    let jar = CookieJar::from_headers(headers);
    let Some(cookie) = jar.get(name(state)) else {
        return Vec::new();
    };
    cookie
        .value()
        .split('.')
        .take(MOST)
        .filter_map(|mark| URL_SAFE_NO_PAD.decode(mark).ok())
        .filter(|mark| mark.len() == 4 + MAC_LENGTH)
        .collect()
}

fn today(now: DateTime<Utc>) -> u32 {
    u32::try_from(now.timestamp() / 86_400).unwrap_or(0)
}

fn message(account: &account::Model, day: u32) -> Vec<u8> {
    let mut message = account.id.as_bytes().to_vec();
    message.extend_from_slice(&day.to_be_bytes());
    message.extend_from_slice(account.password_hash.as_bytes());
    message
}

fn fits(keys: &ContactKeys, account: &account::Model, mark: &[u8], now: DateTime<Utc>) -> bool {
    let Some((day, mac)) = mark.split_first_chunk::<4>() else {
        return false;
    };
    let day = u32::from_be_bytes(*day);
    let age = today(now).checked_sub(day);
    age.is_some_and(|age| age <= DAYS)
        && keys
            .macs(PURPOSE, &message(account, day))
            .any(|right| right.as_slice() == mac)
}

/// The mark by which a browser is known for an account as typed, if it is.
///
/// # Errors
/// As the database says.
pub(super) async fn mark_for(
    state: &AppState,
    headers: &HeaderMap,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let marks = shown(state, headers);
    if marks.is_empty() {
        return Ok(None);
    }
    let account = account::Entity::find()
        .filter(account::Column::Email.eq(canonical_email(email)))
        .one(state.db.read())
        .await?;
    let keys = &state.keys.contact;
    Ok(account.and_then(|account| {
        marks
            .into_iter()
            .find(|mark| fits(keys, &account, mark, now))
    }))
}

/// `Set-Cookie` after somebody logged in: from now on the browser is known for this account, and as before for others.
pub(super) async fn remember(
    state: &AppState,
    headers: &HeaderMap,
    account: uuid::Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Option<HeaderValue>> {
    let found = account::Entity::find_by_id(account)
        .one(state.db.read())
        .await
        .map_err(StoreError::from)?;
    let Some(account) = found else {
        return Ok(None);
    };
    let keys = &state.keys.contact;
    let day = today(now);
    let mut mark = day.to_be_bytes().to_vec();
    mark.extend_from_slice(&keys.mac(PURPOSE, &message(&account, day)));
    let others = shown(state, headers)
        .into_iter()
        .filter(|mark| !fits(keys, &account, mark, now));
    let marks: Vec<String> = std::iter::once(mark)
        .chain(others)
        .take(MOST)
        .map(|mark| URL_SAFE_NO_PAD.encode(mark))
        .collect();
    let mut cookie = Cookie::new(name(state), marks.join("."));
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_path("/");
    cookie.set_secure(state.config.cookie_secure());
    let seconds = u64::from(DAYS) * 86_400;
    HeaderValue::from_str(&format!("{cookie}; Max-Age={seconds}"))
        .map(Some)
        .map_err(ApiError::internal)
}
