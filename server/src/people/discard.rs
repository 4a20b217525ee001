//! A registration that was a mistake: not counted, not asked, not reminded, and everything of it kept. It can be taken back.

use bedring_contract::correct::{DiscardPerson, DiscardReason, Discarded};
use bedring_contract::erasure::ErasureBecame;
use bedring_contract::staff::PersonLine;
use bedring_store::StoreError;
use bedring_store::entities::{discard, journal_entry, person, response};
use bedring_store::readable::Damage;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::asked::{locked, to_be_corrected};
use super::correct::code_taken;
use super::{PeopleError, erasure, list};
use crate::accounts::access::{DiscardPerson as May, Proof};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::followup::changes::{self as ledger, By, What};
use crate::followup::windows;
use crate::journal::state;
use crate::mail;
use crate::state::Services;

/// Discards a person.
///
/// # Errors
/// No such person within the proof's projects, one who was erased or discarded already, or one who has answered: answers are never lost
/// with a registration.
pub async fn discard(
    proof: &Proof<May>,
    services: &Services,
    id: Uuid,
    form: DiscardPerson,
) -> Result<(), PeopleError> {
    if form.why == DiscardReason::Merged {
        return Err(PeopleError::Input("/why", "not_by_hand"));
    }
    let (now, random) = (services.clock.now(), &*services.random);
    let tx = services.db.begin().await?;
    let person = to_be_corrected(proof, &*tx, id).await?;
    if has_answers(&*tx, id).await? {
        return Err(PeopleError::HasAnswers);
    }
    let by = By::holder(proof, random, now);
    let aside = Aside {
        why: form.why,
        into: None,
    };
    set_aside(&*tx, by, &person, aside).await?;
    erasure::end_open(&*tx, id, ErasureBecame::Discarded, by.account, now).await?;
    let why = Some(form.why.as_str().to_owned());
    ledger::note(&*tx, by, &person, What::Discarded, None, why).await?;
    let deed = Deed::PersonDiscarded;
    audit::record(&*tx, random, proof, deed, about(&person), now).await?;
    Ok(tx.commit().await?)
}

/// Takes it back: the person counts and is asked again. What arrived meanwhile is kept apart and can be tried again.
///
/// # Errors
/// No such person within the proof's projects, or one that was merged with another. Where nothing was discarded nothing happens.
pub async fn restore(
    proof: &Proof<May>,
    services: &Services,
    id: Uuid,
) -> Result<PersonLine, PeopleError> {
    let (now, random) = (services.clock.now(), &*services.random);
    let tx = services.db.begin().await?;
    let mut person = locked(proof, &*tx, id).await?;
    // Unscoped on purpose: the row of a person who was found in scope.
    let row = discard::Entity::find_by_id(id).one(&*tx).await?;
    if let Some(row) = row.filter(|_| person.discarded_at.is_some()) {
        if row.merged_into.is_some() {
            return Err(PeopleError::Input("", "merged"));
        }
        discard::Entity::delete_by_id(id).exec(&*tx).await?;
        let free = !code_taken(&*tx, person.project_id, &row.code).await?;
        let mut changed = person.clone().into_active_model();
        changed.discarded_at = Set(None);
        if free {
            changed.code = Set(row.code);
        }
        person = changed.update(&*tx).await?;
        windows::materialise(&*tx, random, &person, now).await?;
        mail::person_changed(&*tx, id, false, true, now).await?;
        let by = By::holder(proof, random, now);
        ledger::note(&*tx, by, &person, What::Restored, None, None).await?;
        let deed = Deed::PersonRestored;
        audit::record(&*tx, random, proof, deed, about(&person), now).await?;
    }
    let today = calendar::day_of(now);
    let lines = list::lines(
        proof,
        &*tx,
        &services.keys.contact,
        vec![person],
        today,
        Damage::default(),
    )
    .await?;
    tx.commit().await?;
    Ok(lines.into_iter().next().ok_or(StoreError::NotFound)?)
}

/// How somebody was discarded, for their page.
///
/// # Errors
/// As the database says.
pub async fn of_person<C: ConnectionTrait>(
    db: &C,
    person: &person::Model,
) -> Result<Option<Discarded>, StoreError> {
    if person.discarded_at.is_none() {
        return Ok(None);
    }
    // Unscoped on purpose: the row of a person who was found in scope.
    let row = discard::Entity::find_by_id(person.id).one(db).await?;
    Ok(row.map(|row| Discarded {
        at: row.at,
        why: DiscardReason::parse(&row.why),
        merged_into: row.merged_into,
        code: row.code,
    }))
}

/// Why somebody does not count any more.
pub(super) struct Aside {
    pub why: DiscardReason,
    pub into: Option<Uuid>,
}

/// From now on the person does not count, and their code is free. The caller holds the row.
pub(super) async fn set_aside<C: ConnectionTrait>(
    tx: &C,
    by: By<'_>,
    person: &person::Model,
    aside: Aside,
) -> Result<(), StoreError> {
    let row = discard::ActiveModel {
        person_id: Set(person.id),
        at: Set(by.now),
        account_id: Set(by.account),
        why: Set(aside.why.as_str().to_owned()),
        merged_into: Set(aside.into),
        code: Set(person.code.clone()),
    };
    discard::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    let named = format!("kasseret-{}", &person.id.simple().to_string()[20..]);
    let at: DateTime<Utc> = by.now;
    person::Entity::update_many()
        .col_expr(person::Column::DiscardedAt, Expr::value(at))
        .col_expr(person::Column::Code, Expr::value(named))
        .filter(person::Column::Id.eq(person.id))
        .exec(tx)
        .await?;
    // Whoever plans and sends looks at it at once, and finds nobody to remind.
    tx.execute_raw(mail::look_at_person(tx, person.id, by.now))
        .await?;
    Ok(())
}

/// Answers that count, or that are kept apart and could.
async fn has_answers<C: ConnectionTrait>(tx: &C, id: Uuid) -> Result<bool, StoreError> {
    let counted = response::Entity::find().filter(response::Column::PersonId.eq(id));
    let apart = journal_entry::Entity::find()
        .filter(journal_entry::Column::PersonId.eq(id))
        .filter(journal_entry::Column::State.eq(state::QUARANTINED));
    Ok(counted.count(tx).await? + apart.count(tx).await? > 0)
}

fn about(person: &person::Model) -> About {
    About {
        person: Some(person.id),
        project: Some(person.project_id),
        subject: None,
    }
}
