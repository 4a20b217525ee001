//! The phone's clock and its randomness. The clock may be wrong, even in 1970: it is written down as it is and never trusted.

use bedring_domain::journal::entry_id;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use uuid::Uuid;

use super::DeviceError;

/// Milliseconds since 1970 by the phone's clock.
#[must_use]
pub(crate) fn now_ms() -> i64 {
    // A date in JavaScript is a whole number well within 64 bits.
    #[allow(clippy::cast_possible_truncation)]
    let ms = js_sys::Date::now() as i64;
    ms
}

/// Now by the phone's clock, with its offset from UTC.
#[must_use]
pub fn now() -> DateTime<FixedOffset> {
    moment(js_sys::Date::now())
}

/// A moment as JavaScript tells it, with the phone's offset from UTC.
#[must_use]
pub fn moment(ms: f64) -> DateTime<FixedOffset> {
    #[allow(clippy::cast_possible_truncation)]
    let (ms, minutes_behind) = (
        ms as i64,
        js_sys::Date::new_0().get_timezone_offset() as i32,
    );
    at(ms, minutes_behind)
}

/// A moment, or the first one after what is known to have been before it, with the moment's own offset.
pub(super) fn not_before(
    moment: DateTime<FixedOffset>,
    known: Option<DateTime<FixedOffset>>,
) -> DateTime<FixedOffset> {
    match known {
        Some(known) if known >= moment => {
            (known + TimeDelta::milliseconds(1)).with_timezone(moment.offset())
        }
        _ => moment,
    }
}

/// A moment with the offset as browsers tell it: minutes that local time is *behind* UTC.
fn at(ms: i64, minutes_behind: i32) -> DateTime<FixedOffset> {
    let utc: DateTime<Utc> = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    match FixedOffset::east_opt(minutes_behind.saturating_mul(-60)) {
        Some(offset) => utc.with_timezone(&offset),
        None => utc.fixed_offset(),
    }
}

/// Milliseconds since the page was opened: unlike the clock, it never jumps.
#[must_use]
pub(crate) fn ticks() -> f64 {
    web_sys::window()
        .and_then(|w| w.performance())
        .map_or_else(js_sys::Date::now, |p| p.now())
}

/// Random bytes from the browser.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], DeviceError> {
    let mut bytes = [0; N];
    let crypto = web_sys::window()
        .and_then(|w| w.crypto().ok())
        .ok_or(DeviceError::Unavailable)?;
    crypto
        .get_random_values_with_u8_array(&mut bytes)
        .map_err(|_| DeviceError::Unavailable)?;
    Ok(bytes)
}

/// A new id that nobody can guess, as text; nothing where the browser gives no randomness.
pub(crate) fn random_id() -> Option<String> {
    let bytes = random().ok()?;
    Some(
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string(),
    )
}

/// An entry's id of that millisecond.
pub(crate) fn fresh_id(ms: i64) -> Uuid {
    // Without randomness from the browser no storage could have been opened either: there is nothing this id could be used for.
    entry_id(ms, &random().unwrap_or_default())
}

/// Resolves after that many milliseconds.
pub(crate) async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

#[cfg(test)]
mod tests {
    use super::{at, not_before};

    #[test]
    fn what_is_said_later_is_written_down_as_later_even_if_the_clock_fell_back() {
        let yes = at(1_790_000_000_000, -120);
        let fell_back = at(180_000, -60);
        assert_eq!(
            not_before(fell_back, Some(yes)).to_rfc3339(),
            "2026-09-21T15:13:20.001+01:00"
        );
        let later = at(1_790_000_000_001, -120);
        assert_eq!(not_before(later, Some(yes)), later);
        assert_eq!(not_before(fell_back, None), fell_back);
    }

    #[test]
    fn local_time_keeps_its_offset_even_in_1970() {
        assert_eq!(at(180_000, -60).to_rfc3339(), "1970-01-01T01:03:00+01:00");
        assert_eq!(
            at(1_790_000_000_000, 210).to_rfc3339(),
            "2026-09-21T10:43:20-03:30"
        );
        assert_eq!(at(0, 1_000_000).to_rfc3339(), "1970-01-01T00:00:00+00:00");
    }
}
