//! Rows that a batch will write, collected while it decides and written with one statement a table, and on SQLite in one call.

use std::collections::BTreeMap;

use bedring_store::entities::{
    audit, consent, job, journal_conflict, journal_entry, letter_read, occasion, response,
    stated_type,
};
use bedring_store::plan::to_json;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::OnConflict;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait, DatabaseBackend, EntityTrait, InsertMany,
    QueryFilter, QueryTrait, Statement, UpdateMany,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What a batch writes.
#[derive(Debug, Default)]
pub struct Staged {
    /// Everything delivered for the first time.
    pub entries: Vec<journal_entry::ActiveModel>,
    /// Other bytes under a known id.
    pub conflicts: Vec<journal_conflict::ActiveModel>,
    /// How often other bytes came under an id, of those where it grew.
    pub conflicted: BTreeMap<Uuid, i32>,
    /// Letters read.
    pub letters: Vec<letter_read::ActiveModel>,
    /// Lines of the ledger.
    pub consents: Vec<consent::ActiveModel>,
    /// Types stated.
    pub types: Vec<stated_type::ActiveModel>,
    /// Finished questionnaires.
    pub responses: Vec<response::ActiveModel>,
    /// Their ids, to be scored.
    pub to_score: Vec<Uuid>,
    /// Occasions that have all their answers now.
    pub completed: Vec<Uuid>,
    /// Who of the staff delivered about whom.
    pub audit: Vec<audit::ActiveModel>,
}

impl Staged {
    /// What writes all of it. One fails with [`bedring_store::StoreError::Conflict`] if another server stored one of the ids meanwhile:
    /// decide again.
    pub fn statements(
        self,
        on: DatabaseBackend,
        job_id: Uuid,
        now: DateTime<Utc>,
    ) -> Vec<Statement> {
        let mut statements = Vec::new();
        // First what another server may have stored, so that nothing else is written in vain.
        push(&mut statements, on, self.entries, |insert| insert);
        push(&mut statements, on, self.conflicts, |insert| {
            insert.on_conflict(
                OnConflict::columns([
                    journal_conflict::Column::EntryId,
                    journal_conflict::Column::Sha256,
                ])
                .do_nothing()
                .to_owned(),
            )
        });
        for (id, conflicts) in self.conflicted {
            let counted = journal_entry::Entity::update_many()
                .col_expr(journal_entry::Column::Conflicts, Expr::value(conflicts))
                .filter(journal_entry::Column::Id.eq(id));
            statements.push(counted.build(on));
        }
        push(&mut statements, on, self.letters, |insert| insert);
        push(&mut statements, on, self.consents, |insert| insert);
        push(&mut statements, on, self.types, |insert| insert);
        push(&mut statements, on, self.responses, |insert| insert);
        push(&mut statements, on, self.audit, |insert| insert);
        if !self.completed.is_empty() {
            statements.push(completing(self.completed, now).build(on));
        }
        if !self.to_score.is_empty() {
            let job = score_job(job_id, &self.to_score, now);
            statements.push(job::Entity::insert(job).build(on));
        }
        statements
    }
}

fn push<A: ActiveModelTrait>(
    statements: &mut Vec<Statement>,
    on: DatabaseBackend,
    rows: Vec<A>,
    finish: impl FnOnce(InsertMany<A>) -> InsertMany<A>,
) {
    if !rows.is_empty() {
        statements.push(finish(<A::Entity as EntityTrait>::insert_many(rows)).build(on));
    }
}

/// Marks occasions as completed at a moment, but for those that were before.
fn completing(occasions: Vec<Uuid>, now: DateTime<Utc>) -> UpdateMany<occasion::Entity> {
    occasion::Entity::update_many()
        .col_expr(occasion::Column::CompletedAt, Expr::value(now))
        .filter(occasion::Column::Id.is_in(occasions))
        .filter(occasion::Column::CompletedAt.is_null())
}

/// The job that scores responses.
pub fn score_job(id: Uuid, responses: &[Uuid], now: DateTime<Utc>) -> job::ActiveModel {
    job::ActiveModel {
        id: ActiveValue::Set(id),
        kind: ActiveValue::Set(super::SCORE_RESPONSES.to_owned()),
        payload: ActiveValue::Set(to_json(&responses)),
        run_at: ActiveValue::Set(now),
        attempts: ActiveValue::Set(0),
        lease_until: ActiveValue::Set(None),
        last_error: ActiveValue::Set(None),
        created_at: ActiveValue::Set(now),
    }
}
