//! What was done and said about one person, latest first, gathered from the ledgers in which it stands. No answers, no letters, no
//! addresses but those of staff.

mod reached;

use std::collections::{HashMap, HashSet};

use bedring_contract::correct::DiscardReason;
use bedring_contract::course::{Actor, Happening, History, HistoryLine, Measurement, Said};
use bedring_contract::followup::CallOutcome;
use bedring_domain::consent::{Decision, in_doubt};
use bedring_domain::course::{MissedReason, RespondentType};
use bedring_store::bounded::responses_shown;
use bedring_store::entities::{
    account, audit, consent, mail_choice, occasion, occasion_change, person, person_change,
    response,
};
use bedring_store::readable::{Damage, Rows};
use bedring_store::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use bedring_store::{StoreError, convert, scope};
use chrono::{DateTime, NaiveDate};
use uuid::Uuid;

use super::changes::{PERSON, What};
use super::{FollowupError, calls, erasures, plan, reasons};
use crate::accounts::access::{Proof, SeeCourse};
use crate::audit::Deed;
use crate::mail::INSTEAD;

/// Most lines at once.
const MOST: u64 = 500;

/// The latest lines about a person.
///
/// # Errors
/// No such person within the proof's projects.
pub async fn of_person<C: ConnectionTrait>(
    proof: &Proof<SeeCourse>,
    db: &C,
    id: Uuid,
    limit: u64,
) -> Result<History, FollowupError> {
    let found = scope::persons_ever(proof.scope()).filter(person::Column::Id.eq(id));
    if found.count(db).await? == 0 {
        return Err(StoreError::NotFound.into());
    }
    let mut book = Book::open(proof, db, id).await?;
    let mut lines = Vec::new();
    book.deeds(db, &mut lines).await?;
    book.said(db, &mut lines).await?;
    book.occasion_changes(db, &mut lines).await?;
    book.person_changes(db, &mut lines).await?;
    book.erasures(db, &mut lines).await?;
    book.calls(db, &mut lines).await?;
    book.mails(db, &mut lines).await?;
    // What has lost its moment belongs nowhere; it is counted as damaged.
    lines.retain(|line| line.at > DateTime::UNIX_EPOCH);
    // What happened in the same moment stays in the order in which it was gathered.
    lines.reverse();
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    let total = lines.len() as u64;
    lines.truncate(usize::try_from(limit.clamp(1, MOST)).unwrap_or(usize::MAX));
    Ok(History {
        damaged: book.damage.count(),
        total,
        lines,
    })
}

/// What lines are made of.
struct Book<'a> {
    proof: &'a Proof<SeeCourse>,
    person: Uuid,
    occasions: Vec<(occasion::Model, Measurement)>,
    accounts: HashMap<Uuid, String>,
    damage: Damage,
}

