//! Two registrations of one person become one. What the other has, answers, consents, entries and links, belongs to the one that stays, and
//! a phone that knows the other goes on working: its links lead to the one that stays, and its measurements mean those of that one.
//!
//! Nothing is decided for anybody: where both have answered, both answers stay and somebody says which counts; where the two say different
//! things, what stands in the one that stays holds, and the difference is told. A stop in either is a stop.

mod belongings;
mod occasions;

use bedring_contract::correct::{Difference, DiscardReason, MergeEffect, MergePersons};
use bedring_contract::erasure::ErasureBecame;
use bedring_store::StoreError;
use bedring_store::entities::{contact, person, project};
use bedring_store::readable::Damage;
use bedring_store::sea_orm::{ConnectionTrait, EntityTrait};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::asked::to_be_corrected;
use super::discard::{Aside, set_aside};
use super::{PeopleError, erasure, list};
use crate::accounts::access::{MergePersons as May, Proof};
use crate::audit::{self, About, Deed};
use crate::calendar;
use crate::followup::changes::{self as ledger, By, What};
use crate::followup::windows;
use crate::journal::retry;
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
}
