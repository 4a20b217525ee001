//! Ways in for a person: a link whose secret stands in the fragment, and a short code for typing. The server keeps hashes only, so both
//! are shown once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bedring_domain::code::{SHORT_CODE_ENTROPY, short_code};
use bedring_store::StoreError;
use bedring_store::entities::access_secret;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use chrono::{DateTime, TimeDelta, Utc};
use fast_qr::{ECL, QRBuilder, QRCode};
use uuid::Uuid;

use crate::journal::secret_hash;
use crate::keys::ContactKeys;
use crate::ports::Random;

/// A link lasts for a course and its end: the phone sends with it as long as the person takes part.
const LINK_DAYS: i64 = 400;
/// A link in a mail lies in a mailbox that others may read. A device that came in by it goes on after that.
const MAIL_DAYS: i64 = 30;
/// A short code is on paper or in somebody's memory, and only 44 bits long.
const CODE_DAYS: i64 = 14;
/// So long the first device of a way in becomes known that a known device made for it.
const VOUCHING_MINUTES: i64 = 10;
/// 128 bits.
const SECRET_BYTES: usize = 16;

/// What kind of way in it is.
pub mod kind {
    /// A link that staff, the command line or an exchanged code gave out.
    pub const LINK: &str = "link";
    /// A short code, until it is exchanged.
    pub const CODE: &str = "code";
    /// A link in a reminder.
    pub const MAIL: &str = "mail";
    /// A link that a known device made for another one.
    pub const DEVICE: &str = "device";
    /// The kinds whose secret opens questionnaires.
    pub const OPEN: [&str; 3] = [LINK, MAIL, DEVICE];
}

/// A new link's secret.
#[derive(Clone)]
pub struct Link {
    /// Shown once.
    pub secret: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// Until when its first device becomes known.
    pub vouches_until: Option<DateTime<Utc>>,
}

/// A new link and a new short code.
#[derive(Clone)]
pub struct Invited {
    /// The link.
    pub link: Link,
    /// In canonical form, without hyphen.
    pub short_code: String,
    /// Until when it can be exchanged.
    pub short_code_expires_at: DateTime<Utc>,
}

/// Who makes ways in, and with what.
#[derive(Clone, Copy)]
pub struct Maker<'a> {
    /// Keys, for short codes.
    pub keys: &'a ContactKeys,
    /// Randomness.
    pub random: &'a dyn Random,
    /// The account; `None` at the command line and for the person.
    pub account: Option<Uuid>,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Under which a short code is stored: keyed, because 44 bits are few enough to try them all against a plain hash of a stolen backup.
#[must_use]
pub fn code_hash(keys: &ContactKeys, code: &str) -> [u8; 32] {
    keys.mac(SHORT_CODE, code.as_bytes())
}

/// What a short code may be stored under: made with any of the keys.
#[must_use]
pub fn code_hashes(keys: &ContactKeys, code: &str) -> Vec<Vec<u8>> {
    let all = keys.macs(SHORT_CODE, code.as_bytes());
    all.map(|hash| hash.to_vec()).collect()
}

const SHORT_CODE: &str = "short code";

/// Makes a link of a kind for a person.
///
/// # Errors
/// As the database says.
pub async fn new_link<C: ConnectionTrait>(
    tx: &C,
    by: Maker<'_>,
    kind: &str,
    person: Uuid,
) -> Result<Link, StoreError> {
    let mut bytes = [0; SECRET_BYTES];
    by.random.fill(&mut bytes);
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let mut row = row(secret_hash(&secret), kind, person, by.now, LINK_DAYS);
    row.made_by = Set(by.account);
    let vouches = by.now + TimeDelta::minutes(VOUCHING_MINUTES);
    let vouches_until = (kind == kind::DEVICE).then_some(vouches);
    row.vouches_until = Set(vouches_until);
    access_secret::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(Link {
        secret,
        expires_at: by.now + TimeDelta::days(LINK_DAYS),
        vouches_until,
    })
}

/// Lets the secret of a mail open a person's questionnaires; doing it twice is doing it once.
///
/// # Errors
/// As the database says.
pub async fn let_in<C: ConnectionTrait>(
    tx: &C,
    secret: &str,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = row(secret_hash(secret), kind::MAIL, person, now, MAIL_DAYS);
    access_secret::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Makes a link and a short code for a person. A short code from before ends. Links and mails from before end, too, unless asked
/// otherwise: whoever came in by one of them goes on (their device says so), and nobody else comes in by it.
///
/// # Errors
/// As the database says.
pub async fn invite<C: ConnectionTrait>(
    tx: &C,
    by: Maker<'_>,
    person: Uuid,
    keep_earlier: bool,
) -> Result<Invited, StoreError> {
    if !keep_earlier {
        end_ways(tx, person, &kind::OPEN, by.now).await?;
    }
    let link = new_link(tx, by, kind::LINK, person).await?;
    access_secret::Entity::delete_many()
        .filter(access_secret::Column::PersonId.eq(person))
        .filter(access_secret::Column::Kind.eq(kind::CODE))
        .filter(access_secret::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    let mut bytes = [0; SHORT_CODE_ENTROPY];
    by.random.fill(&mut bytes);
    let short_code = short_code(&bytes);
    // Two people with the same code by chance, one in 10¹³: the unique key refuses, and whoever asked asks again.
    let hash = code_hash(by.keys, &short_code);
    let mut row = row(hash, kind::CODE, person, by.now, CODE_DAYS);
    row.made_by = Set(by.account);
    access_secret::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(Invited {
        link,
        short_code,
        short_code_expires_at: by.now + TimeDelta::days(CODE_DAYS),
    })
}

/// Ends all ways in of these kinds that a person has.
///
/// # Errors
/// As the database says.
pub async fn end_ways<C: ConnectionTrait>(
    tx: &C,
    person: Uuid,
    kinds: &[&str],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    access_secret::Entity::update_many()
        .col_expr(access_secret::Column::EndedAt, Expr::value(now))
        .filter(access_secret::Column::PersonId.eq(person))
        .filter(access_secret::Column::Kind.is_in(kinds.iter().copied()))
        .filter(access_secret::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

fn row(
    hash: [u8; 32],
    kind: &str,
    person: Uuid,
    now: DateTime<Utc>,
    days: i64,
) -> access_secret::ActiveModel {
    access_secret::ActiveModel {
        secret_hash: Set(hash.to_vec()),
        person_id: Set(person),
        kind: Set(kind.to_owned()),
        created_at: Set(now),
        expires_at: Set(now + TimeDelta::days(days)),
        used_at: Set(None),
        made_by: Set(None),
        ended_at: Set(None),
        vouches_until: Set(None),
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
