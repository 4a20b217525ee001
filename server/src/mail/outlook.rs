//! What the rule of reminders says about one person, to be shown and not to be done: nothing is locked and nothing written.

use std::collections::{BTreeSet, HashMap};

use bedring_contract::course::MailWay;
use bedring_domain::reminder::NextStep;
use bedring_store::StoreError;
use bedring_store::entities::{followup, mail_choice, reminder_pause};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::facts::{self, Known, Reading};
use super::people::People;
use super::went::Went;
use crate::calendar;
use crate::state::Services;

/// How a person is reminded, and what comes next for each occasion that stands in the plan.
pub struct Outlook {
    /// Whether mails go.
    pub way: MailWay,
    /// What the person chose, and the contact.
    pub choice: Option<mail_choice::Model>,
    /// The pause, if it holds today.
    pub pause: Option<reminder_pause::Model>,
    /// By occasion.
    pub steps: HashMap<Uuid, Step>,
    /// What of this could not be read.
    pub damage: Damage,
}

/// What the rule says of an occasion.
pub struct Step {
    /// What happens next. Where that is another look at a day, what will happen then.
    pub next: NextStep,
    /// What became of its mails.
    pub went: Went,
    /// The last day on which mails go.
    pub closes: Option<NaiveDate>,
}

/// Of one person, whom the caller has found.
///
/// # Errors
/// As the database says.
pub async fn of_person<C: ConnectionTrait>(
    db: &C,
    services: &Services,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<Outlook, StoreError> {
    let keys = &services.keys.contact;
    let reading = Reading {
        keys,
        mail_on: services.mail.is_on(),
        except: None,
    };
    let mut damage = Damage::default();
    // Unscoped on purpose: whoever calls has found the person.
    let rows = followup::Entity::find()
        .filter(followup::Column::PersonId.eq(person))
        .readable(db, "followups", &mut damage, |f| f.person_id)
        .await?;
    let known = facts::look(db, reading, &rows).await?;
    let steps = known.iter().map(|k| (k.followup.occasion_id, step(k, now)));
    let steps = steps.collect();
    let mut people = People::load(db, keys, &BTreeSet::from([person])).await?;
    damage.add(&people.damage);
    let choice = people.choices.remove(&person);
    let today = calendar::day_of(now);
    let pause = people.pauses.remove(&person);
    let never = choice.as_ref().is_some_and(|c| c.stopped_at.is_some());
    let way = match people.targets.get(&person) {
        _ if !people.reminded.contains(&person) => MailWay::NoConsent,
        _ if never => MailWay::NeverAgain,
        None => MailWay::NoAddress,
        Some(target) if target.bounced => MailWay::Bounced,
        Some(_) if !reading.mail_on => MailWay::NoServer,
        Some(_) => MailWay::Goes,
    };
    Ok(Outlook {
        way,
        choice,
        pause: pause.filter(|p| p.holds_on(today)),
        steps,
        damage,
    })
}

fn step(known: &Known, now: DateTime<Utc>) -> Step {
    let next = match known.next_step(now) {
        // Nobody is helped by knowing that a program looks: what will it see?
        NextStep::Look { at } => {
            match known.next_step(calendar::moment(at.date(), at.time()).max(now)) {
                then @ (NextStep::Mail { .. } | NextStep::Again { .. } | NextStep::Call { .. }) => {
                    then
                }
                _ => NextStep::Look { at },
            }
        }
        next => next,
    };
    Step {
        next,
        went: known.went(),
        closes: known.followup.closes_on,
    }
}
