//! Days, times and ages as each language writes them.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};

use crate::i18n::{Lang, Texts};

impl Texts {
    /// A day in words, such as `21. november 2026`.
    #[must_use]
    pub fn day(&self, day: NaiveDate) -> String {
        let month = self
            .months
            .get(day.month0() as usize)
            .copied()
            .unwrap_or_default();
        let dot = if self.lang == Lang::Da { "." } else { "" };
        format!("{}{dot} {month} {:04}", day.day(), day.year())
    }

    /// A day and a time of day.
    #[must_use]
    pub fn moment(&self, at: DateTime<FixedOffset>) -> String {
        let day = self.day(at.date_naive());
        let minute = at.minute();
        match self.lang {
            Lang::Da => format!("{day} kl. {}.{minute:02}", at.hour()),
            Lang::En => format!("{day} at {}:{minute:02}", at.hour()),
        }
    }

    /// How long ago something was, roughly. A clock that went backwards says "just now".
    #[must_use]
    pub fn ago(&self, then: DateTime<FixedOffset>, now: DateTime<FixedOffset>) -> String {
        let minutes = (now - then).num_minutes();
        match minutes {
            ..=1 => self.ago_now.to_owned(),
            2..=119 => (self.ago_minutes)(minutes),
            120..=2879 => (self.ago_hours)(minutes / 60),
            _ => (self.ago_days)(minutes / 1440),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{DA, EN};

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    #[test]
    fn days_and_times_are_written_as_each_language_writes_them() {
        let moment = at("2026-03-05T09:07:00+01:00");
        assert_eq!(DA.moment(moment), "5. marts 2026 kl. 9.07");
        assert_eq!(EN.moment(moment), "5 March 2026 at 9:07");
    }

    #[test]
    fn age_is_rough_and_never_negative() {
        let now = at("2026-03-05T12:00:00+01:00");
        assert_eq!(DA.ago(at("2026-03-05T13:00:00+01:00"), now), DA.ago_now);
        assert_eq!(
            DA.ago(at("2026-03-05T11:55:00+01:00"), now),
            "for 5 minutter siden"
        );
        assert_eq!(
            DA.ago(at("2026-03-05T02:00:00+01:00"), now),
            "for 10 timer siden"
        );
        assert_eq!(EN.ago(at("2026-03-01T12:00:00+01:00"), now), "4 days ago");
    }
}
