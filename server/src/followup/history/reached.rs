//! How a person was reached: calls and mails.

use bedring_contract::course::{Actor, Happening, HistoryLine};
use bedring_contract::followup::CallOutcome;
use bedring_store::entities::{call_attempt, call_task, mail};
use bedring_store::readable::Rows;
use bedring_store::sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use bedring_store::{StoreError, scope};

use super::Book;
use crate::mail::outbox::{self, Became};

impl Book<'_> {
    pub(super) async fn calls<C: ConnectionTrait>(
        &mut self,
        db: &C,
        lines: &mut Vec<HistoryLine>,
    ) -> Result<(), StoreError> {
        let tasks = scope::call_tasks(self.proof.scope())
            .filter(call_task::Column::PersonId.eq(self.person))
            .readable(db, "call_tasks", &mut self.damage, |_| self.person)
            .await?;
        let attempts = call_attempt::Entity::find()
            .filter(call_attempt::Column::TaskId.is_in(tasks.iter().map(|t| t.id)))
            .readable(db, "call_attempts", &mut self.damage, |_| self.person)
            .await?;
        for task in tasks {
            let about = self.about(task.occasion_id);
            lines.push(HistoryLine {
                at: task.opened_at,
                by: Actor::Server,
                about,
                what: Happening::CallOpened,
            });
            for row in attempts.iter().filter(|row| row.task_id == task.id) {
                let Some(outcome) = CallOutcome::parse(&row.outcome) else {
                    self.damage.note("call_attempts", self.person);
                    continue;
                };
                lines.push(HistoryLine {
                    at: row.at,
                    by: self.by(row.account_id),
                    about,
                    what: Happening::CallTried {
                        outcome,
                        next: row.next_try_on,
                    },
                });
            }
        }
        Ok(())
    }

    /// Mails that went, or may have gone, came back, or were given up.
    pub(super) async fn mails<C: ConnectionTrait>(
        &mut self,
        db: &C,
        lines: &mut Vec<HistoryLine>,
    ) -> Result<(), StoreError> {
        let rows = mail::Entity::find()
            .filter(mail::Column::PersonId.eq(self.person))
            .readable(db, "mails", &mut self.damage, |_| self.person)
            .await?;
        lines.extend(rows.into_iter().filter_map(|row| {
            let number = u32::try_from(row.number).unwrap_or(0);
            let what = match outbox::became(&row)? {
                Became::Failed => Happening::MailFailed { number },
                became => Happening::MailSent {
                    number,
                    to_contact: row.channel == outbox::TO_CONTACT,
                    came_back: became == Became::Returned,
                },
            };
            Some(HistoryLine {
                at: outbox::had_its_turn(&row),
                by: Actor::Server,
                about: row.occasion_id.and_then(|id| self.about(id)),
                what,
            })
        }));
        Ok(())
    }
}
