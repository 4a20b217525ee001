//! Writing what is filled or taken into rows that are here already.

use std::collections::HashMap;

use bedring_store::StoreError;
use bedring_store::entities::{
    call_task, followup, occasion, person, project, refusal_tally, response, score, stated_type,
};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::compare::Edit;
use super::rows::{OccasionRow, Rows};
use super::stored::Stored;
use crate::followup::answered::ANSWERED;
use crate::followup::changes::{self, By, What};
use crate::followup::{reasons, windows};
use crate::journal::retry;
use crate::ports::Random;

/// Writes them. Says which responses have to be scored anew.
pub async fn write<C: ConnectionTrait>(
    tx: &C,
    by: By<'_>,
    edits: Vec<Edit>,
    rows: &Rows,
    stored: &Stored,
) -> Result<Vec<Uuid>, StoreError> {
    let mut rescored = Vec::new();
    for edit in edits {
        match edit {
            Edit::Intervention(id, text) => {
                set_project(tx, id, project::Column::Intervention, text).await?;
            }
            Edit::Status(id, text) => set_project(tx, id, project::Column::Status, text).await?,
            Edit::Refusals(project, count) => {
                refusal_tally::Entity::update_many()
                    .col_expr(refusal_tally::Column::Refusals, Expr::value(count))
                    .filter(refusal_tally::Column::ProjectId.eq(project))
                    .filter(refusal_tally::Column::Source.eq("import"))
                    .exec(tx)
                    .await?;
            }
            Edit::Person(new, old) => write_person(tx, by, (&new, &old), rows, stored).await?,
            Edit::Type(row) => write_type(tx, by, row, stored).await?,
            Edit::Missed(id, reason) => write_reason(tx, by, id, reason, stored).await?,
            Edit::Response(row) => {
                let (id, occasion_id) = (row.id, row.occasion_id);
                response::Entity::update(row.into_active_model().reset_all())
                    .exec(tx)
                    .await?;
                score::Entity::delete_many()
                    .filter(score::Column::ResponseId.eq(id))
                    .exec(tx)
                    .await?;
                let made = rows.occasions.iter().find(|o| o.row.id == occasion_id);
                if let Some(made) = made.filter(|o| o.row.completed_at.is_some()) {
                    complete(tx, made, by.now).await?;
                }
                rescored.push(id);
            }
        }
    }
    Ok(rescored)
}

