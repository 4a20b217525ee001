//! Questionnaires under way: written at every tap, so that a killed browser loses at most the tap in flight.

use uuid::Uuid;

use super::idb::Durability;
use super::schema::DRAFTS;
use super::vault::Write;
use super::{Device, DeviceError, Draft};

pub(super) fn draft_key(person: Uuid, occasion: Uuid, instrument: &str) -> String {
    format!("{person}/{occasion}/{instrument}")
}

pub(super) fn key_of(draft: &Draft) -> String {
    draft_key(draft.person, draft.occasion, &draft.instrument)
}

impl Device {
    /// Writes a draft; resolves when it would survive a killed browser. Saves arrive in the order in which they were called.
    pub async fn save_draft(&self, draft: &Draft) -> Result<(), DeviceError> {
        let _turn = self.inner.turns.take().await;
        if self.inner.finished.borrow().contains(&draft.id) || self.has_forgotten(draft.person) {
            return Ok(());
        }
        let write = Write::json(DRAFTS, key_of(draft), draft)?;
        // A flush to the disk takes a slow phone longer than a person is willing to wait for a tap.
        self.inner
            .vault
            .commit(vec![write], Durability::Relaxed)
            .await
    }

    /// The draft of a questionnaire, if one is under way.
    pub async fn draft(
        &self,
        person: Uuid,
        occasion: Uuid,
        instrument: &str,
    ) -> Result<Option<Draft>, DeviceError> {
        self.inner
            .vault
            .get(DRAFTS, &draft_key(person, occasion, instrument))
            .await
    }

    /// Whether any questionnaire is under way on this phone.
    pub async fn has_open_draft(&self) -> Result<bool, DeviceError> {
        Ok(!self.inner.vault.keys(DRAFTS).await?.is_empty())
    }
}
