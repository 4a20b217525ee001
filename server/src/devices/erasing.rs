//! An erasure that was asked for by a device which is not known. It counts as a stop at once, and erases seven days later, unless a known
//! device takes it back: whoever reads a person's mail, or made them a link, cannot undo what the person gave.
//!
//! Example: on 2 March a stranger at a mistyped address opens the link and erases. From 2 March nobody asks the person any more; on the
//! person's own phone stands that everything will be erased on 9 March, with a press that takes it back.

use bedring_contract::device::Erasing;
use bedring_domain::consent::{Decision, Scope};
use bedring_store::StoreError;
use bedring_store::convert;
use bedring_store::entities::{consent, erasure_waiting, job, person};
use bedring_store::plan::to_json;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::{LockType, OnConflict};
use bedring_store::sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::caller::KnownDevice;
use crate::audit::{self, Deed};
use crate::calendar::day_of;
use crate::error::ApiResult;
use crate::journal;
use crate::ports::{Random, uuid_v7};
use crate::state::Services;

/// A kind of job: its payload is the JSON of a person's id.
pub const ERASE_PERSON: &str = "erase_person";
/// So long it waits.
const WAITS_DAYS: i64 = 7;

/// The erasure that waits for a person, if one does.
///
/// # Errors
/// As the database says.
pub async fn waiting<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
) -> Result<Option<Erasing>, StoreError> {
    let row = erasure_waiting::Entity::find_by_id(person).one(db).await?;
    Ok(row.map(|row| Erasing {
        asked_at: row.asked_at,
        on: day_of(row.due_at),
    }))
}

/// Notes that an erasure waits. One that waits already stays, with its day.
///
/// # Errors
/// As the database says.
pub async fn wait<C: ConnectionTrait>(
    tx: &C,
    random: &dyn Random,
    person: Uuid,
    entry: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let due = now + TimeDelta::days(WAITS_DAYS);
    let row = erasure_waiting::ActiveModel {
        person_id: Set(person),
        entry_id: Set(entry),
        asked_at: Set(now),
        due_at: Set(due),
    };
    let inserted = erasure_waiting::Entity::insert(row)
        .on_conflict(
            OnConflict::column(erasure_waiting::Column::PersonId)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    if inserted == 0 {
        return Ok(());
    }
    let job = job::ActiveModel {
        id: Set(uuid_v7(now, random)),
        kind: Set(ERASE_PERSON.to_owned()),
        payload: Set(to_json(&person)),
        run_at: Set(due),
        attempts: Set(0),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(now),
    };
    job::Entity::insert(job).exec_without_returning(tx).await?;
    Ok(())
}

/// A known device takes an erasure back. The stop that came with it stays until the person says yes again: a yes is never made for anybody.
///
/// # Errors
/// `not_found`: none waits.
pub async fn take_back(services: &Services, known: KnownDevice) -> ApiResult<()> {
    let now = services.clock.now();
    let tx = services.db.begin().await?;
    let gone = erasure_waiting::Entity::delete_by_id(known.person.id)
        .exec(&*tx)
        .await;
    if gone.map_err(StoreError::from)?.rows_affected == 0 {
        return Err(StoreError::NotFound.into());
    }
    let (random, device) = (&*services.random, known.device.id);
    audit::by_device(
        &*tx,
        random,
        Deed::ErasureTakenBack,
        &known.person,
        device,
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Erases a person whose erasure waited and is due. One that was taken back, or asked for again since, is left alone.
///
/// # Errors
/// As the database says.
pub async fn carry_out(services: &Services, id: Uuid) -> Result<(), StoreError> {
    let tx = services.db.begin().await?;
    let person = person::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(&*tx)
        .await?;
    let waits = erasure_waiting::Entity::find_by_id(id).one(&*tx).await?;
    let (Some(person), Some(waits)) = (person, waits) else {
        return Ok(());
    };
    let ctx = services.journal.context();
    if waits.due_at > ctx.now {
        return Ok(());
    }
    if person.erased_at.is_none() {
        journal::erase_person(&ctx, &*tx, person).await?;
    } else {
        settle(&*tx, id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Everything is erased now, by whatever way: what waited for it does not wait any more, and stands in the ledger as what it was.
///
/// # Errors
/// As the database says.
pub async fn settle<C: ConnectionTrait>(tx: &C, person: Uuid) -> Result<(), StoreError> {
    let Some(waits) = erasure_waiting::Entity::find_by_id(person).one(tx).await? else {
        return Ok(());
    };
    let erase = convert::decision_to_text(Decision::Withdrawn(Scope::Erase));
    consent::Entity::update_many()
        .col_expr(consent::Column::Decision, Expr::value(erase))
        .filter(consent::Column::Id.eq(waits.entry_id))
        .exec(tx)
        .await?;
    erasure_waiting::Entity::delete_by_id(person)
        .exec(tx)
        .await?;
    Ok(())
}
