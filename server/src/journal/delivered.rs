//! A delivery as it stands on the wire, each entry read by itself: one that is no entry at all is answered, and its neighbours come in.

use bedring_contract::journal::{DeliveredEntry, Delivery, EntryResult};
use bedring_domain::journal::{Outcome, Reason};
use bedring_domain::time::DeviceTime;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::shape;

/// A delivery whose entries were read one by one; `Err` is the answer to what is no entry.
#[derive(Debug)]
pub struct ReadDelivery {
    /// The device.
    pub device_id: Uuid,
    /// The device's clock when it sent this.
    pub sent_at: DeviceTime,
    /// In the order delivered.
    pub entries: Vec<Result<DeliveredEntry, EntryResult>>,
}

#[derive(Deserialize)]
struct Wire<'a> {
    device_id: Uuid,
    #[serde(deserialize_with = "DeviceTime::deserialize_nearest")]
    sent_at: DeviceTime,
    #[serde(borrow)]
    entries: Vec<&'a RawValue>,
}

/// What an answer needs to be found again by the device.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Names {
    id: String,
    sha256: String,
}

/// Reads the bytes of a delivery.
///
/// # Errors
/// It is none.
pub fn read(json: &[u8]) -> Result<ReadDelivery, serde_json::Error> {
    let wire: Wire<'_> = serde_json::from_slice(json)?;
    Ok(ReadDelivery {
        device_id: wire.device_id,
        sent_at: wire.sent_at,
        entries: wire.entries.into_iter().map(entry).collect(),
    })
}

fn entry(raw: &RawValue) -> Result<DeliveredEntry, EntryResult> {
    // Only an object is one: serde would take a list of values in the order of the fields, too.
    let object = raw.get().starts_with('{');
    let read = object.then(|| serde_json::from_str(raw.get()));
    let shape = || shape::misfit::<DeliveredEntry>(raw.get().as_bytes());
    let read = match read {
        Some(Ok(entry)) if matches!(shape(), Ok(None)) => return Ok(entry),
        other => other,
    };
    let names: Names = match read {
        Some(_) => serde_json::from_str(raw.get()).unwrap_or_default(),
        None => Names::default(),
    };
    Err(EntryResult {
        id: names.id,
        sha256: names.sha256,
        outcome: Outcome::NotStored,
        reason: Some(Reason::EntryMalformed),
        receipt: None,
    })
}

impl From<Delivery> for ReadDelivery {
    fn from(delivery: Delivery) -> Self {
        Self {
            device_id: delivery.device_id,
            sent_at: delivery.sent_at,
            entries: delivery.entries.into_iter().map(Ok).collect(),
        }
    }
}
