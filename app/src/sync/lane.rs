//! One person's way to the server: what waits, what came of the last try, and when the next may be.

use bedring_domain::journal::{Outbox, OutboxEntry, Outcome, SendFailure, backoff_seconds};
use uuid::Uuid;

use super::SyncState;

/// The shortest time between two tries after a failure, however often somebody asks, in milliseconds.
pub(super) const SHORTEST_GAP_MS: f64 = 1000.0;

/// One person's way to the server.
pub(super) struct Lane {
    pub(super) person: Uuid,
    pub(super) outbox: Outbox,
    pub(super) state: SyncState,
    /// The secret that the server did not accept.
    refused: Option<String>,
    /// Ticks of the last try, of the next by itself, and until when the server asked to be left alone.
    tried: f64,
    pub(super) due: f64,
    silent_until: f64,
}

impl Lane {
    pub(super) fn new(person: Uuid) -> Self {
        let never = f64::NEG_INFINITY;
        Self {
            person,
            outbox: Outbox::default(),
            state: SyncState::Idle,
            refused: None,
            tried: never,
            due: never,
            silent_until: never,
        }
    }

    /// May something be sent now. Notes the try if so.
    pub(super) fn may_try(&mut self, now: f64, urgent: bool, secret: &str) -> bool {
        if self.outbox.is_paused() {
            if self.refused.as_deref() == Some(secret) {
                return false;
            }
            self.outbox.resume();
            self.refused = None;
        } else if now < self.silent_until || (!urgent && now < self.due) {
            return false;
        } else if self.outbox.failures() > 0 && now - self.tried < SHORTEST_GAP_MS {
            self.due = self.tried + SHORTEST_GAP_MS;
            return false;
        }
        self.tried = now;
        true
    }

    /// Takes in a failed try; answers whether a smaller delivery may go at once.
    pub(super) fn failed_at(
        &mut self,
        now: f64,
        failure: SendFailure,
        state: SyncState,
        secret: &str,
    ) -> bool {
        let wait = self.outbox.failed(failure);
        if wait == Some(0) {
            return true;
        }
        self.state = state;
        match wait {
            Some(seconds) => self.due = now + f64::from(seconds) * 1000.0,
            None => self.refused = Some(secret.to_owned()),
        }
        if let SendFailure::Retry {
            after: Some(seconds),
        } = failure
        {
            self.silent_until = now + f64::from(seconds) * 1000.0;
        }
        false
    }

    /// Takes in an answer; answers what may leave the phone.
    pub(super) fn delivered(
        &mut self,
        now: f64,
        results: &[(Uuid, &str, Outcome)],
    ) -> Vec<(OutboxEntry, Outcome)> {
        let removed = self.outbox.delivered(results);
        if removed.is_empty() {
            // Answered, but nothing taken: our server cannot store it now, or the answer was about something else.
            self.state = SyncState::Busy;
            self.due = now + f64::from(backoff_seconds(self.outbox.failures())) * 1000.0;
        } else {
            self.state = SyncState::Idle;
        }
        removed
    }

    /// Ticks of the next try by itself; `None` if nothing waits or only a person can help.
    pub(super) fn next_try(&self) -> Option<f64> {
        let waits = !self.outbox.entries().is_empty()
            && !self.outbox.is_paused()
            && self.state != SyncState::LinkNotValid;
        waits.then(|| self.due.max(self.silent_until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane() -> Lane {
        let mut lane = Lane::new(Uuid::nil());
        lane.outbox.push(OutboxEntry {
            id: Uuid::nil(),
            sha256: "00".to_owned(),
            size: 10,
        });
        lane
    }

    #[test]
    fn a_button_shortens_the_wait_but_not_below_a_second_and_not_what_the_server_asked() {
        let mut lane = lane();
        assert!(lane.may_try(0.0, false, "s"));
        lane.failed_at(
            0.0,
            SendFailure::Retry { after: None },
            SyncState::Offline,
            "s",
        );
        assert!(!lane.may_try(500.0, true, "s"));
        assert!(lane.may_try(1500.0, true, "s"));
        lane.failed_at(
            1500.0,
            SendFailure::Retry { after: Some(60) },
            SyncState::Busy,
            "s",
        );
        assert!(!lane.may_try(50_000.0, true, "s"));
        assert_eq!(lane.next_try(), Some(61_500.0));
        assert!(lane.may_try(61_500.0, false, "s"));
    }

    #[test]
    fn what_was_too_large_together_is_not_held_against_the_network() {
        let mut lane = lane();
        lane.outbox.push(OutboxEntry {
            id: Uuid::max(),
            sha256: "11".to_owned(),
            size: 10,
        });
        let too_large =
            |lane: &mut Lane| lane.failed_at(0.0, SendFailure::TooLarge, SyncState::TooLarge, "s");
        assert!(lane.may_try(0.0, false, "s"));
        assert!(too_large(&mut lane));
        assert_eq!(lane.state, SyncState::Idle);
        assert!(!too_large(&mut lane));
        assert_eq!(lane.state, SyncState::TooLarge);
        assert_eq!(lane.next_try(), Some(2000.0));
    }

    #[test]
    fn a_refused_secret_waits_for_another_one() {
        let mut lane = lane();
        lane.failed_at(
            0.0,
            SendFailure::NotAuthorised,
            SyncState::LinkNotValid,
            "old",
        );
        assert_eq!(lane.next_try(), None);
        assert!(!lane.may_try(1e9, true, "old"));
        assert!(lane.may_try(1e9, true, "new"));
        assert_eq!(lane.outbox.next_delivery().len(), 1);
    }

    #[test]
    fn waits_by_itself_grow() {
        let mut lane = lane();
        let mut now = 0.0;
        let mut waits = Vec::new();
        for _ in 0..4 {
            assert!(lane.may_try(now, false, "s"));
            lane.failed_at(
                now,
                SendFailure::Retry { after: None },
                SyncState::NotOurServer,
                "s",
            );
            let next = lane.next_try().unwrap();
            waits.push(next - now);
            now = next;
        }
        assert_eq!(waits, [2000.0, 4000.0, 8000.0, 16_000.0]);
    }
}
