//! What a person's day takes of a delivery: all of it, what says no or stop, or nothing.

use bedring_contract::journal::EntryResult;
use bedring_domain::journal::{Outcome, Reason, hex};
use uuid::Uuid;

use super::{Batch, Opened};
use crate::journal::DeliverError;
use crate::journal::opened::OpenedEntry;
use crate::journal::quota::{is_stop, until_tomorrow};

impl Batch<'_> {
    /// How much of one more delivery a person's day takes, and counts it. Where it is more than that, a no or a stop in it still comes in.
    pub(super) fn day_takes(
        &mut self,
        person: Uuid,
        delivery: &Opened,
    ) -> Result<Takes, DeliverError> {
        let Some(quota) = self.ctx.quota else {
            return Ok(Takes::All);
        };
        let now = self.ctx.now;
        let before = self.used.get(&person).copied();
        let before = before
            .or_else(|| quota.used(person, now))
            .unwrap_or_default();
        let (mut all, mut only_stops) = (before, before);
        for entry in delivery.entries.iter().flatten() {
            if self.is_new(entry) {
                all.add(entry.kind.as_deref(), entry.body.len());
                if stops(entry) {
                    only_stops.add(entry.kind.as_deref(), entry.body.len());
                }
            }
        }
        let (takes, after) = if all == before || !all.is_too_much() {
            (Takes::All, all)
        } else if only_stops != before && !only_stops.is_too_much() {
            (Takes::Stops, only_stops)
        } else {
            return Err(DeliverError::DayIsFull(until_tomorrow(now)));
        };
        self.used.insert(person, after);
        Ok(takes)
    }

    /// Whether an entry would be stored that is not stored yet.
    pub(super) fn is_new(&self, entry: &OpenedEntry) -> bool {
        let known = self.known.get(&entry.id);
        known.is_none_or(|known| known.sha256 != entry.sha256)
    }
}

/// What a day takes of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// All of it.
    All,
    /// What says no or stop; the rest stays on its phone until tomorrow.
    Stops,
}

/// Whether an entry says no or stop.
pub(super) fn stops(entry: &OpenedEntry) -> bool {
    is_stop(entry.kind.as_deref())
}

/// The answer for an entry that stays on its phone until tomorrow.
pub(super) fn left_out(entry: &OpenedEntry) -> EntryResult {
    EntryResult {
        id: entry.id.to_string(),
        sha256: hex(&entry.sha256),
        outcome: Outcome::NotStored,
        reason: Some(Reason::DayFull),
        receipt: None,
    }
}