impl<'a> Book<'a> {
    async fn open<C: ConnectionTrait>(
        proof: &'a Proof<SeeCourse>,
        db: &C,
        person: Uuid,
    ) -> Result<Self, StoreError> {
        let mut damage = Damage::default();
        let rows = scope::occasions(proof.scope())
            .filter(occasion::Column::PersonId.eq(person))
            .readable(db, "occasions", &mut damage, |_| person)
            .await?;
        let mut occasions = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(kind) = damage.settle(person, convert::kind_of(&row))? {
                let number = u32::try_from(row.number).unwrap_or(0);
                occasions.push((row, Measurement { kind, number }));
            }
        }
        // Unscoped on purpose: accounts belong to no project. There are few of them.
        let accounts = account::Entity::find().readable(db, "accounts", &mut damage, |_| person);
        let accounts = accounts.await?.into_iter();
        Ok(Self {
            proof,
            person,
            occasions,
            accounts: accounts.map(|a| (a.id, a.email)).collect(),
            damage,
        })
    }

    fn about(&self, occasion: Uuid) -> Option<Measurement> {
        let found = self.occasions.iter().find(|(row, _)| row.id == occasion);
        found.map(|(_, measurement)| *measurement)
    }

    fn email(&self, account: Uuid) -> String {
        self.accounts.get(&account).cloned().unwrap_or_default()
    }

    fn by(&self, account: Option<Uuid>) -> Actor {
        account.map_or(Actor::Server, |id| Actor::Staff {
            email: self.email(id),
        })
    }

    /// Registering and inviting, which stand in the record of who did what.
    async fn deeds<C: ConnectionTrait>(
        &mut self,
        db: &C,
        lines: &mut Vec<HistoryLine>,
    ) -> Result<(), StoreError> {
        // Unscoped on purpose, here and below: rows of a person who was found in scope.
        let rows = audit::Entity::find()
            .filter(audit::Column::PersonId.eq(self.person))
            .filter(
                audit::Column::Action.is_in([Deed::Registered.as_str(), Deed::Invitation.as_str()]),
            )
            .readable(db, "audit", &mut self.damage, |_| self.person)
            .await?;
        lines.extend(rows.into_iter().map(|row| HistoryLine {
            at: row.at,
            by: self.by(row.account_id),
            about: None,
            what: if row.action == Deed::Registered.as_str() {
                Happening::Registered
            } else {
                Happening::Invited
            },
        }));
        Ok(())
    }

    /// What the person said and did: consents, answers, "never again".
    async fn said<C: ConnectionTrait>(
        &mut self,
        db: &C,
        lines: &mut Vec<HistoryLine>,
    ) -> Result<(), StoreError> {
        // Whoever writes for somebody else is named beside it.
        let emails = self.accounts.clone();
        let by = |account: Option<Uuid>| {
            account.map_or(Actor::Person, |id| Actor::Staff {
                email: emails.get(&id).cloned().unwrap_or_default(),
            })
        };
        let rows = scope::consents(self.proof.scope())
            .filter(consent::Column::PersonId.eq(self.person))
            .order_by_desc(consent::Column::SaidAt)
            .limit(MOST)
            .readable(db, "consents", &mut self.damage, |_| self.person)
            .await?;
        let writers: HashMap<Uuid, Uuid> = rows
            .iter()
            .filter_map(|row| Some((row.id, row.account_id?)))
            .collect();
        let mut said = Vec::with_capacity(rows.len());
        for row in &rows {
            said.extend(
                self.damage
                    .settle(self.person, convert::ledger_event(row))?,
            );
        }
        let doubtful: HashSet<Uuid> = in_doubt(&said).iter().map(|e| e.entry).collect();
        for event in said {
            let said = match event.decision {
                Decision::Given => Said::Yes,
                Decision::Declined => Said::No,
                Decision::Withdrawn(_) => Said::Withdrawn,
            };
            let what = Happening::Consent {
                purpose: event.purpose,
                said,
                in_doubt: doubtful.contains(&event.entry),
            };
            lines.push(HistoryLine {
                at: event.recorded_at.to_utc(),
                by: by(writers.get(&event.entry).copied()),
                about: None,
                what,
            });
        }
        let typed_in = self.typed_in(db).await?;
        for (row, measurement) in &self.occasions {
            if let Some(at) = row.completed_at {
                lines.push(HistoryLine {
                    at,
                    by: by(typed_in.get(&row.id).copied()),
                    about: Some(*measurement),
                    what: Happening::Answered,
                });
            }
        }
        let choice = mail_choice::Entity::find_by_id(self.person)
            .readable(db, "mail_choices", &mut self.damage, |_| self.person)
            .await?;
        let choice = choice.into_iter().next();
        if let Some((at, by_other)) = choice.and_then(|c| Some((c.stopped_at?, c.stopped_by_other)))
        {
            lines.push(HistoryLine {
                at,
                // The other one is no business of whoever looks at this person.
                by: if by_other {
                    Actor::Server
                } else {
                    Actor::Person
                },
                about: None,
                what: Happening::MailRefused { by_other },
            });
        }
        Ok(())
    }

    /// Which account typed answers in, by occasion; of several any.
    async fn typed_in<C: ConnectionTrait>(
        &self,
        db: &C,
    ) -> Result<HashMap<Uuid, Uuid>, StoreError> {
        let rows: Vec<(Uuid, Uuid)> = scope::responses(self.proof.scope())
            .select_only()
            .columns([response::Column::OccasionId, response::Column::AccountId])
            .distinct()
            .filter(responses_shown(self.person))
            .filter(response::Column::AccountId.is_not_null())
            .into_tuple()
            .all(db)
            .await?;
        Ok(rows.into_iter().collect())
    }

    async fn occasion_changes<C: ConnectionTrait>(
        &mut self,
        db: &C,
        lines: &mut Vec<HistoryLine>,
    ) -> Result<(), StoreError> {
        let rows = scope::occasion_changes(self.proof.scope())
            .filter(occasion_change::Column::PersonId.eq(self.person))
            .readable(db, "occasion_changes", &mut self.damage, |_| self.person)
            .await?;
        lines.extend(rows.into_iter().filter_map(|row| {
            let after = row.after.as_deref();
            let what = match row.what.as_str() {
                reasons::MISSED_REASON => Happening::Reason {
                    reason: after.and_then(MissedReason::parse),
                },
                calls::OWNER => Happening::CallOwner {
                    to: after
                        .and_then(|id| Uuid::parse_str(id).ok())
                        .map(|id| self.email(id)),
                },
                plan::PLAN => Happening::PlanMoved,
                calls::TAKEN_BACK => Happening::CallTakenBack {
                    outcome: row.before.as_deref().and_then(CallOutcome::parse),
                },
                _ => return None,
            };
            Some(HistoryLine {
                at: row.at,
                by: self.by(row.account_id),
                about: self.about(row.occasion_id),
                what,
            })
        }));
        Ok(())
    }

    async fn person_changes<C: ConnectionTrait>(
        &mut self,
        db: &C,
        lines: &mut Vec<HistoryLine>,
    ) -> Result<(), StoreError> {
        let rows = scope::person_changes(self.proof.scope())
            .filter(person_change::Column::PersonId.eq(self.person))
            .order_by_desc(person_change::Column::At)
            .limit(MOST)
            .readable(db, "person_changes", &mut self.damage, |_| self.person)
            .await?;
        lines.extend(rows.into_iter().filter_map(|row| {
            let what = What::parse(&row.what)?;
            let by = match (what, row.account_id) {
                (What::ContactNamed, None) => Actor::Person,
                (What::ContactRemoved, None) if row.after.as_deref() == Some(PERSON) => {
                    Actor::Person
                }
                (What::ContactRemoved, None) => Actor::Contact,
                (_, account) => self.by(account),
            };
            Some(HistoryLine {
                at: row.at,
                by,
                about: None,
                what: happening(what, row.before.as_deref(), row.after.as_deref()),
            })
        }));
        Ok(())
    }

    /// Who asked that everything be erased, and what became of that.
    async fn erasures<C: ConnectionTrait>(
        &mut self,
        db: &C,
        lines: &mut Vec<HistoryLine>,
    ) -> Result<(), StoreError> {
        let mut damage = std::mem::take(&mut self.damage);
        let found = erasures::told(self.proof, db, self.person, &mut damage).await;
        self.damage = damage;
        lines.extend(found?.into_iter().map(|told| HistoryLine {
            at: told.at,
            by: match told.by_person {
                true => Actor::Person,
                false => self.by(told.account),
            },
            about: None,
            what: told.what,
        }));
        Ok(())
    }
}

