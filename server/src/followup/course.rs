//! What happens next about one person: for each measurement that is not finished a step with a day and whose it is, or else the reason
//! why there is none.

use std::collections::HashMap;

use bedring_contract::course::{
    CourseStep, NamedContact, NextStep, Pause, PersonCourse, PersonReminders, WhyNoStep,
};
use bedring_contract::followup::WorkOwner;
use bedring_domain::course::{EndOfCourse, RespondentType};
use bedring_domain::reminder::{self, WhyNothing};
use bedring_store::entities::{
    account, call_attempt, call_task, course_facts, mail_choice, occasion, person, project,
};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use bedring_store::{StoreError, convert, scope};
use chrono::NaiveDate;
use uuid::Uuid;

use super::states::Besides;
use super::{FollowupError, ends};
use crate::accounts::access::{Proof, SeeCourse};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::keys::ContactKeys;
use crate::mail::{self, outlook};
use crate::state::Services;

/// What happens next about a person. Every look is written down, for it shows the contact.
///
/// # Errors
/// No such person within the proof's projects.
pub async fn of_person(
    proof: &Proof<SeeCourse>,
    services: &Services,
    id: Uuid,
) -> Result<PersonCourse, FollowupError> {
    let now = services.clock.now();
    let (db, today) = (services.db.read(), calendar::day_of(now));
    let mut damage = Damage::default();
    let found = scope::persons_ever(proof.scope()).filter(person::Column::Id.eq(id));
    let found = found.readable(db, "persons", &mut damage, |p| p.id).await?;
    let person = found.into_iter().next().ok_or(StoreError::NotFound)?;
    // Unscoped on purpose, here and below: rows of a person who was found in scope.
    let facts = course_facts::Entity::find_by_id(id)
        .readable(db, "course_facts", &mut damage, |_| id)
        .await?;
    let facts = facts.into_iter().next();
    let project = project::Entity::find_by_id(person.project_id)
        .readable(db, "projects", &mut damage, |_| id)
        .await?;
    let active = project
        .first()
        .is_some_and(|p| !convert::is_exempt(p, today));
    let outlook = outlook::of_person(db, services, id, now).await?;
    damage.add(&outlook.damage);
    let desk = Desk {
        proof,
        db,
        person: &person,
        facts: facts.as_ref(),
        today,
        outlook: &outlook,
    };
    let why_none = why_none(&person, active);
    let mut steps = match why_none {
        Some(_) => Vec::new(),
        None => desk.steps(&mut damage).await?,
    };
    steps.sort_by_key(|s| (s.due.is_none(), s.due, s.kind, s.number));
    let finished = steps.is_empty().then(|| match measured(&person) {
        true => WhyNoStep::Finished,
        false => WhyNoStep::NotMeasured,
    });
    let reminders = desk.reminders(&services.keys.contact, &mut damage).await?;
    let course = PersonCourse {
        today,
        end: ends::known(&person, facts.as_ref(), today),
        why_none: why_none.or(finished),
        steps,
        reminders,
        damaged: damage.count(),
    };
    let about = About {
        person: Some(id),
        project: Some(person.project_id),
        subject: None,
    };
    let tx = services.db.begin().await?;
    let deed = Deed::Course;
    audit::record(&*tx, &*services.random, proof, deed, about, now).await?;
    tx.commit().await?;
    Ok(course)
}

fn why_none(person: &person::Model, project_active: bool) -> Option<WhyNoStep> {
    if person.erased_at.is_some() {
        Some(WhyNoStep::Erased)
    } else if person.discarded_at.is_some() {
        Some(WhyNoStep::Discarded)
    } else if person.withdrawn.is_some() {
        Some(WhyNoStep::Withdrawn)
    } else if person.refused {
        Some(WhyNoStep::SaidNo)
    } else if !project_active {
        Some(WhyNoStep::ProjectNotActive)
    } else {
        None
    }
}

fn measured(person: &person::Model) -> bool {
    let stated = person.respondent_type.as_deref();
    stated.and_then(RespondentType::parse) != Some(RespondentType::VolunteerNoLivedExperience)
}

/// Who asks about whom.
struct Desk<'a, C> {
    proof: &'a Proof<SeeCourse>,
    db: &'a C,
    person: &'a person::Model,
    facts: Option<&'a course_facts::Model>,
    today: NaiveDate,
    outlook: &'a outlook::Outlook,
}

