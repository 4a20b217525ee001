//! Whole days on the calendar: how far one day lies from another in months and days.
//!
//! A day here is a day in Denmark, whatever the clock does on it. Moments, time zones and daylight saving are the server's.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A distance on the calendar. Both parts may be negative, and they need not have the same sign: "the day before the month is over"
/// is one month and minus one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Offset {
    /// Calendar months, counted first.
    pub months: i32,
    /// Whole days, counted from where the months led.
    pub days: i32,
}

impl Offset {
    /// The same day.
    pub const ZERO: Self = Self::new(0, 0);

    /// That many months, then that many days.
    #[must_use]
    pub const fn new(months: i32, days: i32) -> Self {
        Self { months, days }
    }

    /// That many months.
    #[must_use]
    pub const fn months(months: i32) -> Self {
        Self::new(months, 0)
    }

    /// That many days.
    #[must_use]
    pub const fn days(days: i32) -> Self {
        Self::new(0, days)
    }

    /// The day this far from another: months first, where a day that the month does not have becomes the month's last, then whole
    /// days. `None` outside the calendar, which ends some 260,000 years from now.
    #[must_use]
    pub fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        let months = Months::new(self.months.unsigned_abs());
        let day = if self.months < 0 {
            day.checked_sub_months(months)?
        } else {
            day.checked_add_months(months)?
        };
        let days = Days::new(u64::from(self.days.unsigned_abs()));
        if self.days < 0 {
            day.checked_sub_days(days)
        } else {
            day.checked_add_days(days)
        }
    }

    /// This distance so many times over, as one distance. Counting from one day with it keeps the end of the month, where step by
    /// step would lose it: a month after 31 January is 28 February, two months after it 31 March. `None` beyond the numbers.
    #[must_use]
    pub fn times(self, n: u32) -> Option<Self> {
        let n = i32::try_from(n).ok()?;
        Some(Self {
            months: self.months.checked_mul(n)?,
            days: self.days.checked_mul(n)?,
        })
    }

    /// Does it lead to a later day from any day whatever? Parts of different sign are taken for no, for months differ in length.
    #[must_use]
    pub const fn moves_forward(self) -> bool {
        self.months >= 0 && self.days >= 0 && (self.months > 0 || self.days > 0)
    }
}

/// That many days later, or the last day of the calendar: for deadlines, where too far is far enough.
pub(crate) fn days_later(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_the_month_lacks_becomes_its_last() {
        for (from, months, to) in [
            ("2027-01-31", 1, "2027-02-28"),
            ("2028-01-31", 1, "2028-02-29"),
            ("2100-01-31", 1, "2100-02-28"),
            ("2027-08-31", 3, "2027-11-30"),
            ("2027-08-31", 6, "2028-02-29"),
            ("2028-02-29", 12, "2029-02-28"),
            ("2028-02-29", -48, "2024-02-29"),
            ("2027-03-31", -1, "2027-02-28"),
            ("2027-12-31", 1, "2028-01-31"),
        ] {
            assert_eq!(Offset::months(months).after(day(from)), Some(day(to)));
        }
    }

    #[test]
    fn months_come_before_days() {
        assert_eq!(
            Offset::new(1, 1).after(day("2027-01-30")),
            Some(day("2027-03-01"))
        );
        assert_eq!(
            Offset::new(1, -1).after(day("2027-01-31")),
            Some(day("2027-02-27"))
        );
    }

    #[test]
    fn many_steps_from_one_day_keep_the_end_of_the_month() {
        let monthly = Offset::months(1);
        let days = (1..=3).map(|n| monthly.times(n).unwrap().after(day("2027-01-31")).unwrap());
        assert_eq!(
            days.collect::<Vec<_>>(),
            ["2027-02-28", "2027-03-31", "2027-04-30"].map(day)
        );
    }

    #[test]
    fn the_calendar_ends_without_a_panic() {
        assert_eq!(Offset::days(1).after(NaiveDate::MAX), None);
        assert_eq!(Offset::new(i32::MIN, 0).after(day("2027-01-01")), None);
        assert_eq!(Offset::new(i32::MAX, i32::MAX).after(NaiveDate::MIN), None);
        assert_eq!(Offset::months(i32::MAX).times(2), None);
        assert_eq!(Offset::ZERO.times(u32::MAX), None);
        assert_eq!(days_later(NaiveDate::MAX, 3), NaiveDate::MAX);
    }

    #[test]
    fn parts_that_are_left_out_are_nothing_and_unknown_ones_are_refused() {
        assert_eq!(
            serde_json::from_str::<Offset>(r#"{"months":3}"#).unwrap(),
            Offset::months(3)
        );
        assert!(serde_json::from_str::<Offset>(r#"{"weeks":1}"#).is_err());
    }
}
