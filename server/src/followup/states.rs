//! What the states of people's occasions depend on beside their rows, read for many people at once.

use std::collections::{HashMap, HashSet};

use bedring_store::StoreError;
use bedring_store::convert::{self, Beside};
use bedring_store::entities::{followup, person, project};
use bedring_store::readable::{Damage, Rows};
use bedring_store::scope::{self, ProjectScope};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use chrono::NaiveDate;
use uuid::Uuid;

/// For some people: what the plan says about their occasions, and from which day their projects need not make them.
#[derive(Debug, Default)]
pub struct Besides {
    overdue_from: HashMap<Uuid, NaiveDate>,
    exempt_from: HashMap<Uuid, NaiveDate>,
    /// What of this could not be read.
    pub damage: Damage,
}

impl Besides {
    /// Of these people: two queries, however many they are.
    ///
    /// # Errors
    /// As the database says.
    pub async fn of<C: ConnectionTrait>(
        db: &C,
        scope: &ProjectScope,
        people: &[person::Model],
    ) -> Result<Self, StoreError> {
        if people.is_empty() {
            return Ok(Self::default());
        }
        let mut damage = Damage::default();
        let rows = scope::followups(scope)
            .filter(followup::Column::PersonId.is_in(people.iter().map(|p| p.id)))
            .filter(followup::Column::OverdueFrom.is_not_null())
            .readable(db, "followups", &mut damage, |row| row.person_id)
            .await?;
        let days = rows
            .into_iter()
            .filter_map(|row| Some((row.occasion_id, row.overdue_from?)));
        let projects: HashSet<Uuid> = people.iter().map(|p| p.project_id).collect();
        let projects = scope::projects(scope)
            .filter(project::Column::Id.is_in(projects))
            .readable(db, "projects", &mut damage, |row| row.id)
            .await?;
        let exempt = projects
            .iter()
            .filter_map(|p| Some((p.id, convert::exempt_from(p)?)));
        Ok(Self {
            overdue_from: days.collect(),
            exempt_from: exempt.collect(),
            damage,
        })
    }

    /// For one occasion of one of them.
    #[must_use]
    pub fn beside(&self, person: &person::Model, occasion: Uuid) -> Beside {
        Beside {
            standing: convert::standing(person),
            overdue_from: self.overdue_from.get(&occasion).copied(),
            exempt_from: self.exempt_from.get(&person.project_id).copied(),
        }
    }
}
