//! Everything that deciding needs, read at once for all deliveries: senders, people (locked), entries that are known, occasions, ledgers.

use std::collections::{BTreeSet, HashMap, HashSet};

use bedring_domain::journal::{Entry, Event, Response};
use bedring_store::entities::{access_secret, consent, journal_entry, merged_occasion, person};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::LockType;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select, Statement,
};
use bedring_store::{StoreError, convert};
use uuid::Uuid;

use super::{Batch, Context, Known, Opened, Way, edition_of};
use crate::journal::opened::OpenedEntry;
use crate::journal::person_events::{self, PersonFacts};
use crate::journal::staged::Staged;
use crate::journal::{Sender, state};
use crate::programme::invitation::kind;

fn opened(deliveries: &[Opened]) -> impl Iterator<Item = &OpenedEntry> {
    deliveries
        .iter()
        .flat_map(|d| d.entries.iter())
        .filter_map(|e| e.as_deref().ok())
}

fn responses(deliveries: &[Opened]) -> impl Iterator<Item = &Response> {
    opened(deliveries).filter_map(|e| match &e.content {
        Ok(Entry {
            event: Event::ResponseSubmitted(r),
            ..
        }) => Some(r.as_ref()),
        _ => None,
    })
}

/// What is known to be needed before anything is read: people behind secrets (locked in the order of their ids on PostgreSQL; SQLite
/// has one writer), occasions, and entries that are stored already.
pub(super) fn questions(deliveries: &[Opened], on: DatabaseBackend) -> Vec<Statement> {
    let mut queries = Vec::new();
    let hashes: BTreeSet<Vec<u8>> = deliveries
        .iter()
        .filter_map(|d| match &d.sender {
            Sender::Secret(key) => Some(key.hash.to_vec()),
            Sender::Staff(..)
            | Sender::Replay(..)
            | Sender::Unsigned(_)
            | Sender::Erasure { .. } => None,
        })
        .collect();
    if !hashes.is_empty() {
        queries.push(people_of(hashes).build(on));
    }
    let occasions: BTreeSet<Uuid> = responses(deliveries).map(|r| r.occasion).collect();
    if !occasions.is_empty() {
        let query = person_events::occasions_query(occasions);
        queries.push(query.expr_as(which(OCCASION), WHICH).build(on));
    }
    let ids: BTreeSet<Uuid> = opened(deliveries).map(|e| e.id).collect();
    if !ids.is_empty() {
        queries.push(known_query(ids).build(on));
    }
    queries
}

impl<'a> Batch<'a> {
    pub(super) async fn read<C: ConnectionTrait>(
        ctx: &'a Context<'a>,
        tx: &C,
        deliveries: &[Opened],
        rows: Vec<QueryResult>,
    ) -> Result<Self, StoreError> {
        let mut batch = Self {
            ctx,
            senders: HashMap::new(),
            people: HashMap::new(),
            known: HashMap::new(),
            occasions: HashMap::new(),
            merged: HashMap::new(),
            editions: HashMap::new(),
            letters: HashSet::new(),
            used: HashMap::new(),
            written_about: BTreeSet::new(),
            staged: Staged::default(),
        };
        for row in rows {
            match row.try_get::<i32>("", WHICH)? {
                PERSON => batch.person_row(&row)?,
                OCCASION => person_events::occasion_row(&mut batch.occasions, &row)?,
                _ => batch.known_row(&row)?,
            }
        }
        batch.read_people_named(tx, deliveries).await?;
        batch.read_merged(tx).await?;
        batch.read_ledgers(tx, deliveries).await?;
        batch.read_letters(tx, deliveries).await?;
        if let Some(quota) = ctx.quota {
            let people = batch.senders.values().map(|way| way.person);
            batch.used = quota.of(tx, people, ctx.now).await?;
        }
        for response in responses(deliveries) {
            let edition = edition_of(response);
            if let std::collections::hash_map::Entry::Vacant(place) = batch.editions.entry(edition)
                && let Some(found) = ctx.editions.get(tx, place.key()).await?
            {
                place.insert(found);
            }
        }
        Ok(batch)
    }

