//! An address that several people share. Whoever says there that they want no more mails is told so in true words: then nobody is reminded
//! there any more, whosever mail it was.

use std::collections::BTreeSet;

use bedring_store::StoreError;
use bedring_store::entities::{contact, mail_choice};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::marks;
use crate::keys::ContactKeys;

/// Those whom an address reaches.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// It is their own.
    pub own: BTreeSet<Uuid>,
    /// They named it to be written to instead.
    pub named: BTreeSet<Uuid>,
}

/// Whom an address reaches, by what it is counted by. Addresses lie encrypted, so all are opened and compared; that happens only when
/// somebody wants no more mails.
///
/// # Errors
/// As the database says. An address that cannot be opened is passed over: no mail goes there either.
pub(super) async fn reached<C: ConnectionTrait>(
    tx: &C,
    keys: &ContactKeys,
    hash: &[u8],
) -> Result<Reached, StoreError> {
    let same = |rows: Vec<(Uuid, Vec<u8>)>| {
        let here = |sealed: &[u8]| {
            keys.decrypt(sealed)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .is_some_and(|email| marks::is_recipient(keys, &email, hash))
        };
        rows.into_iter()
            .filter(|(_, sealed)| here(sealed))
            .map(|(id, _)| id)
            .collect()
    };
    // Unscoped on purpose, here and below: an address is the same in every project.
    let own = contact::Entity::find()
        .select_only()
        .columns([contact::Column::PersonId, contact::Column::EmailSealed])
        .filter(contact::Column::EmailSealed.is_not_null())
        .into_tuple()
        .all(tx)
        .await?;
    let named = mail_choice::Entity::find()
        .select_only()
        .columns([
            mail_choice::Column::PersonId,
            mail_choice::Column::ContactEmailSealed,
        ])
        .filter(mail_choice::Column::ContactEmailSealed.is_not_null())
        .into_tuple()
        .all(tx)
        .await?;
    Ok(Reached {
        own: same(own),
        named: same(named),
    })
}
