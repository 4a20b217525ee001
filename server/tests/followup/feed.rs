//! A calendar of one's own: numbers by day, for whoever has the address.

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