    fn person_row(&mut self, row: &QueryResult) -> Result<(), StoreError> {
        let hash: Vec<u8> = row.try_get("", SECRET_HASH)?;
        let (expires_at, ended_at) = (row.try_get("", EXPIRES_AT)?, row.try_get("", ENDED_AT)?);
        let person = person::Model::from_query_result(row, "")?;
        if let Ok(hash) = <[u8; 32]>::try_from(hash) {
            let way = Way {
                person: person.id,
                expires_at,
                ended_at,
            };
            self.senders.insert(hash, way);
            self.people.insert(person.id, PersonFacts::new(person));
        }
        Ok(())
    }

    fn known_row(&mut self, row: &QueryResult) -> Result<(), StoreError> {
        let sha256: Vec<u8> = row.try_get("", "sha256")?;
        let entry_state: String = row.try_get("", "state")?;
        let sha256 = sha256.try_into().map_err(|_| StoreError::Unreadable {
            table: "journal_entries",
        })?;
        self.known.insert(
            row.try_get("", "id")?,
            Known {
                sha256,
                gone: entry_state == state::GONE,
                conflicts: row.try_get("", "conflicts")?,
            },
        );
        Ok(())
    }

    /// What measurements are now that were made for somebody else: hardly ever any, so hardly ever a query.
    async fn read_merged<C: ConnectionTrait>(&mut self, tx: &C) -> Result<(), StoreError> {
        let strange = self.occasions.values().map(|facts| &facts.row);
        let strange: BTreeSet<Uuid> = strange
            .filter(|row| !self.people.contains_key(&row.person_id))
            .map(|row| row.id)
            .collect();
        if strange.is_empty() {
            return Ok(());
        }
        for row in merged_occasion::Entity::find()
            .filter(merged_occasion::Column::Id.is_in(strange))
            .all(tx)
            .await?
        {
            self.merged.insert(row.id, row.into_id);
        }
        let wanted: BTreeSet<Uuid> = self.merged.values().copied().collect();
        if !wanted.is_empty() {
            let query = person_events::occasions_query(wanted).build(tx.get_database_backend());
            for row in tx.query_all_raw(query).await? {
                person_events::occasion_row(&mut self.occasions, &row)?;
            }
        }
        Ok(())
    }

    /// People whom entries name that came without a secret.
    async fn read_people_named<C: ConnectionTrait>(
        &mut self,
        tx: &C,
        deliveries: &[Opened],
    ) -> Result<(), StoreError> {
        let named: BTreeSet<Uuid> = deliveries
            .iter()
            .flat_map(|d| {
                d.entries
                    .iter()
                    .filter_map(|e| e.as_deref().ok())
                    .map(|e| (&d.sender, e))
            })
            .filter_map(|(sender, e)| match sender {
                Sender::Secret(_) => None,
                Sender::Staff(..) => self.subject_named(e.content.as_ref().ok()?),
                Sender::Replay(person, _) | Sender::Unsigned(person) => *person,
                Sender::Erasure { person, .. } => Some(*person),
            })
            .filter(|id| !self.people.contains_key(id))
            .collect();
        if !named.is_empty() {
            // Unscoped on purpose: the scope is checked for each entry, so that an entry about a stranger is kept apart, not lost.
            let rows = person::Entity::find()
                .filter(person::Column::Id.is_in(named))
                .order_by_asc(person::Column::Id);
            for person in rows.lock(LockType::Update).all(tx).await? {
                self.people.insert(person.id, PersonFacts::new(person));
            }
        }
        Ok(())
    }

