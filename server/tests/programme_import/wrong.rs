//! Files that are wrong: everything is told at once, line by line, and nothing comes in.

use bedring_server::calendar::day_of;
use bedring_server::ports::Clock;
use bedring_server::programme::import::{Folder, ImportError, Problem};

use crate::support::on_both;
use crate::{bring, edited, folder, rows};

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once_and_nothing_comes_in() {
    on_both(|app| async move {
        let mut bad = folder();
        bad.projects = edited(
            &bad.projects,
            "B,peer_mentor,active",
            "B,peer_mentor,sleeping",
        );
        bad.persons = edited(
            &bad.persons,
            "S001,E,participant,2015-01-08",
            "S001,X,participant,2015-13-08",
        );
        bad.persons = edited(&bad.persons, "S002,B,participant", "S003,B,guest");
        bad.responses = edited(
            &bad.responses,
            "S001,intake,2015-01-08,paper,mhrm-30,1,2",
            "S999,intake,08-01-2015,pigeon,mhrm-30,9,2",
        );
        bad.responses = edited(
            &bad.responses,
            "S001,intake,2015-01-08,paper,lsns-9,2,1,2,1,0,2,1,3,1,",
            "S001,intake,2015-01-08,paper,lsns-9,2,1,2,1,0,2,1,3,1,4",
        );
        bad.refusals = edited(&bad.refusals, "C,4", "A,-4");
        let Err(ImportError::Problems(problems)) = bring(&app, &bad).await else {
            panic!("came in")
        };
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "persons.csv:2: project: \"X\" is no project of projects.csv",
                "persons.csv:2: start: \"2015-13-08\" is no date (YYYY-MM-DD)",
                "persons.csv:3: respondent_type: \"guest\" is no respondent type",
                "persons.csv:4: person S003 is there already, in line 3",
                "projects.csv:3: status: \"sleeping\" is no status (active, exempt, withdrawn)",
                "refusals.csv:4: refusals of project A is there already, in line 2",
                "refusals.csv:4: refusals: \"-4\" is no count",
                "responses.csv:2: date: \"08-01-2015\" is no date (YYYY-MM-DD)",
                "responses.csv:2: i01: \"9\" is no answer to mhrm01",
                "responses.csv:2: mode: \"pigeon\" is no mode",
                "responses.csv:2: person: \"S999\" is no person of persons.csv",
                "responses.csv:3: i10: lsns-9 has no such item",
                "responses.csv:6: person: \"S002\" is no person of persons.csv",
                "responses.csv:7: person: \"S002\" is no person of persons.csv",
                "responses.csv:8: person: \"S002\" is no person of persons.csv",
                "responses.csv:9: person: \"S002\" is no person of persons.csv",
            ]
        );
        assert_eq!(rows(&app).await, [0; 9]);
    })
    .await;
}

#[tokio::test]
async fn files_that_are_no_such_files() {
    on_both(|app| async move {
        let told = async |change: &dyn Fn(&mut Folder)| {
            let mut bad = folder();
            change(&mut bad);
            let Err(ImportError::Problems(problems)) = bring(&app, &bad).await else {
                panic!("came in")
            };
            problems.iter().map(Problem::to_string).collect::<Vec<_>>()
        };
        let latin =
            told(&|f| f.projects = b"project,intervention,status\nA,f\xf8lge,active\n".to_vec())
                .await;
        assert_eq!(
            latin[0],
            "projects.csv:2: the bytes are not UTF-8; save the file as UTF-8"
        );
        let missing = told(&|f| f.persons = edited(&f.persons, "respondent_type,", "kind,")).await;
        assert_eq!(
            missing,
            [
                "persons.csv:1: the column kind is not known",
                "persons.csv:1: the column respondent_type is missing"
            ]
        );
        let short = told(&|f| f.refusals = edited(&f.refusals, "C,4", "C")).await;
        assert_eq!(short, ["refusals.csv:4: 1 cells, but 2 columns"]);
        let empty = told(&|f| f.refusals = Vec::new()).await;
        assert_eq!(empty.len(), 2, "{empty:?}");
        let twice = told(&|f| {
            let text = String::from_utf8(f.responses.clone()).unwrap();
            let second = text.lines().nth(1).unwrap();
            f.responses = format!("{text}{second}\n").into_bytes();
        })
        .await;
        assert_eq!(
            twice,
            ["responses.csv:597: mhrm-30 of S001 at intake is there already, in line 2"]
        );
        let tomorrow = day_of(app.clock.now()).succ_opt().unwrap();
        let future = told(&|f| {
            f.responses = edited(
                &f.responses,
                "S001,intake,2015-01-08",
                &format!("S001,intake,{tomorrow}"),
            );
        })
        .await;
        assert_eq!(future[0], "responses.csv:2: date: lies in the future");
        let persons = folder().persons;
        let start = std::str::from_utf8(&persons).unwrap();
        let start = start.lines().nth(1).unwrap().to_owned();
        let day = start
            .split(',')
            .find(|c| c.len() == 10 && c.starts_with("20"));
        let slip = told(&|f| f.persons = edited(&f.persons, day.unwrap(), "0025-03-01")).await;
        assert_eq!(
            slip[0],
            "persons.csv:2: start: \"0025-03-01\" is no date (YYYY-MM-DD)"
        );
        assert_eq!(rows(&app).await, [0; 9]);
        // Semicolons and a mark at the beginning are what spreadsheets write; the lines end in their way already.
        let mut spreadsheet = folder();
        let other = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            format!("\u{feff}{}", text.replace(',', ";")).into_bytes()
        };
        spreadsheet.persons = other(&spreadsheet.persons);
        spreadsheet.responses = other(&spreadsheet.responses);
        assert_eq!(bring(&app, &spreadsheet).await.unwrap().persons.new, 201);
    })
    .await;
}
