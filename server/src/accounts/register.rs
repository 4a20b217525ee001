//! Making accounts, listing and disabling them. Reached from the command line.

use bedring_contract::staff::Role;
use bedring_domain::address::is_address;
use bedring_store::StoreError;
use bedring_store::entities::{account, account_project, programme, project};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{canonical_email, sessions};
use crate::ports::{Random, uuid_v4};

/// A new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its address.
    pub email: String,
    /// What it may do.
    pub role: Role,
    /// Codes of projects, `PROJECT` or `PROGRAMME/PROJECT`.
    pub projects: Vec<String>,
    /// Made by `passwords`.
    pub password_hash: String,
}

/// Why there is no new account, or none to change.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Not an address.
    #[error("this cannot be an e-mail address")]
    Email,
    /// There is one already.
    #[error("there is an account with this address already")]
    Taken,
    /// Leaders and helpers work in projects.
    #[error("a {} needs at least one --project", .0.as_str())]
    ProjectMissing(Role),
    /// The others see all.
    #[error("a {} sees all projects: leave --project out", .0.as_str())]
    ProjectPointless(Role),
    /// No such project.
    #[error("there is no project {0}")]
    ProjectUnknown(String),
    /// The code exists in several programmes.
    #[error("several programmes have a project {0}: write PROGRAMME/{0}")]
    ProjectAmbiguous(String),
    /// No such account.
    #[error("there is no account with this address")]
    Unknown,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

const fn sees_all(role: Role) -> bool {
    matches!(role, Role::Administrator | Role::Evaluator)
}

/// Whether an account could be made, before anybody types a password.
///
/// # Errors
/// [`RegisterError`].
pub async fn check<C: ConnectionTrait>(
    db: &C,
    email: &str,
    role: Role,
    projects: &[String],
) -> Result<Vec<Uuid>, RegisterError> {
    let email = canonical_email(email);
    if !is_address(&email) {
        return Err(RegisterError::Email);
    }
    if projects.is_empty() && !sees_all(role) {
        return Err(RegisterError::ProjectMissing(role));
    }
    if !projects.is_empty() && sees_all(role) {
        return Err(RegisterError::ProjectPointless(role));
    }
    if by_email(db, &email).await?.is_some() {
        return Err(RegisterError::Taken);
    }
    let mut ids = Vec::with_capacity(projects.len());
    for code in projects {
        let id = project_of(db, code).await?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Makes an account.
///
/// # Errors
/// [`RegisterError`].
pub async fn create<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    new: NewAccount,
    now: DateTime<Utc>,
) -> Result<Uuid, RegisterError> {
    let projects = check(tx, &new.email, new.role, &new.projects).await?;
    let id = uuid_v4(random);
    let row = account::ActiveModel {
        id: Set(id),
        email: Set(canonical_email(&new.email)),
        password_hash: Set(new.password_hash),
        role: Set(new.role.as_str().to_owned()),
        created_at: Set(now),
        disabled_at: Set(None),
    };
    account::Entity::insert(row)
        .exec_without_returning(tx)
        .await
        .map_err(StoreError::from)?;
    for project in projects {
        let row = account_project::ActiveModel {
            account_id: Set(id),
            project_id: Set(project),
        };
        account_project::Entity::insert(row)
            .exec_without_returning(tx)
            .await
            .map_err(StoreError::from)?;
    }
    Ok(id)
}

/// Nobody logs in with it any more, and those who are logged in are not any more.
///
/// # Errors
/// [`RegisterError`].
pub async fn disable<C: ConnectionTrait>(
    tx: &C,
    email: &str,
    now: DateTime<Utc>,
) -> Result<(), RegisterError> {
    let row = by_email(tx, &canonical_email(email)).await?;
    let id = row.ok_or(RegisterError::Unknown)?.id;
    account::Entity::update_many()
        .col_expr(account::Column::DisabledAt, Expr::value(now))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::DisabledAt.is_null())
        .exec(tx)
        .await
        .map_err(StoreError::from)?;
    sessions::end_all(tx, id).await?;
    Ok(())
}

/// Gives an account a new password and lets it log in again; whoever was logged in is not any more.
///
/// # Errors
/// [`RegisterError`].
pub async fn set_password<C: ConnectionTrait>(
    tx: &C,
    email: &str,
    password_hash: String,
) -> Result<(), RegisterError> {
    let row = by_email(tx, &canonical_email(email)).await?;
    let id = row.ok_or(RegisterError::Unknown)?.id;
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(password_hash))
        .col_expr(
            account::Column::DisabledAt,
            Expr::value(None::<DateTime<Utc>>),
        )
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await
        .map_err(StoreError::from)?;
    sessions::end_all(tx, id).await?;
    Ok(())
}

/// An account in a list.
#[derive(Debug, Clone)]
pub struct AccountLine {
    /// Its address.
    pub email: String,
    /// What it may do, as stored.
    pub role: String,
    /// Codes of its projects.
    pub projects: Vec<String>,
    /// Nobody logs in with it.
    pub disabled: bool,
}

/// All accounts, by address.
///
/// # Errors
/// As the database says.
pub async fn list<C: ConnectionTrait>(db: &C) -> Result<Vec<AccountLine>, StoreError> {
    let accounts = account::Entity::find()
        .order_by_asc(account::Column::Email)
        .all(db)
        .await?;
    let to_project = account_project::Entity::belongs_to(project::Entity)
        .from(account_project::Column::ProjectId)
        .to(project::Column::Id)
        .into();
    let projects: Vec<(Uuid, String)> = account_project::Entity::find()
        .join(JoinType::InnerJoin, to_project)
        .select_only()
        .column(account_project::Column::AccountId)
        .column(project::Column::Code)
        .order_by_asc(project::Column::Code)
        .into_tuple()
        .all(db)
        .await?;
    let line = |account: account::Model| AccountLine {
        projects: projects
            .iter()
            .filter(|(id, _)| *id == account.id)
            .map(|(_, code)| code.clone())
            .collect(),
        email: account.email,
        role: account.role,
        disabled: account.disabled_at.is_some(),
    };
    Ok(accounts.into_iter().map(line).collect())
}

async fn by_email<C: ConnectionTrait>(
    db: &C,
    email: &str,
) -> Result<Option<account::Model>, StoreError> {
    Ok(account::Entity::find()
        .filter(account::Column::Email.eq(email))
        .one(db)
        .await?)
}

async fn project_of<C: ConnectionTrait>(db: &C, code: &str) -> Result<Uuid, RegisterError> {
    let (in_programme, bare) = match code.split_once('/') {
        Some((programme, project)) => (Some(programme), project),
        None => (None, code),
    };
    let to_programme = project::Entity::belongs_to(programme::Entity)
        .from(project::Column::ProgrammeId)
        .to(programme::Column::Id)
        .into();
    let mut query = project::Entity::find()
        .join(JoinType::InnerJoin, to_programme)
        .filter(project::Column::Code.eq(bare));
    if let Some(programme) = in_programme {
        query = query.filter(programme::Column::Code.eq(programme));
    }
    let found = query.all(db).await.map_err(StoreError::from)?;
    match found.as_slice() {
        [] => Err(RegisterError::ProjectUnknown(code.to_owned())),
        [one] => Ok(one.id),
        _ => Err(RegisterError::ProjectAmbiguous(code.to_owned())),
    }
}