    /// Which of the letters that a yes names were published for the person's programme: from memory, all but the first time.
    async fn read_letters<C: ConnectionTrait>(
        &mut self,
        tx: &C,
        deliveries: &[Opened],
    ) -> Result<(), StoreError> {
        let mut named = HashSet::new();
        for delivery in deliveries {
            for entry in delivery.entries.iter().filter_map(|e| e.as_deref().ok()) {
                if let Ok(content) = &entry.content
                    && let Event::ConsentGiven(words) = &content.event
                    && let Some(person) = self.whom(&delivery.sender, content)
                    && let Some(facts) = self.people.get(&person)
                {
                    named.insert((facts.row.project_id, words.letter.clone()));
                }
            }
        }
        for letter in named {
            if self.ctx.editions.has_letter(tx, &letter).await? {
                self.letters.insert(letter);
            }
        }
        Ok(())
    }

    fn whom(&self, sender: &Sender, content: &Entry) -> Option<Uuid> {
        match sender {
            Sender::Secret(key) => self.senders.get(&key.hash).map(|way| way.person),
            Sender::Staff(..) => self.subject_named(content),
            Sender::Replay(person, _) | Sender::Unsigned(person) => *person,
            Sender::Erasure { person, .. } => Some(*person),
        }
    }

    /// The ledgers of those about whom something is said that depends on them.
    async fn read_ledgers<C: ConnectionTrait>(
        &mut self,
        tx: &C,
        deliveries: &[Opened],
    ) -> Result<(), StoreError> {
        let mut wanted = BTreeSet::new();
        for delivery in deliveries {
            let contents = delivery
                .entries
                .iter()
                .filter_map(|e| e.as_deref().ok())
                .filter_map(|e| e.content.as_ref().ok());
            for content in contents.filter(|c| person_events::needs_ledger(&c.event)) {
                wanted.extend(self.whom(&delivery.sender, content));
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        for row in consent::Entity::find()
            .filter(consent::Column::PersonId.is_in(wanted))
            .all(tx)
            .await?
        {
            if let Some(facts) = self.people.get_mut(&row.person_id) {
                facts.ledger.push(convert::ledger_event(&row)?);
            }
        }
        Ok(())
    }
}

/// The column that says which query a row answers, and its values.
const WHICH: &str = "which";
const PERSON: i32 = 1;
const OCCASION: i32 = 2;
const KNOWN: i32 = 3;
const SECRET_HASH: &str = "sender_hash";
const EXPIRES_AT: &str = "sender_expires_at";
const ENDED_AT: &str = "sender_ended_at";

fn which(query: i32) -> Expr {
    Expr::cust(query.to_string())
}

fn people_of(hashes: BTreeSet<Vec<u8>>) -> Select<person::Entity> {
    let to_secret = person::Entity::belongs_to(access_secret::Entity)
        .from(person::Column::Id)
        .to(access_secret::Column::PersonId)
        .into();
    person::Entity::find()
        .expr_as(which(PERSON), WHICH)
        .column_as(access_secret::Column::SecretHash, SECRET_HASH)
        .column_as(access_secret::Column::ExpiresAt, EXPIRES_AT)
        .column_as(access_secret::Column::EndedAt, ENDED_AT)
        .join(JoinType::InnerJoin, to_secret)
        .filter(access_secret::Column::SecretHash.is_in(hashes))
        .filter(access_secret::Column::Kind.is_in(kind::OPEN))
        .order_by_asc(person::Column::Id)
        .lock(LockType::Update)
}

fn known_query(ids: BTreeSet<Uuid>) -> Select<journal_entry::Entity> {
    journal_entry::Entity::find()
        .select_only()
        .expr_as(which(KNOWN), WHICH)
        .columns([
            journal_entry::Column::Id,
            journal_entry::Column::Sha256,
            journal_entry::Column::State,
            journal_entry::Column::Conflicts,
        ])
        .filter(journal_entry::Column::Id.is_in(ids))
}
