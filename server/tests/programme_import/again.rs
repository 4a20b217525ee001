//! The same folder once more, changed or not: nothing comes in twice, nothing is overwritten, and the erased stay away.

use bedring_server::ports::Clock;
use bedring_server::programme::import::{Count, Counts, ImportError};
use bedring_store::entities::{person, response};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::support::{TestApp, on_both};
use crate::{bring, edited, folder, rows};

#[tokio::test]
async fn the_second_time_nothing_changes() {
    on_both(|app| async move {
        let first = bring(&app, &folder()).await.unwrap();
        let count = |all, new| Count { all, new };
        let all_new = Counts {
            projects: count(11, 11),
            persons: count(201, 201),
            responses: count(595, 595),
            refusals: count(37, 37),
            erased: 0,
        };
        assert_eq!(first, all_new);
        let before = rows(&app).await;
        app.clock.advance(std::time::Duration::from_secs(86_400));
        let again = bring(&app, &folder()).await.unwrap();
        let nothing = |c: Count| Count { new: 0, ..c };
        let none_new = Counts {
            projects: nothing(first.projects),
            persons: nothing(first.persons),
            responses: nothing(first.responses),
            refusals: nothing(first.refusals),
            erased: 0,
        };
        assert_eq!(again, none_new);
        assert_eq!(rows(&app).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_changed_is_refused_with_what_differs() {
    on_both(|app| async move {
        bring(&app, &folder()).await.unwrap();
        let before = rows(&app).await;
        let mut changed = folder();
        changed.projects = edited(
            &changed.projects,
            "A,companion,active",
            "A,companion,withdrawn",
        );
        changed.persons = edited(
            &changed.persons,
            "2015-01-08,2015-08-22",
            "2015-01-08,2015-08-23",
        );
        changed.responses = edited(
            &changed.responses,
            "S001,intake,2015-01-08,paper,mhrm-30,1,2",
            "S001,intake,2015-01-08,paper,mhrm-30,1,3",
        );
        changed.refusals = edited(&changed.refusals, "A,3", "A,4");
        let Err(ImportError::Problems(problems)) = bring(&app, &changed).await else {
            panic!("came in")
        };
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "persons.csv:2: S001 came in before with another end",
                "projects.csv:2: A came in before with another status",
                "refusals.csv:2: this project came in before with another count",
                "responses.csv:2: mhrm-30 of S001 came in before with another set of answers",
            ]
        );
        let mut shorter = folder();
        let lines: Vec<&str> = std::str::from_utf8(&shorter.responses)
            .unwrap()
            .lines()
            .collect();
        shorter.responses = lines[..lines.len() - 2].join("\n").into_bytes();
        let Err(ImportError::Problems(problems)) = bring(&app, &shorter).await else {
            panic!("came in")
        };
        assert_eq!(
            problems[0].to_string(),
            "responses.csv: 2 responses that came in before are in the file no more"
        );
        assert_eq!(rows(&app).await, before);
    })
    .await;
}

#[tokio::test]
async fn lines_that_were_added_come_in_and_the_erased_stay_away() {
    on_both(|app| async move {
        let mut half = folder();
        let text = String::from_utf8(half.responses.clone()).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        let last = lines.pop().unwrap();
        half.responses = lines.join("\n").into_bytes();
        assert_eq!(bring(&app, &half).await.unwrap().responses.all, 594);
        let code = last.split(',').next().unwrap();
        let db = app.state.db.read();
        let one = person::Entity::find()
            .filter(person::Column::Code.eq("S001"))
            .one(db)
            .await
            .unwrap()
            .unwrap();
        assert_ne!(code, "S001");
        erase(&app, one.id).await;
        let counts = bring(&app, &folder()).await.unwrap();
        assert_eq!(counts.responses, Count { all: 595, new: 1 });
        assert_eq!(counts.erased, 1);
        let theirs = response::Entity::find()
            .filter(response::Column::PersonId.eq(one.id))
            .count(db)
            .await
            .unwrap();
        assert_eq!(theirs, 0, "nothing comes back");
    })
    .await;
}

/// As the journal leaves a person who erased everything.
async fn erase(app: &TestApp, id: Uuid) {
    use bedring_store::sea_orm::prelude::Expr;
    let db = app.state.db.read();
    response::Entity::delete_many()
        .filter(response::Column::PersonId.eq(id))
        .exec(db)
        .await
        .unwrap();
    person::Entity::update_many()
        .col_expr(person::Column::ErasedAt, Expr::value(app.clock.now()))
        .col_expr(person::Column::Code, Expr::value("slettet-1"))
        .col_expr(
            person::Column::StartOn,
            Expr::value(None::<chrono::NaiveDate>),
        )
        .filter(person::Column::Id.eq(id))
        .exec(db)
        .await
        .unwrap();
}
