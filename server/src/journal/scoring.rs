//! Scoring responses after they were taken in, with the same crate the phone uses.

use bedring_domain::instrument::{Definition, EditionRef, ScaleScore, score};
use bedring_domain::journal::Answers;
use bedring_store::entities::{response, score as row};
use bedring_store::plan::from_json;
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use bedring_store::{Db, StoreError};
use uuid::Uuid;

use super::editions::Editions;

/// Responses in one transaction: short enough that a delivery which waits for its turn is not noticed by its phone.
const CHUNK: usize = 100;

/// Scores responses; those that are scored already or no longer exist are left alone.
///
/// # Errors
/// As the database says; what was scored before stays.
pub async fn score_responses(db: &Db, editions: &Editions, ids: &[Uuid]) -> Result<(), StoreError> {
    for chunk in ids.chunks(CHUNK) {
        // Read and computed before the transaction, so that it is only as long as the writing.
        let rows = score_rows(db.read(), editions, chunk).await?;
        if rows.is_empty() {
            continue;
        }
        let tx = db.begin().await?;
        // Erased meanwhile: their scores must not come back.
        let still: Vec<Uuid> = existing(&*tx, chunk).await?;
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|(id, _)| still.contains(id))
            .map(|(_, row)| row)
            .collect();
        row::Entity::insert_many(rows)
            .on_conflict_do_nothing()
            .exec_without_returning(&*tx)
            .await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn existing<C: ConnectionTrait>(tx: &C, ids: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    use bedring_store::sea_orm::QuerySelect;
    let query = response::Entity::find()
        .select_only()
        .column(response::Column::Id);
    Ok(query
        .filter(response::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(tx)
        .await?)
}

/// The rows of scores of some responses, for whoever writes them.
pub(crate) async fn score_rows<C: ConnectionTrait>(
    db: &C,
    editions: &Editions,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, row::ActiveModel)>, StoreError> {
    let mut rows = Vec::new();
    for r in response::Entity::find()
        .filter(response::Column::Id.is_in(ids.iter().copied()))
        .all(db)
        .await?
    {
        let edition = EditionRef {
            instrument: r.instrument,
            edition: r.edition,
        };
        let edition = editions
            .get(db, &edition)
            .await?
            .ok_or(StoreError::Unreadable { table: "responses" })?;
        let answers: Answers = from_json("responses", &r.answers)?;
        for definition in std::iter::once(&edition.definition).chain(&edition.derived) {
            rows.extend(
                score(definition, &answers)
                    .into_iter()
                    .map(|s| (r.id, score_row(r.id, definition, s))),
            );
        }
    }
    Ok(rows)
}

fn score_row(response: Uuid, definition: &Definition, s: ScaleScore) -> row::ActiveModel {
    let count = |n: u32| Set(i32::try_from(n).unwrap_or(i32::MAX));
    row::ActiveModel {
        response_id: Set(response),
        instrument: Set(definition.instrument.clone()),
        scale: Set(s.scale),
        score: Set(s.score),
        prorated: Set(s.prorated),
        sum: Set(s.sum),
        answered: count(s.answered),
        skipped: count(s.skipped),
        not_relevant: count(s.not_relevant),
        missing: count(s.missing),
        cut_offs: Set(s.cut_offs.join(" ")),
    }
}
