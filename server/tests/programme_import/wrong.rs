//! Files that are wrong: everything is told at once, one sentence for each kind of mistake, and nothing comes in.

use bedring_server::calendar::day_of;
use bedring_server::ports::Clock;
use bedring_server::programme::import::{Folder, Options};

use crate::support::on_both;
use crate::{edited, folder, rows, text, told, with};

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
        assert_eq!(
            told(&app, &bad, &Options::default()).await,
            [
                "persons.csv:2: project: \"X\" is no project of projects.csv",
                "persons.csv:2: start: \"2015-13-08\" is no date (YYYY-MM-DD)",
                "persons.csv:3: respondent_type: \"guest\" is no respondent type (participant, volunteer_lived_experience, both, volunteer_no_lived_experience, rather_not_say)",
                "persons.csv:4: person S003 is there already, in line 3",
                "projects.csv:3: status: \"sleeping\" is no status (active, exempt, withdrawn)",
                "refusals.csv:4: refusals of project A is there already, in line 2",
                "refusals.csv:4: refusals: \"-4\" is no count",
                "responses.csv:2: date: \"08-01-2015\" may have the day first or the month first, and 1 day of this file is written so: say --dates day-first or --dates month-first, or write YYYY-MM-DD",
                "responses.csv:2: i01: \"9\" is no answer to mhrm01",
                "responses.csv:2: mode: \"pigeon\" is no mode (own_device, shared_device, with_help, interview, paper)",
                "responses.csv:2: person: \"S999\" is no person of persons.csv (and 4 more: line 6 \"S002\", line 7 \"S002\", line 8 \"S002\", line 9 \"S002\")",
                "responses.csv:3: i10: \"4\" stands where lsns-9 has no item",
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
            told(&app, &bad, &Options::default()).await
        };
        let console =
            told(&|f| f.projects = with(&f.projects, b"project,intervention,status\nA,f\x9blge,active\n".to_vec()))
                .await;
        assert_eq!(
            console,
            ["projects.csv: the file is neither UTF-8 nor a Danish Windows encoding: save it as \"CSV UTF-8\""]
        );
        let missing = told(&|f| f.persons = edited(&f.persons, "respondent_type,", "kind,")).await;
        assert_eq!(
            missing,
            [
                "persons.csv:1: the column kind is not known, and 194 rows hold something in it: remove it, or pass it over with --leave-out \"kind\"",
                "persons.csv:1: the column respondent_type is missing"
            ]
        );
        let short = told(&|f| f.refusals = edited(&f.refusals, "C,4", "C")).await;
        assert_eq!(short, ["refusals.csv:4: refusals: empty is no count"]);
        let long = told(&|f| f.projects = edited(&f.projects, "A,companion", "A,peer, mentor")).await;
        assert_eq!(
            long,
            ["projects.csv:2: 4 cells, but 3 columns: text that holds the separator, and decimals with a comma, need quotation marks around them"]
        );
        let empty = told(&|f| f.refusals = with(&f.refusals, "")).await;
        assert_eq!(
            empty,
            ["refusals.csv: there are no headings: the first line has to be project, refusals"]
        );
        let twice = told(&|f| {
            let text = text(&f.responses);
            let second = text.lines().nth(1).unwrap();
            f.responses = with(&f.responses, format!("{text}{second}\n"));
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
        let wanted = format!("responses.csv:2: date: \"{tomorrow}\" lies in the future");
        assert_eq!(future[0], wanted);
        assert_eq!(rows(&app).await, [0; 9]);
    })
    .await;
}

#[tokio::test]
async fn the_same_mistake_in_every_row_is_one_sentence() {
    on_both(|app| async move {
        let mut bad = folder();
        let lines = text(&bad.responses);
        bad.responses = with(
            &bad.responses,
            lines
                .replace(",paper,", ",pr. post,")
                .replace("mhrm-30,", "mhrm-30,7")
                .replace("exit,20", "slut,20"),
        );
        let told = told(&app, &bad, &Options::default()).await;
        assert_eq!(told.len(), 3, "{told:#?}");
        let papers = lines.matches(",paper,").count() - 1;
        assert!(
            told.iter().any(|t| t.contains("\"pr. post\" is no mode")
                && t.contains(&format!("(and {papers} more: line 3, line 4, line 5"))),
            "{told:#?}"
        );
        for (words, other) in [
            ("is no answer to mhrm01", "i01"),
            (
                "is no measurement of the plan (intake, exit, follow_up_N",
                "slut",
            ),
        ] {
            assert!(
                told.iter().any(|t| t.contains(words) && t.contains(other)),
                "{told:#?}"
            );
        }
        assert_eq!(rows(&app).await, [0; 9]);
    })
    .await;
}
