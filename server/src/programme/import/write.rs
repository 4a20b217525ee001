//! Putting in what is new, with its scores, in one transaction.

use std::collections::HashSet;

use bedring_domain::instrument::Texts;
use bedring_store::entities::{consent, occasion, refusal_tally, response, score};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::compare::{Stored, compare, stored};
use super::rows::{From, Rows};
use super::{ImportError, PAPER_LETTER, Target};
use crate::journal::editions::Editions;
use crate::journal::scoring::score_rows;
use crate::programme::create::{LetterFile, find, insert_programme};

/// Rows in one statement: SQLite takes 32766 values, the widest row has 15.
const CHUNK: usize = 500;

/// What came in: how many there are in the files, and how many of them are new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Projects.
    pub projects: Count,
    /// People.
    pub persons: Count,
    /// Responses.
    pub responses: Count,
    /// Refusals, added up.
    pub refusals: Count,
    /// People who have erased everything here since: nothing of theirs comes back.
    pub erased: usize,
}

/// In the files, and new among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// In the files.
    pub all: usize,
    /// Of these, new.
    pub new: usize,
}

/// Writes what is new.
pub async fn write(
    db: &Db,
    target: &Target,
    rows: Rows,
    now: DateTime<Utc>,
) -> Result<Counts, ImportError> {
    let tx = db.begin().await?;
    let exists = match find(&*tx, &target.code).await? {
        Some(row) if row.id != rows.programme.id => {
            return Err(ImportError::OtherProgramme(target.code.clone()));
        }
        row => row.is_some(),
    };
    let stored = stored(&*tx, rows.programme.id).await?;
    let problems = compare(&rows, &stored);
    if !problems.is_empty() {
        return Err(ImportError::Problems(problems));
    }
    if !exists {
        insert_programme(
            &*tx,
            rows.programme.clone().into_active_model(),
            &paper_letter(target),
            now,
        )
        .await?;
    }
    let counts = insert(&*tx, rows, &stored).await?;
    tx.commit().await?;
    Ok(counts)
}

/// What a phone would show as the letter, if somebody of this programme were invited later.
fn paper_letter(target: &Target) -> LetterFile {
    let texts = |da: &str, en: &str| {
        Texts::from([
            ("da".to_owned(), da.to_owned()),
            ("en".to_owned(), en.to_owned()),
        ])
    };
    LetterFile {
        edition: PAPER_LETTER.to_owned(),
        title: texts("Samtykke på papir", "Consent on paper"),
        body: texts(
            &format!(
                "Du har sagt ja på papir, før svarene i {} blev lagt ind her. Brevet, du fik dengang, gælder stadig. Spørg dit projekt, hvis du vil se det igen.",
                target.name
            ),
            &format!(
                "You said yes on paper before the answers of {} were brought in here. The letter that you were given then still holds. Ask your project if you want to see it again.",
                target.name
            ),
        ),
        summary: std::collections::BTreeMap::new(),
    }
}

async fn insert<C: ConnectionTrait>(
    tx: &C,
    rows: Rows,
    stored: &Stored,
) -> Result<Counts, StoreError> {
    let erased: HashSet<Uuid> = stored
        .persons
        .values()
        .filter(|p| p.erased_at.is_some())
        .map(|p| p.id)
        .collect();
    let mut counts = Counts {
        erased: rows
            .persons
            .iter()
            .filter(|p| erased.contains(&p.row.id))
            .count(),
        ..Counts::default()
    };
    let new_person = |id: &Uuid| !stored.persons.contains_key(id);
    counts.projects = put(tx, rows.projects, |r| !stored.projects.contains_key(&r.id)).await?;
    let tally = |r: &refusal_tally::Model| usize::try_from(r.refusals).unwrap_or_default();
    let all = rows.refusals.iter().map(|r| tally(&r.row)).sum();
    let is_new = |r: &refusal_tally::Model| !stored.refusals.contains_key(&r.project_id);
    let new = rows
        .refusals
        .iter()
        .filter(|r| is_new(&r.row))
        .map(|r| tally(&r.row))
        .sum();
    counts.refusals = Count { all, new };
    put(tx, rows.refusals, is_new).await?;
    counts.persons = put(tx, rows.persons, |r| new_person(&r.id)).await?;
    put(tx, rows.types, |r| new_person(&r.person_id)).await?;
    put(tx, rows.consents, |r: &consent::Model| {
        new_person(&r.person_id)
    })
    .await?;
    complete(tx, &rows.occasions, stored).await?;
    put(tx, rows.occasions, |r| {
        !stored.occasions.contains_key(&r.id)
    })
    .await?;
    let fresh = |r: &response::Model| {
        !stored.responses.contains_key(&r.id) && !erased.contains(&r.person_id)
    };
    let new: Vec<Uuid> = rows
        .responses
        .iter()
        .filter(|r| fresh(&r.row))
        .map(|r| r.row.id)
        .collect();
    counts.responses = put(tx, rows.responses, fresh).await?;
    let editions = Editions::default();
    for ids in new.chunks(CHUNK / 5) {
        let scores = score_rows(tx, &editions, ids)
            .await?
            .into_iter()
            .map(|(_, row)| row);
        score::Entity::insert_many(scores)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(counts)
}

/// Occasions that came in before, and have got their answers now.
async fn complete<C: ConnectionTrait>(
    tx: &C,
    occasions: &[From<occasion::Model>],
    stored: &Stored,
) -> Result<(), StoreError> {
    for From { row, .. } in occasions.iter().filter(|o| o.row.completed_at.is_some()) {
        if stored
            .occasions
            .get(&row.id)
            .is_some_and(|old| old.completed_at.is_none())
        {
            occasion::Entity::update_many()
                .col_expr(occasion::Column::CompletedAt, Expr::value(row.completed_at))
                .filter(occasion::Column::Id.eq(row.id))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}

/// Puts in those rows that are new.
async fn put<C, M>(
    tx: &C,
    rows: Vec<From<M>>,
    new: impl Fn(&M) -> bool,
) -> Result<Count, StoreError>
where
    C: ConnectionTrait,
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    let all = rows.len();
    let mut fresh: Vec<_> = rows
        .into_iter()
        .map(|r| r.row)
        .filter(new)
        .map(IntoActiveModel::into_active_model)
        .collect();
    let count = Count {
        all,
        new: fresh.len(),
    };
    while !fresh.is_empty() {
        let rest = fresh.split_off(fresh.len().min(CHUNK));
        M::Entity::insert_many(fresh)
            .exec_without_returning(tx)
            .await?;
        fresh = rest;
    }
    Ok(count)
}
