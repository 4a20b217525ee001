//! The rescue file: what waits on a phone that cannot send, for staff to import. Sealed: nobody can read it on the way.

use bedring_contract::journal::DeliveredEntry;
use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use uuid::Uuid;

use super::schema::SENT;
use super::{APP_VERSION, Device, DeviceError, clock};

#[derive(Serialize)]
struct RescueFile {
    format: &'static str,
    version: u32,
    app_version: &'static str,
    device_id: Uuid,
    made_at: DateTime<FixedOffset>,
    entries: Vec<RescuedEntry>,
}

#[derive(Serialize)]
struct RescuedEntry {
    person: Uuid,
    #[serde(flatten)]
    entry: DeliveredEntry,
}

impl Device {
    /// Ids of the sealed copies that can be sent once more.
    pub(crate) async fn resendable(&self) -> Result<Vec<String>, DeviceError> {
        self.inner.vault.keys(SENT).await
    }

    /// JSON of all sealed entries that wait.
    pub async fn rescue_file(&self) -> Result<String, DeviceError> {
        let queued = self.queued().await?;
        let mut entries = Vec::with_capacity(queued.len());
        for q in &queued {
            let access = self.stored_access(q.person).await?;
            entries.push(RescuedEntry {
                person: q.person,
                entry: q.delivered(access.as_ref().map(|a| a.secret.as_str())),
            });
        }
        let file = RescueFile {
            format: "bedring-rescue",
            version: 1,
            app_version: APP_VERSION,
            device_id: self.device_id().await?,
            made_at: clock::now(),
            entries,
        };
        serde_json::to_string(&file).map_err(|_| DeviceError::Corrupt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedring_contract::journal::Seal;

    #[test]
    fn an_entry_in_the_file_is_the_entry_on_the_wire_and_its_person() {
        let entry = DeliveredEntry {
            id: Uuid::nil().to_string(),
            sha256: "00".to_owned(),
            seal: Some(Seal {
                key_id: "k1".to_owned(),
            }),
            body: "AA==".to_owned(),
            mac: Some("00".to_owned()),
        };
        let json = serde_json::to_value(RescuedEntry {
            person: Uuid::nil(),
            entry: entry.clone(),
        })
        .unwrap();
        assert_eq!(json["person"], Uuid::nil().to_string());
        assert_eq!(
            serde_json::from_value::<DeliveredEntry>(json).unwrap(),
            entry
        );
    }
}
