//! The scores of one person: who may see them, which response counts, and what has not been scored yet.
//!
//! Scores are read as the scoring job wrote them; nothing is computed from answers here.

use std::collections::HashMap;

use bedring_contract::staff::{ResponseScores, ScaleView, Scores};
use bedring_domain::consent::{Decision, Purpose, last_word};
use bedring_domain::course::{Mode, OccasionKind};
use bedring_domain::instrument::{Definition, EditionRef, Kind, Scale, ScaleScore, Texts};
use bedring_store::bounded::{emails, ids_shown};
use bedring_store::entities::{consent, occasion, person, response, score};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait};
use bedring_store::{StoreError, convert, scope};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::accounts::access::{Proof, ScoreAccess, SeePerson};
use crate::journal::editions::{Edition, Editions};

/// A person's scores, or why there are none.
///
/// # Errors
/// As the database says.
pub async fn of_person<C: ConnectionTrait>(
    proof: &Proof<SeePerson>,
    db: &C,
    editions: &Editions,
    person: &person::Model,
    occasions: &[occasion::Model],
    responses: Vec<response::Model>,
    damage: &mut Damage,
) -> Result<Scores, StoreError> {
    let usable = convert::standing(person).may_use();
    let shown = match proof.scores() {
        ScoreAccess::Never => return Ok(Scores::NotForRole),
        ScoreAccess::WhereUsable => usable,
        ScoreAccess::WhereConsented => {
            usable && leader_may_see(proof, db, person.id, damage).await?
        }
    };
    if !shown {
        return Ok(Scores::NotConsented);
    }
    let mut rows = score_rows(db, person.id, damage).await?;
    let accounts = emails(db).await?;
    let standings = Rivals::of(&responses);
    let mut views: Vec<(DateTime<Utc>, ResponseScores)> = Vec::with_capacity(responses.len());
    for response in responses {
        let reference = EditionRef {
            instrument: response.instrument.clone(),
            edition: response.edition.clone(),
        };
        let Some(edition) = damage
            .settle(person.id, editions.get(db, &reference).await)?
            .flatten()
        else {
            damage.note("responses", person.id);
            continue;
        };
        let kind = occasions
            .iter()
            .find(|o| o.id == response.occasion_id)
            .ok_or(StoreError::Unreadable { table: "responses" })
            .and_then(convert::kind_of);
        let scores = rows.remove(&response.id).unwrap_or_default();
        let view =
            kind.and_then(|kind| view(&response, reference, kind, &edition, &scores, &standings));
        let Some(mut view) = damage.settle(person.id, view)? else {
            continue;
        };
        view.by = response
            .account_id
            .and_then(|id| accounts.get(&id).cloned());
        // A device whose clock was wrong cannot say when; then the moment of arrival stands for it.
        let when = if view.clock_suspect {
            response.received_at
        } else {
            view.finished_at.to_utc()
        };
        views.push((when, view));
    }
    views.sort_by_key(|(when, view)| (*when, view.response));
    Ok(Scores::Shown {
        responses: views.into_iter().map(|(_, view)| view).collect(),
    })
}

/// The last word on "my project leader may see my answers" is yes.
async fn leader_may_see<C: ConnectionTrait>(
    proof: &Proof<SeePerson>,
    db: &C,
    person: Uuid,
    damage: &mut Damage,
) -> Result<bool, StoreError> {
    let rows = scope::consents(proof.scope())
        .filter(consent::Column::PersonId.eq(person))
        .filter(consent::Column::Purpose.eq(Purpose::LeaderSeesAnswers.as_str()))
        .readable(db, "consents", damage, |c| c.person_id)
        .await?;
    let ledger = rows
        .iter()
        .map(convert::ledger_event)
        .collect::<Result<Vec<_>, _>>();
    // A word that cannot be read may have been a no.
    let Some(ledger) = damage
        .settle(person, ledger)?
        .filter(|_| !damage.is_in("consents"))
    else {
        return Ok(false);
    };
    let last = last_word(&ledger, Purpose::LeaderSeesAnswers);
    Ok(last.is_some_and(|e| e.decision == Decision::Given))
}

