//! What stands beside the rows of a worklist: codes, names, projects, owners and next days, read once for all lines of a section.

use std::collections::{HashMap, HashSet};

use bedring_contract::followup::{WorkLine, WorkOwner, WorkPause, WorkPerson};
use bedring_domain::course::{OccasionKind, days_over};
use bedring_store::entities::{
    account, call_task, contact, followup, occasion, person, project, reminder_pause,
};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use bedring_store::{StoreError, convert, scope};
use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::FollowupError;
use crate::accounts::access::Proof;
use crate::calendar;
use crate::keys::ContactKeys;

/// By id, what lines are made of.
#[derive(Default)]
pub struct Lines {
    people: HashMap<Uuid, person::Model>,
    names: HashMap<Uuid, String>,
    /// Sealed: most lines show none.
    phones: HashMap<Uuid, Vec<u8>>,
    projects: HashMap<Uuid, String>,
    followups: HashMap<Uuid, followup::Model>,
    calls: HashMap<Uuid, call_task::Model>,
    owners: HashMap<Uuid, String>,
    pauses: HashMap<Uuid, reminder_pause::Model>,
    /// What of all this could not be read.
    damage: Damage,
}

impl Lines {
    /// For these people.
    ///
    /// # Errors
    /// As the database says. What cannot be read is left out of its line, and the line says so.
    pub async fn of_people<C: ConnectionTrait, A>(
        proof: &Proof<A>,
        db: &C,
        keys: &ContactKeys,
        people: Vec<person::Model>,
        mut damage: Damage,
    ) -> Result<Self, FollowupError> {
        if people.is_empty() {
            return Ok(Self::default());
        }
        let ids: Vec<Uuid> = people.iter().map(|p| p.id).collect();
        let (mut names, mut phones) = (HashMap::new(), HashMap::new());
        if proof.sees_names() {
            let held = scope::contacts(proof.scope()).filter(contact::Column::PersonId.is_in(ids));
            let held = held.readable(db, "contacts", &mut damage, |c| c.person_id);
            for row in held.await? {
                let name = damage.settle(row.person_id, keys.text(row.name_sealed.as_deref()))?;
                if let Some(name) = name.flatten() {
                    names.insert(row.person_id, name);
                }
                if let Some(sealed) = row.phone_sealed {
                    phones.insert(row.person_id, sealed);
                }
            }
        }
        let wanted: HashSet<Uuid> = people.iter().map(|p| p.project_id).collect();
        let projects = scope::projects(proof.scope())
            .filter(project::Column::Id.is_in(wanted))
            .readable(db, "projects", &mut damage, |p| p.id)
            .await?;
        for person in &people {
            convert::notice(person, &mut damage);
        }
        Ok(Self {
            people: people.into_iter().map(|p| (p.id, p)).collect(),
            names,
            phones,
            projects: projects.into_iter().map(|p| (p.id, p.code)).collect(),
            damage,
            ..Self::default()
        })
    }

