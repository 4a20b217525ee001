//! Dates and times as people write them, and how long ago something was.
//!
//! The zone is the computer's own; the caller passes its offset in, so that everything here can be tested without a browser.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike, Utc};

use super::words::Lang;

const MONTHS_DA: [&str; 12] = [
    "jan.", "feb.", "marts", "april", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec.",
];
const MONTHS_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// "21. nov. 2026" or "21 Nov 2026".
#[must_use]
pub fn date(lang: Lang, day: NaiveDate) -> String {
    let months = match lang {
        Lang::Da => &MONTHS_DA,
        Lang::En => &MONTHS_EN,
    };
    let month = months
        .get(day.month0() as usize)
        .copied()
        .unwrap_or_default();
    let dot = lang.pick(".", "");
    format!("{}{dot} {month} {:04}", day.day(), day.year())
}

/// "21. nov. 2026 kl. 14.05" or "21 Nov 2026, 14:05", in the moment's own offset.
#[must_use]
pub fn moment(lang: Lang, at: DateTime<FixedOffset>) -> String {
    let local = at.naive_local();
    let (before, between) = (lang.pick(" kl. ", ", "), lang.pick(".", ":"));
    format!(
        "{}{before}{:02}{between}{:02}",
        date(lang, local.date()),
        local.hour(),
        local.minute()
    )
}

/// How long ago, in the largest whole unit.
#[must_use]
pub fn age(lang: Lang, then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (now - then).num_minutes();
    let (n, one, many) = match minutes {
        ..60 => return lang.pick("under en time", "less than an hour").to_owned(),
        60..1440 => (
            minutes / 60,
            lang.pick("time", "hour"),
            lang.pick("timer", "hours"),
        ),
        _ => (
            minutes / 1440,
            lang.pick("dag", "day"),
            lang.pick("dage", "days"),
        ),
    };
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The computer's clock.
#[must_use]
pub fn now() -> DateTime<Utc> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 are whole and far below the limit"
    )]
    let ms = js_sys::Date::now() as i64;
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

/// The moment in the computer's own zone at that moment.
#[must_use]
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(
        at.timestamp_millis() as f64
    ));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "minutes of an offset are small"
    )]
    let west = (date.get_timezone_offset() * 60.0) as i32;
    FixedOffset::west_opt(west).map_or_else(|| at.fixed_offset(), |zone| at.with_timezone(&zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_as_people_write_them() {
        let at = DateTime::parse_from_rfc3339("2026-03-01T23:05:00+01:00").unwrap();
        assert_eq!(moment(Lang::Da, at), "1. marts 2026 kl. 23.05");
        assert_eq!(moment(Lang::En, at), "1 Mar 2026, 23:05");
    }

    #[test]
    fn an_age_is_told_in_its_largest_unit_and_a_clock_that_runs_ahead_is_no_trouble() {
        let then = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let after = |minutes| age(Lang::Da, then, then + chrono::Duration::minutes(minutes));
        assert_eq!(after(-30), "under en time");
        assert_eq!(after(59), "under en time");
        assert_eq!(after(60), "1 time");
        assert_eq!(after(1439), "23 timer");
        assert_eq!(after(1440), "1 dag");
        assert_eq!(after(4400), "3 dage");
    }
}