async fn set_project<C: ConnectionTrait>(
    tx: &C,
    id: Uuid,
    column: project::Column,
    text: String,
) -> Result<(), StoreError> {
    project::Entity::update_many()
        .col_expr(column, Expr::value(text))
        .filter(project::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// The consent stays where it is: whoever brought it in vouched for that day, and moving it might put it behind a later no.
async fn write_person<C: ConnectionTrait>(
    tx: &C,
    by: By<'_>,
    (new, old): (&person::Model, &person::Model),
    rows: &Rows,
    stored: &Stored,
) -> Result<(), StoreError> {
    person::Entity::update_many()
        .col_expr(person::Column::ProjectId, Expr::value(new.project_id))
        .col_expr(person::Column::StartOn, Expr::value(new.start_on))
        .col_expr(person::Column::EndOn, Expr::value(new.end_on))
        .filter(person::Column::Id.eq(new.id))
        .exec(tx)
        .await?;
    if new.project_id != old.project_id {
        followup::Entity::update_many()
            .col_expr(followup::Column::ProjectId, Expr::value(new.project_id))
            .filter(followup::Column::PersonId.eq(new.id))
            .exec(tx)
            .await?;
        call_task::Entity::update_many()
            .col_expr(call_task::Column::ProjectId, Expr::value(new.project_id))
            .filter(call_task::Column::PersonId.eq(new.id))
            .exec(tx)
            .await?;
    }
    note_changes(tx, by, (new, old), rows, stored).await?;
    if stored.holds.values().any(|h| h.person_id == new.id) {
        return windows::materialise(tx, by.random, new, by.now).await;
    }
    retry::days_moved(tx, by.random, &[new.id], by.now).await?;
    // Nothing holds them yet: their days are moved, and the server's next start takes hold of what lies ahead.
    for (kind, day) in [("intake", new.start_on), ("exit", new.end_on)] {
        occasion::Entity::update_many()
            .col_expr(occasion::Column::OpensOn, Expr::value(day))
            .col_expr(occasion::Column::DueOn, Expr::value(day))
            .filter(occasion::Column::PersonId.eq(new.id))
            .filter(occasion::Column::Kind.eq(kind))
            .filter(occasion::Column::Number.eq(1))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// As any correction, an import's is told in the history.
async fn note_changes<C: ConnectionTrait>(
    tx: &C,
    by: By<'_>,
    (new, old): (&person::Model, &person::Model),
    rows: &Rows,
    stored: &Stored,
) -> Result<(), StoreError> {
    let project = |id: Uuid| {
        let given = rows.projects.iter().map(|p| &p.row);
        let mut all = stored.projects.values().chain(given);
        all.find(|p| p.id == id).map(|p| p.code.clone())
    };
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    for (what, before, after) in [
        (
            What::Moved,
            project(old.project_id),
            project(new.project_id),
        ),
        (What::StartCorrected, day(old.start_on), day(new.start_on)),
        (What::EndConfirmed, day(old.end_on), day(new.end_on)),
    ] {
        if before != after {
            changes::note(tx, by, new, what, before, after).await?;
        }
    }
    Ok(())
}

/// Why a measurement will never be made.
async fn write_reason<C: ConnectionTrait>(
    tx: &C,
    by: By<'_>,
    id: Uuid,
    reason: String,
    stored: &Stored,
) -> Result<(), StoreError> {
    let row = stored.occasions.get(&id);
    if let Some((row, person)) = row.and_then(|o| Some((o, stored.persons.get(&o.person_id)?))) {
        reasons::note(tx, by, person, row, Some(&reason)).await?;
    }
    occasion::Entity::update_many()
        .col_expr(occasion::Column::MissedReason, Expr::value(reason))
        .filter(occasion::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// What somebody was when the course began; what they are is what was said last.
async fn write_type<C: ConnectionTrait>(
    tx: &C,
    by: By<'_>,
    row: stated_type::Model,
    stored: &Stored,
) -> Result<(), StoreError> {
    let person = row.person_id;
    if stored.types.contains_key(&row.id) {
        stated_type::Entity::update_many()
            .col_expr(
                stated_type::Column::RespondentType,
                Expr::value(row.respondent_type),
            )
            .filter(stated_type::Column::Id.eq(row.id))
            .exec(tx)
            .await?;
    } else {
        stated_type::Entity::insert(row.into_active_model())
            .exec_without_returning(tx)
            .await?;
    }
    let last = stated_type::Entity::find()
        .filter(stated_type::Column::PersonId.eq(person))
        .order_by_desc(stated_type::Column::SaidAt)
        .order_by_desc(stated_type::Column::Id)
        .one(tx)
        .await?;
    let role = last.map(|t| t.respondent_type);
    if let Some(old) = stored.persons.get(&person)
        && old.respondent_type != role
    {
        let before = old.respondent_type.clone();
        changes::note(tx, by, old, What::RoleCorrected, before, role.clone()).await?;
    }
    person::Entity::update_many()
        .col_expr(person::Column::RespondentType, Expr::value(role))
        .filter(person::Column::Id.eq(person))
        .exec(tx)
        .await?;
    Ok(())
}

/// Occasions that were here, and have got their answers now.
pub async fn complete_all<C: ConnectionTrait>(
    tx: &C,
    occasions: &[OccasionRow],
    stored: &Stored,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for made in occasions.iter().filter(|o| o.row.completed_at.is_some()) {
        let waited = |old: &occasion::Model| old.completed_at.is_none();
        if stored.occasions.get(&made.row.id).is_some_and(waited) {
            complete(tx, made, now).await?;
        }
    }
    Ok(())
}

/// Nobody needs to ask any more: the reason why it was missing goes, and so does the call.
async fn complete<C: ConnectionTrait>(
    tx: &C,
    made: &OccasionRow,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    occasion::Entity::update_many()
        .col_expr(
            occasion::Column::CompletedAt,
            Expr::value(made.row.completed_at),
        )
        .col_expr(occasion::Column::MissedReason, Expr::value(None::<String>))
        .filter(occasion::Column::Id.eq(made.row.id))
        .exec(tx)
        .await?;
    call_task::Entity::update_many()
        .col_expr(call_task::Column::ClosedAt, Expr::value(now))
        .col_expr(call_task::Column::Outcome, Expr::value(ANSWERED))
        .filter(call_task::Column::OccasionId.eq(made.row.id))
        .filter(call_task::Column::ClosedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// People who were registered here without a yes: whoever brings their answers in vouches for one on paper, as for all others.
pub async fn vouch<C: ConnectionTrait>(
    tx: &C,
    rows: &Rows,
    stored: &Stored,
) -> Result<(), StoreError> {
    let by_person: HashMap<Uuid, _> = rows
        .consents
        .iter()
        .map(|c| (c.row.person_id, &c.row))
        .collect();
    for person in stored.persons.values() {
        let asked = person.ever_given || person.refused || person.withdrawn.is_some();
        let (false, Some(consent)) = (asked, by_person.get(&person.id)) else {
            continue;
        };
        bedring_store::entities::consent::Entity::insert((*consent).clone().into_active_model())
            .exec_without_returning(tx)
            .await?;
        person::Entity::update_many()
            .col_expr(person::Column::EverGiven, Expr::value(true))
            .filter(person::Column::Id.eq(person.id))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// By nobody of the staff: whoever imports sits at the server itself.
pub fn by(random: &dyn Random, now: DateTime<Utc>) -> By<'_> {
    By {
        random,
        account: None,
        now,
    }
}
