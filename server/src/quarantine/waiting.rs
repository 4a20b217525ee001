//! What waits, as queries that lists and deeds share: whose, for which reason, until when, and from where on.

use bedring_contract::quarantine::Whose;
use bedring_domain::journal::Reason;
use bedring_store::StoreError;
use bedring_store::entities::{journal_conflict, journal_entry};
use bedring_store::scope::{self, ProjectScope};
use bedring_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Select,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::states;

/// A part of what waits.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Of whom; of everybody in scope if left out.
    pub whose: Option<Whose>,
    /// For this reason only.
    pub reason: Option<String>,
    /// Arrived at this moment or before.
    pub until: Option<DateTime<Utc>>,
    /// What stands behind this place.
    pub after: Option<Cursor>,
}

/// A place in the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// The id of the entry, the conflict or the person there.
    pub id: Uuid,
}

impl Cursor {
    /// As [`Cursor`]'s text has it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (nanos, id) = text.rsplit_once('-')?;
        Some(Self {
            at: DateTime::from_timestamp_nanos(nanos.parse().ok()?),
            id: Uuid::parse_str(id).ok()?,
        })
    }

    fn behind(self, at: impl ColumnTrait, id: impl ColumnTrait) -> Condition {
        let same = Condition::all().add(at.eq(self.at)).add(id.gt(self.id));
        Condition::any().add(at.gt(self.at)).add(same)
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nanos = self.at.timestamp_nanos_opt().unwrap_or_default();
        write!(f, "{nanos}-{}", self.id.simple())
    }
}

impl Part {
    /// The entries of it, in no order.
    #[must_use]
    pub fn entries(&self, scope: &ProjectScope) -> Select<journal_entry::Entity> {
        use journal_entry::Column::{Id, PersonId, Reason as Why, ReceivedAt, State};
        let mut query = scope::journal_entries(scope).filter(State.eq(states::QUARANTINED));
        if let Some(reason) = &self.reason {
            query = query.filter(Why.eq(reason));
        }
        self.narrow(query, PersonId, ReceivedAt, Id)
    }

    /// The conflicts of it, in no order.
    #[must_use]
    pub fn conflicts(&self, scope: &ProjectScope) -> Select<journal_conflict::Entity> {
        use journal_conflict::Column::{Id, PersonId, ReceivedAt, State};
        let mut query = scope::journal_conflicts(scope).filter(State.eq(states::OPEN));
        let conflict = Reason::EntryConflict.as_str();
        if self.reason.as_deref().is_some_and(|r| r != conflict) {
            // Conflicts have one reason only: none of them fits.
            query = query.filter(Id.is_null());
        }
        self.narrow(query, PersonId, ReceivedAt, Id)
    }

    /// How many of both there are.
    ///
    /// # Errors
    /// As the database says.
    pub async fn count<C: ConnectionTrait>(
        &self,
        scope: &ProjectScope,
        db: &C,
    ) -> Result<u64, StoreError> {
        Ok(self.entries(scope).count(db).await? + self.conflicts(scope).count(db).await?)
    }

    fn narrow<E: EntityTrait>(
        &self,
        mut query: Select<E>,
        person: impl ColumnTrait,
        at: impl ColumnTrait,
        id: impl ColumnTrait,
    ) -> Select<E> {
        match self.whose {
            None => {}
            Some(Whose::Person(whom)) => query = query.filter(person.eq(whom)),
            Some(Whose::Unknown) => query = query.filter(person.is_null()),
        }
        if let Some(until) = self.until {
            query = query.filter(at.lte(until));
        }
        match self.after {
            Some(after) => query.filter(after.behind(at, id)),
            None => query,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_its_text_to_the_nanosecond() {
        let at = "2026-03-02T08:00:00.123456789Z".parse().unwrap();
        let place = Cursor {
            at,
            id: Uuid::from_u128(7),
        };
        assert_eq!(Cursor::parse(&place.to_string()), Some(place));
        for text in ["", "7", "x-7", "7-x", "-"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
