//! The plan of a programme: who may see it, what an edit would do to whom, and saving it together with everybody's days.

mod apply;
mod effect;
mod invalid;

use bedring_contract::plan::{PlanEdit, PlanEffect, PlanView};
use bedring_store::entities::{programme, project};
use bedring_store::plan::{Plan, from_json, to_json};
use bedring_store::scope::{self, ProjectScope};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use bedring_store::{StoreError, WriteTx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{FollowupError, holds};
use crate::accounts::access::{EditPlan, Proof, SeePlan};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::programme::sha256_hex;
use crate::state::Services;
pub(super) use apply::PLAN;
pub use apply::take_unanswered_away;
use effect::Effect;

/// People who are read at once.
const PAGE: usize = 500;

/// The plan, for those who may see a project of the programme.
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such programme for the proof.
pub async fn view<C: ConnectionTrait>(
    proof: &Proof<SeePlan>,
    db: &C,
    id: Uuid,
) -> Result<PlanView, StoreError> {
    let row = find(proof, db, id, false).await?;
    let plan: Plan = from_json("programmes", &row.plan)?;
    Ok(PlanView {
        seen: name_of(&plan),
        plan: plan.course,
        reminders: plan.reminders,
        instruments: plan.instruments,
    })
}

/// What an edit does: tried out, or saved with everybody's days in one transaction.
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such programme, [`FollowupError::Field`] for a plan that makes no sense, and
/// [`FollowupError::Overtaken`] if it is to be saved over another plan than the one that was edited.
pub async fn edit(
    proof: &Proof<EditPlan>,
    services: &Services,
    id: Uuid,
    form: PlanEdit,
) -> Result<PlanEffect, FollowupError> {
    let now = services.clock.now();
    if !form.apply {
        let db = services.db.read();
        let row = find(proof, db, id, false).await?;
        let edit = Edit::of(db, &row, form, now).await?;
        let mut effect = Effect::default();
        let mut last = Uuid::nil();
        while let Some(page) = effect::page(db, id, last, PAGE).await? {
            last = page.last;
            for person in &page.people {
                effect.add(person, &edit.changes(person));
            }
        }
        return Ok(effect.told(false, name_of(&edit.before)));
    }
    let tx = services.db.begin().await?;
    let row = find(proof, &*tx, id, true).await?;
    if form.seen != name_of(&from_json::<Plan>("programmes", &row.plan)?) {
        return Err(FollowupError::Overtaken);
    }
    let edit = Edit::of(&*tx, &row, form, now).await?;
    let effect = save(proof, services, tx, id, &edit).await?;
    Ok(effect.told(true, name_of(&edit.after)))
}

async fn save(
    proof: &Proof<EditPlan>,
    services: &Services,
    tx: WriteTx,
    id: Uuid,
    edit: &Edit,
) -> Result<Effect, FollowupError> {
    let mut effect = Effect::default();
    // With the past, the plan in force may still be news to somebody for whom an edit was held back.
    if edit.before == edit.after && !edit.retroactive {
        return Ok(effect);
    }
    let random = &*services.random;
    let replaced = holds::put_away(&*tx, random, id, &edit.before, edit.now).await?;
    let mut last = Uuid::nil();
    while let Some(page) = effect::locked_page(&*tx, id, last, PAGE).await? {
        last = page.last;
        let mut writing = apply::Writing::new(&edit.after, proof.account(), edit.now);
        for person in &page.people {
            let changes = edit.changes(person);
            effect.add(person, &changes);
            writing.person(&*services.random, person, changes);
        }
        writing.write(&*tx, random, replaced).await?;
    }
    programme::Entity::update_many()
        .col_expr(programme::Column::Plan, Expr::value(to_json(&edit.after)))
        .filter(programme::Column::Id.eq(id))
        .exec(&*tx)
        .await?;
    let about = About {
        subject: Some(id),
        ..About::default()
    };
    audit::record(&*tx, random, proof, Deed::PlanChanged, about, edit.now).await?;
    tx.commit().await?;
    Ok(effect)
}

/// Two plans that make sense, and how one takes the place of the other.
struct Edit {
    before: Plan,
    after: Plan,
    retroactive: bool,
    now: DateTime<Utc>,
}

impl Edit {
    async fn of<C: ConnectionTrait>(
        db: &C,
        row: &programme::Model,
        form: PlanEdit,
        now: DateTime<Utc>,
    ) -> Result<Self, FollowupError> {
        let before: Plan = from_json("programmes", &row.plan)?;
        invalid::check(db, &form, &before).await?;
        let after = Plan {
            course: form.plan,
            reminders: form.reminders,
            ..before.clone()
        };
        Ok(Self {
            before,
            after,
            retroactive: form.retroactive,
            now,
        })
    }

    fn changes(&self, person: &effect::Known) -> bedring_domain::course::PersonChanges {
        bedring_domain::course::changes_for(
            &self.before.course,
            &self.after.course,
            &person.course,
            calendar::day_of(self.now),
            self.retroactive,
        )
    }
}

/// A plan by its content, however it was written down.
fn name_of(plan: &Plan) -> String {
    sha256_hex(to_json(plan).as_bytes())
}

async fn find<C: ConnectionTrait, A>(
    proof: &Proof<A>,
    db: &C,
    id: Uuid,
    locked: bool,
) -> Result<programme::Model, StoreError> {
    let query = programme::Entity::find_by_id(id);
    let query = if locked {
        query.lock(LockType::Update)
    } else {
        query
    };
    let row = query.one(db).await?.ok_or(StoreError::NotFound)?;
    let within = *proof.scope() == ProjectScope::All
        || scope::projects(proof.scope())
            .filter(project::Column::ProgrammeId.eq(id))
            .order_by_asc(project::Column::Id)
            .count(db)
            .await?
            > 0;
    if within {
        Ok(row)
    } else {
        Err(StoreError::NotFound)
    }
}
