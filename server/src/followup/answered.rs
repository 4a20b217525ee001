//! What follows from answers that came in: a call that is not needed any more, and occasions that are counted from the one just made.
//!
//! It runs after the scoring of responses, in the same job, so that taking answers in costs nothing more. It may run twice.

use std::collections::{BTreeSet, HashMap};

use bedring_store::StoreError;
use bedring_store::entities::{call_task, occasion, person, response};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::{holds, windows};
use crate::state::Services;

/// What stands in `call_tasks.outcome` when the answers came before anybody got through.
pub const ANSWERED: &str = "answered";

/// After responses were taken in.
///
/// # Errors
/// As the database says.
pub async fn after_responses(services: &Services, responses: &[Uuid]) -> Result<(), StoreError> {
    let made = completed(services.db.read(), responses).await?;
    if made.is_empty() {
        return Ok(());
    }
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    call_task::Entity::update_many()
        .col_expr(call_task::Column::ClosedAt, Expr::value(now))
        .col_expr(call_task::Column::Outcome, Expr::value(ANSWERED))
        .filter(call_task::Column::OccasionId.is_in(made.iter().map(|(occasion, _)| *occasion)))
        .filter(call_task::Column::ClosedAt.is_null())
        .exec(&*tx)
        .await?;
    let people: BTreeSet<Uuid> = made.into_iter().map(|(_, person)| person).collect();
    // Unscoped on purpose: the server's own work. In the order of their ids, as every writer takes them.
    let mut counted: HashMap<Uuid, bool> = HashMap::new();
    for id in people {
        let found = person::Entity::find_by_id(id)
            .lock(LockType::Update)
            .one(&*tx)
            .await?;
        let Some(person) = found else { continue };
        let counts = match counted.get(&person.project_id) {
            Some(counts) => *counts,
            None => {
                let counts = holds::count_from_occasions(&*tx, person.project_id).await?;
                counted.insert(person.project_id, counts);
                counts
            }
        };
        if counts {
            windows::materialise(&*tx, &*services.random, &person, now).await?;
        }
    }
    tx.commit().await
}

/// The occasions of these responses that have all their answers, with their people.
async fn completed<C: ConnectionTrait>(
    db: &C,
    responses: &[Uuid],
) -> Result<BTreeSet<(Uuid, Uuid)>, StoreError> {
    let mut found = BTreeSet::new();
    for chunk in responses.chunks(500) {
        let to_response = occasion::Entity::belongs_to(response::Entity)
            .from(occasion::Column::Id)
            .to(response::Column::OccasionId)
            .into();
        let rows: Vec<(Uuid, Uuid)> = occasion::Entity::find()
            .join(JoinType::InnerJoin, to_response)
            .select_only()
            .columns([occasion::Column::Id, occasion::Column::PersonId])
            .filter(response::Column::Id.is_in(chunk.iter().copied()))
            .filter(occasion::Column::CompletedAt.is_not_null())
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}
