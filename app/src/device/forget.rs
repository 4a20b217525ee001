//! Forgetting a person on this phone.

use uuid::Uuid;

use super::books::{CURRENT, KEPT};
use super::schema::{ACCESS, BUNDLES, COPIES, DRAFTS, QUEUE, SENT, SETTINGS};
use super::storage::set_marker;
use super::vault::Write;
use super::{Change, Device, DeviceError, OwnedRecord, StoredAccess, tabs};

impl Device {
    /// Erases a person's copies, drafts and access, so that nothing of them can be read from the browser's files either. What still waits to be sent stays, with the secret it needs, until it is received.
    pub async fn forget(&self, person: Uuid) -> Result<(), DeviceError> {
        let anybody = {
            let _turn = self.inner.turns.take().await;
            let mut writes = self.erasing(person).await?;
            if self.inner.vault.get::<Uuid>(SETTINGS, CURRENT).await? == Some(person) {
                writes.push(Write::Delete(SETTINGS, CURRENT.to_owned()));
            }
            let queued: Vec<(String, OwnedRecord)> = self.inner.vault.all(QUEUE).await?;
            match self.stored_access(person).await? {
                Some(mut access) if queued.iter().any(|(_, q)| q.person == person) => {
                    access.forgotten = true;
                    writes.push(Write::json(ACCESS, person, &access)?);
                }
                _ => writes.push(Write::Delete(ACCESS, person.to_string())),
            }
            let all: Vec<(String, StoredAccess)> = self.inner.vault.all(ACCESS).await?;
            let anybody = all.iter().any(|(_, a)| a.person != person && !a.forgotten);
            if !anybody {
                writes.push(Write::Delete(SETTINGS, KEPT.to_owned()));
            }
            self.inner.vault.commit_anew(writes).await?;
            self.inner.vault.forget_seen();
            self.inner.forgotten.borrow_mut().push(person);
            anybody
        };
        set_marker(anybody);
        self.tell_here(Change::Other);
        tabs::tell(Some(person));
        Ok(())
    }

    /// Whether a person was forgotten since this tab opened, here or in another tab: no draft of theirs is written any more.
    pub(super) fn has_forgotten(&self, person: Uuid) -> bool {
        self.was_forgotten_here(person) || self.was_forgotten_elsewhere(person)
    }

    /// Whether this tab forgot a person: they asked for it, or the server said that everything is erased.
    #[must_use]
    pub fn was_forgotten_here(&self, person: Uuid) -> bool {
        self.inner.forgotten.borrow().contains(&person)
    }

    /// Whether another tab forgot a person since this one opened.
    #[must_use]
    pub fn was_forgotten_elsewhere(&self, person: Uuid) -> bool {
        tabs::forgot(person)
    }

    /// Erases once more what this tab may have written while another one was forgetting the person, unless their link was opened again.
    pub(super) async fn erase_leftovers(&self, person: Uuid) -> Result<(), DeviceError> {
        let _turn = self.inner.turns.take().await;
        let access = self.stored_access(person).await?;
        if access.is_some_and(|a| !a.forgotten) {
            return Ok(());
        }
        let writes = self.erasing(person).await?;
        // The first only says that there is no bundle.
        if writes.len() > 1 || self.bundle(person).await?.is_some() {
            self.inner.vault.commit_anew(writes).await?;
        }
        self.inner.vault.forget_seen();
        Ok(())
    }

    /// What goes, whatever still waits: bundle, drafts, copies.
    async fn erasing(&self, person: Uuid) -> Result<Vec<Write>, DeviceError> {
        let mut writes = vec![Write::Delete(BUNDLES, person.to_string())];
        let prefix = format!("{person}/");
        for key in self.inner.vault.keys(DRAFTS).await? {
            if key.starts_with(&prefix) {
                writes.push(Write::Delete(DRAFTS, key));
            }
        }
        for store in [COPIES, SENT] {
            let records: Vec<(String, OwnedRecord)> = self.inner.vault.all(store).await?;
            let theirs = records.into_iter().filter(|(_, r)| r.person == person);
            writes.extend(theirs.map(|(key, _)| Write::Delete(store, key)));
        }
        Ok(writes)
    }
}
