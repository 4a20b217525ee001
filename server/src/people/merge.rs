//! Two registrations of one person become one. What the other has, answers, consents, entries and links, belongs to the one that stays, and
//! a phone that knows the other goes on working: its links lead to the one that stays, and its measurements mean those of that one.
//!
//! Nothing is decided for anybody: where both have answered, both answers stay and somebody says which counts; where the two say different
//! things, what stands in the one that stays holds, and the difference is told. A stop in either is a stop.

use bedring_contract::correct::{Difference, DiscardReason, MergeEffect, MergePersons};
use bedring_contract::erasure::ErasureBecame;
use bedring_domain::consent;
use bedring_store::entities::{
    access_secret, call_task, consent as consents, contact, course_facts, device, erasure_waiting,
    followup, journal_conflict, journal_entry, letter_read, mail, mail_choice, merged_occasion,
    merged_way, occasion, occasion_change, person, person_change, person_pin, project,
    reminder_pause, response, stated_type,
};
use bedring_store::readable::Damage;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter,
};
use bedring_store::{StoreError, convert};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::asked::to_be_corrected;
use super::discard::{Aside, set_aside};
use super::{PeopleError, erasure, list};
use crate::accounts::access::{MergePersons as May, Proof};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::devices::erasing;
use crate::followup::changes::{self as ledger, By, What};
use crate::followup::windows;
use crate::journal::{language, retry};
use crate::keys::ContactKeys;
use crate::ports::Random;
use crate::state::Services;

/// Merges, or says what merging would do.
///
/// # Errors
/// One of the two does not exist within the proof's projects, was erased or discarded, or they are of two programmes.
pub async fn merge(
    proof: &Proof<May>,
    services: &Services,
    id: Uuid,
    form: MergePersons,
) -> Result<MergeEffect, PeopleError> {
    if id == form.other {
        return Err(PeopleError::Input("/other", "same"));
    }
    let (now, random) = (services.clock.now(), &*services.random);
    let tx = services.db.begin().await?;
    // One order for all writers: people by their ids.
    let first = to_be_corrected(proof, &*tx, id.min(form.other)).await?;
    let second = to_be_corrected(proof, &*tx, id.max(form.other)).await?;
    let (kept, other) = match first.id == id {
        true => (first, second),
        false => (second, first),
    };
    same_programme(&*tx, &kept, &other).await?;
    let two = Two {
        tx: &*tx,
        keys: &services.keys.contact,
        random,
        kept: &kept,
        other: &other,
        now,
    };
    let differences = two.differences().await?;
    let answered_twice = two.occasions().await?;
    let (responses, consents, ways_in) = two.belongings().await?;
    let person = two.facts().await?;
    let by = By::holder(proof, random, now);
    let aside = Aside {
        why: DiscardReason::Merged,
        into: Some(id),
    };
    set_aside(&*tx, by, &other, aside).await?;
    // Whoever asked had one registration before them: about the two of them somebody asks again.
    let mut requests_ended = 0;
    for whom in [kept.id, other.id] {
        let ended = erasure::end_open(&*tx, whom, ErasureBecame::Merged, by.account, now).await?;
        requests_ended += u64::from(ended);
    }
    windows::materialise(&*tx, random, &person, now).await?;
    // What was too early for the measurement of the one may be in time for that of the other.
    retry::days_moved(&*tx, random, &[id], now).await?;
    tx.execute_raw(crate::mail::look_at_person(&*tx, id, now))
        .await?;
    ledger::note(
        &*tx,
        by,
        &person,
        What::Merged,
        Some(other.code.clone()),
        None,
    )
    .await?;
    for (whom, subject) in [(&kept, other.id), (&other, id)] {
        let about = About {
            person: Some(whom.id),
            project: Some(whom.project_id),
            subject: Some(subject),
        };
        audit::record(&*tx, random, proof, Deed::PersonsMerged, about, now).await?;
    }
    let today = calendar::day_of(now);
    let lines = list::lines(
        proof,
        &*tx,
        &services.keys.contact,
        vec![person],
        today,
        Damage::default(),
    )
    .await?;
    if form.save {
        tx.commit().await?;
    }
    Ok(MergeEffect {
        saved: form.save,
        person: lines.into_iter().next().ok_or(StoreError::NotFound)?,
        differences,
        responses,
        answered_twice,
        consents,
        ways_in,
        requests_ended,
    })
}

