//! What an account chooses for itself: the language of its mails, and whether it wants the weekly one.

use bedring_contract::staff::{AccountChoices, ChangeAccountChoices, StaffLanguage};
use bedring_store::StoreError;
use bedring_store::entities::account_choice;
use bedring_store::sea_orm::sea_query::Expr;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::access::{KeepChoices, Proof};
use crate::state::Services;

/// What was chosen; where nothing was, no language and a weekly mail.
///
/// # Errors
/// As the database says.
pub async fn of<C: ConnectionTrait>(db: &C, account: Uuid) -> Result<AccountChoices, StoreError> {
    let row = account_choice::Entity::find_by_id(account).one(db).await?;
    Ok(AccountChoices {
        language: row
            .as_ref()
            .and_then(|r| r.language.as_deref())
            .and_then(StaffLanguage::parse),
        weekly_digest: row.is_none_or(|r| r.digest_stopped_at.is_none()),
    })
}

/// What the account that asks has chosen.
///
/// # Errors
/// As the database says.
pub(super) async fn own(
    proof: &Proof<KeepChoices>,
    services: &Services,
) -> Result<AccountChoices, StoreError> {
    let account = proof.account().ok_or(StoreError::NotFound)?;
    of(services.db.read(), account).await
}

/// Changes what the account that asks has chosen.
///
/// # Errors
/// As the database says.
pub(super) async fn change_own(
    proof: &Proof<KeepChoices>,
    services: &Services,
    change: &ChangeAccountChoices,
) -> Result<AccountChoices, StoreError> {
    let account = proof.account().ok_or(StoreError::NotFound)?;
    let tx = services.db.begin().await?;
    apply(&*tx, account, change, services.clock.now()).await?;
    let now = of(&*tx, account).await?;
    tx.commit().await?;
    Ok(now)
}

/// Writes down what is changed, and only that. Whoever calls it knows that the account may: by a proof, or by the token of a mail to it.
///
/// # Errors
/// As the database says.
pub async fn apply<C: ConnectionTrait>(
    tx: &C,
    account: Uuid,
    change: &ChangeAccountChoices,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = account_choice::ActiveModel {
        account_id: Set(account),
        language: Set(None),
        digest_stopped_at: Set(None),
    };
    account_choice::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(tx)
        .await?;
    let own = || {
        account_choice::Entity::update_many().filter(account_choice::Column::AccountId.eq(account))
    };
    if let Some(language) = change.language {
        own()
            .col_expr(
                account_choice::Column::Language,
                Expr::value(language.as_str()),
            )
            .exec(tx)
            .await?;
    }
    match change.weekly_digest {
        Some(true) => {
            own()
                .col_expr(
                    account_choice::Column::DigestStoppedAt,
                    Expr::value(None::<DateTime<Utc>>),
                )
                .exec(tx)
                .await?;
        }
        Some(false) => {
            own()
                .col_expr(account_choice::Column::DigestStoppedAt, Expr::value(now))
                .filter(account_choice::Column::DigestStoppedAt.is_null())
                .exec(tx)
                .await?;
        }
        None => {}
    }
    Ok(())
}
