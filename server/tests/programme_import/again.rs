//! The same folder once more, changed or not: nothing comes in twice, nothing is overwritten unasked, and the erased stay away.

use bedring_server::ports::Clock;
use bedring_server::programme::import::{Count, Counts, Options};
use bedring_store::entities::{person, response, score};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::support::{TestApp, on_both};
use crate::{bring, bring_with, edited, folder, rows, text, with};

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
            closed: 0,
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
            closed: 0,
        };
        assert_eq!(again, none_new);
        assert_eq!(rows(&app).await, before);
    })
    .await;
}

#[tokio::test]
async fn what_differs_is_told_with_both_values_and_taken_on_purpose() {
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
        let wanted = [
            "persons.csv:2: S001: end is 2015-08-22 here, 2015-08-23 in the file",
            "projects.csv:2: A: status is active here, withdrawn in the file",
            "refusals.csv:2: A: refusals is 3 here, 4 in the file",
            "responses.csv:2: mhrm-30 of S001 at intake: answers is mhrm02 2 here, mhrm02 3 in the file",
        ];
        let take = Options {
            take_differences: true,
            ..Options::default()
        };
        let listed = async |options: &Options| {
            let outcome = bring_with(&app, &changed, options).await.unwrap();
            assert_eq!((outcome.filled, outcome.counts.persons.new), (0, 0));
            let differences = outcome.differences.iter();
            differences.map(ToString::to_string).collect::<Vec<_>>()
        };
        let sum = async || {
            let db = app.state.db.read();
            let scores = score::Entity::find()
                .filter(score::Column::Scale.eq("total"))
                .filter(score::Column::Instrument.eq("mhrm-30"))
                .all(db)
                .await
                .unwrap();
            scores.iter().filter_map(|s| s.score).sum::<f64>()
        };
        let first = sum().await;
        assert_eq!(listed(&Options::default()).await, wanted);
        assert_eq!(listed(&Options::default()).await, wanted, "nothing was taken");
        assert_eq!(sum().await, first);
        assert_eq!(listed(&take).await, wanted);
        assert_eq!(listed(&take).await, Vec::<String>::new(), "all was taken");
        assert_eq!(sum().await, first + 1.0, "scored anew");
        assert_eq!(rows(&app).await, before);
    })
    .await;
}

#[tokio::test]
async fn what_is_in_the_files_no_more_stays() {
    on_both(|app| async move {
        bring(&app, &folder()).await.unwrap();
        let before = rows(&app).await;
        let mut shorter = folder();
        let lines = text(&shorter.responses);
        let lines: Vec<&str> = lines.lines().collect();
        shorter.responses = with(&shorter.responses, lines[..lines.len() - 2].join("\n"));
        let outcome = bring_with(&app, &shorter, &Options::default())
            .await
            .unwrap();
        assert_eq!(outcome.vanished, (0, 2));
        assert!(outcome.differences.is_empty());
        assert_eq!(rows(&app).await, before);
    })
    .await;
}

#[tokio::test]
async fn lines_that_were_added_come_in_and_the_erased_stay_away() {
    on_both(|app| async move {
        let mut half = folder();
        let whole = text(&half.responses);
        let mut lines: Vec<&str> = whole.lines().collect();
        let last = lines.pop().unwrap();
        half.responses = with(&half.responses, lines.join("\n"));
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
        assert_eq!(counts.closed, 1);
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
