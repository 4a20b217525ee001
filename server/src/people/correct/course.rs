//! What follows for the measurements and calls of somebody whose first day or role was put right.

use bedring_domain::course::RespondentType;
use bedring_store::StoreError;
use bedring_store::entities::{call_attempt, call_task, occasion, person};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::calendar;
use crate::followup::{plan, windows};
use crate::people::PeopleError;
use crate::state::Services;

/// The measurements follow a new first day or a new role. What was made or given up stays as it is.
pub(super) async fn replan<C: ConnectionTrait>(
    tx: &C,
    services: &Services,
    person: &person::Model,
    now: DateTime<Utc>,
) -> Result<(), PeopleError> {
    let unmeasured = RespondentType::VolunteerNoLivedExperience.as_str();
    if person.respondent_type.as_deref() == Some(unmeasured) {
        plan::take_unanswered_away(tx, person.id).await?;
    }
    windows::materialise(tx, &*services.random, person, now).await?;
    call_off(tx, person.id, calendar::day_of(now)).await?;
    Ok(())
}

/// Nobody is called about what is not due any more. Where somebody has tried already, what they wrote down stays, and the next try is on
/// the new day.
async fn call_off<C: ConnectionTrait>(
    tx: &C,
    person: Uuid,
    today: NaiveDate,
) -> Result<(), StoreError> {
    let early = occasion::Entity::find()
        .filter(occasion::Column::PersonId.eq(person))
        .filter(occasion::Column::CompletedAt.is_null())
        .filter(occasion::Column::DueOn.gt(today))
        .all(tx)
        .await?;
    for row in early {
        let tried = call_attempt::Entity::find()
            .select_only()
            .column(call_attempt::Column::TaskId)
            .into_query();
        let open = call_task::Column::ClosedAt.is_null();
        let of_it = call_task::Column::OccasionId.eq(row.id);
        call_task::Entity::delete_many()
            .filter(of_it.clone())
            .filter(open.clone())
            .filter(call_task::Column::Id.not_in_subquery(tried))
            .exec(tx)
            .await?;
        if let Some(due) = row.due_on {
            call_task::Entity::update_many()
                .col_expr(call_task::Column::NextTryOn, Expr::value(due))
                .filter(of_it)
                .filter(open)
                .filter(call_task::Column::NextTryOn.lt(due))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}
