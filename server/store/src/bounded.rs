//! Reading that stays bounded, however much one person delivered.

use std::collections::HashMap;

use sea_orm::prelude::Expr;
use sea_orm::sea_query::{ExprTrait, Order, OverStatement, Query, WindowStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use crate::StoreError;
use crate::entities::{account, occasion, response};

/// Responses of one instrument at one occasion that a page shows: what counts is among them, and nobody compares more.
pub const RESPONSES_SHOWN: u32 = 30;

/// Of a person's responses, the first few of each instrument at each occasion; the one that was chosen to count stands before all others.
/// Found through the occasions, which have an index, and without a list of ids: such a list has a longest length, and a person who answers
/// for ever does not.
#[must_use]
pub fn responses_shown(person: Uuid) -> Expr {
    let occasions = occasion::Entity::find()
        .select_only()
        .column(occasion::Column::Id)
        .filter(occasion::Column::PersonId.eq(person))
        .into_query();
    let mut each = WindowStatement::partition_by(response::Column::OccasionId);
    each.add_partition_by(Expr::col(response::Column::Instrument));
    each.order_by(response::Column::Chosen, Order::Desc);
    each.order_by(response::Column::Id, Order::Asc);
    let ranked = Query::select()
        .column(response::Column::Id)
        .expr_window_as(Expr::cust("ROW_NUMBER()"), each, PLACE)
        .from(response::Entity)
        .and_where(Expr::col(response::Column::OccasionId).in_subquery(occasions))
        .to_owned();
    let shown = Query::select()
        .column(response::Column::Id)
        .from_subquery(ranked, "ranked")
        .and_where(Expr::col(PLACE).lte(RESPONSES_SHOWN))
        .to_owned();
    Expr::col((response::Entity, response::Column::Id)).in_subquery(shown)
}

const PLACE: &str = "place";

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
