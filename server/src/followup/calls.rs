//! Call tasks: somebody should speak with a person about an occasion. At most one for each occasion; it is opened anew if a call is due
//! again.

use bedring_store::StoreError;
use bedring_store::entities::{call_task, occasion, person};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::ports::{Random, uuid_v7};

/// There is an open call task for an occasion from now on, to be tried on a day. One that is open keeps its owner and its day; one that
/// was closed (a day was agreed, and nothing came) is opened again for this day. Doing it twice is doing it once.
///
/// Whether there should be one is the caller's to decide: nothing here looks at the occasion's state.
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such occasion.
pub async fn open_call<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    occasion: Uuid,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    // Unscoped on purpose: whoever calls works for the server itself.
    let row = occasion::Entity::find_by_id(occasion).one(tx).await?;
    let person_id = row.ok_or(StoreError::NotFound)?.person_id;
    let found = person::Entity::find_by_id(person_id).one(tx).await?;
    let found = found.ok_or(StoreError::NotFound)?;
    let row = call_task::ActiveModel {
        id: Set(uuid_v7(now, random)),
        occasion_id: Set(occasion),
        person_id: Set(found.id),
        project_id: Set(found.project_id),
        owner_id: Set(None),
        next_try_on: Set(on),
        opened_at: Set(now),
        closed_at: Set(None),
        outcome: Set(None),
    };
    call_task::Entity::insert(row)
        .on_conflict(
            OnConflict::column(call_task::Column::OccasionId)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    call_task::Entity::update_many()
        .col_expr(
            call_task::Column::ClosedAt,
            Expr::value(None::<DateTime<Utc>>),
        )
        .col_expr(call_task::Column::Outcome, Expr::value(None::<String>))
        .col_expr(call_task::Column::NextTryOn, Expr::value(on))
        .col_expr(call_task::Column::OpenedAt, Expr::value(now))
        .filter(call_task::Column::OccasionId.eq(occasion))
        .filter(call_task::Column::ClosedAt.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}
