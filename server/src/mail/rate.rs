//! How many mails may go: so many in any minute, counted in the database by sender, so that all servers together keep to it.
//!
//! What is counted is what servers took in order to hand it over, whatever became of it then.

use std::collections::BTreeMap;

use bedring_store::StoreError;
use bedring_store::entities::mail_rate;
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QuerySelect};
use chrono::{DateTime, Utc};

/// A second counts until a minute after its end.
const COUNTS_FOR_S: i64 = 61;

/// Who sends, and how much they may.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    /// The sender's address.
    pub sender: String,
    /// In any sixty seconds.
    pub per_minute: u32,
}

/// The last minute, locked until the transaction ends: nobody else takes meanwhile.
#[derive(Debug)]
pub(super) struct LastMinute {
    sender: String,
    second: i64,
    left: u32,
    /// By second.
    taken: BTreeMap<i64, u32>,
}

impl LastMinute {
    /// Reads and locks it.
    pub(super) async fn lock<C: ConnectionTrait>(
        tx: &C,
        limit: &Limit,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let row = match locked(tx, &limit.sender).await? {
            Some(row) => Some(row),
            None => {
                let first = mail_rate::ActiveModel {
                    sender: Set(limit.sender.clone()),
                    taken: Set("[]".to_owned()),
                };
                mail_rate::Entity::insert(first)
                    .on_conflict_do_nothing()
                    .exec_without_returning(tx)
                    .await?;
                locked(tx, &limit.sender).await?
            }
        };
        let text = row.map_or_else(String::new, |row| row.taken);
        Ok(Self::read(limit, &text, now.timestamp()))
    }

    /// What cannot be read, or is of a time that is far away, does not count: a clock that was wrong must not stop mail for ever.
    fn read(limit: &Limit, text: &str, second: i64) -> Self {
        let all: Vec<(i64, u32)> = serde_json::from_str(text).unwrap_or_default();
        let taken: BTreeMap<i64, u32> = all
            .into_iter()
            .filter(|(at, _)| (second - COUNTS_FOR_S + 1..second + COUNTS_FOR_S).contains(at))
            .collect();
        let sum = taken.values().fold(0_u32, |sum, n| sum.saturating_add(*n));
        Self {
            sender: limit.sender.clone(),
            second,
            left: limit.per_minute.saturating_sub(sum),
            taken,
        }
    }

    /// So many may be taken now.
    pub(super) fn left(&self) -> u64 {
        self.left.into()
    }

    /// In so many seconds more may be.
    pub(super) fn wait_s(&self) -> u64 {
        let oldest = self.taken.keys().next().copied().unwrap_or(self.second);
        u64::try_from(oldest + COUNTS_FOR_S - self.second)
            .unwrap_or(1)
            .max(1)
    }

    /// Writes down that so many were.
    pub(super) async fn take<C: ConnectionTrait>(
        mut self,
        tx: &C,
        count: usize,
    ) -> Result<(), StoreError> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let slot = self.taken.entry(self.second).or_default();
        *slot = slot.saturating_add(count);
        let all: Vec<(i64, u32)> = self.taken.into_iter().collect();
        let row = mail_rate::ActiveModel {
            sender: Set(self.sender),
            taken: Set(serde_json::to_string(&all).unwrap_or_default()),
        };
        mail_rate::Entity::update(row).exec(tx).await?;
        Ok(())
    }
}

async fn locked<C: ConnectionTrait>(
    tx: &C,
    sender: &str,
) -> Result<Option<mail_rate::Model>, StoreError> {
    Ok(mail_rate::Entity::find_by_id(sender)
        .lock(LockType::Update)
        .one(tx)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, second: i64) -> LastMinute {
        let limit = Limit {
            sender: "svar@example.dk".to_owned(),
            per_minute: 60,
        };
        LastMinute::read(&limit, text, second)
    }

    #[test]
    fn a_second_counts_for_a_minute_and_not_longer() {
        let text = "[[100,50],[130,5]]";
        for (second, left, wait) in [(130, 5, 31), (160, 5, 1), (161, 55, 30), (191, 60, 61)] {
            let found = at(text, second);
            assert_eq!((found.left(), found.wait_s()), (left, wait), "{second}");
        }
    }

    #[test]
    fn a_clock_that_is_ahead_counts_and_one_that_is_lost_does_not() {
        assert_eq!(at("[[105,60]]", 100).left(), 0);
        assert_eq!(at("[[105,60]]", 100).wait_s(), 66);
        assert_eq!(at("[[9999999,60]]", 100).left(), 60);
        for unreadable in ["", "{}", "[[1]]", "[[100,-1]]"] {
            assert_eq!(at(unreadable, 100).left(), 60, "{unreadable}");
        }
        assert_eq!(at("[[100,4000000000],[101,4000000000]]", 101).left(), 0);
    }
}
