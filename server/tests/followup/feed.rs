//! A calendar of one's own: numbers by day, for whoever has the address.

use std::io::Write as _;
use std::process::{Command, Stdio};

use axum::body::Body;
use axum::http::{Method, header};
use bedring_contract::followup::{CalendarAddress, CalendarKept};
use bedring_contract::problem::Code;
use bedring_store::entities::person;
use icalendar::{Calendar, CalendarComponent, Component, DatePerhapsTime};

use super::*;
use crate::support::{Answer, on_both, request, seed, staff};

/// A new address, as a path.
async fn address(app: &TestApp, staff: &Browser) -> String {
    let answer = staff.post(app, paths::CALENDAR, &json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let address: CalendarAddress = answer.json();
    let at = address.url.find("/api/").unwrap();
    address.url[at..].to_owned()
}

async fn read(app: &TestApp, path: &str, language: &str) -> Answer {
    let request = request(Method::GET, path).header(header::ACCEPT_LANGUAGE, language);
    app.send(request.body(Body::empty()).unwrap()).await
}

/// Days and their words.
fn events(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let calendar: Calendar = answer.text().parse().unwrap();
    let event = |c: &CalendarComponent| {
        let event = c.as_event().unwrap();
        let Some(DatePerhapsTime::Date(day)) = event.get_start() else {
            panic!("a whole day: {event:?}");
        };
        (day.to_string(), event.get_summary().unwrap().to_owned())
    };
    calendar.components.iter().map(event).collect()
}

fn told(day: &str, words: &str) -> (String, String) {
    (day.to_owned(), words.to_owned())
}

#[tokio::test]
async fn there_is_an_event_for_each_day_with_numbers_and_no_names() {
    on_both(|app| async move {
        let (project, other) = (seed::project(&app).await, seed::project(&app).await);
        // Due a fortnight after they began: twice on 16 March, once on 26 February, and far ahead.
        let form = |start: &str| json!({ "start": start, "name": "Åse Blåbær", "email": "aase@example.org" });
        let first = register(&app, project, form("2026-03-02")).await;
        register(&app, project, form("2026-03-02")).await;
        let late = register(&app, project, form("2026-02-12")).await;
        register(&app, project, form("2026-06-01")).await;
        register(&app, other, form("2026-03-02")).await;
        let gone = register(&app, project, form("2026-03-02")).await.id;
        let mut row = tables::row::<person::Entity>(&app, gone).await.into_active_model();
        row.refused = Set(true);
        person::Entity::update(row).exec(app.state.db.read()).await.unwrap();
        // A call that should have been made last week is today's.
        let intake = occasions(&app, late.id).await[0].id;
        seed::call(&app, intake, "2026-02-25").await;
        let intake = occasions(&app, first.id).await[0].id;
        seed::call(&app, intake, "2026-03-16").await;

        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let path = address(&app, &helper).await;
        assert!(path.ends_with(".ics"), "{path}");
        let answer = read(&app, &path, "da-DK,da;q=0.9,en;q=0.5").await;
        assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(
            events(&answer),
            [
                told("2026-02-26", "1 måling"),
                told("2026-03-02", "1 opkald"),
                told("2026-03-16", "2 målinger, 1 opkald"),
            ]
        );
        let text = answer.text();
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        let unfolded = text.replace("\r\n ", "");
        for secret in ["Åse", "Blåbær", "aase", &first.code, &late.code, "Prøve"] {
            assert!(!unfolded.contains(secret), "{secret}: {text}");
        }
        let english = events(&read(&app, &path, "en-GB").await);
        assert_eq!(english[2], told("2026-03-16", "2 measurements, 1 call"));
    })
    .await;
}

/// A whole day of a calendar.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct WholeDay {
    starts: String,
    ends: String,
    words: String,
}

/// Reads a feed by RFC 5545 alone, sharing nothing with the library that wrote it: unfolds lines, parts names from values, and insists
/// that every event is whole days that end after they begin.
fn read_by_the_book(text: &str) -> Result<Vec<WholeDay>, String> {
    if !text.ends_with("\r\n") || text.replace("\r\n", "").contains(['\r', '\n']) {
        return Err("a line does not end with CR LF".to_owned());
    }
    let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "");
    let mut found: Vec<WholeDay> = Vec::new();
    let mut event: Option<Vec<(&str, &str)>> = None;
    for line in unfolded.split_terminator("\r\n") {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| format!("no value: {line}"))?;
        match (name, value) {
            ("BEGIN", "VEVENT") => event = Some(Vec::new()),
            ("END", "VEVENT") => {
                let lines = event.take().ok_or("an end without a beginning")?;
                let one = |name: &str| -> Result<&str, String> {
                    let mut values = lines.iter().filter(|(n, _)| *n == name).map(|(_, v)| *v);
                    let value = values.next().ok_or_else(|| format!("no {name}"))?;
                    values
                        .next()
                        .map_or(Ok(value), |_| Err(format!("two {name}")))
                };
                one("UID")?;
                one("DTSTAMP")?;
                let day = WholeDay {
                    starts: one("DTSTART;VALUE=DATE")?.to_owned(),
                    ends: one("DTEND;VALUE=DATE")?.to_owned(),
                    words: one("SUMMARY")?.replace("\\,", ","),
                };
                let is_date =
                    |text: &str| text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
                // "The DTEND property […] MUST be later than the value of the DTSTART property" (3.8.2.2).
                if !is_date(&day.starts) || !is_date(&day.ends) || day.ends <= day.starts {
                    return Err(format!("no whole day: {day:?}"));
                }
                found.push(day);
            }
            _ => {
                if let Some(lines) = &mut event {
                    lines.push((name, value));
                }
            }
        }
    }
    Ok(found)
}

