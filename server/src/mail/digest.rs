//! Monday morning's mail to project leaders and helpers: how many are due, late and to be called, and a link. No names.

use std::collections::HashMap;
use std::sync::PoisonError;

use bedring_contract::staff::Role;
use bedring_store::entities::{
    account, account_project, call_task, followup, mail, occasion, person, programme, project,
};
use bedring_store::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, PaginatorTrait,
    QueryFilter, QuerySelect, Select,
};
use bedring_store::{StoreError, scope};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::outbox::{self, Fate};
use super::people::Target;
use super::wording::{self, Due, Language};
use super::{content, marks, sending};
use crate::accounts::choices;
use crate::calendar;
use crate::ports::{Outgoing, uuid_v7};
use crate::state::Services;

/// The time of day of a digest.
const FROM: NaiveTime = match NaiveTime::from_hms_opt(8, 30, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
/// Later in the day none goes; it goes on the next morning.
const UNTIL: NaiveTime = match NaiveTime::from_hms_opt(18, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// After a Monday on which nothing ran, Tuesday; then the week has begun without.
const LAST_DAY: u32 = 1;

/// A week of the calendar that begins on Mondays: year and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week(i32, u32);

/// Puts this week's digests there: from Monday 08:30 on, once.
///
/// # Errors
/// As the database says.
pub async fn plan_due(services: &Services) -> Result<(), StoreError> {
    let now = services.clock.now();
    let wall = calendar::local(now);
    let iso = wall.iso_week();
    let week = Week(iso.year(), iso.week());
    let planned = *services
        .mail
        .digests
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if !services.mail.is_on()
        || planned == Some(week)
        || wall.weekday().num_days_from_monday() > LAST_DAY
        || !(FROM..UNTIL).contains(&wall.time())
    {
        return Ok(());
    }
    let accounts = account::Entity::find()
        .filter(account::Column::DisabledAt.is_null())
        .filter(account::Column::Role.is_in([Role::ProjectLeader.as_str(), Role::Helper.as_str()]))
        .all(services.db.read())
        .await?;
    let mut statements = Vec::new();
    for account in accounts {
        if !choices::of(services.db.read(), account.id)
            .await?
            .weekly_digest
        {
            continue;
        }
        let projects = projects_of(services.db.read(), account.id, wall.date()).await?;
        if count(services.db.read(), &projects, now).await? != Due::default() {
            let id = uuid_v7(now, &*services.random);
            let new = outbox::New {
                id,
                unique_key: format!("digest/{}/{}-W{:02}", account.id, week.0, week.1),
                kind: outbox::DIGEST,
                about: None,
                account: Some(account.id),
                number: 1,
                message_id: marks::message_id(id, services.config.mail.domain()),
                now,
            };
            statements.push(outbox::put(services.db.read(), new));
        }
    }
    if !statements.is_empty() {
        services.db.begin().await?.commit_with(statements).await?;
    }
    *services
        .mail
        .digests
        .lock()
        .unwrap_or_else(PoisonError::into_inner) = Some(week);
    Ok(())
}

/// As for reminders: asked again in the moment of sending.
pub(super) async fn prepare(
    services: &Services,
    mail: &mail::Model,
    now: DateTime<Utc>,
) -> Result<Option<(Outgoing, Option<Target>)>, StoreError> {
    let tx = services.db.begin().await?;
    if !sending::is_held(&*tx, mail).await? {
        return Ok(None);
    }
    let account = account::Entity::find()
        .filter(account::Column::Id.eq(mail.account_id))
        .filter(account::Column::DisabledAt.is_null())
        .one(&*tx)
        .await?;
    let Some(account) = account else {
        let fate = outbox::settle(&*tx, mail, Fate::Stopped("account_disabled"), now);
        tx.commit_with(vec![fate]).await?;
        return Ok(None);
    };
    let wall = calendar::local(now);
    let first = calendar::local(mail.created_at);
    let projects = projects_of(&*tx, account.id, wall.date()).await?;
    let due = count(&*tx, &projects, now).await?;
    let chosen = choices::of(&*tx, account.id).await?;
    let fate = if !chosen.weekly_digest {
        Some(Fate::Stopped("unsubscribed"))
    } else if wall.iso_week() != first.iso_week() {
        Some(Fate::Stopped("overtaken"))
    } else if due == Due::default() {
        Some(Fate::Stopped("nothing_due"))
    } else if !(FROM..UNTIL).contains(&wall.time()) {
        let day = if wall.time() < FROM {
            wall.date()
        } else {
            wall.date() + chrono::TimeDelta::days(1)
        };
        Some(Fate::PutOff(calendar::moment(day, FROM)))
    } else {
        None
    };
    if let Some(fate) = fate {
        let fate = outbox::settle(&*tx, mail, fate, now);
        tx.commit_with(vec![fate]).await?;
        return Ok(None);
    }
    let language = match chosen.language {
        Some(language) => Language::of(language.as_str()),
        None => Language::of(&language_of(&*tx, &projects).await?),
    };
    let (from, reply_to) = content::sender(&services.config, None);
    let base = services.config.server.base_url();
    let open = format!("{base}/staff");
    let token = marks::choice_token(&services.keys.contact, mail.id);
    let choose = format!("{base}/m/{token}");
    let letter = wording::digest(language, from.name.clone(), due, open, choose.clone());
    let envelope = content::Envelope {
        message_id: mail.message_id.clone(),
        date: now,
        from,
        reply_to,
        to: account.email.clone(),
        // RFC 8058 is about https alone.
        unsubscribe: services.config.server.is_https().then_some(choose),
    };
    match content::mail(envelope, &letter) {
        Ok(outgoing) => {
            // Not counted against the address: what staff get as staff is not what they get as people.
            tx.commit().await?;
            Ok(Some((outgoing, None)))
        }
        Err(error) => {
            tracing::error!(%error, "a mail cannot be made");
            let fate = outbox::settle(&*tx, mail, Fate::Failed("unwritable"), now);
            tx.commit_with(vec![fate]).await?;
            Ok(None)
        }
    }
}

async fn projects_of<C: ConnectionTrait>(
    db: &C,
    account: Uuid,
    today: NaiveDate,
) -> Result<Vec<Uuid>, StoreError> {
    let to_project = account_project::Entity::belongs_to(project::Entity)
        .from(account_project::Column::ProjectId)
        .to(project::Column::Id)
        .into();
    Ok(account_project::Entity::find()
        .select_only()
        .column(account_project::Column::ProjectId)
        .join(JoinType::InnerJoin, to_project)
        .filter(account_project::Column::AccountId.eq(account))
        .filter(scope::takes_part(today))
        .into_tuple()
        .all(db)
        .await?)
}

async fn language_of<C: ConnectionTrait>(db: &C, projects: &[Uuid]) -> Result<String, StoreError> {
    let to_programme = project::Entity::belongs_to(programme::Entity)
        .from(project::Column::ProgrammeId)
        .to(programme::Column::Id)
        .into();
    let languages: Vec<String> = project::Entity::find()
        .select_only()
        .column(programme::Column::Language)
        .join(JoinType::InnerJoin, to_programme)
        .filter(project::Column::Id.is_in(projects.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let mut counts: HashMap<String, usize> = HashMap::new();
    for language in languages {
        *counts.entry(language).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(l, n)| (*n, l.clone()));
    Ok(most.map_or_else(|| "da".to_owned(), |(language, _)| language))
}

/// What is due in projects.
async fn count<C: ConnectionTrait>(
    db: &C,
    projects: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Due, StoreError> {
    if projects.is_empty() {
        return Ok(Due::default());
    }
    let today = calendar::day_of(now);
    let late = followup::Column::OverdueFrom.lte(today);
    let in_time = Condition::any()
        .add(followup::Column::OverdueFrom.is_null())
        .add(followup::Column::OverdueFrom.gt(today));
    let reached = || expected(projects).filter(occasion::waiting_due_on().lte(today));
    let calls = call_task::Entity::find()
        .filter(call_task::Column::ProjectId.is_in(projects.iter().copied()))
        .filter(call_task::Column::ClosedAt.is_null())
        .filter(call_task::Column::NextTryOn.lte(today));
    Ok(Due {
        due: reached().filter(in_time).count(db).await?,
        overdue: reached().filter(late).count(db).await?,
        calls: calls.count(db).await?,
    })
}

/// Occasions that somebody waits for.
fn expected(projects: &[Uuid]) -> Select<followup::Entity> {
    let to_occasion = followup::Entity::belongs_to(occasion::Entity)
        .from(followup::Column::OccasionId)
        .to(occasion::Column::Id)
        .into();
    let to_person = followup::Entity::belongs_to(person::Entity)
        .from(followup::Column::PersonId)
        .to(person::Column::Id)
        .into();
    followup::Entity::find()
        .join(JoinType::InnerJoin, to_occasion)
        .join(JoinType::InnerJoin, to_person)
        .filter(followup::Column::ProjectId.is_in(projects.iter().copied()))
        .filter(occasion::Column::CompletedAt.is_null())
        .filter(occasion::Column::MissedReason.is_null())
        .filter(person::Column::Refused.eq(false))
        .filter(person::Column::Withdrawn.is_null())
        .filter(person::Column::ErasedAt.is_null())
}