fn happening(what: What, before: Option<&str>, after: Option<&str>) -> Happening {
    let (from, to) = (before.map(str::to_owned), after.map(str::to_owned));
    let role = |name: Option<&str>| name.and_then(RespondentType::parse);
    let day = |text: Option<&str>| text.and_then(|day| day.parse().ok());
    let on: Option<NaiveDate> = after.and_then(|day| day.parse().ok());
    match what {
        What::EndConfirmed => Happening::EndConfirmed { on },
        What::EndPlanned => Happening::EndPlanned { on },
        What::StillEnrolled => Happening::StillEnrolled { on },
        What::EndCannotBeTold => Happening::EndCannotBeTold {
            holds: after.is_some(),
        },
        What::Paused => Happening::Paused { until: on },
        What::Resumed => Happening::Resumed,
        What::ContactNamed => Happening::ContactNamed {
            instead: after == Some(INSTEAD),
        },
        What::ContactRemoved => Happening::ContactRemoved,
        What::PhoneChanged => Happening::PhoneChanged,
        What::PhoneRemoved => Happening::PhoneRemoved,
        What::CodeCorrected => Happening::CodeCorrected { from, to },
        What::NameCorrected => Happening::NameCorrected,
        What::EmailCorrected => Happening::EmailCorrected,
        What::RoleCorrected => Happening::RoleCorrected {
            from: role(before),
            to: role(after),
        },
        What::StartCorrected => Happening::StartCorrected {
            from: day(before),
            to: day(after),
        },
        What::LanguageCorrected => Happening::LanguageCorrected { from, to },
        What::Moved => Happening::Moved { from, to },
        What::Discarded => Happening::Discarded {
            why: after.and_then(DiscardReason::parse),
        },
        What::Restored => Happening::Restored,
        What::Merged => Happening::Merged { from },
    }
}
