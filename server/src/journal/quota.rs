//! What one person may deliver in a day. A link is in the hands of whoever holds it: without a bound one of them fills the disk for all.
//!
//! Counted is what would be stored, per process, by days in UTC. The count lives in memory; after a start it is read from the entries of
//! that day, once for each person who delivers. What is delivered again costs nothing, so a phone that sends its copies once more is never
//! held up. A no or a stop is not held up by what else came by the same link: the first of a day cost nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bedring_store::StoreError;
use bedring_store::entities::{journal_conflict, journal_entry};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

/// Entries of one person in a day; a questionnaire of thirty items is one.
pub const ENTRIES_PER_DAY: u64 = 500;
/// Bytes of one person's entries in a day.
pub const BYTES_PER_DAY: u64 = 5 * 1024 * 1024;
/// So many a day of what says no or stop come in beside all that; more are entries like any other.
pub const STOPS_PER_DAY: u64 = 50;
/// The kinds of entries that say no or stop. By the kind, not by what it says: one that cannot be read as a whole may still be meant so.
const STOPS: [&str; 2] = ["consent_declined", "consent_withdrawn"];

/// Whether an entry of that kind says no or stop.
#[must_use]
pub fn is_stop(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| STOPS.contains(&kind))
}

/// How much one person has delivered in a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Use {
    /// Entries.
    pub entries: u64,
    /// Bytes of their bodies.
    pub bytes: u64,
    /// What said no or stop and is not among them.
    pub stops: u64,
}

impl Use {
    /// One more entry.
    pub fn add(&mut self, kind: Option<&str>, bytes: usize) {
        self.add_many(kind, 1, bytes as u64);
    }

    /// Some more of one kind.
    fn add_many(&mut self, kind: Option<&str>, entries: u64, bytes: u64) {
        let beside = if is_stop(kind) {
            entries.min(STOPS_PER_DAY.saturating_sub(self.stops))
        } else {
            0
        };
        self.stops += beside;
        if entries > beside {
            self.entries = self.entries.saturating_add(entries - beside);
            self.bytes = self.bytes.saturating_add(bytes);
        }
    }

    /// More than a day takes.
    #[must_use]
    pub const fn is_too_much(self) -> bool {
        self.entries > ENTRIES_PER_DAY || self.bytes > BYTES_PER_DAY
    }
}

/// Everybody who delivered today.
#[derive(Debug)]
pub struct Quota {
    /// The day of the start: what came before the start is not in memory.
    since: NaiveDate,
    today: Mutex<(NaiveDate, HashMap<Uuid, Use>)>,
}

impl Quota {
    /// Nothing counted yet.
    #[must_use]
    pub fn starting(now: DateTime<Utc>) -> Self {
        let since = now.date_naive();
        Self {
            since,
            today: Mutex::new((since, HashMap::new())),
        }
    }

    /// How much somebody delivered on the day of that moment, as far as it was counted.
    pub fn used(&self, person: Uuid, now: DateTime<Utc>) -> Option<Use> {
        let today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        let used = today.1.get(&person).copied();
        used.filter(|_| today.0 == now.date_naive())
    }

    /// How much each of some people has delivered on the day of that moment. Of whoever is not in memory on the day of the start the
    /// database is asked; on any other day they have delivered nothing yet.
    ///
    /// # Errors
    /// As the database says.
    pub async fn of<C: ConnectionTrait>(
        &self,
        db: &C,
        people: impl Iterator<Item = Uuid>,
        now: DateTime<Utc>,
    ) -> Result<HashMap<Uuid, Use>, StoreError> {
        let (mut used, mut unknown) = (HashMap::new(), Vec::new());
        for person in people {
            let counted = self.used(person, now);
            if counted.is_none() && !used.contains_key(&person) {
                unknown.push(person);
            }
            used.insert(person, counted.unwrap_or_default());
        }
        if now.date_naive() != self.since || unknown.is_empty() {
            return Ok(used);
        }
        for (person, kind, entries, bytes) in delivered(db, &unknown, now).await? {
            let (entries, bytes) = (entries.unsigned_abs(), bytes.unwrap_or(0).unsigned_abs());
            let day: &mut Use = used.entry(person).or_default();
            day.add_many(kind.as_deref(), entries, bytes);
        }
        Ok(used)
    }

