//! Days as an iCalendar file (RFC 5545). The crate folds lines and ends them as the standard wants.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use icalendar::{Calendar, Component, Event, EventLike};

use super::Tally;
use crate::mail::wording::Language;

/// Writes it; `open` is where the worklist is.
pub(super) fn ics(
    days: &BTreeMap<NaiveDate, Tally>,
    l: Language,
    open: &str,
    now: DateTime<Utc>,
) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Bedring//Calendar//DA"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"))
        .append_property(("X-WR-CALNAME", "Bedring"))
        .ttl(&TimeDelta::hours(6));
    for (day, tally) in days {
        let event = Event::new()
            // The same day is the same event, whatever its numbers.
            .uid(&format!("{day}@bedring"))
            .timestamp(now)
            .starts(*day)
            // The day on which it is over, not its last day: an event that ends on the day it starts on has no length at all (RFC 5545,
            // 3.6.1), and programs hide it or turn it away.
            .ends(day.succ_opt().unwrap_or(*day))
            .summary(&summary(*tally, l))
            .url(open)
            .add_property("TRANSP", "TRANSPARENT")
            .done();
        calendar.push(event);
    }
    calendar.to_string()
}

fn summary(tally: Tally, l: Language) -> String {
    let part = |n: u64, one: &str, many: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{n} {many}")),
    };
    let (one, many) = (
        l.choose("måling", "measurement"),
        l.choose("målinger", "measurements"),
    );
    let measurements = part(tally.measurements, one, many);
    let calls = part(
        tally.calls,
        l.choose("opkald", "call"),
        l.choose("opkald", "calls"),
    );
    let parts: Vec<String> = measurements.into_iter().chain(calls).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_and_every_line_ends_as_it_must() {
        let tally = Tally {
            measurements: 3,
            calls: 1,
        };
        let day: NaiveDate = "2026-03-16".parse().unwrap();
        let days = BTreeMap::from([(day, tally)]);
        let open = format!("https://{}.example.org/staff", "blåbær".repeat(20));
        let now: DateTime<Utc> = "2026-03-02T08:00:00Z".parse().unwrap();
        let text = ics(&days, Language::Danish, &open, now);
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains(&format!("URL:{open}\r\n")), "{text}");
        assert!(unfolded.contains("SUMMARY:3 målinger\\, 1 opkald\r\n"));
        assert!(unfolded.contains("DTSTART;VALUE=DATE:20260316\r\n"));
        assert!(unfolded.contains("DTEND;VALUE=DATE:20260317\r\n"));
        assert!(unfolded.contains("DTSTAMP:20260302T080000Z\r\n"));
    }

    #[test]
    fn one_is_said_as_one_and_none_not_at_all() {
        let told = |measurements, calls, l| {
            summary(
                Tally {
                    measurements,
                    calls,
                },
                l,
            )
        };
        assert_eq!(told(1, 0, Language::Danish), "1 måling");
        assert_eq!(told(0, 2, Language::Danish), "2 opkald");
        assert_eq!(told(2, 1, Language::English), "2 measurements, 1 call");
    }
}