    /// For these occasions and their people.
    ///
    /// # Errors
    /// As the database says. What cannot be read is left out of its line, and the line says so.
    pub async fn of_occasions<C: ConnectionTrait, A>(
        proof: &Proof<A>,
        db: &C,
        keys: &ContactKeys,
        rows: &[occasion::Model],
        mut damage: Damage,
    ) -> Result<Self, FollowupError> {
        if rows.is_empty() {
            return Ok(Self::default());
        }
        let ids: Vec<Uuid> = rows.iter().map(|o| o.id).collect();
        let whose: HashSet<Uuid> = rows.iter().map(|o| o.person_id).collect();
        // What is listed hangs on them: somebody whose row is damaged just where it says "discarded" takes no list down.
        let people = scope::persons_ever(proof.scope())
            .filter(person::Column::Id.is_in(whose))
            .readable(db, "persons", &mut damage, |p| p.id)
            .await?;
        let pauses = scope::reminder_pauses(proof.scope())
            .filter(reminder_pause::Column::PersonId.is_in(people.iter().map(|p| p.id)))
            .readable(db, "reminder_pauses", &mut damage, |p| p.person_id)
            .await?;
        let mut lines = Self::of_people(proof, db, keys, people, damage).await?;
        lines.pauses = pauses.into_iter().map(|p| (p.person_id, p)).collect();
        let followups = scope::followups(proof.scope())
            .filter(followup::Column::OccasionId.is_in(ids.clone()))
            .readable(db, "followups", &mut lines.damage, |f| f.person_id)
            .await?;
        let calls = scope::call_tasks(proof.scope())
            .filter(call_task::Column::OccasionId.is_in(ids))
            .filter(call_task::Column::ClosedAt.is_null())
            .readable(db, "call_tasks", &mut lines.damage, |c| c.person_id)
            .await?;
        let owners: HashSet<Uuid> = calls.iter().filter_map(|c| c.owner_id).collect();
        if !owners.is_empty() {
            // Unscoped on purpose: accounts belong to no project.
            let accounts = account::Entity::find().filter(account::Column::Id.is_in(owners));
            let accounts = accounts.readable(db, "accounts", &mut lines.damage, |a| a.id);
            let accounts = accounts.await?.into_iter();
            lines.owners = accounts.map(|a| (a.id, a.email)).collect();
        }
        lines.followups = followups.into_iter().map(|f| (f.occasion_id, f)).collect();
        lines.calls = calls.into_iter().map(|c| (c.occasion_id, c)).collect();
        Ok(lines)
    }

    /// Whom a line is about.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for somebody who was not read.
    pub fn who(&self, id: Uuid) -> Result<WorkPerson, StoreError> {
        let person = self.people.get(&id).ok_or(StoreError::NotFound)?;
        let project = self.projects.get(&person.project_id);
        Ok(WorkPerson {
            person: id,
            code: person.code.clone(),
            name: self.names.get(&id).cloned(),
            project: person.project_id,
            project_code: project.cloned().unwrap_or_default(),
            damaged: self.damage.is_about(id) || self.damage.is_about(person.project_id),
        })
    }

    /// The number on which somebody is called, where one is held and whoever asks sees names.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn phone(&self, keys: &ContactKeys, person: Uuid) -> Result<Option<String>, StoreError> {
        keys.text(self.phones.get(&person).map(Vec::as_slice))
    }

    /// The line of an occasion.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for somebody who was not read.
    pub fn of(&self, row: &occasion::Model, today: NaiveDate) -> Result<WorkLine, StoreError> {
        let held = self.followups.get(&row.id);
        let call = self.calls.get(&row.id);
        let owner = call.and_then(|c| c.owner_id).map(|id| WorkOwner {
            id,
            email: self.owners.get(&id).cloned().unwrap_or_default(),
        });
        let next_look = held.and_then(|f| f.next_look_at).map(calendar::day_of);
        let mut who = self.who(row.person_id)?;
        let kind = convert::kind_of(row);
        who.damaged |= kind.is_err();
        Ok(WorkLine {
            who,
            occasion: row.id,
            // The line says that it is damaged; the first kind stands for the one that nobody can read.
            kind: kind.unwrap_or(OccasionKind::Intake),
            number: u32::try_from(row.number).unwrap_or(0),
            due: row.due_on,
            overdue_days: overdue_days(row, held, today),
            owner,
            next_step: call.map(|c| c.next_try_on).or(next_look),
            paused: self
                .pauses
                .get(&row.person_id)
                .filter(|p| p.holds_on(today))
                .map(|p| WorkPause { until: p.until_on }),
        })
    }
}

fn overdue_days(row: &occasion::Model, held: Option<&followup::Model>, today: NaiveDate) -> u32 {
    let after_due = || {
        row.due_on?
            .checked_add_days(Days::new(convert::OVERDUE_AFTER_DAYS))
    };
    let from = held.and_then(|f| f.overdue_from).or_else(after_due);
    days_over(row.due_on, from, today)
}
