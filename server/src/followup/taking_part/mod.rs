//! Whether a project takes part. From the day on which it is exempt or has left, nobody waits for its people and nobody is reminded; they
//! may still answer, and they stay in the figures they belong to.

mod routes;

pub use routes::routes;

use bedring_contract::project::{ProjectStatus, TakingPart};
use bedring_domain::time::is_day;
use bedring_store::entities::project;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use bedring_store::{StoreError, convert, scope};
use uuid::Uuid;

use super::FollowupError;
use crate::accounts::access::{Proof, SetTakingPart};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::state::Services;

/// Sets it, with the day from which it holds. Nothing about people is changed: what follows for them is worked out from status and day.
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such project for the proof; `/on` is `out_of_range`, or `in_future` where the project takes no part until then,
/// or takes part again: of two such days one would be forgotten.
pub(super) async fn set(
    proof: &Proof<SetTakingPart>,
    services: &Services,
    id: Uuid,
    form: TakingPart,
) -> Result<TakingPart, FollowupError> {
    let now = services.clock.now();
    let today = calendar::day_of(now);
    let tx = services.db.begin().await?;
    let row = scope::projects(proof.scope())
        .filter(project::Column::Id.eq(id))
        .lock(LockType::Update)
        .one(&*tx)
        .await?
        .ok_or(StoreError::NotFound)?;
    if !is_day(form.on) {
        return Err(FollowupError::Input("/on", "out_of_range"));
    }
    let ahead = form.on > today;
    if ahead && (form.status == ProjectStatus::Active || convert::is_exempt(&row, today)) {
        return Err(FollowupError::Input("/on", "in_future"));
    }
    if row.status == form.status.as_str() && row.status_on == Some(form.on) {
        return Ok(form);
    }
    project::Entity::update_many()
        .col_expr(project::Column::Status, Expr::value(form.status.as_str()))
        .col_expr(project::Column::StatusOn, Expr::value(form.on))
        .filter(project::Column::Id.eq(id))
        .exec(&*tx)
        .await?;
    let deed = match form.status {
        ProjectStatus::Active => Deed::ProjectActive,
        ProjectStatus::Exempt => Deed::ProjectExempt,
        ProjectStatus::Withdrawn => Deed::ProjectWithdrawn,
    };
    let about = About {
        project: Some(id),
        ..About::default()
    };
    audit::record(&*tx, &*services.random, proof, deed, about, now).await?;
    tx.commit().await?;
    Ok(form)
}
