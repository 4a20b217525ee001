//! The measurements of two registrations.

use bedring_store::StoreError;
use bedring_store::entities::{call_task, followup, merged_occasion, occasion, person, response};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};

use super::{PeopleError, Two};

/// A measurement, and where it stands in the plan.
struct Place {
    key: (String, i32),
    row: occasion::Model,
}

impl<C: ConnectionTrait> Two<'_, C> {
    async fn places(&self, of: &person::Model) -> Result<Vec<Place>, StoreError> {
        let rows = occasion::Entity::find().filter(occasion::Column::PersonId.eq(of.id));
        let held = followup::Entity::find().filter(followup::Column::PersonId.eq(of.id));
        let held = held.all(self.tx).await?;
        let rows = rows.all(self.tx).await?.into_iter().map(|row| {
            let followup = held.iter().find(|f| f.occasion_id == row.id);
            let key = match followup {
                Some(f) => (f.plan_key.clone(), f.plan_repeat),
                None => (row.kind.clone(), row.number.saturating_sub(1)),
            };
            Place { key, row }
        });
        Ok(rows.collect())
    }

    /// Each measurement of the other becomes one of the one that stays, or joins the one in its place. How many both have answered.
    pub(super) async fn occasions(&self) -> Result<u64, PeopleError> {
        let (kept, others) = (
            self.places(self.kept).await?,
            self.places(self.other).await?,
        );
        let mut twice = 0;
        for Place { key, row } in others {
            match kept.iter().find(|k| k.key == key) {
                Some(same) => twice += u64::from(self.join(&row, &same.row).await?),
                None => self.take_over(row, &kept).await?,
            }
        }
        Ok(twice)
    }

    /// Whether both were answered.
    async fn join(
        &self,
        row: &occasion::Model,
        into: &occasion::Model,
    ) -> Result<bool, StoreError> {
        let alias = merged_occasion::ActiveModel {
            id: Set(row.id),
            into_id: Set(into.id),
            person_id: Set(self.other.id),
        };
        merged_occasion::Entity::insert(alias)
            .exec_without_returning(self.tx)
            .await?;
        // What was merged with the other before is now merged with this one.
        merged_occasion::Entity::update_many()
            .col_expr(merged_occasion::Column::IntoId, Expr::value(into.id))
            .filter(merged_occasion::Column::IntoId.eq(row.id))
            .exec(self.tx)
            .await?;
        let moved = response::Entity::update_many()
            .col_expr(response::Column::OccasionId, Expr::value(into.id))
            .filter(response::Column::OccasionId.eq(row.id))
            .exec(self.tx)
            .await?
            .rows_affected;
        let completed = [row.completed_at, into.completed_at];
        let mut changed = into.clone().into_active_model();
        changed.completed_at = Set(completed.into_iter().flatten().min());
        changed.missed_reason = Set(match changed.completed_at.as_ref() {
            // What was answered was not missed.
            Some(_) => None,
            None => into
                .missed_reason
                .clone()
                .or_else(|| row.missed_reason.clone()),
        });
        changed.update(self.tx).await?;
        call_task::Entity::update_many()
            .col_expr(call_task::Column::ClosedAt, Expr::value(self.now))
            .col_expr(call_task::Column::Outcome, Expr::value("merged"))
            .filter(call_task::Column::OccasionId.eq(row.id))
            .filter(call_task::Column::ClosedAt.is_null())
            .exec(self.tx)
            .await?;
        Ok(moved > 0 && into.completed_at.is_some() && row.completed_at.is_some())
    }

    /// A measurement that the one who stays does not have.
    async fn take_over(&self, row: occasion::Model, kept: &[Place]) -> Result<(), StoreError> {
        let same_kind = kept.iter().filter(|k| k.row.kind == row.kind);
        let taken: Vec<i32> = same_kind.map(|k| k.row.number).collect();
        let free = match taken.contains(&row.number) {
            true => taken.iter().max().map_or(1, |most| most + 1),
            false => row.number,
        };
        let id = row.id;
        let mut changed = row.into_active_model();
        changed.person_id = Set(self.kept.id);
        changed.number = Set(free);
        changed.update(self.tx).await?;
        followup::Entity::update_many()
            .col_expr(followup::Column::PersonId, Expr::value(self.kept.id))
            .col_expr(
                followup::Column::ProjectId,
                Expr::value(self.kept.project_id),
            )
            .filter(followup::Column::OccasionId.eq(id))
            .exec(self.tx)
            .await?;
        call_task::Entity::update_many()
            .col_expr(call_task::Column::PersonId, Expr::value(self.kept.id))
            .col_expr(
                call_task::Column::ProjectId,
                Expr::value(self.kept.project_id),
            )
            .filter(call_task::Column::OccasionId.eq(id))
            .exec(self.tx)
            .await?;
        Ok(())
    }
}