async fn score_rows<C: ConnectionTrait>(
    db: &C,
    person: Uuid,
    damage: &mut Damage,
) -> Result<HashMap<Uuid, Vec<score::Model>>, StoreError> {
    let shown = ids_shown(person).into_query();
    let mut rows: HashMap<Uuid, Vec<score::Model>> = HashMap::new();
    for row in score::Entity::find()
        .filter(score::Column::ResponseId.in_subquery(shown))
        .readable(db, "scores", damage, |s| s.response_id)
        .await?
    {
        rows.entry(row.response_id).or_default().push(row);
    }
    Ok(rows)
}

/// Which responses stand beside another one for the same occasion and instrument, and which of them counts: the one that a person
/// chose, else the one with the lowest id.
struct Rivals {
    groups: HashMap<(Uuid, String), (Uuid, usize)>,
}

impl Rivals {
    fn of(responses: &[response::Model]) -> Self {
        let mut groups: HashMap<(Uuid, String), Vec<&response::Model>> = HashMap::new();
        for r in responses {
            groups
                .entry((r.occasion_id, r.instrument.clone()))
                .or_default()
                .push(r);
        }
        let counts = |group: Vec<&response::Model>| {
            let first = group.iter().min_by_key(|r| (!r.chosen, r.id)).map(|r| r.id);
            (first.unwrap_or_default(), group.len())
        };
        Self {
            groups: groups
                .into_iter()
                .map(|(key, group)| (key, counts(group)))
                .collect(),
        }
    }

    /// Whether it counts, and whether there is another.
    fn place(&self, r: &response::Model) -> (bool, bool) {
        let group = self.groups.get(&(r.occasion_id, r.instrument.clone()));
        group.map_or((true, false), |(primary, size)| {
            (*primary == r.id, *size > 1)
        })
    }
}

fn view(
    response: &response::Model,
    reference: EditionRef,
    kind: OccasionKind,
    edition: &Edition,
    scores: &[score::Model],
    rivals: &Rivals,
) -> Result<ResponseScores, StoreError> {
    let unreadable = || StoreError::Unreadable { table: "responses" };
    if !convert::is_device_time(&response.device_finished_at) {
        return Err(unreadable());
    }
    let (primary, has_rival) = rivals.place(response);
    let mut scales = Vec::new();
    for definition in std::iter::once(&edition.definition).chain(&edition.derived) {
        for scale in &definition.scales {
            let row = scores
                .iter()
                .find(|s| s.instrument == definition.instrument && s.scale == scale.code);
            scales.extend(row.map(|row| scale_view(definition, scale, row)));
        }
    }
    Ok(ResponseScores {
        response: response.id,
        occasion: response.occasion_id,
        kind,
        edition: reference,
        title: edition.definition.title.clone(),
        demonstration: edition.definition.kind == Kind::Demonstration,
        mode: Mode::parse(&response.mode).ok_or_else(unreadable)?,
        finished_at: convert::device_time(&response.device_finished_at),
        clock_suspect: response.clock_suspect,
        by: None,
        primary,
        has_rival,
        pending: scores.is_empty(),
        scales,
    })
}

fn scale_view(definition: &Definition, scale: &Scale, row: &score::Model) -> ScaleView {
    let count = |n: i32| u32::try_from(n).unwrap_or(0);
    let cut_offs: Vec<String> = row.cut_offs.split_whitespace().map(str::to_owned).collect();
    let labels: Vec<Texts> = scale
        .cut_offs
        .iter()
        .filter(|c| cut_offs.contains(&c.code))
        .map(|c| c.label.clone())
        .collect();
    ScaleView {
        instrument: definition.instrument.clone(),
        title: scale.title.clone(),
        role: scale.role,
        minimum: scale.minimum,
        maximum: scale.maximum,
        score: ScaleScore {
            scale: row.scale.clone(),
            score: row.score,
            prorated: row.prorated,
            sum: row.sum,
            answered: count(row.answered),
            skipped: count(row.skipped),
            not_relevant: count(row.not_relevant),
            missing: count(row.missing),
            cut_offs,
        },
        cut_off_labels: labels,
    }
}
