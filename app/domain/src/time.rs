//! Which moments a device may name and which days staff may write down. Phone, staff program, server and import ask the same functions:
//! what one of them takes, all others can show.

use std::ops::Deref;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, de::Error};

/// Years in which a device's clock may stand, as its owner reads them.
const DEVICE_YEARS: std::ops::RangeInclusive<i32> = 1970..=9999;
/// Years in which a course, a birth or a funding can lie.
const DAY_YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// A moment by the clock of a device, with its offset from UTC: from the year 1970 to the year 9999.
///
/// RFC 3339 has four digits for a year, and chrono's own reading takes more: what could be taken in but never be read again would spoil
/// every page that it stands on. So nothing outside these years can be made into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DeviceTime(DateTime<FixedOffset>);

impl DeviceTime {
    /// The moment itself, or the nearest one that a device may name.
    #[must_use]
    pub fn nearest(moment: DateTime<FixedOffset>) -> Self {
        let year = moment.naive_local().year();
        if year < *DEVICE_YEARS.start() {
            return Self(DateTime::UNIX_EPOCH.fixed_offset());
        }
        if year > *DEVICE_YEARS.end() {
            // The last whole second of 9999 in UTC.
            return Self(DateTime::from_timestamp(253_402_300_799, 0).map_or_else(
                || DateTime::UNIX_EPOCH.fixed_offset(),
                |last| last.fixed_offset(),
            ));
        }
        Self(moment)
    }

    /// What was once written down, whatever it is: the moment, the nearest one that a device may name, or for what is no moment at all
    /// 1970, the time of a clock that knows nothing. Reading a row must never fail for it.
    #[must_use]
    pub fn written(text: &str) -> Self {
        let read = text.parse().unwrap_or(DateTime::UNIX_EPOCH.fixed_offset());
        Self::nearest(read)
    }

    /// The moment.
    #[must_use]
    pub const fn get(self) -> DateTime<FixedOffset> {
        self.0
    }

    /// For a moment that everything beside it depends on, as the hour of sending: taken as the nearest one instead of refusing all.
    ///
    /// # Errors
    /// It is no moment.
    pub fn deserialize_nearest<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        DateTime::deserialize(from).map(Self::nearest)
    }
}

impl<'de> Deserialize<'de> for DeviceTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let moment = DateTime::deserialize(deserializer)?;
        let time = Self::nearest(moment);
        if time.0 == moment {
            Ok(time)
        } else {
            Err(D::Error::custom("not between the years 1970 and 9999"))
        }
    }
}

impl From<DateTime<FixedOffset>> for DeviceTime {
    fn from(moment: DateTime<FixedOffset>) -> Self {
        Self::nearest(moment)
    }
}

impl Deref for DeviceTime {
    type Target = DateTime<FixedOffset>;

    fn deref(&self) -> &DateTime<FixedOffset> {
        &self.0
    }
}

/// Whether staff may write a day down: between the years 1900 and 2100. A day in the year 25 is a slip of the finger, whoever takes it in.
#[must_use]
pub fn is_day(day: NaiveDate) -> bool {
    DAY_YEARS.contains(&day.year())
}

/// A day as `YYYY-MM-DD` with exactly these digits, between the years 1900 and 2100.
#[must_use]
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    // chrono alone would take `2015-1-8`, blanks, and years of five digits.
    let digits = |range| {
        text.get(range)
            .is_some_and(|part: &str| part.bytes().all(|b| b.is_ascii_digit()))
    };
    let form = text.len() == 10 && digits(0..4) && digits(5..7) && digits(8..10);
    let day = form.then(|| text.parse().ok()).flatten()?;
    is_day(day).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<DeviceTime, serde_json::Error> {
        serde_json::from_value(text.into())
    }

    #[test]
    fn a_device_names_moments_from_1970_to_9999_and_each_can_be_read_again() {
        for good in [
            "1970-01-01T00:03:00+01:00",
            "1970-01-01T00:00:00Z",
            "2026-02-28T23:59:60Z",
            "9999-12-31T23:59:59-11:00",
        ] {
            let time = read(good).unwrap();
            let written = time.to_rfc3339();
            assert_eq!(DateTime::parse_from_rfc3339(&written).unwrap(), time.get());
            assert_eq!(DeviceTime::written(&written), time);
        }
        for bad in [
            "+262142-12-31T23:59:59Z",
            "-262143-01-01T00:00:00Z",
            "+10000-01-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "0000-01-01T00:00:00Z",
            "yesterday",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_was_written_down_before_can_always_be_read() {
        for (old, now) in [
            ("+262142-12-31T23:59:59+00:00", "9999-12-31T23:59:59+00:00"),
            ("-262143-01-01T00:00:00+00:00", "1970-01-01T00:00:00+00:00"),
            ("rubbish", "1970-01-01T00:00:00+00:00"),
            ("2026-03-02T09:00:00+01:00", "2026-03-02T09:00:00+01:00"),
        ] {
            assert_eq!(DeviceTime::written(old).to_rfc3339(), now);
        }
    }

    #[test]
    fn a_day_lies_between_1900_and_2100_and_has_eight_digits() {
        for good in ["1900-01-01", "2026-02-28", "2100-12-31"] {
            assert_eq!(
                parse_day(good).map(|d| d.to_string()).as_deref(),
                Some(good)
            );
        }
        for bad in [
            "0025-03-01",
            "1899-12-31",
            "2101-01-01",
            "12026-03-01",
            "+2026-03-1",
            "2026-2-28",
            "2026-02-30",
            " 2026-3-01",
            "2026/03/01",
            "2026-03-1ø",
            "",
        ] {
            assert_eq!(parse_day(bad), None, "{bad}");
        }
    }
}
