//! Requests to erase somebody: those that wait for a second account stand on the worklist, all of them in the history, where they stay
//! when nothing else of the person does.

use bedring_contract::course::Happening;
use bedring_contract::erasure::{ErasureBecame, ErasureReason};
use bedring_contract::followup::{ErasureLine, ErasureSection};
use bedring_store::bounded::emails;
use bedring_store::entities::{erasure_request, person};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use bedring_store::{StoreError, scope};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::FollowupError;
use super::lines::Lines;
use crate::accounts::access::{ConfirmErasure, Proof, SeeCourse, SeeWorklist};
use crate::keys::ContactKeys;

/// Those of a project, or of all within the proof's, the first `most` of them.
///
/// # Errors
/// As the database says.
pub async fn section<C: ConnectionTrait>(
    proof: &Proof<SeeWorklist>,
    second: Option<&Proof<ConfirmErasure>>,
    db: &C,
    keys: &ContactKeys,
    wanted: Option<Uuid>,
    most: u64,
) -> Result<ErasureSection, FollowupError> {
    let theirs = scope::persons_ever(proof.scope())
        .select_only()
        .column(person::Column::Id)
        .filter(Condition::all().add_option(wanted.map(|id| person::Column::ProjectId.eq(id))))
        .into_query();
    // Scoped through the people. Hardly ever is there one, and those that wait have an index of their own.
    let waits = erasure_request::Entity::find()
        .filter(erasure_request::Column::ClosedAt.is_null())
        .filter(erasure_request::Column::PersonId.in_subquery(theirs));
    let mut damage = Damage::default();
    let rows = waits
        .clone()
        .order_by_asc(erasure_request::Column::AskedAt)
        .order_by_asc(erasure_request::Column::Id)
        .limit(most)
        .readable(db, "erasure_requests", &mut damage, |r| r.person_id)
        .await?;
    if rows.is_empty() {
        return Ok(ErasureSection::default());
    }
    let people = scope::persons_ever(proof.scope())
        .filter(person::Column::Id.is_in(rows.iter().map(|r| r.person_id)))
        .readable(db, "persons", &mut damage, |p| p.id)
        .await?;
    let lines = Lines::of_people(proof, db, keys, people, damage).await?;
    let accounts = emails(db).await?;
    let lines = rows.iter().map(|row| {
        Ok(ErasureLine {
            who: lines.who(row.person_id)?,
            asked_at: row.asked_at,
            asked_by: accounts.get(&row.asked_by).cloned().unwrap_or_default(),
            why: ErasureReason::parse(&row.why),
            may_confirm: second.is_some_and(|s| s.second_to(row.asked_by).is_some()),
        })
    });
    Ok(ErasureSection {
        lines: lines.collect::<Result<_, StoreError>>()?,
        total: waits.count(db).await?,
    })
}

/// What happened to a request.
pub struct Told {
    /// When.
    pub at: DateTime<Utc>,
    /// The account that did it.
    pub account: Option<Uuid>,
    /// It was the person who did it.
    pub by_person: bool,
    /// What.
    pub what: Happening,
}

/// What happened to all requests about a person.
///
/// # Errors
/// As the database says.
pub async fn told<C: ConnectionTrait>(
    proof: &Proof<SeeCourse>,
    db: &C,
    person: Uuid,
    damage: &mut Damage,
) -> Result<Vec<Told>, StoreError> {
    let rows = scope::erasure_requests(proof.scope())
        .filter(erasure_request::Column::PersonId.eq(person))
        .order_by_asc(erasure_request::Column::Id)
        .readable(db, "erasure_requests", damage, |_| person)
        .await?;
    let mut told = Vec::new();
    for row in rows {
        told.push(Told {
            at: row.asked_at,
            account: Some(row.asked_by),
            by_person: false,
            what: Happening::ErasureRequested {
                why: ErasureReason::parse(&row.why),
            },
        });
        if let Some(at) = row.closed_at {
            let became = row.became.as_deref().and_then(ErasureBecame::parse);
            told.push(Told {
                at,
                account: row.closed_by,
                by_person: became == Some(ErasureBecame::ByPerson),
                what: Happening::ErasureAnswered { became },
            });
        }
    }
    Ok(told)
}