/// A letter and a plan are a programme's.
async fn same_programme<C: ConnectionTrait>(
    tx: &C,
    kept: &person::Model,
    other: &person::Model,
) -> Result<(), PeopleError> {
    if kept.project_id == other.project_id {
        return Ok(());
    }
    // Unscoped on purpose: projects of people who were found in scope.
    let mut programmes = Vec::new();
    for id in [kept.project_id, other.project_id] {
        let found = project::Entity::find_by_id(id).one(tx).await?;
        programmes.push(found.map(|p| p.programme_id));
    }
    match programmes.first() == programmes.last() {
        true => Ok(()),
        false => Err(PeopleError::Input("/other", "other_programme")),
    }
}

/// The one that stays, and the one that becomes part of it; both rows are held.
struct Two<'a, C> {
    tx: &'a C,
    keys: &'a ContactKeys,
    random: &'a dyn Random,
    kept: &'a person::Model,
    other: &'a person::Model,
    now: DateTime<Utc>,
}

/// One sealed field of a contact.
type SealedField = fn(&contact::Model) -> Option<&[u8]>;

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
    async fn differences(&self) -> Result<Vec<Difference>, PeopleError> {
        let mut found = Vec::new();
        let mut look = |field: &str, kept: Option<String>, other: Option<String>| {
            if let (Some(kept), Some(other)) = (kept, other)
                && kept != other
            {
                let field = field.to_owned();
                found.push(Difference { field, kept, other });
            }
        };
        let contacts = [
            self.contact(self.kept).await?,
            self.contact(self.other).await?,
        ];
        let opened = |of: &Option<contact::Model>, read: fn(&contact::Model) -> Option<&[u8]>| {
            self.keys.text(of.as_ref().and_then(read))
        };
        let fields: [(&str, SealedField); 3] = [
            ("name", |c| c.name_sealed.as_deref()),
            ("email", |c| c.email_sealed.as_deref()),
            ("phone", |c| c.phone_sealed.as_deref()),
        ];
        for (field, read) in fields {
            look(
                field,
                opened(&contacts[0], read)?,
                opened(&contacts[1], read)?,
            );
        }
        let (kept, other) = (self.kept, self.other);
        let day = |day: Option<chrono::NaiveDate>| day.map(|d| d.to_string());
        let role = |p: &person::Model| p.respondent_type.clone();
        look("respondent_type", role(kept), role(other));
        look("start", day(kept.start_on), day(other.start_on));
        look("end", day(kept.end_on), day(other.end_on));
        let language = |p: &person::Model| Some(p.language.clone());
        look("language", language(kept), language(other));
        Ok(found)
    }

    async fn contact(&self, of: &person::Model) -> Result<Option<contact::Model>, StoreError> {
        // Unscoped on purpose, here and below: rows of people who were found in scope.
        Ok(contact::Entity::find_by_id(of.id).one(self.tx).await?)
    }

    async fn places(&self, of: &person::Model) -> Result<Vec<Place>, StoreError> {
        let rows = occasion::Entity::find().filter(occasion::Column::PersonId.eq(of.id));
        let held = followup::Entity::find().filter(followup::Column::PersonId.eq(of.id));
        let held = held.all(self.tx).await?;
        let rows = rows.all(self.tx).await?.into_iter().map(|row| {
            let followup = held.iter().find(|f| f.occasion_id == row.id);
            let key = match followup {
                Some(f) => (f.plan_key.clone(), f.plan_repeat),
                None => (row.kind.clone(), row.number.saturating_sub(1)),
            };
            Place { key, row }
        });
        Ok(rows.collect())
    }

    /// Each measurement of the other becomes one of the one that stays, or joins the one in its place. How many both have answered.
    async fn occasions(&self) -> Result<u64, PeopleError> {
        let (kept, others) = (
            self.places(self.kept).await?,
            self.places(self.other).await?,
        );
        let mut twice = 0;
        for Place { key, row } in others {
            match kept.iter().find(|k| k.key == key) {
                Some(same) => twice += u64::from(self.join(&row, &same.row).await?),
                None => self.take_over(row, &kept).await?,
            }
        }
        Ok(twice)
    }

    /// Whether both were answered.
    async fn join(
        &self,
        row: &occasion::Model,
        into: &occasion::Model,
    ) -> Result<bool, StoreError> {
        let alias = merged_occasion::ActiveModel {
            id: Set(row.id),
            into_id: Set(into.id),
            person_id: Set(self.other.id),
        };
        merged_occasion::Entity::insert(alias)
            .exec_without_returning(self.tx)
            .await?;
        // What was merged with the other before is now merged with this one.
        merged_occasion::Entity::update_many()
            .col_expr(merged_occasion::Column::IntoId, Expr::value(into.id))
            .filter(merged_occasion::Column::IntoId.eq(row.id))
            .exec(self.tx)
            .await?;
        let moved = response::Entity::update_many()
            .col_expr(response::Column::OccasionId, Expr::value(into.id))
            .filter(response::Column::OccasionId.eq(row.id))
            .exec(self.tx)
            .await?
            .rows_affected;
        let completed = [row.completed_at, into.completed_at];
        let mut changed = into.clone().into_active_model();
        changed.completed_at = Set(completed.into_iter().flatten().min());
        changed.missed_reason = Set(match changed.completed_at.as_ref() {
            // What was answered was not missed.
            Some(_) => None,
            None => into
                .missed_reason
                .clone()
                .or_else(|| row.missed_reason.clone()),
        });
        changed.update(self.tx).await?;
        call_task::Entity::update_many()
            .col_expr(call_task::Column::ClosedAt, Expr::value(self.now))
            .col_expr(call_task::Column::Outcome, Expr::value("merged"))
            .filter(call_task::Column::OccasionId.eq(row.id))
            .filter(call_task::Column::ClosedAt.is_null())
            .exec(self.tx)
            .await?;
        Ok(moved > 0 && into.completed_at.is_some() && row.completed_at.is_some())
    }

    /// A measurement that the one who stays does not have.
    async fn take_over(&self, row: occasion::Model, kept: &[Place]) -> Result<(), StoreError> {
        let same_kind = kept.iter().filter(|k| k.row.kind == row.kind);
        let taken: Vec<i32> = same_kind.map(|k| k.row.number).collect();
        let free = match taken.contains(&row.number) {
            true => taken.iter().max().map_or(1, |most| most + 1),
            false => row.number,
        };
        let id = row.id;
        let mut changed = row.into_active_model();
        changed.person_id = Set(self.kept.id);
        changed.number = Set(free);
        changed.update(self.tx).await?;
        followup::Entity::update_many()
            .col_expr(followup::Column::PersonId, Expr::value(self.kept.id))
            .col_expr(
                followup::Column::ProjectId,
                Expr::value(self.kept.project_id),
            )
            .filter(followup::Column::OccasionId.eq(id))
            .exec(self.tx)
            .await?;
        call_task::Entity::update_many()
            .col_expr(call_task::Column::PersonId, Expr::value(self.kept.id))
            .col_expr(
                call_task::Column::ProjectId,
                Expr::value(self.kept.project_id),
            )
            .filter(call_task::Column::OccasionId.eq(id))
            .exec(self.tx)
            .await?;
        Ok(())
    }

    /// Answers, consents, entries, links, mails and the history. How many questionnaires, lines of the ledger and ways in.
    async fn belongings(&self) -> Result<(u64, u64, u64), StoreError> {
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
    async fn facts(&self) -> Result<person::Model, StoreError> {
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

/// A measurement, and where it stands in the plan.
struct Place {
    key: (String, i32),
    row: occasion::Model,
}
