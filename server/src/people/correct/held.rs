//! Name, address and telephone number, which are held encrypted.

use bedring_store::StoreError;
use bedring_store::entities::contact;
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::Held;
use crate::state::Services;

/// What becomes different of what is held encrypted.
pub(super) struct NewContact<'a> {
    pub name: Option<Option<&'a str>>,
    pub email: Option<Option<&'a str>>,
    pub phone: Option<Option<&'a str>>,
}

impl NewContact<'_> {
    pub fn is_changed(&self) -> bool {
        self.name.is_some() || self.email.is_some() || self.phone.is_some()
    }

    pub async fn write<C: ConnectionTrait>(
        &self,
        tx: &C,
        services: &Services,
        id: Uuid,
        held: &Held,
    ) -> Result<(), StoreError> {
        let now = services.clock.now();
        let seal = |text: &str| {
            services
                .keys
                .contact
                .encrypt(&*services.random, text.as_bytes())
        };
        let after = |new: Option<Option<&str>>, held: &Option<String>| {
            new.unwrap_or(held.as_deref()).map(seal)
        };
        let row = contact::ActiveModel {
            person_id: Set(id),
            name_sealed: Set(after(self.name, &held.name)),
            email_sealed: Set(after(self.email, &held.email)),
            // An address that staff typed has no entry of its own; an older one that comes late from a phone does not take its place.
            email_said_at: Set(Some(now)),
            email_entry_id: Set(None),
            written_at: Set(Some(now)),
            phone_sealed: Set(after(self.phone, &held.phone)),
        };
        let mut columns = vec![
            contact::Column::NameSealed,
            contact::Column::PhoneSealed,
            contact::Column::WrittenAt,
        ];
        if self.email.is_some() {
            columns.extend([
                contact::Column::EmailSealed,
                contact::Column::EmailSaidAt,
                contact::Column::EmailEntryId,
            ]);
        }
        let known = OnConflict::column(contact::Column::PersonId)
            .update_columns(columns)
            .to_owned();
        contact::Entity::insert(row)
            .on_conflict(known)
            .exec_without_returning(tx)
            .await?;
        Ok(())
    }
}
