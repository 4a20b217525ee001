//! Putting in what is new, with its scores, and changing what is here, in one transaction.

use std::collections::HashSet;

use bedring_domain::instrument::Texts;
use bedring_store::entities::{consent, programme, refusal_tally, response, score};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
};
use bedring_store::{Db, StoreError};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::compare::{Difference, compare, vanished};
use super::rows::{From, OccasionRow, Rows};
use super::stored::{Stored, resolve, stored};
use super::{Delivery, ImportError, PAPER_LETTER, Target, edits};
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
    /// People who have erased everything here since, or said that nothing of theirs may be used: nothing of theirs comes in.
    pub closed: usize,
}

/// In the files, and new among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// In the files.
    pub all: usize,
    /// Of these, new.
    pub new: usize,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// How much came in.
    pub counts: Counts,
    /// Fields and answers that were empty here and are filled.
    pub filled: usize,
    /// What is otherwise here than in the files.
    pub differences: Vec<Difference>,
    /// People and responses that came in before and are in the files no more. They stay.
    pub vanished: (usize, usize),
}

/// Writes what is new, what was empty, and what differs where that is to be taken.
pub async fn write(
    db: &Db,
    delivery: Delivery<'_>,
    mut rows: Rows,
    now: DateTime<Utc>,
) -> Result<Outcome, ImportError> {
    let Delivery {
        target,
        folder,
        options,
        random,
    } = delivery;
    let tx = db.begin().await?;
    let exists = match find(&*tx, &target.code).await? {
        Some(row) if row.id != rows.programme.id => {
            return Err(ImportError::OtherProgramme(target.code.clone()));
        }
        row => row.is_some(),
    };
    let stored = stored(&*tx, rows.programme.id).await?;
    resolve(&mut rows, &stored);
    let closed = stored.closed();
    let found = compare(folder, &rows, &stored, &closed, options.take_differences)?;
    let programme = rows.programme.clone();
    if !exists {
        let letter = paper_letter(target);
        insert_programme(&*tx, programme.into_active_model(), &letter, now).await?;
    } else if options.add_follow_ups {
        programme::Entity::update_many()
            .col_expr(programme::Column::Plan, Expr::value(programme.plan))
            .filter(programme::Column::Id.eq(programme.id))
            .exec(&*tx)
            .await
            .map_err(StoreError::from)?;
    }
    let mut outcome = Outcome {
        filled: found.filled,
        differences: found.differences,
        vanished: vanished(&rows, &stored),
        ..Outcome::default()
    };
    let by = edits::by(random, now);
    let mut scored = edits::write(&*tx, by, found.edits, &rows, &stored).await?;
    edits::vouch(&*tx, &rows, &stored).await?;
    edits::complete_all(&*tx, &rows.occasions, &stored, now).await?;
    outcome.counts = insert(&*tx, rows, &stored, &closed, &mut scored).await?;
    score(&*tx, &scored).await?;
    if !options.dry_run {
        tx.commit().await?;
    }
    Ok(outcome)
}

async fn score<C: ConnectionTrait>(tx: &C, responses: &[Uuid]) -> Result<(), StoreError> {
    let editions = Editions::default();
    for ids in responses.chunks(CHUNK / 5) {
        let scores = score_rows(tx, &editions, ids)
            .await?
            .into_iter()
            .map(|(_, row)| row);
        score::Entity::insert_many(scores)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
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

/// Puts in what is new, and says which responses are.
async fn insert<C: ConnectionTrait>(
    tx: &C,
    rows: Rows,
    stored: &Stored,
    closed: &HashSet<Uuid>,
    scored: &mut Vec<Uuid>,
) -> Result<Counts, StoreError> {
    let mut counts = Counts {
        closed: rows
            .persons
            .iter()
            .filter(|p| closed.contains(&p.row.id))
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
    let (mut occasions, mut holds) = (Vec::new(), Vec::new());
    for OccasionRow {
        line, row, hold, ..
    } in rows.occasions
    {
        let held = stored.holds.contains_key(&row.id) || closed.contains(&row.person_id);
        holds.extend(hold.filter(|_| !held).map(|row| From { line, row }));
        occasions.push(From { line, row });
    }
    put(tx, occasions, |r| {
        !stored.occasions.contains_key(&r.id) && !closed.contains(&r.person_id)
    })
    .await?;
    put(tx, holds, |_| true).await?;
    let fresh = |r: &response::Model| {
        !stored.responses.contains_key(&r.id) && !closed.contains(&r.person_id)
    };
    let new = rows.responses.iter().filter(|r| fresh(&r.row));
    scored.extend(new.map(|r| r.row.id));
    counts.responses = put(tx, rows.responses, fresh).await?;
    Ok(counts)
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
