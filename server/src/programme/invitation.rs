//! Ways in for a person: a link whose secret stands in the fragment, and a short code for typing. The server keeps hashes only, so both
//! are shown once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedring_domain::code::{SHORT_CODE_ENTROPY, short_code};
use bedring_store::StoreError;
use bedring_store::entities::access_secret;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use chrono::{DateTime, TimeDelta, Utc};
use fast_qr::{ECL, QRBuilder, QRCode};
use uuid::Uuid;

use crate::journal::secret_hash;
use crate::ports::Random;

/// A link lasts for a course and its end: the phone sends with it as long as the person takes part.
const LINK_DAYS: i64 = 400;
/// A short code is on paper or in somebody's memory, and only 44 bits long.
const CODE_DAYS: i64 = 14;
/// 128 bits.
const SECRET_BYTES: usize = 16;

/// A new link's secret.
#[derive(Clone)]
pub struct Link {
    /// Shown once.
    pub secret: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// A new link and a new short code. Links that the person has already go on working; a short code that was not used yet does not.
#[derive(Clone)]
pub struct Invited {
    /// The link.
    pub link: Link,
    /// In canonical form, without hyphen.
    pub short_code: String,
    /// Until when it can be exchanged.
    pub short_code_expires_at: DateTime<Utc>,
}

/// Makes a link for a person.
///
/// # Errors
/// As the database says.
pub async fn new_link<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<Link, StoreError> {
    let mut bytes = [0; SECRET_BYTES];
    random.fill(&mut bytes);
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let expires_at = now + TimeDelta::days(LINK_DAYS);
    access_secret::Entity::insert(row(&secret, "link", person, now, expires_at))
        .exec_without_returning(tx)
        .await?;
    Ok(Link { secret, expires_at })
}

/// Lets a secret that follows from something else open a person's questionnaires; doing it twice is doing it once.
///
/// # Errors
/// As the database says.
pub async fn let_in<C: ConnectionTrait>(
    tx: &C,
    secret: &str,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let expires_at = now + TimeDelta::days(LINK_DAYS);
    access_secret::Entity::insert(row(secret, "link", person, now, expires_at))
        .on_conflict_do_nothing()
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Makes a link and a short code for a person.
///
/// # Errors
/// As the database says.
pub async fn invite<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<Invited, StoreError> {
    let link = new_link(tx, random, person, now).await?;
    access_secret::Entity::delete_many()
        .filter(access_secret::Column::PersonId.eq(person))
        .filter(access_secret::Column::Kind.eq("code"))
        .exec(tx)
        .await?;
    let mut bytes = [0; SHORT_CODE_ENTROPY];
    random.fill(&mut bytes);
    let short_code = short_code(&bytes);
    let short_code_expires_at = now + TimeDelta::days(CODE_DAYS);
    // Two people with the same code by chance, one in 10¹³: the unique key refuses, and whoever asked asks again.
    access_secret::Entity::insert(row(&short_code, "code", person, now, short_code_expires_at))
        .exec_without_returning(tx)
        .await?;
    Ok(Invited {
        link,
        short_code,
        short_code_expires_at,
    })
}

fn row(
    secret: &str,
    kind: &str,
    person: Uuid,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> access_secret::ActiveModel {
    access_secret::ActiveModel {
        secret_hash: Set(secret_hash(secret).to_vec()),
        person_id: Set(person),
        kind: Set(kind.to_owned()),
        created_at: Set(now),
        expires_at: Set(expires_at),
        used_at: Set(None),
    }
}

/// The address that opens a person's questionnaires. Browsers never send the part after `#`.
#[must_use]
pub fn address(base_url: &str, secret: &str) -> String {
    format!("{base_url}/s#{secret}")
}

/// An address as a QR code.
///
/// # Errors
/// It is longer than a QR code holds (`server.public_url` is).
pub fn qr(address: &str) -> Result<QRCode, fast_qr::qr::QRCodeError> {
    QRBuilder::new(address).ecl(ECL::M).build()
}

/// A QR code in half blocks, with the quiet zone that readers need, light on a dark terminal.
#[must_use]
pub fn qr_text(code: &QRCode) -> String {
    const MARGIN: usize = 4;
    let dark = |row: usize, column: usize| {
        let inside = |i: usize| i.checked_sub(MARGIN).filter(|i| *i < code.size);
        match (inside(row), inside(column)) {
            (Some(row), Some(column)) => code[row][column].value(),
            _ => false,
        }
    };
    let side = code.size + 2 * MARGIN;
    let mut text = String::new();
    for row in (0..side).step_by(2) {
        for column in 0..side {
            text.push(match (dark(row, column), dark(row + 1, column)) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            });
        }
        text.push('\n');
    }
    text
}
