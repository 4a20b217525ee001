//! The journal on the phone: entries are sealed the moment they are made, wait in the queue, and leave it only for a receipt.

use bedring_contract::journal::{DeliveredEntry, EntryResult, Seal};
use bedring_domain::journal::{Entry, Event, Outcome, Response, body_sha256, entry_mac, hex};
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::drafts::key_of;
use super::idb::Durability;
use super::schema::{ACCESS, COPIES, DRAFTS, QUEUE, SENT};
use super::seal::seal;
use super::vault::{Plain, Write, parse};
use super::{
    APP_VERSION, Change, Device, DeviceError, Draft, OwnCopy, Recorded, StoredAccess, Waiting,
    clock,
};

/// How long a sealed copy of a received entry is kept, so that an accident on the server can be mended by sending it again.
const SENT_KEPT_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// Finished drafts that are remembered while the page lives; more than anybody finishes in one go.
const FINISHED_KEPT: usize = 64;

/// A sealed entry as it waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Queued {
    pub person: Uuid,
    pub id: Uuid,
    pub sha256: String,
    pub key_id: String,
    pub body: String,
    pub kind: String,
    pub recorded_at: DateTime<FixedOffset>,
}

impl Queued {
    /// As it goes to the server.
    ///
    /// Whatever leaves this phone proves whose secret it was written under, however it travels.
    pub(crate) fn delivered(&self, secret: Option<&str>) -> DeliveredEntry {
        let id = self.id.to_string();
        let mac = secret.map(|secret| {
            let key = body_sha256(secret);
            hex(&entry_mac(&key, &id, &self.sha256))
        });
        DeliveredEntry {
            id,
            mac,
            sha256: self.sha256.clone(),
            seal: Some(Seal {
                key_id: self.key_id.clone(),
            }),
            body: self.body.clone(),
        }
    }
}

/// A sealed entry that was received.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Sent {
    person: Uuid,
    received_ms: i64,
    entry: Queued,
}

/// A readable copy and whose it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredCopy {
    person: Uuid,
    copy: OwnCopy,
}

/// Of any record that belongs to somebody: whose it is.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct OwnedRecord {
    pub person: Uuid,
}

/// An entry made ready outside any transaction.
struct Prepared {
    recorded: Recorded,
    writes: Vec<Write>,
}

fn prepare(
    access: &StoredAccess,
    id: Uuid,
    recorded_at: DateTime<FixedOffset>,
    event: Event,
) -> Result<Prepared, DeviceError> {
    let entry = Entry {
        recorded_at: recorded_at.into(),
        app_version: APP_VERSION.to_owned(),
        person: None,
        event,
    };
    let json = serde_json::to_string(&entry).map_err(|_| DeviceError::Corrupt)?;
    let body = seal(&access.seal_key, &json)?;
    let queued = Queued {
        person: access.person,
        id,
        sha256: hex(&body_sha256(&body)),
        key_id: access.seal_key.key_id.clone(),
        body,
        kind: entry.event.kind().to_owned(),
        recorded_at,
    };
    let copy = StoredCopy {
        person: access.person,
        copy: OwnCopy {
            id,
            entry,
            outcome: None,
            reason: None,
            receipt: None,
        },
    };
    let writes = vec![
        Write::json(QUEUE, id, &queued)?,
        Write::json(COPIES, id, &copy)?,
    ];
    Ok(Prepared {
        recorded: Recorded {
            id,
            sha256: queued.sha256,
        },
        writes,
    })
}

impl Device {
    /// Seals and queues what happened.
    pub async fn record(&self, person: Uuid, event: Event) -> Result<Recorded, DeviceError> {
        let recorded = {
            let _turn = self.inner.turns.take().await;
            let access = self.live_access(person).await?;
            let now = self.now_for(person).await?;
            let prepared = prepare(&access, self.next_id(), now, event)?;
            self.inner
                .vault
                .commit(prepared.writes, Durability::Strict)
                .await?;
            prepared.recorded
        };
        self.tell(Change::Queued);
        Ok(recorded)
    }