    /// Keeps what people have delivered by now.
    pub fn keep(&self, used: &HashMap<Uuid, Use>, now: DateTime<Utc>) {
        let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        if today.0 != now.date_naive() {
            *today = (now.date_naive(), HashMap::new());
        }
        today.1.extend(used);
    }
}

/// Whose, of which kind, how many and how many bytes.
type Delivered = (Uuid, Option<String>, i64, Option<i64>);

/// What came of some people since the day began, but from staff. Of conflicts those count that were kept.
async fn delivered<C: ConnectionTrait>(
    db: &C,
    people: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Vec<Delivered>, StoreError> {
    let day = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    let people = || people.iter().copied();
    // What was set aside has no bytes any more, but had them.
    let bytes = || Expr::cust("SUM(COALESCE(size, octet_length(body)))");
    let entries = journal_entry::Entity::find()
        .select_only()
        .columns([journal_entry::Column::PersonId, journal_entry::Column::Kind])
        .column_as(journal_entry::Column::Id.count(), "entries")
        .column_as(bytes(), "bytes")
        .filter(journal_entry::Column::PersonId.is_in(people()))
        .filter(journal_entry::Column::ReceivedAt.gte(day))
        .filter(journal_entry::Column::AccountId.is_null())
        .group_by(journal_entry::Column::PersonId)
        .group_by(journal_entry::Column::Kind);
    let mut rows: Vec<Delivered> = entries.into_tuple().all(db).await?;
    let conflicts = journal_conflict::Entity::find()
        .select_only()
        .column(journal_conflict::Column::PersonId)
        .column_as(journal_conflict::Column::Id.count(), "entries")
        .column_as(bytes(), "bytes")
        .filter(journal_conflict::Column::PersonId.is_in(people()))
        .filter(journal_conflict::Column::ReceivedAt.gte(day))
        .filter(journal_conflict::Column::AccountId.is_null())
        .group_by(journal_conflict::Column::PersonId);
    let conflicts: Vec<(Uuid, i64, Option<i64>)> = conflicts.into_tuple().all(db).await?;
    let kindless = |(person, entries, bytes)| (person, None, entries, bytes);
    rows.extend(conflicts.into_iter().map(kindless));
    Ok(rows)
}

/// Seconds until the next day begins, at least one.
#[must_use]
pub fn until_tomorrow(now: DateTime<Utc>) -> u32 {
    let second = now.timestamp().rem_euclid(86_400);
    u32::try_from(86_400 - second).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_takes_so_much_and_the_next_begins_anew() {
        let now: DateTime<Utc> = "2026-03-02T23:59:00Z".parse().unwrap();
        let (quota, who) = (Quota::starting(now), Uuid::from_u128(1));
        assert_eq!(quota.used(who, now), None);
        let mut day = Use::default();
        for _ in 0..500 {
            day.add(Some("letter_read"), 1);
        }
        assert!(!day.is_too_much());
        quota.keep(&HashMap::from([(who, day)]), now);
        let mut one = quota.used(who, now).unwrap();
        one.add(None, 1);
        assert!(one.is_too_much());
        assert_eq!(until_tomorrow(now), 60);
        let later = "2026-03-03T00:00:00Z".parse().unwrap();
        assert_eq!(quota.used(who, later), None);
        let mut large = Use::default();
        large.add(None, 5 * 1024 * 1024);
        assert!(!large.is_too_much());
        large.add(None, 1);
        assert!(large.is_too_much());
    }

    #[test]
    fn fifty_stops_a_day_cost_nothing_and_more_are_entries_like_any_other() {
        let mut day = Use::default();
        day.add_many(None, 500, 5 * 1024 * 1024);
        for _ in 0..25 {
            day.add(Some("consent_withdrawn"), 32 * 1024);
            day.add(Some("consent_declined"), 32 * 1024);
        }
        assert!(!day.is_too_much());
        let mut together = Use::default();
        together.add_many(Some("consent_withdrawn"), 53, 530);
        assert_eq!((together.stops, together.entries), (50, 3));
        day.add(Some("consent_withdrawn"), 1);
        assert!(day.is_too_much());
    }
}
