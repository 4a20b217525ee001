//! Sessions: rows whose key is the SHA-256 of a random token that only the cookie holds.
//!
//! A token is replaced every hour. The old one works a little longer, because requests that were on their way with it must not log
//! anybody out. The end of a session is fixed when it begins; a session is all tokens of one account with the same beginning.

use bedring_contract::staff::Role;
use bedring_store::entities::{account, account_project, session};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::Uuid;

use super::Member;
use crate::journal::secret_hash;
use crate::ports::Random;

/// After this a token is replaced.
const ROTATE_AFTER: TimeDelta = TimeDelta::hours(1);
/// So long the replaced one still works.
const GRACE: TimeDelta = TimeDelta::minutes(2);
/// 256 bits.
const TOKEN_BYTES: usize = 32;

/// A token for the cookie.
#[derive(Clone)]
pub struct Token {
    /// Base64url.
    pub value: String,
    /// When the session ends.
    pub expires_at: DateTime<Utc>,
}

/// A session that was found.
#[derive(Clone)]
pub struct Found {
    /// Whose.
    pub member: Member,
    /// The token that takes the place of the one shown, if that is due.
    pub fresh: Option<Token>,
}

fn new_token(random: &dyn Random) -> String {
    use base64::Engine as _;
    let mut bytes = [0; TOKEN_BYTES];
    random.fill(&mut bytes);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn row(
    token: &str,
    account: Uuid,
    created_at: DateTime<Utc>,
    rotated_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> session::ActiveModel {
    session::ActiveModel {
        token_hash: Set(secret_hash(token).to_vec()),
        account_id: Set(account),
        created_at: Set(created_at),
        rotated_at: Set(rotated_at),
        expires_at: Set(expires_at),
    }
}

/// Begins a session, and clears away those of the account that are over.
///
/// # Errors
/// As the database says.
pub async fn begin<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    account: Uuid,
    now: DateTime<Utc>,
    length: TimeDelta,
) -> Result<Token, StoreError> {
    session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::ExpiresAt.lte(now))
        .exec(tx)
        .await?;
    // The finest that both databases keep: the beginning is compared later.
    let now = now.trunc_subsecs(6);
    let token = Token {
        value: new_token(random),
        expires_at: now + length,
    };
    let row = row(&token.value, account, now, now, token.expires_at);
    session::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(token)
}

/// The clock ran ahead and was set back: sessions that began since it did end here, or they would last that much longer.
///
/// # Errors
/// As the database says.
pub async fn forget_ahead(db: &Db, since: DateTime<Utc>) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    session::Entity::delete_many()
        .filter(session::Column::CreatedAt.gte(since))
        .exec(&*tx)
        .await?;
    tx.commit().await
}

/// The session of a token, with the account as it is now; `None` if it has ended or the account was disabled.
///
/// # Errors
/// As the database says.
pub async fn find(db: &Db, token: &str, now: DateTime<Utc>) -> Result<Option<Member>, StoreError> {
    let found = look_up(db.read(), token, now).await?;
    Ok(found.map(|(_, member)| member))
}

/// The same, and replaces the token if that is due.
///
/// # Errors
/// As the database says.
pub async fn find_and_rotate(
    db: &Db,
    random: &dyn Random,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<Found>, StoreError> {
    let Some((session, member)) = look_up(db.read(), token, now).await? else {
        return Ok(None);
    };
    let fresh = if now - session.rotated_at >= ROTATE_AFTER {
        rotate(db, random, session, now).await?
    } else {
        None
    };
    Ok(Some(Found { member, fresh }))
}

async fn look_up<C: ConnectionTrait>(
    db: &C,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<(session::Model, Member)>, StoreError> {
    let to_account = session::Entity::belongs_to(account::Entity)
        .from(session::Column::AccountId)
        .to(account::Column::Id)
        .into();
    let found = session::Entity::find_by_id(secret_hash(token).to_vec())
        .join(JoinType::InnerJoin, to_account)
        .select_also(account::Entity)
        .one(db)
        .await?;
    let Some((session, Some(account))) = found else {
        return Ok(None);
    };
    if session.expires_at <= now || account.disabled_at.is_some() {
        return Ok(None);
    }
    Ok(Some((session, member_of(db, account).await?)))
}

/// An account with its projects.
///
/// # Errors
/// As the database says, or a role that this program does not know.
pub async fn member_of<C: ConnectionTrait>(
    db: &C,
    account: account::Model,
) -> Result<Member, StoreError> {
    let role = Role::parse(&account.role).ok_or(StoreError::Unreadable { table: "accounts" })?;
    let projects = account_project::Entity::find()
        .select_only()
        .column(account_project::Column::ProjectId)
        .filter(account_project::Column::AccountId.eq(account.id))
        .order_by_asc(account_project::Column::ProjectId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(Member {
        id: account.id,
        email: account.email,
        role,
        projects,
    })
}

/// Of several requests with the same old token one gets a new token; the others go on with the old one while it lasts.
async fn rotate(
    db: &Db,
    random: &dyn Random,
    old: session::Model,
    now: DateTime<Utc>,
) -> Result<Option<Token>, StoreError> {
    let now = now.trunc_subsecs(6);
    let tx = db.begin().await?;
    let won = session::Entity::update_many()
        .col_expr(session::Column::RotatedAt, Expr::value(now))
        .col_expr(
            session::Column::ExpiresAt,
            Expr::value(old.expires_at.min(now + GRACE)),
        )
        .filter(session::Column::TokenHash.eq(old.token_hash))
        .filter(session::Column::RotatedAt.lte(now - ROTATE_AFTER))
        .exec(&*tx)
        .await?;
    if won.rows_affected != 1 {
        return Ok(None);
    }
    let token = Token {
        value: new_token(random),
        expires_at: old.expires_at,
    };
    let row = row(
        &token.value,
        old.account_id,
        old.created_at,
        now,
        old.expires_at,
    );
    session::Entity::insert(row)
        .exec_without_returning(&*tx)
        .await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Ends the session of a token, with those that it replaced and that replaced it. Answers whether there was one.
///
/// # Errors
/// As the database says.
pub async fn end<C: ConnectionTrait>(tx: &C, token: &str) -> Result<bool, StoreError> {
    let found = session::Entity::find_by_id(secret_hash(token).to_vec())
        .one(tx)
        .await?;
    let Some(found) = found else { return Ok(false) };
    session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(found.account_id))
        .filter(session::Column::CreatedAt.eq(found.created_at))
        .exec(tx)
        .await?;
    Ok(true)
}

/// Ends all sessions of an account.
///
/// # Errors
/// As the database says.
pub async fn end_all<C: ConnectionTrait>(tx: &C, account: Uuid) -> Result<(), StoreError> {
    session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}
