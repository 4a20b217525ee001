//! Erasure: what a withdrawal removes of a person, and how entries are forgotten. Whether it comes to that is decided elsewhere.

use std::collections::BTreeSet;

use bedring_contract::erasure::ErasureBecame;
use bedring_domain::consent::Scope;
use bedring_domain::journal::{Entry, Event, Outcome, Reason, body_sha256};
use bedring_store::StoreError;
use bedring_store::entities::{
    access_secret, call_attempt, call_task, consent, contact, course_facts, device, followup,
    journal_conflict, journal_entry, mail, mail_choice, occasion, occasion_change, person,
    person_change, person_language, person_pin, plan_hold, reminder_pause, response, score,
    stated_type,
};
use bedring_store::plan::to_json;
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::sea_query::SelectStatement;
use bedring_store::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect, QueryTrait,
};
use bedring_store::signs;
use uuid::Uuid;

use super::batch::{self, Context, Opened};
use super::opened::OpenedEntry;
use super::person_events::PersonFacts;
use super::{Sender, state};
use crate::accounts::access::SecondPerson;
use crate::devices::erasing;
use crate::people::erasure as requests;

/// Erases a person, outside of a delivery.
///
/// # Errors
/// As the database says.
pub async fn erase_person<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    row: person::Model,
) -> Result<(), StoreError> {
    erase(ctx, tx, PersonFacts::new(row)).await
}

