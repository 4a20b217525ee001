//! Days: the calendar of the people who are measured. A day begins at midnight in Denmark, wherever the server stands.

use chrono::{
    DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Utc,
};
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

/// What a clock on a wall in Denmark shows at a moment.
#[must_use]
pub fn local(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&Copenhagen).naive_local()
}

/// The moment at which a clock on a wall in Denmark shows this time of this day. Of the hour that comes twice in autumn, the first time; in the hour that
/// is left out in spring, the moment at which the clock is put forward.
#[must_use]
pub fn moment(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let shown = day.and_time(time);
    match Copenhagen.from_local_datetime(&shown) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => moment.to_utc(),
        LocalResult::None => {
            // Half a day before, the offset is still the old one, and with it the wall shows an hour that it skips; the change is at the
            // start of that hour.
            let before = shown - TimeDelta::hours(12);
            let offset = Copenhagen.offset_from_utc_datetime(&before).fix();
            let at = shown - TimeDelta::seconds(i64::from(offset.local_minus_utc()));
            let whole = at.and_utc().timestamp().div_euclid(3600) * 3600;
            DateTime::from_timestamp(whole, 0).unwrap_or(at.and_utc())
        }
    }
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
        let ten = |text: &str| {
            let time = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
            moment(text.parse().unwrap(), time).to_rfc3339()
        };
        assert_eq!(ten("2026-03-28"), "2026-03-28T09:00:00+00:00");
        assert_eq!(ten("2026-03-29"), "2026-03-29T08:00:00+00:00");
        assert_eq!(ten("2026-10-25"), "2026-10-25T09:00:00+00:00");
    }

    #[test]
    fn hours_that_come_twice_or_not_at_all() {
        let at = |shown: &str| {
            let shown: NaiveDateTime = shown.parse().unwrap();
            moment(shown.date(), shown.time()).to_rfc3339()
        };
        assert_eq!(at("2026-01-15T10:00:00"), "2026-01-15T09:00:00+00:00");
        assert_eq!(at("2026-07-15T10:00:00"), "2026-07-15T08:00:00+00:00");
        // The last Sunday of March: 02:00 becomes 03:00, at 01:00 in Greenwich.
        assert_eq!(at("2026-03-29T01:59:59"), "2026-03-29T00:59:59+00:00");
        for shown in [
            "2026-03-29T02:00:00",
            "2026-03-29T02:30:00",
            "2026-03-29T02:59:59",
            "2026-03-29T03:00:00",
        ] {
            assert_eq!(at(shown), "2026-03-29T01:00:00+00:00", "{shown}");
        }
        // The last Sunday of October: 03:00 becomes 02:00, at 01:00 in Greenwich.
        assert_eq!(at("2026-10-25T02:30:00"), "2026-10-25T00:30:00+00:00");
        assert_eq!(at("2026-10-25T03:00:00"), "2026-10-25T02:00:00+00:00");
        // The same hour of the day on both sides of a change, and never the same moment twice.
        assert_eq!(at("2026-03-28T10:00:00"), "2026-03-28T09:00:00+00:00");
        assert_eq!(at("2026-03-29T10:00:00"), "2026-03-29T08:00:00+00:00");
    }

    #[test]
    fn a_moment_is_what_the_wall_shows_and_comes_back() {
        // Every half hour of two years: the wall's time leads back to the moment, but for the second of two equal hours.
        let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        for half_hours in 0..(2 * 365 * 48) {
            let at = start + TimeDelta::minutes(30 * half_hours);
            let back = moment(local(at).date(), local(at).time());
            assert!(back == at || back == at - TimeDelta::hours(1), "{at}");
            assert_eq!(local(back), local(at));
        }
    }
}
