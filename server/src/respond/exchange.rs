//! A typed short code becomes a link's secret, once. Whether a code ever existed is not told.

use bedring_contract::problem::Code;
use bedring_domain::code::parse_short_code;
use bedring_store::entities::{access_secret, person};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use bedring_store::{Db, StoreError};

use crate::error::ApiError;
use crate::programme::invitation::{Maker, code_hashes, kind, new_link};

/// Why there is no secret for a code.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// Mistyped, unknown, used or expired: never told apart.
    #[error("the code is unknown")]
    CodeUnknown,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ExchangeError> for ApiError {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::CodeUnknown => Self::new(Code::CodeUnknown),
            ExchangeError::Store(error) => error.into(),
        }
    }
}

/// Uses a code up and makes a new link for its person.
///
/// # Errors
/// [`ExchangeError`]; then the code is as it was.
pub async fn exchange(db: &Db, by: Maker<'_>, typed: &str) -> Result<String, ExchangeError> {
    let code = parse_short_code(typed).map_err(|_| ExchangeError::CodeUnknown)?;
    let hashes = code_hashes(by.keys, &code);
    let tx = db.begin().await?;
    // One statement decides who of two that type the same code at once gets in.
    let used = access_secret::Entity::update_many()
        .col_expr(access_secret::Column::UsedAt, Expr::value(by.now))
        .filter(access_secret::Column::SecretHash.is_in(hashes.clone()))
        .filter(access_secret::Column::Kind.eq(kind::CODE))
        .filter(access_secret::Column::UsedAt.is_null())
        .filter(access_secret::Column::EndedAt.is_null())
        .filter(access_secret::Column::ExpiresAt.gt(by.now))
        .exec(&*tx)
        .await
        .map_err(StoreError::from)?;
    if used.rows_affected != 1 {
        return Err(ExchangeError::CodeUnknown);
    }
    let row = access_secret::Entity::find()
        .filter(access_secret::Column::SecretHash.is_in(hashes))
        .one(&*tx)
        .await
        .map_err(StoreError::from)?;
    let row = row.ok_or(ExchangeError::CodeUnknown)?;
    let person = row.person_id;
    let erased = person::Entity::find_by_id(person)
        .one(&*tx)
        .await
        .map_err(StoreError::from)?
        .is_none_or(|p| p.erased_at.is_some());
    if erased {
        return Err(ExchangeError::CodeUnknown);
    }
    let by = Maker {
        account: row.made_by,
        ..by
    };
    let secret = new_link(&*tx, by, kind::LINK, person).await?.secret;
    tx.commit().await?;
    Ok(secret)
}