/// Erases a person because one account asked for it and another one confirmed it. It is an entry in the name of the second one, so that the
/// ledger has it like the person's own; the request's id is the entry's. The caller holds the person's row.
///
/// # Errors
/// As the database says; [`StoreError::Conflict`] if it was erased by this request before.
pub async fn erase_by_two<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    second: &SecondPerson,
    person: Uuid,
    request: Uuid,
) -> Result<(), StoreError> {
    let now = ctx.now.fixed_offset();
    let content = Entry {
        recorded_at: now.into(),
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        person: Some(person),
        event: Event::ConsentWithdrawn {
            scope: Scope::Erase,
        },
    };
    let body = to_json(&content);
    let entry = OpenedEntry {
        id: request,
        sha256: body_sha256(&body),
        seal_key: None,
        body,
        kind: Some(content.event.kind().to_owned()),
        content: Ok(content),
    };
    let delivery = Opened {
        sender: Sender::Erasure {
            person,
            account: second.account(),
        },
        // No device wrote it.
        device_id: Uuid::nil(),
        sent_at: now,
        entries: vec![Ok(Box::new(entry))],
    };
    let answers = batch::run(ctx, tx, std::slice::from_ref(&delivery)).await?;
    let mut results = answers.into_iter().filter_map(Result::ok).flatten();
    match results.next() {
        Some(result) if result.outcome == Outcome::Stored => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// Removes everything the person answered, said or is called. What stays: that the person existed in this project, the ledger of yes, no
/// and withdrawal as proof, and hashes, so that an old phone gets an answer instead of bringing everything back.
pub async fn erase<C: ConnectionTrait>(
    ctx: &Context<'_>,
    tx: &C,
    facts: PersonFacts,
) -> Result<(), StoreError> {
    let id = facts.row.id;
    signs::note_erased();
    // Never by a list of ids: however many there are, they must go.
    let theirs = || {
        Condition::all()
            .add(response::Column::PersonId.eq(id))
            .add(response::Column::OccasionId.in_subquery(occasions_of(id)))
    };
    let answers = response::Entity::find()
        .select_only()
        .column(response::Column::Id)
        .filter(theirs())
        .into_query();
    score::Entity::delete_many()
        .filter(score::Column::ResponseId.in_subquery(answers))
        .exec(tx)
        .await?;
    response::Entity::delete_many()
        .filter(theirs())
        .exec(tx)
        .await?;
    stated_type::Entity::delete_many()
        .filter(stated_type::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    contact::Entity::delete_by_id(id).exec(tx).await?;
    forget_bodies(tx, id, None).await?;
    journal_conflict::Entity::update_many()
        .col_expr(journal_conflict::Column::Body, Expr::value(None::<String>))
        .col_expr(journal_conflict::Column::State, Expr::value(state::GONE))
        .filter(journal_conflict::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    consent::Entity::update_many()
        .col_expr(consent::Column::Witness, Expr::value(None::<String>))
        .filter(consent::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    device::Entity::delete_many()
        .filter(device::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    person_pin::Entity::delete_by_id(id).exec(tx).await?;
    person_language::Entity::delete_by_id(id).exec(tx).await?;
    erasing::settle(tx, id).await?;
    requests::end_open(tx, id, ErasureBecame::ByPerson, None, ctx.now).await?;
    // Short codes end; links stay as hashes, because an old phone must be told.
    access_secret::Entity::delete_many()
        .filter(access_secret::Column::PersonId.eq(id))
        .filter(access_secret::Column::Kind.eq("code"))
        .exec(tx)
        .await?;
    occasion::Entity::update_many()
        .col_expr(
            occasion::Column::CompletedAt,
            Expr::value(None::<chrono::DateTime<chrono::Utc>>),
        )
        .col_expr(occasion::Column::MissedReason, Expr::value(None::<String>))
        .filter(occasion::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    erase_followups(tx, id).await?;
    let tombstone = format!("slettet-{}", &id.simple().to_string()[20..]);
    let mut row = facts.row.into_active_model();
    row.code = Set(tombstone);
    row.respondent_type = Set(None);
    row.start_on = Set(None);
    row.end_on = Set(None);
    row.ever_given = Set(facts.standing.ever_given);
    row.refused = Set(false);
    row.withdrawn = Set(Some(Scope::Erase.as_str().to_owned()));
    row.erased_at = Set(Some(ctx.now));
    row.update(tx).await?;
    Ok(())
}

/// Removes what was written down to remind the person and to call them, and whoever gave a reason for what.
async fn erase_followups<C: ConnectionTrait>(tx: &C, id: Uuid) -> Result<(), StoreError> {
    let tasks = call_task::Entity::find()
        .select_only()
        .column(call_task::Column::Id)
        .filter(call_task::Column::PersonId.eq(id))
        .into_query();
    call_attempt::Entity::delete_many()
        .filter(call_attempt::Column::TaskId.in_subquery(tasks))
        .exec(tx)
        .await?;
    call_task::Entity::delete_many()
        .filter(call_task::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    mail::Entity::delete_many()
        .filter(mail::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    mail_choice::Entity::delete_by_id(id).exec(tx).await?;
    reminder_pause::Entity::delete_by_id(id).exec(tx).await?;
    course_facts::Entity::delete_by_id(id).exec(tx).await?;
    plan_hold::Entity::delete_many()
        .filter(plan_hold::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    person_change::Entity::delete_many()
        .filter(person_change::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    occasion_change::Entity::delete_many()
        .filter(occasion_change::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    let never = || Expr::value(None::<chrono::DateTime<chrono::Utc>>);
    followup::Entity::update_many()
        .col_expr(followup::Column::NextLookAt, never())
        .col_expr(followup::Column::MissedAt, never())
        .col_expr(followup::Column::MissedBy, Expr::value(None::<Uuid>))
        .filter(followup::Column::PersonId.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

fn occasions_of(person: Uuid) -> SelectStatement {
    occasion::Entity::find()
        .select_only()
        .column(occasion::Column::Id)
        .filter(occasion::Column::PersonId.eq(person))
        .into_query()
}

/// Entries that one statement empties.
const FORGOTTEN_AT_ONCE: usize = 1000;

/// Empties the stored bodies of some entries, of which nobody can need what they say.
pub async fn forget_entries<C: ConnectionTrait>(
    tx: &C,
    entries: BTreeSet<Uuid>,
) -> Result<(), StoreError> {
    let entries: Vec<Uuid> = entries.into_iter().collect();
    // A list of ids has a longest length, and what one person says over the years has not.
    for ids in entries.chunks(FORGOTTEN_AT_ONCE) {
        journal_entry::Entity::update_many()
            .col_expr(journal_entry::Column::Body, Expr::value(None::<String>))
            .filter(journal_entry::Column::Id.is_in(ids.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Empties the stored bodies of a person's entries, of one kind or all. Their hashes stay, so that they are known when they come again.
pub async fn forget_bodies<C: ConnectionTrait>(
    tx: &C,
    person: Uuid,
    kind: Option<&str>,
) -> Result<(), StoreError> {
    let mut update = journal_entry::Entity::update_many()
        .col_expr(journal_entry::Column::Body, Expr::value(None::<String>))
        .filter(journal_entry::Column::PersonId.eq(person));
    if let Some(kind) = kind {
        update = update.filter(journal_entry::Column::Kind.eq(kind));
    } else {
        update = update
            .col_expr(journal_entry::Column::State, Expr::value(state::GONE))
            .col_expr(
                journal_entry::Column::Reason,
                Expr::value(Reason::PersonErased.as_str()),
            );
    }
    update.exec(tx).await?;
    Ok(())
}
