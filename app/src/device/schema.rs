//! What lies in the phone's database and where: the stores, and the upgrades that lead to them.

use wasm_bindgen::JsValue;
use web_sys::IdbDatabase;

/// The database.
pub(super) const NAME: &str = "bedring";
/// Where `start.js` leaves its promise of a connection.
pub(super) const PAGE_OPENS: &str = "__bedringStorage";

/// The key that encrypts all other stores. The only store whose values are not encrypted.
pub(super) const KEYS: &str = "keys";
/// Where it lies in [`KEYS`].
pub(super) const VAULT_KEY: &str = "vault";
/// Beside it: another number with every new key; nothing beside the first.
pub(super) const TURN: &str = "turn";
/// Small things: who is current, the device's id, what the browser said about persistence.
pub(super) const SETTINGS: &str = "settings";
/// Secrets, by person.
pub(super) const ACCESS: &str = "access";
/// What the server said about a person, by person.
pub(super) const BUNDLES: &str = "bundles";
/// Questionnaires under way, by person, occasion and instrument.
pub(super) const DRAFTS: &str = "drafts";
/// Sealed entries that wait, by id.
pub(super) const QUEUE: &str = "queue";
/// Sealed entries that were received, kept for some days, by id.
pub(super) const SENT: &str = "sent";
/// The person's own readable copies, by id.
pub(super) const COPIES: &str = "copies";
/// All stores.
pub(super) const ALL: [&str; 8] = [KEYS, SETTINGS, ACCESS, BUNDLES, DRAFTS, QUEUE, SENT, COPIES];

/// Upgrades, oldest first: step `n` leads from version `n` to `n + 1`. Append only: phones out there stand at every one of them, and a
/// store that may hold unsent entries is never dropped.
pub(super) const STEPS: [Step; 1] = [create_stores];

/// Frozen text, and the same in `start.js`: what later versions add has a step of its own.
const FIRST_STORES: [&str; 8] = [
    "keys", "settings", "access", "bundles", "drafts", "queue", "sent", "copies",
];

/// One upgrade.
pub(super) type Step = fn(&IdbDatabase) -> Result<(), JsValue>;

fn create_stores(db: &IdbDatabase) -> Result<(), JsValue> {
    for store in FIRST_STORES {
        db.create_object_store(store)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    /// The page's own script makes the stores of the first version before this program is there.
    #[test]
    fn the_page_makes_the_same_stores() {
        let page = include_str!("../../start.js");
        assert!(page.contains(&format!("window.{} =", super::PAGE_OPENS)));
        assert!(page.contains(&format!("indexedDB.open(\"{}\")", super::NAME)));
        assert!(page.contains(&format!("{:?}", super::FIRST_STORES)));
    }
}