    /// Turns a draft into a finished entry: one transaction, flushed to the disk. Finishing the same draft again changes nothing.
    pub async fn finish(&self, draft: &Draft, response: Response) -> Result<Recorded, DeviceError> {
        let recorded = {
            let _turn = self.inner.turns.take().await;
            if let Some(before) = self.recorded_before(draft.id).await? {
                return Ok(before);
            }
            let access = self.live_access(draft.person).await?;
            let mut prepared = prepare(
                &access,
                draft.id,
                self.now_for(draft.person).await?,
                Event::ResponseSubmitted(Box::new(response)),
            )?;
            prepared.writes.push(Write::Delete(DRAFTS, key_of(draft)));
            self.inner
                .vault
                .commit(prepared.writes, Durability::Strict)
                .await?;
            let mut finished = self.inner.finished.borrow_mut();
            if finished.len() >= FINISHED_KEPT {
                finished.remove(0);
            }
            finished.push(draft.id);
            prepared.recorded
        };
        self.tell(Change::Queued);
        Ok(recorded)
    }

    /// Now, but not before what is known to have been before: the last thing said here, and the server's time when it last told of the person. A
    /// clock that falls back to 1970 must not make a no older than the yes before it.
    async fn now_for(&self, person: Uuid) -> Result<DateTime<FixedOffset>, DeviceError> {
        let said = self.own_copies(person).await?;
        let told = self.bundle(person).await?.map(|b| b.time.fixed_offset());
        let known = said
            .iter()
            .map(|c| c.entry.recorded_at.get())
            .chain(told)
            .max();
        Ok(clock::not_before(clock::now(), known))
    }

    /// A person's own copies, oldest first.
    pub async fn own_copies(&self, person: Uuid) -> Result<Vec<OwnCopy>, DeviceError> {
        let copies: Vec<(String, StoredCopy)> = self.inner.vault.all(COPIES).await?;
        Ok(of(person, copies.into_iter().map(|(_, c)| c)))
    }

    /// What waits to be sent, of everybody who uses this phone, oldest first.
    pub async fn waiting(&self) -> Result<Vec<Waiting>, DeviceError> {
        let waiting = self.queued().await?.into_iter().map(|q| Waiting {
            person: q.person,
            id: q.id,
            sha256: q.sha256,
            size: q.body.len(),
            kind: q.kind,
            recorded_at: q.recorded_at,
        });
        Ok(waiting.collect())
    }

    /// What waits to be sent, whole, oldest first: ids rise with time.
    pub(crate) async fn queued(&self) -> Result<Vec<Queued>, DeviceError> {
        Ok(self
            .inner
            .vault
            .all(QUEUE)
            .await?
            .into_iter()
            .map(|(_, q)| q)
            .collect())
    }

    /// Takes in what the server did with a person's entries: out of the queue, receipt to the own copy, a sealed copy for some days.
    pub(crate) async fn settle(
        &self,
        person: Uuid,
        entries: &[Queued],
        results: &[EntryResult],
    ) -> Result<(), DeviceError> {
        {
            let _turn = self.inner.turns.take().await;
            let mut writes = Vec::new();
            for entry in entries {
                let key = entry.id.to_string();
                let Some(result) = results
                    .iter()
                    .find(|r| r.id == key && r.sha256 == entry.sha256)
                else {
                    continue;
                };
                if result.outcome != Outcome::Gone {
                    let sent = Sent {
                        person,
                        received_ms: clock::now_ms(),
                        entry: entry.clone(),
                    };
                    writes.push(Write::json(SENT, &key, &sent)?);
                }
                if let Some(mut copy) = self.inner.vault.get::<StoredCopy>(COPIES, &key).await? {
                    copy.copy.outcome = Some(result.outcome);
                    copy.copy.reason = result.reason;
                    copy.copy.receipt.clone_from(&result.receipt);
                    writes.push(Write::json(COPIES, &key, &copy)?);
                }
                writes.push(Write::Delete(QUEUE, key));
            }
            let left = self
                .queued()
                .await?
                .into_iter()
                .any(|q| q.person == person && !entries.iter().any(|e| e.id == q.id));
            if !left
                && self
                    .stored_access(person)
                    .await?
                    .is_some_and(|a| a.forgotten)
            {
                // The last word of somebody who was forgotten here is received: now the secret goes, too.
                writes.push(Write::Delete(ACCESS, person.to_string()));
                writes.retain(|w| !matches!(w, Write::Put(SENT, ..)));
                self.inner.vault.commit_anew(writes).await?;
            } else {
                self.inner.vault.commit(writes, Durability::Relaxed).await?;
            }
        }
        self.tell(Change::Other);
        Ok(())
    }

