//! The same six people as every tool writes them: all of it comes in and is the same, or one sentence says what to do.

use bedring_server::programme::import::{Count, Folder, Options, Order, Source};
use bedring_store::entities::{occasion, person, response};
use bedring_store::sea_orm::EntityTrait;

use crate::support::{Backend, TestApp, on_both};
use crate::{bring, bring_with, edited, field, rows, tables, text, told, with};

/// Everything that was said about the six people, in an order of its own.
async fn content(app: &TestApp) -> Vec<String> {
    let db = app.state.db.read();
    let mut lines = Vec::new();
    for p in person::Entity::find().all(db).await.unwrap() {
        let code = p.code.replace('Ø', "P");
        lines.push(format!(
            "{code} {:?} {:?} {:?}",
            p.respondent_type, p.start_on, p.end_on
        ));
    }
    for o in occasion::Entity::find().all(db).await.unwrap() {
        lines.push(format!(
            "{} {:?} {:?}",
            o.kind, o.completed_at, o.missed_reason
        ));
    }
    for r in response::Entity::find().all(db).await.unwrap() {
        lines.push(format!(
            "{} {} {} {}",
            r.instrument, r.device_finished_at, r.mode, r.answers
        ));
    }
    lines.sort();
    lines
}

/// Brings a folder into an empty database and says what is there then.
async fn brought(app: &TestApp, folder: &Folder) -> Vec<String> {
    let counts = bring(app, folder).await.unwrap();
    let came = |all| Count { all, new: all };
    assert_eq!(
        (
            counts.projects,
            counts.persons,
            counts.responses,
            counts.refusals
        ),
        (came(2), came(6), came(16), came(4))
    );
    content(app).await
}

/// All tables of the reference, changed in one way.
fn changed(change: impl Fn(&str) -> Vec<u8>) -> Folder {
    let mut folder = field("reference");
    for source in tables(&mut folder) {
        *source = with(source, change(&text(source)));
    }
    folder
}

