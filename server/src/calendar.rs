//! Days: the calendar of the people who are measured. A day begins at midnight in Denmark, wherever the server stands.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Europe::Copenhagen;

/// Which day it is at a moment.
#[must_use]
pub fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&Copenhagen).date_naive()
}

/// Noon of a day, with its offset: for what is known by its day alone.
#[must_use]
pub fn noon(day: NaiveDate) -> DateTime<FixedOffset> {
    let noon = day.and_time(NaiveTime::MIN) + chrono::TimeDelta::hours(12);
    // No change to or from summer time happens at noon.
    Copenhagen.from_local_datetime(&noon).single().map_or_else(
        || noon.and_utc().fixed_offset(),
        |moment| moment.with_timezone(&moment.offset().fix()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_denmark_in_summer_and_winter() {
        let day = |text: &str| day_of(text.parse().unwrap()).to_string();
        assert_eq!(day("2026-07-01T21:59:59Z"), "2026-07-01");
        assert_eq!(day("2026-07-01T22:00:00Z"), "2026-07-02");
        assert_eq!(day("2026-01-01T22:59:59Z"), "2026-01-01");
        assert_eq!(day("2026-01-01T23:00:00Z"), "2026-01-02");
        let noon = |text: &str| noon(text.parse().unwrap()).to_rfc3339();
        assert_eq!(noon("2015-07-01"), "2015-07-01T12:00:00+02:00");
        assert_eq!(noon("2015-01-08"), "2015-01-08T12:00:00+01:00");
    }
}
