//! Who takes a call.

use bedring_contract::followup::{CallOwner, CallStatus};
use bedring_contract::staff::Role;
use bedring_store::StoreError;
use bedring_store::entities::{account, account_project, call_task, occasion_change};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use uuid::Uuid;

use super::{OWNER, about, open_task};
use crate::accounts::access::{MakeCall, Proof};
use crate::audit::{self, Deed};
use crate::followup::FollowupError;
use crate::ports::uuid_v7;
use crate::state::Services;

/// Somebody takes a call, or gives it back.
///
/// # Errors
/// No such call within the proof's projects, one that is closed, or an owner who may not see its project.
pub async fn own(
    proof: &Proof<MakeCall>,
    services: &Services,
    id: Uuid,
    form: CallOwner,
) -> Result<CallStatus, FollowupError> {
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    let (_, task) = open_task(proof, &*tx, id).await?;
    if let Some(owner) = form.owner
        && !may_own(&*tx, owner, task.project_id).await?
    {
        return Err(FollowupError::Input("/owner", "unknown"));
    }
    call_task::Entity::update_many()
        .col_expr(call_task::Column::OwnerId, Expr::value(form.owner))
        .filter(call_task::Column::Id.eq(id))
        .exec(&*tx)
        .await?;
    if task.owner_id != form.owner {
        let text = |owner: Option<Uuid>| owner.map(|id| id.to_string());
        let line = occasion_change::ActiveModel {
            id: Set(uuid_v7(now, &*services.random)),
            occasion_id: Set(task.occasion_id),
            person_id: Set(task.person_id),
            project_id: Set(task.project_id),
            at: Set(now),
            account_id: Set(proof.account()),
            what: Set(OWNER.to_owned()),
            before: Set(text(task.owner_id)),
            after: Set(text(form.owner)),
        };
        occasion_change::Entity::insert(line)
            .exec_without_returning(&*tx)
            .await?;
    }
    let deed = Deed::CallOwner;
    audit::record(&*tx, &*services.random, proof, deed, about(&task), now).await?;
    tx.commit().await?;
    Ok(CallStatus {
        call: id,
        owner: form.owner,
        next_try: task.next_try_on,
        closed: false,
    })
}

/// May this account see the project, and call people? `colleagues` lists them.
async fn may_own<C: ConnectionTrait>(
    tx: &C,
    owner: Uuid,
    project: Uuid,
) -> Result<bool, StoreError> {
    // Unscoped on purpose: accounts belong to no project.
    let found = account::Entity::find_by_id(owner).one(tx).await?;
    let Some(account) = found.filter(|a| a.disabled_at.is_none()) else {
        return Ok(false);
    };
    match Role::parse(&account.role) {
        Some(Role::Administrator) => Ok(true),
        Some(Role::ProjectLeader | Role::Helper) => {
            let seen = account_project::Entity::find()
                .filter(account_project::Column::AccountId.eq(owner))
                .filter(account_project::Column::ProjectId.eq(project));
            Ok(seen.one(tx).await?.is_some())
        }
        Some(Role::Evaluator) | None => Ok(false),
    }
}
