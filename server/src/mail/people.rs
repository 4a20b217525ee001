//! What people said about mails, and where these go: their choices, their addresses, their last word on reminders.

use std::collections::{BTreeSet, HashMap};

use bedring_domain::consent::{Decision, LedgerEvent, Purpose, last_word};
use bedring_store::entities::{consent, contact, mail_choice, reminder_pause};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use bedring_store::{StoreError, convert};
use uuid::Uuid;

use super::facts::by;
use super::marks;
use crate::keys::ContactKeys;

/// Where a mail goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// The address.
    pub email: String,
    /// It is the contact's, not the person's own.
    pub is_contact: bool,
    /// What it is counted by.
    pub hash: [u8; 32],
    /// Mails to it come back.
    pub bounced: bool,
}

/// What people said about mails, and where these would go.
pub(super) struct People {
    /// By person.
    pub choices: HashMap<Uuid, mail_choice::Model>,
    /// By person.
    pub targets: HashMap<Uuid, Target>,
    /// Those whose last word on reminders is yes.
    pub reminded: BTreeSet<Uuid>,
    /// Pauses by person, over or not.
    pub pauses: HashMap<Uuid, reminder_pause::Model>,
    /// What of this could not be read: nothing is sent to whom it is about.
    pub damage: Damage,
}

impl People {
    pub async fn load<C: ConnectionTrait>(
        tx: &C,
        keys: &ContactKeys,
        ids: &BTreeSet<Uuid>,
    ) -> Result<Self, StoreError> {
        let mut damage = Damage::default();
        let choices = by(
            mail_choice::Entity::find()
                .filter(mail_choice::Column::PersonId.is_in(ids.iter().copied()))
                .readable(tx, "mail_choices", &mut damage, |row| row.person_id)
                .await?,
            |row| row.person_id,
        );
        let pauses = by(
            reminder_pause::Entity::find()
                .filter(reminder_pause::Column::PersonId.is_in(ids.iter().copied()))
                .readable(tx, "reminder_pauses", &mut damage, |row| row.person_id)
                .await?,
            |row| row.person_id,
        );
        let contacts = by(
            contact::Entity::find()
                .filter(contact::Column::PersonId.is_in(ids.iter().copied()))
                .readable(tx, "contacts", &mut damage, |row| row.person_id)
                .await?,
            |row| row.person_id,
        );
        let targets = ids
            .iter()
            .filter_map(|id| {
                let own = contacts.get(id).and_then(|c| c.email_sealed.as_deref());
                Some((*id, target(keys, own, choices.get(id))?))
            })
            .collect();
        let mut ledgers: HashMap<Uuid, Vec<LedgerEvent>> = HashMap::new();
        for row in consent::Entity::find()
            .filter(consent::Column::PersonId.is_in(ids.iter().copied()))
            .filter(consent::Column::Purpose.eq(Purpose::Reminders.as_str()))
            .readable(tx, "consents", &mut damage, |row| row.person_id)
            .await?
        {
            let event = convert::ledger_event(&row);
            let Some(event) = damage.settle(row.person_id, event)? else {
                continue;
            };
            ledgers.entry(row.person_id).or_default().push(event);
        }
        let said_yes = |ledger: &Vec<LedgerEvent>| {
            last_word(ledger, Purpose::Reminders).is_some_and(|e| e.decision == Decision::Given)
        };
        let reminded = ledgers
            .into_iter()
            // A word that cannot be read may have been a no.
            .filter(|(id, ledger)| said_yes(ledger) && !damage.is_about(*id))
            .map(|(id, _)| id)
            .collect();
        Ok(Self {
            choices,
            targets,
            reminded,
            pauses,
            damage,
        })
    }
}

/// The contact's address if the person chose that and there is one, or else the person's own.
fn target(
    keys: &ContactKeys,
    own: Option<&[u8]>,
    choice: Option<&mail_choice::Model>,
) -> Option<Target> {
    let contact = choice
        .filter(|c| c.to_contact)
        .and_then(|c| c.contact_email_sealed.as_deref());
    let sealed = contact.or(own)?;
    let email = keys
        .decrypt(sealed)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(email) = email else {
        tracing::error!("an address cannot be opened: is a contact key missing?");
        return None;
    };
    let bounced = choice.is_some_and(|c| match contact {
        Some(_) => c.contact_bounced_at.is_some(),
        None => c.bounced_at.is_some(),
    });
    Some(Target {
        hash: marks::recipient(keys, &email),
        email,
        is_contact: contact.is_some(),
        bounced,
    })
}
