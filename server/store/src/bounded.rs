//! Reading that stays bounded, however much one person delivered.

use std::collections::HashMap;

use sea_orm::prelude::Expr;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use crate::StoreError;
use crate::entities::{account, response};

/// Responses of one instrument at one occasion that a page shows: what counts is among them, and nobody compares more.
pub const RESPONSES_SHOWN: u32 = 30;

/// Of a person's responses, the first few of each instrument at each occasion; the one that was chosen to count stands before all others.
/// Found through the occasions, which have an index, and without a list of ids: such a list has a longest length, and a person who answers
/// for ever does not.
#[must_use]
pub fn responses_shown(person: Uuid) -> Expr {
    Expr::cust_with_values(
        format!(
            "id IN (SELECT ranked.id FROM (SELECT r.id, ROW_NUMBER() OVER (PARTITION BY r.occasion_id, r.instrument \
             ORDER BY r.chosen DESC, r.id) AS place FROM responses r WHERE r.occasion_id IN \
             (SELECT o.id FROM occasions o WHERE o.person_id = $1)) ranked WHERE ranked.place <= {RESPONSES_SHOWN})"
        ),
        [person],
    )
}

/// As [`responses_shown`], as a query of their ids.
#[must_use]
pub fn ids_shown(person: Uuid) -> Select<response::Entity> {
    response::Entity::find()
        .select_only()
        .column(response::Column::Id)
        .filter(responses_shown(person))
}

/// The e-mail addresses of all accounts, by id: there are few of them, and they belong to no project.
///
/// # Errors
/// As the database says.
pub async fn emails<C: ConnectionTrait>(db: &C) -> Result<HashMap<Uuid, String>, StoreError> {
    let rows: Vec<(Uuid, String)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::Email])
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
