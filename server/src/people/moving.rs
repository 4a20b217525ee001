//! A person who was registered in the wrong project goes to the right one, with everything.

use bedring_contract::correct::MovePerson;
use bedring_contract::staff::PersonLine;
use bedring_store::entities::{
    call_task, followup, occasion_change, person, person_change, project,
};
use bedring_store::readable::Damage;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use bedring_store::{StoreError, scope};
use uuid::Uuid;

use super::asked::to_be_corrected;
use super::correct::code_taken;
use super::seen::Changed;
use super::{PeopleError, list, register};
use crate::accounts::access::{MovePerson as May, Proof};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::followup::changes::{self as ledger, By, What};
use crate::state::Services;

/// The person belongs to another project of the same programme from now on.
///
/// # Errors
/// No such person or no such project within the proof's projects, a project of another programme (its letter and its plan are others), or
/// a code that somebody there has.
pub async fn change(
    proof: &Proof<May>,
    services: &Services,
    id: Uuid,
    form: MovePerson,
) -> Result<PersonLine, PeopleError> {
    let (now, random) = (services.clock.now(), &*services.random);
    let tx = services.db.begin().await?;
    let mut person = to_be_corrected(proof, &*tx, id).await?;
    let from = find(proof, &*tx, person.project_id).await?;
    let to = find(proof, &*tx, form.to).await?;
    let from = from.ok_or(StoreError::NotFound)?;
    let to = to.ok_or(PeopleError::Input("/to", "unknown"))?;
    if person.project_id != form.to && person.project_id != form.seen {
        return Err(Changed::one("/to", Some(from.code)).into());
    }
    if to.programme_id != from.programme_id {
        return Err(PeopleError::Input("/to", "other_programme"));
    }
    if person.project_id != to.id {
        let code = register::checked_code(register::typed(form.code))?;
        let before = person.clone();
        person.code = code.unwrap_or_else(|| person.code.clone());
        person.project_id = to.id;
        if code_taken(&*tx, to.id, &person.code).await? {
            return Err(PeopleError::Input("/code", "taken"));
        }
        carry(&*tx, &person).await?;
        let by = By::holder(proof, random, now);
        let (old, new) = (Some(from.code), Some(to.code));
        ledger::note(&*tx, by, &person, What::Moved, old, new).await?;
        if before.code != person.code {
            let (old, new) = (Some(before.code), Some(person.code.clone()));
            ledger::note(&*tx, by, &person, What::CodeCorrected, old, new).await?;
        }
        // Told where the person was and where the person is: both projects' records show it.
        for project in [from.id, to.id] {
            let about = About {
                person: Some(id),
                project: Some(project),
                subject: Some(to.id),
            };
            audit::record(&*tx, random, proof, Deed::PersonMoved, about, now).await?;
        }
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

async fn find<C: ConnectionTrait>(
    proof: &Proof<May>,
    tx: &C,
    id: Uuid,
) -> Result<Option<project::Model>, StoreError> {
    let found = scope::projects(proof.scope()).filter(project::Column::Id.eq(id));
    Ok(found.one(tx).await?)
}

/// Everything that is read through the project. Whoever has taken a call may not see the other project, so it is nobody's.
async fn carry<C: ConnectionTrait>(tx: &C, person: &person::Model) -> Result<(), StoreError> {
    let (id, to) = (person.id, person.project_id);
    person::Entity::update_many()
        .col_expr(person::Column::ProjectId, Expr::value(to))
        .col_expr(person::Column::Code, Expr::value(person.code.clone()))
        .filter(person::Column::Id.eq(id))
        .exec(tx)
        .await?;
    followup::Entity::update_many()
        .col_expr(followup::Column::ProjectId, Expr::value(to))
        .filter(followup::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    call_task::Entity::update_many()
        .col_expr(call_task::Column::ProjectId, Expr::value(to))
        .col_expr(call_task::Column::OwnerId, Expr::value(None::<Uuid>))
        .filter(call_task::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    occasion_change::Entity::update_many()
        .col_expr(occasion_change::Column::ProjectId, Expr::value(to))
        .filter(occasion_change::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    person_change::Entity::update_many()
        .col_expr(person_change::Column::ProjectId, Expr::value(to))
        .filter(person_change::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
