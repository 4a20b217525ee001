//! What became of the mails about an occasion, counted for people.

use bedring_store::entities::mail;
use chrono::NaiveDate;

use super::outbox::{self, Became};
use crate::calendar;

/// What became of the mails about an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Went {
    /// Mails that went, or may have gone, and did not come back.
    pub sent: u32,
    /// Mails that were given up.
    pub failed: u32,
    /// Mails that came back.
    pub returned: u32,
    /// The day of the last that went.
    pub last: Option<NaiveDate>,
}

impl Went {
    /// Counts them.
    #[must_use]
    pub fn of(mails: &[mail::Model]) -> Self {
        let mut went = Self::default();
        for mail in mails {
            match outbox::became(mail) {
                Some(Became::Sent) => {
                    went.sent += 1;
                    went.last = went.last.max(mail.sent_at.map(calendar::day_of));
                }
                Some(Became::Failed) => went.failed += 1,
                Some(Became::Returned) => went.returned += 1,
                None => {}
            }
        }
        went
    }
}
