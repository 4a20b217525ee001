//! "Later today", kept: when that is, and what the page may truthfully say after a press.

use bedring_domain::reminder::{NextStep, WhyNothing};
use bedring_store::StoreError;
use bedring_store::entities::{followup, mail};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use chrono::{DateTime, NaiveDateTime, Utc};

use super::facts::{self, Known, Reading};
use crate::calendar;
use crate::state::Services;

/// When the mail would come once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Later {
    /// On the wall.
    pub at: NaiveDateTime,
    /// That is still today.
    pub is_today: bool,
}

impl Later {
    fn of(at: NaiveDateTime, now: DateTime<Utc>) -> Self {
        Self {
            at,
            is_today: at.date() == calendar::day_of(now),
        }
    }
}

/// What comes next about what a mail was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// A mail, at that moment.
    Mail(Later),
    /// Somebody calls, and no mail goes.
    Call,
    /// It is answered, or nobody asks any more.
    Over,
    /// Nothing that can be told.
    Unknown,
}

/// What a mail was about, as it stands now. To be looked at: nothing is locked.
///
/// # Errors
/// As the database says.
pub(super) async fn about<C: ConnectionTrait>(
    db: &C,
    services: &Services,
    mail: &mail::Model,
) -> Result<Option<Known>, StoreError> {
    let Some(occasion) = mail.occasion_id else {
        return Ok(None);
    };
    // Unscoped on purpose: the token is the permission.
    let rows = followup::Entity::find()
        .filter(followup::Column::OccasionId.eq(occasion))
        .all(db)
        .await?;
    let reading = Reading {
        keys: &services.keys.contact,
        mail_on: services.mail.is_on(),
        except: None,
    };
    Ok(facts::look(db, reading, &rows).await?.pop())
}

/// When the mail comes again if somebody says "later today" now: today, or tomorrow if the day is over for mails or has had one that was
/// asked for. `None` if no mail comes whatever they say.
#[must_use]
pub(super) fn when(known: &Known, now: DateTime<Utc>) -> Option<Later> {
    if matches!(next(Some(known), now), Next::Over | Next::Call) && !known.may_come_again(now) {
        return None;
    }
    let wall = calendar::local(now);
    let had_one = known
        .sent_again()
        .is_some_and(|at| at.date() == wall.date());
    let today = known.policy.later_today(wall).filter(|_| !had_one);
    let at = today.or_else(|| known.policy.tomorrow(wall))?;
    Some(Later::of(at, now))
}

/// What the rule says comes next.
#[must_use]
pub(super) fn next(known: Option<&Known>, now: DateTime<Utc>) -> Next {
    match known.map(|known| known.next_step(now)) {
        Some(NextStep::Mail { at, .. } | NextStep::Again { at, .. }) => {
            Next::Mail(Later::of(at, now))
        }
        Some(
            NextStep::Call { .. }
            | NextStep::Nothing {
                why: WhyNothing::CallOpen | WhyNothing::ReasonIsMissing,
            },
        ) => Next::Call,
        Some(NextStep::Nothing {
            why: WhyNothing::Finished | WhyNothing::MayNotAsk | WhyNothing::ProjectNotActive,
        }) => Next::Over,
        _ => Next::Unknown,
    }
}