fn utf16(text: &str) -> Vec<u8> {
    let text = format!("\u{feff}{text}");
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Small programs' folders, each with the reference's content.
fn same() -> Vec<(&'static str, Folder)> {
    let mut all: Vec<(&str, Folder)> = [
        "trailing-empty-rows",
        "danish-dates",
        "sep-line",
        "empty-column",
        "decimals-comma",
        "capital-heads",
        "danish-letter-in-code",
    ]
    .map(|name| (name, field(name)))
    .to_vec();
    let quoted = |line: &str| {
        let cells: Vec<String> = line.split(',').map(|c| format!("\"{c}\"")).collect();
        cells.join(",")
    };
    let dated = |text: &str, form: &str| {
        let cell = |c: &str| match chrono::NaiveDate::parse_from_str(c, "%Y-%m-%d") {
            Ok(day) => day.format(form).to_string(),
            Err(_) => c.to_owned(),
        };
        let line = |l: &str| l.split(',').map(cell).collect::<Vec<_>>().join(",");
        text.lines()
            .map(|l| line(l) + "\n")
            .collect::<String>()
            .into_bytes()
    };
    let lines = |text: &str, change: &dyn Fn(&str) -> String| {
        text.lines()
            .map(|l| change(l) + "\n")
            .collect::<String>()
            .into_bytes()
    };
    all.extend([
        ("tab", changed(|t| t.replace(',', "\t").into())),
        (
            "unicode text",
            changed(|t| utf16(&t.replace(',', "\t").replace('\n', "\r\n"))),
        ),
        ("old line ends", changed(|t| t.replace('\n', "\r").into())),
        ("quotes", changed(|t| lines(t, &quoted))),
        ("blanks", changed(|t| t.replace(',', " ,\u{a0}").into())),
        (
            "zero width",
            changed(|t| t.replace('P', "\u{200b}P\u{feff}").into()),
        ),
        (
            "empty first lines",
            changed(|t| format!("\n,,\n{t}").into()),
        ),
        (
            "a title",
            changed(|t| format!("Pulje 15 mio.,,,\n\n{t}").into()),
        ),
        (
            "an empty column in front",
            changed(|t| lines(t, &|l| format!(",{l}"))),
        ),
        (
            "sep and tab",
            changed(|t| format!("sep=\t\r\n{}", t.replace(',', "\t")).into()),
        ),
        ("dots", changed(|t| dated(t, "%-d.%-m.%Y"))),
        ("slashes", changed(|t| dated(t, "%d/%m/%Y"))),
        ("american", changed(|t| dated(t, "%m/%d/%Y"))),
        ("with midnight", changed(|t| dated(t, "%Y-%m-%d 00:00:00"))),
        (
            "capital words",
            changed(|t| {
                t.replace("paper", "Paper")
                    .replace("participant", "PARTICIPANT")
                    .replace("active", "Active")
                    .into()
            }),
        ),
        (
            "windows",
            changed(|t| {
                // In this encoding every letter used here is one byte of the same number.
                let text = t.replace("P001", "Ø001").replace("companion", "følge");
                text.chars()
                    .map(|c| u8::try_from(u32::from(c)).unwrap())
                    .collect()
            }),
        ),
    ]);
    all
}

#[tokio::test]
async fn what_tools_write_comes_in_and_is_the_same() {
    // What a file is read as has nothing to do with the database.
    let app = TestApp::start(Backend::Sqlite).await;
    let reference = brought(&app, &field("reference")).await;
    assert_eq!(reference.len(), 6 + 12 + 16);
    for (name, folder) in same() {
        println!("{name}");
        let app = TestApp::start(Backend::Sqlite).await;
        assert_eq!(brought(&app, &folder).await, reference, "{name}");
    }
}

#[tokio::test]
async fn days_that_may_be_two_are_one_sentence_and_a_flag_decides() {
    on_both(|app| async move {
        let mut folder = field("reference");
        folder.persons = with(
            &folder.persons,
            "person,project,respondent_type,start,end,exit_missing_reason\n\
             P001,A,,08-01-2025,,\nP002,A,,03-02-2025,,\nP003,A,,05-05-2025,,\n",
        );
        folder.responses = edited(&folder.responses, "P004,", "P001,");
        let head = text(&folder.responses).lines().next().unwrap().to_owned();
        folder.responses = with(&folder.responses, head);
        assert_eq!(
            told(&app, &folder, &Options::default()).await,
            ["persons.csv:2: start: \"08-01-2025\" may have the day first or the month first, and 2 days of this file are written so: say --dates day-first or --dates month-first, or write YYYY-MM-DD"]
        );
        let options = Options {
            dates: Some(Order::DayFirst),
            ..Options::default()
        };
        bring_with(&app, &folder, &options).await.unwrap();
        let people = person::Entity::find().all(app.state.db.read()).await.unwrap();
        let first = people.iter().find(|p| p.code == "P001").unwrap();
        assert_eq!(first.start_on.unwrap().to_string(), "2025-01-08");
    })
    .await;
}

#[tokio::test]
async fn years_that_nobody_means_are_refused_at_the_line() {
    on_both(|app| async move {
        assert_eq!(
            told(&app, &field("year-mistyped"), &Options::default()).await,
            ["persons.csv:2: start: \"0025-01-08\" has a year outside 1900 to 2100 (and 1 more: line 3 \"1025-02-03\")"]
        );
        assert_eq!(rows(&app).await, [0; 9]);
    })
    .await;
}

#[tokio::test]
async fn a_column_that_nobody_knows_is_told_once_and_can_be_passed_over() {
    on_both(|app| async move {
        let mut folder = field("reference");
        let noted = |line: &str| match line.split(',').next() {
            Some("person") => format!("{line},Bemærkninger"),
            Some("P002" | "P003") => format!("{line},\"ringede; kommer, måske\""),
            _ => format!("{line},"),
        };
        let lines: Vec<String> = text(&folder.persons).lines().map(noted).collect();
        folder.persons = Source::text("persons.csv", lines.join("\r\n").into_bytes());
        assert_eq!(
            told(&app, &folder, &Options::default()).await,
            ["persons.csv:1: the column Bemærkninger is not known, and 2 rows hold something in it: remove it, or pass it over with --leave-out \"Bemærkninger\""]
        );
        folder.persons = edited(&folder.persons, "Bemærkninger", "");
        assert_eq!(
            told(&app, &folder, &Options::default()).await,
            ["persons.csv:1: column G has no heading, but something in 2 rows, first in line 3: give it a heading, or remove it"]
        );
        folder.persons = edited(&folder.persons, "exit_missing_reason,", "exit_missing_reason,Bemærkninger");
        let options = Options {
            leave_out: vec!["bemærkninger".to_owned()],
            ..Options::default()
        };
        assert_eq!(bring_with(&app, &folder, &options).await.unwrap().counts.persons.new, 6);
    })
    .await;
}