    /// Removes the sealed copies of what was received long ago.
    pub(crate) async fn purge_sent(&self) -> Result<(), DeviceError> {
        let _turn = self.inner.turns.take().await;
        let now = clock::now_ms();
        let sent: Vec<(String, Sent)> = self.inner.vault.all(SENT).await?;
        let old = sent
            .into_iter()
            .filter(|(_, s)| expired(s.received_ms, now))
            .map(|(key, _)| Write::Delete(SENT, key));
        self.inner
            .vault
            .commit(old.collect(), Durability::Relaxed)
            .await
    }

    /// Queues everything once more that was received in the last days. The server answers the same receipts again.
    pub async fn resend_all(&self) -> Result<usize, DeviceError> {
        let count = {
            let _turn = self.inner.turns.take().await;
            let sent: Vec<(String, Sent)> = self.inner.vault.all(SENT).await?;
            let count = sent.len();
            let mut writes = Vec::with_capacity(count * 2);
            for (key, sent) in sent {
                writes.push(Write::json(QUEUE, &key, &sent.entry)?);
                writes.push(Write::Delete(SENT, key));
            }
            self.inner.vault.commit(writes, Durability::Strict).await?;
            count
        };
        self.tell(Change::Queued);
        Ok(count)
    }

    /// An id that is later than every other made in this tab.
    pub(super) fn next_id(&self) -> Uuid {
        let ms = clock::now_ms().max(self.inner.last_ms.get() + 1);
        self.inner.last_ms.set(ms);
        clock::fresh_id(ms)
    }

    async fn live_access(&self, person: Uuid) -> Result<StoredAccess, DeviceError> {
        self.stored_access(person)
            .await?
            .filter(|a| !a.forgotten)
            .ok_or(DeviceError::KeyLost)
    }

    /// The entry that a draft became, if it did: sealing it again would make other bytes under the same id.
    async fn recorded_before(&self, id: Uuid) -> Result<Option<Recorded>, DeviceError> {
        let key = id.to_string();
        let queued = match self.inner.vault.get::<Queued>(QUEUE, &key).await? {
            Some(queued) => Some(queued),
            None => self
                .inner
                .vault
                .get::<Sent>(SENT, &key)
                .await?
                .map(|s| s.entry),
        };
        Ok(queued.map(|q| Recorded {
            id,
            sha256: q.sha256,
        }))
    }
}

fn of(person: Uuid, copies: impl Iterator<Item = StoredCopy>) -> Vec<OwnCopy> {
    copies
        .filter(|c| c.person == person)
        .map(|c| c.copy)
        .collect()
}

/// A person's own copies out of what was read at the start, oldest first.
pub(super) fn own_copies_in(plain: &[Plain], person: Uuid) -> Vec<OwnCopy> {
    let copies = plain.iter().filter(|(store, ..)| *store == COPIES);
    of(
        person,
        copies.filter_map(|(.., value)| parse(value.as_ref().ok()?).ok()),
    )
}

/// A clock that jumped forward from 1970 makes copies go early, never late; the entries themselves were received.
const fn expired(received_ms: i64, now_ms: i64) -> bool {
    now_ms.saturating_sub(received_ms) > SENT_KEPT_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_received_entries_stay_fourteen_days() {
        let day = 24 * 60 * 60 * 1000;
        assert!(!expired(0, 14 * day));
        assert!(expired(0, 14 * day + 1));
        assert!(!expired(50 * day, 0), "a clock that was set back");
    }

    #[test]
    fn any_record_tells_whose_it_is() {
        let json = r#"{"person":"019367b0-0000-7000-8000-000000000001","copy":{"more":[1,2]}}"#;
        let record: OwnedRecord = serde_json::from_str(json).unwrap();
        assert_eq!(
            record.person.to_string(),
            "019367b0-0000-7000-8000-000000000001"
        );
    }
}
