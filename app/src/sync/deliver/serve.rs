//! One round of deliveries: whose entries go, and what an answer does to the phone.

use bedring_contract::journal::{Delivery, EntryResult};
use bedring_contract::paths;
use bedring_domain::journal::{OutboxEntry, Outcome, SendFailure, backoff_seconds};
use uuid::Uuid;

use super::Sender;
use crate::api::{self, Auth};
use crate::device::{DeviceError, Queued, clock};
use crate::sync::SyncState;
use crate::sync::answer::{Verdict, judge};
use crate::sync::lane::Lane;
use crate::sync::own::registered;

impl Sender {
    /// Sends what may be sent now, person by person. Answers whether anything was received.
    pub(super) async fn round(&self, urgent: bool) -> Result<bool, DeviceError> {
        let queued = self.device.queued().await?;
        self.reconcile(&queued);
        let people: Vec<Uuid> = self
            .lanes
            .borrow()
            .iter()
            .filter(|l| !l.outbox.entries().is_empty())
            .map(|l| l.person)
            .collect();
        let mut received = false;
        for person in people {
            received |= self.serve(person, &queued, urgent).await?;
        }
        Ok(received)
    }

    /// Brings the outboxes in line with what is stored: other tabs add and send, too.
    fn reconcile(&self, queued: &[Queued]) {
        let mut lanes = self.lanes.borrow_mut();
        for entry in queued {
            let lane = match lanes.iter().position(|l| l.person == entry.person) {
                Some(at) => &mut lanes[at],
                None => {
                    lanes.push(Lane::new(entry.person));
                    let last = lanes.len() - 1;
                    &mut lanes[last]
                }
            };
            if !lane.outbox.entries().iter().any(|e| e.id == entry.id) {
                lane.outbox.push(OutboxEntry {
                    id: entry.id,
                    sha256: entry.sha256.clone(),
                    size: entry.body.len(),
                });
            }
        }
        for lane in lanes.iter_mut() {
            let sent: Vec<_> = lane
                .outbox
                .entries()
                .iter()
                .filter(|e| !queued.iter().any(|q| q.id == e.id))
                .cloned()
                .collect();
            if !sent.is_empty() {
                let results: Vec<_> = sent
                    .iter()
                    .map(|e| (e.id, e.sha256.as_str(), Outcome::Repeated))
                    .collect();
                lane.outbox.delivered(&results);
            }
        }
    }

    /// Sends one person's entries until nothing is left or something is in the way.
    async fn serve(
        &self,
        person: Uuid,
        queued: &[Queued],
        urgent: bool,
    ) -> Result<bool, DeviceError> {
        let Some(access) = self.device.stored_access(person).await? else {
            // Without a secret only a newly opened link helps.
            self.lane(person, |lane| lane.state = SyncState::LinkNotValid);
            return Ok(false);
        };
        if !self
            .lane(person, |lane| {
                lane.may_try(clock::ticks(), urgent, &access.secret)
            })
            .unwrap_or(false)
        {
            return Ok(false);
        }
        // The first device of a person is the one that is known before anything arrives. Where the server cannot be told of it just now,
        // what waits goes all the same.
        let access = match registered(&self.device, person, false).await {
            Ok(access) => access,
            Err(_) => access,
        };
        let own = access.own();
        let device_id = self.device.device_id().await?;
        let mut received = false;
        loop {
            let batch = self
                .lane(person, |lane| lane.outbox.next_delivery().to_vec())
                .unwrap_or_default();
            let entries: Vec<Queued> = batch
                .iter()
                .filter_map(|e| queued.iter().find(|q| q.id == e.id))
                .cloned()
                .collect();
            if entries.is_empty() {
                break;
            }
            self.say(SyncState::Sending);
            let delivery = Delivery {
                device_id,
                sent_at: clock::now().into(),
                entries: entries
                    .iter()
                    .map(|e| e.delivered(Some(&access.secret)))
                    .collect(),
            };
            let body = serde_json::to_string(&delivery).map_err(|_| DeviceError::Corrupt)?;
            match judge(api::send("POST", paths::JOURNAL, Auth::Own(&own), Some(&body)).await) {
                Verdict::Received(results) => {
                    let taken = self.take_in(person, &entries, &results).await?;
                    received |= taken;
                    if !taken {
                        break;
                    }
                }
                Verdict::Erased => {
                    self.erased(person).await?;
                    self.lane(person, |lane| {
                        lane.failed_at(
                            clock::ticks(),
                            SendFailure::NotAuthorised,
                            SyncState::Erased,
                            &access.secret,
                        )
                    });
                    break;
                }
                Verdict::Failed(failure, state) => {
                    let smaller = self.lane(person, |lane| {
                        lane.failed_at(clock::ticks(), failure, state, &access.secret)
                    });
                    if smaller != Some(true) {
                        break;
                    }
                }
            }
        }
        Ok(received)
    }

    /// Takes in the results of a delivery. Answers whether any entry could leave the phone.
    async fn take_in(
        &self,
        person: Uuid,
        entries: &[Queued],
        results: &[EntryResult],
    ) -> Result<bool, DeviceError> {
        let named: Vec<_> = results
            .iter()
            .filter_map(|r| Some((r.id.parse().ok()?, r.sha256.as_str(), r.outcome)))
            .collect();
        let removed = self
            .lane(person, |lane| lane.delivered(clock::ticks(), &named))
            .unwrap_or_default();
        if removed.is_empty() {
            return Ok(false);
        }
        let left: Vec<Queued> = entries
            .iter()
            .filter(|e| removed.iter().any(|(r, _)| r.id == e.id))
            .cloned()
            .collect();
        if let Err(error) = self.device.settle(person, &left, results).await {
            // Still stored, so they will be sent again and answered with the same receipts; not in a hurry, though.
            self.lane(person, |lane| {
                lane.due = clock::ticks() + f64::from(backoff_seconds(3)) * 1000.0
            });
            return Err(error);
        }
        if removed.iter().any(|(_, outcome)| *outcome == Outcome::Gone) {
            self.erased(person).await?;
        }
        Ok(true)
    }
}