impl<C: ConnectionTrait> Desk<'_, C> {
    async fn steps(&self, damage: &mut Damage) -> Result<Vec<CourseStep>, StoreError> {
        let scope = self.proof.scope();
        let rows = scope::occasions(scope)
            .filter(occasion::Column::PersonId.eq(self.person.id))
            .order_by_asc(occasion::Column::Number)
            .readable(self.db, "occasions", damage, |o| o.person_id)
            .await?;
        let calls: HashMap<Uuid, call_task::Model> = scope::call_tasks(scope)
            .filter(call_task::Column::PersonId.eq(self.person.id))
            .filter(call_task::Column::ClosedAt.is_null())
            .readable(self.db, "call_tasks", damage, |c| c.person_id)
            .await?
            .into_iter()
            .map(|task| (task.occasion_id, task))
            .collect();
        let people = std::slice::from_ref(self.person);
        let besides = Besides::of(self.db, scope, people).await?;
        damage.add(&besides.damage);
        let mut steps = Vec::new();
        for row in &rows {
            let Some(kind) = damage.settle(row.person_id, convert::kind_of(row))? else {
                continue;
            };
            let state = convert::state_of(row, besides.beside(self.person, row.id), self.today);
            if state.is_finished() {
                continue;
            }
            let known = self.outlook.steps.get(&row.id);
            let next = match calls.get(&row.id) {
                // A call that is open is somebody's, also while reminders pause.
                Some(task) => self.call(task).await?,
                None => self.next(row, known.map(|k| k.next)),
            };
            let went = known.map(|k| k.went).unwrap_or_default();
            steps.push(CourseStep {
                occasion: row.id,
                kind,
                number: u32::try_from(row.number).unwrap_or(0),
                state,
                opens: row.opens_on,
                due: row.due_on,
                closes: known.and_then(|k| k.closes),
                mails_sent: went.sent,
                mails_failed: went.failed,
                mails_returned: went.returned,
                last_mail: went.last,
                next,
            });
        }
        Ok(steps)
    }

    async fn call(&self, task: &call_task::Model) -> Result<NextStep, StoreError> {
        let attempts = call_attempt::Entity::find()
            .filter(call_attempt::Column::TaskId.eq(task.id))
            .count(self.db)
            .await?;
        Ok(NextStep::CallOpen {
            call: task.id,
            owner: self.account(task.owner_id).await?,
            next_try: task.next_try_on,
            attempts,
        })
    }

    /// From what the rule says; `None` for a measurement that stands in no plan, of which nobody is reminded.
    fn next(&self, row: &occasion::Model, rule: Option<reminder::NextStep>) -> NextStep {
        match rule {
            Some(
                reminder::NextStep::Mail { number, at } | reminder::NextStep::Again { number, at },
            ) => NextStep::Mail {
                number,
                on: at.date(),
            },
            Some(reminder::NextStep::Call { on }) => NextStep::CallPlanned {
                on: on.max(self.today),
            },
            Some(reminder::NextStep::Look { at }) => NextStep::Wait { on: at.date() },
            Some(reminder::NextStep::Nothing {
                why: WhyNothing::Paused,
            }) if row.due_on.is_some() => NextStep::Paused {
                until: self.outlook.pause.as_ref().and_then(|p| p.until_on),
            },
            Some(reminder::NextStep::Nothing { .. }) | None => match row.due_on {
                None => self.end(),
                Some(due) if due > self.today => NextStep::Wait { on: due },
                Some(_) => NextStep::Staff,
            },
        }
    }

    /// A measurement without a day.
    fn end(&self) -> NextStep {
        match ends::question(self.person, self.facts, self.today) {
            EndOfCourse::Running { ask_on } | EndOfCourse::Ask { since: ask_on } => {
                NextStep::WaitsForEnd { ask_on }
            }
            EndOfCourse::NotStarted | EndOfCourse::Ended { .. } => NextStep::WaitsForOther,
            EndOfCourse::CannotBeTold => NextStep::Staff,
        }
    }

    async fn account(&self, id: Option<Uuid>) -> Result<Option<WorkOwner>, StoreError> {
        let Some(id) = id else { return Ok(None) };
        // Unscoped on purpose: accounts belong to no project.
        let found = account::Entity::find_by_id(id).one(self.db).await?;
        let email = found.map(|a| a.email).unwrap_or_default();
        Ok(Some(WorkOwner { id, email }))
    }

    async fn reminders(
        &self,
        keys: &ContactKeys,
        damage: &mut Damage,
    ) -> Result<PersonReminders, FollowupError> {
        let pause = match &self.outlook.pause {
            None => None,
            Some(row) => Some(Pause {
                until: row.until_on,
                by: self.account(row.set_by).await?,
                at: row.set_at,
            }),
        };
        let choice = self.outlook.choice.as_ref();
        let contact = match choice {
            Some(choice) => self.contact(keys, choice, damage).await?,
            None => None,
        };
        Ok(PersonReminders {
            mail: self.outlook.way,
            stopped_by_other: choice.is_some_and(|c| c.stopped_by_other),
            later_until: choice.and_then(|c| c.snoozed_until),
            pause,
            contact,
        })
    }

    async fn contact(
        &self,
        keys: &ContactKeys,
        choice: &mail_choice::Model,
        damage: &mut Damage,
    ) -> Result<Option<NamedContact>, FollowupError> {
        let mut open = |sealed: &Option<Vec<u8>>| {
            let text = keys.text(sealed.as_deref());
            Ok::<_, StoreError>(damage.settle(choice.person_id, text)?.flatten())
        };
        let name = open(&choice.contact_name_sealed)?;
        let Some(email) = open(&choice.contact_email_sealed)? else {
            return Ok(None);
        };
        let line = mail::named(self.proof, self.db, self.person.id).await?;
        Ok(Some(NamedContact {
            email,
            name,
            instead: choice.to_contact,
            bounced: choice.contact_bounced_at.is_some(),
            at: line.as_ref().map(|l| l.at),
            by: self.account(line.and_then(|l| l.account_id)).await?,
        }))
    }
}
