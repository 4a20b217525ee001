//! Who may take calls in a project: its leaders and helpers, and administrators. The same people as `calls::own` accepts.

use std::collections::HashSet;

use bedring_contract::course::{Colleague, Colleagues};
use bedring_contract::staff::Role;
use bedring_store::entities::{account, account_project, project};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use bedring_store::{StoreError, scope};
use uuid::Uuid;

use crate::accounts::access::{MakeCall, Proof};

/// The list.
///
/// # Errors
/// [`StoreError::NotFound`] for a project that is not within the proof's.
pub async fn of_project<C: ConnectionTrait>(
    proof: &Proof<MakeCall>,
    db: &C,
    id: Uuid,
) -> Result<Colleagues, StoreError> {
    scope::projects(proof.scope())
        .filter(project::Column::Id.eq(id))
        .one(db)
        .await?
        .ok_or(StoreError::NotFound)?;
    let members: HashSet<Uuid> = account_project::Entity::find()
        .select_only()
        .column(account_project::Column::AccountId)
        .filter(account_project::Column::ProjectId.eq(id))
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    // Unscoped on purpose: accounts belong to no project.
    let accounts = account::Entity::find()
        .filter(account::Column::DisabledAt.is_null())
        .order_by_asc(account::Column::Email)
        .all(db)
        .await?;
    let may = |account: &account::Model| match Role::parse(&account.role)? {
        role @ Role::Administrator => Some(role),
        role @ (Role::ProjectLeader | Role::Helper) => {
            members.contains(&account.id).then_some(role)
        }
        Role::Evaluator => None,
    };
    let accounts = accounts.into_iter().filter_map(|account| {
        Some(Colleague {
            role: may(&account)?,
            id: account.id,
            email: account.email,
        })
    });
    Ok(Colleagues {
        accounts: accounts.collect(),
    })
}
