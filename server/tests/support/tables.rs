//! Looking into the tables: what is really there after an answer was given.

use bedring_store::sea_orm::{EntityTrait, PaginatorTrait, PrimaryKeyTrait};
use uuid::Uuid;

use super::TestApp;

/// How many rows a table has.
pub async fn count<E>(app: &TestApp) -> u64
where
    E: EntityTrait,
    E::Model: Sync,
{
    E::find().count(app.state.db.read()).await.unwrap()
}

/// All rows of a table.
pub async fn all<E: EntityTrait>(app: &TestApp) -> Vec<E::Model> {
    E::find().all(app.state.db.read()).await.unwrap()
}

/// The row with an id, if there is one.
pub async fn find<E>(app: &TestApp, id: Uuid) -> Option<E::Model>
where
    E: EntityTrait,
    E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
{
    E::find_by_id(id).one(app.state.db.read()).await.unwrap()
}

/// The row with an id.
pub async fn row<E>(app: &TestApp, id: Uuid) -> E::Model
where
    E: EntityTrait,
    E::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
{
    find::<E>(app, id).await.unwrap()
}