/// What two calendar libraries in another language read in a feed: `LIBRARY START END WORDS`, a line for each event.
fn read_by_others(text: &str) -> Result<Vec<String>, String> {
    // Debian's own, which Debian's packages are for: another one may come first on PATH and know none of them.
    let mut child = Command::new("/usr/bin/python3")
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/followup/calendars.py"
        ))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("/usr/bin/python3: {error}; type: make tools"))?;
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let told = String::from_utf8(output.stdout).unwrap();
    Ok(told.lines().map(str::to_owned).collect())
}

#[tokio::test]
async fn every_day_ends_after_it_begins_whoever_reads_it() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        // Due on the last day of a month, of a year, and on 28 February of a year that is no leap year: the next day is another month's.
        for start in ["2026-02-14", "2026-03-17", "2026-04-16"] {
            register(&app, project, json!({ "start": start })).await;
        }
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let path = address(&app, &helper).await;
        let answer = read(&app, &path, "da").await;
        let text = answer.text();
        let days = [
            ("20260228", "20260301"),
            ("20260331", "20260401"),
            ("20260430", "20260501"),
        ];
        let expected = days.map(|(starts, ends)| WholeDay {
            starts: starts.to_owned(),
            ends: ends.to_owned(),
            words: "1 måling".to_owned(),
        });
        assert_eq!(read_by_the_book(text).unwrap(), expected);
        let told = |library: &str| {
            let line =
                |(starts, ends): &(&str, &str)| format!("{library} {starts} {ends} 1 måling");
            days.iter().map(line).collect::<Vec<_>>()
        };
        let both: Vec<String> = ["icalendar", "vobject"]
            .into_iter()
            .flat_map(told)
            .collect();
        assert_eq!(read_by_others(text).unwrap(), both);
    })
    .await;
}

#[test]
fn a_feed_whose_days_have_no_length_is_told() {
    // As it was served once.
    let text = include_str!("days_without_length.ics").replace('\n', "\r\n");
    let wrong = read_by_the_book(&text).unwrap_err();
    assert!(wrong.contains("no whole day"), "{wrong}");
    let wrong = read_by_others(&text).unwrap_err();
    assert!(wrong.contains("ends when it begins"), "{wrong}");
}

#[tokio::test]
async fn an_address_ends_when_there_is_a_new_one_or_the_account_is_closed() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let id = staff::account(&app, "anna@example.org", Role::ProjectLeader, &[project]).await;
        let anna = staff::session_of(&app, id).await;
        let kept = async || -> CalendarKept { anna.get(&app, paths::CALENDAR).await.json() };
        assert_eq!((kept().await.url, kept().await.made_at), (None, None));
        let old = address(&app, &anna).await;
        assert_eq!(events(&read(&app, &old, "da").await), []);
        let new = address(&app, &anna).await;
        assert_ne!(old, new);
        // Shown again as often as its owner looks, and looking ends nothing.
        for _ in 0..2 {
            let shown = kept().await;
            assert!(shown.url.unwrap().ends_with(&new));
            assert_eq!(shown.made_at, Some(app.clock.now()));
        }
        read(&app, &old, "da").await.assert_problem(Code::NotFound);
        assert_eq!(read(&app, &new, "da").await.status, StatusCode::OK);
        for wrong in [new.trim_end_matches(".ics"), "/api/v1/calendar/x.ics"] {
            read(&app, wrong, "da").await.assert_problem(Code::NotFound);
        }
        staff::disable(&app, "anna@example.org").await;
        read(&app, &new, "da").await.assert_problem(Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn whoever_reads_too_often_has_to_wait() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let leader = staff::logged_in(&app, Role::ProjectLeader, &[project]).await;
        let right = address(&app, &leader).await;
        for _ in 0..120 {
            let guess = read(&app, "/api/v1/calendar/x.ics", "da").await;
            guess.assert_problem(Code::NotFound);
        }
        let refused = read(&app, &right, "da").await;
        refused.assert_problem(Code::TooManyRequests);
        assert_eq!(refused.header("retry-after"), "1");
        app.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(read(&app, &right, "da").await.status, StatusCode::OK);
    })
    .await;
}
