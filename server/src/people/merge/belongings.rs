//! What stands beside the measurements of two registrations: what was said and answered, ways in, devices, and what is known of a person.

use bedring_domain::consent;
use bedring_store::entities::{
    access_secret, consent as consents, contact, course_facts, device, erasure_waiting,
    journal_conflict, journal_entry, letter_read, mail, mail_choice, merged_way, occasion_change,
    person, person_change, person_pin, reminder_pause, response, stated_type,
};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter,
};
use bedring_store::{StoreError, convert};
use chrono::{DateTime, Utc};

use super::Two;
use crate::devices::erasing;
use crate::journal::language;

/// Rows of some tables belong to the person who stays.
macro_rules! carry {
    ($two:expr, $($table:ident),+) => {
        $(
            $table::Entity::update_many()
                .col_expr($table::Column::PersonId, Expr::value($two.kept.id))
                .filter($table::Column::PersonId.eq($two.other.id))
                .exec($two.tx)
                .await?;
        )+
    };
}

impl<C: ConnectionTrait> Two<'_, C> {
    /// Answers, consents, entries, links, mails and the history. How many questionnaires, lines of the ledger and ways in.
    pub(super) async fn belongings(&self) -> Result<(u64, u64, u64), StoreError> {
        let (tx, other) = (self.tx, self.other.id);
        let responses = response::Entity::find().filter(response::Column::PersonId.eq(other));
        let said = consents::Entity::find().filter(consents::Column::PersonId.eq(other));
        let counts = (responses.count(tx).await?, said.count(tx).await?);
        let ways = access_secret::Entity::find()
            .filter(access_secret::Column::PersonId.eq(other))
            .all(tx)
            .await?;
        for way in &ways {
            let row = merged_way::ActiveModel {
                secret_hash: Set(way.secret_hash.clone()),
                person_id: Set(other),
            };
            // One that came to the other by merging keeps the name under which its phone knows it.
            let known = OnConflict::column(merged_way::Column::SecretHash)
                .do_nothing()
                .to_owned();
            merged_way::Entity::insert(row)
                .on_conflict(known)
                .exec_without_returning(tx)
                .await?;
        }
        mail::Entity::delete_many()
            .filter(mail::Column::PersonId.eq(other))
            .filter(mail::Column::State.eq("waiting"))
            .exec(tx)
            .await?;
        self.devices().await?;
        carry!(
            self,
            access_secret,
            response,
            consents,
            journal_entry,
            journal_conflict,
            letter_read,
            stated_type,
            mail
        );
        occasion_change::Entity::update_many()
            .col_expr(occasion_change::Column::PersonId, Expr::value(self.kept.id))
            .col_expr(
                occasion_change::Column::ProjectId,
                Expr::value(self.kept.project_id),
            )
            .filter(occasion_change::Column::PersonId.eq(other))
            .exec(tx)
            .await?;
        person_change::Entity::update_many()
            .col_expr(person_change::Column::PersonId, Expr::value(self.kept.id))
            .col_expr(
                person_change::Column::ProjectId,
                Expr::value(self.kept.project_id),
            )
            .filter(person_change::Column::PersonId.eq(other))
            .exec(tx)
            .await?;
        Ok((counts.0, counts.1, ways.len() as u64))
    }

    /// The other's devices go on answering, but none of them may read back what the one that stays has answered: whoever merges would else
    /// decide that, with a registration and a phone of their own. The PIN of the one that stays makes them known. An erasure that waited
    /// waits for the one that stays.
    async fn devices(&self) -> Result<(), StoreError> {
        let (tx, other) = (self.tx, self.other.id);
        device::Entity::update_many()
            .col_expr(device::Column::KnownAt, Expr::value(None::<DateTime<Utc>>))
            .filter(device::Column::PersonId.eq(other))
            .exec(tx)
            .await?;
        carry!(self, device);
        person_pin::Entity::delete_by_id(other).exec(tx).await?;
        let waits = erasure_waiting::Entity::find_by_id(other).one(tx).await?;
        if let Some(waits) = waits {
            erasure_waiting::Entity::delete_by_id(other)
                .exec(tx)
                .await?;
            erasing::wait(tx, self.random, self.kept.id, waits.entry_id, self.now).await?;
        }
        Ok(())
    }

    /// What is known of the one that stays, completed from the other, and where the person stands by everything that was said.
    pub(super) async fn facts(&self) -> Result<person::Model, StoreError> {
        let (kept, other, tx) = (self.kept, self.other, self.tx);
        self.reached_by().await?;
        if course_facts::Entity::find_by_id(kept.id)
            .one(tx)
            .await?
            .is_none()
        {
            carry!(self, course_facts);
        }
        if reminder_pause::Entity::find_by_id(kept.id)
            .one(tx)
            .await?
            .is_none()
        {
            carry!(self, reminder_pause);
        }
        let said = consents::Entity::find().filter(consents::Column::PersonId.eq(kept.id));
        let events = said.all(tx).await?;
        let events = events.iter().map(convert::ledger_event);
        let events = events.collect::<Result<Vec<_>, _>>()?;
        let standing = consent::standing(&events);
        let mut row = kept.clone().into_active_model();
        // An imported standing has no lines in the ledger; what either row says holds, and the ledger may say more.
        row.ever_given = Set(standing.ever_given || kept.ever_given || other.ever_given);
        row.refused = Set(match events.is_empty() {
            true => kept.refused || other.refused,
            false => standing.refused,
        });
        let withdrawn = standing.withdrawn.map(|s| s.as_str().to_owned());
        row.withdrawn = Set(withdrawn.or_else(|| match events.is_empty() {
            true => kept.withdrawn.clone().or_else(|| other.withdrawn.clone()),
            false => None,
        }));
        if let Some(tag) = language::merged(tx, kept.id, other.id).await? {
            row.language = Set(tag);
        }
        let role = kept.respondent_type.clone();
        row.respondent_type = Set(role.or_else(|| other.respondent_type.clone()));
        row.start_on = Set(kept.start_on.or(other.start_on));
        row.end_on = Set(kept.end_on.or(other.end_on));
        Ok(row.update(tx).await?)
    }

    /// Name, address, number and the choices made in mails. "Never again" was said by the person, whichever registration it stands in.
    async fn reached_by(&self) -> Result<(), StoreError> {
        let (tx, id) = (self.tx, self.kept.id);
        match (
            self.contact(self.kept).await?,
            self.contact(self.other).await?,
        ) {
            (None, Some(_)) => {
                carry!(self, contact);
            }
            (Some(kept), Some(other)) => {
                let mut row = kept.clone().into_active_model();
                row.name_sealed = Set(kept.name_sealed.or(other.name_sealed));
                row.phone_sealed = Set(kept.phone_sealed.or(other.phone_sealed));
                if kept.email_sealed.is_none() {
                    row.email_sealed = Set(other.email_sealed);
                    row.email_said_at = Set(other.email_said_at);
                    row.email_entry_id = Set(other.email_entry_id);
                }
                row.update(tx).await?;
                contact::Entity::delete_by_id(self.other.id)
                    .exec(tx)
                    .await?;
            }
            (_, None) => {}
        }
        let choice = mail_choice::Entity::find_by_id(self.other.id)
            .one(tx)
            .await?;
        let held = mail_choice::Entity::find_by_id(id).one(tx).await?;
        match (choice, held) {
            (Some(_), None) => {
                carry!(self, mail_choice);
            }
            (Some(other), Some(held)) => {
                // The person's own word goes before another's at their address, and the first before the later.
                let stops = [&held, &other]
                    .into_iter()
                    .filter_map(|c| Some((c.stopped_by_other, c.stopped_at?)));
                let stop = stops.min();
                let mut row = held.into_active_model();
                row.stopped_at = Set(stop.map(|(_, at)| at));
                row.stopped_by_other = Set(stop.is_some_and(|(by_other, _)| by_other));
                row.update(tx).await?;
            }
            (None, _) => {}
        }
        Ok(())
    }
}
