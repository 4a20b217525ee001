//! A clock that stands outside every calendar spoils nothing, and the page of nobody.

use axum::http::StatusCode;
use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_domain::consent::Purpose;
use bedring_domain::journal::{Outcome, Reason};
use bedring_store::entities::response;
use bedring_store::sea_orm::EntityTrait;
use bedring_store::sea_orm::prelude::Expr;
use serde_json::{Value, json};

use crate::support::phone::{answers, deliver, mine, one, post_bytes, yes};
use crate::support::staff::{logged_in, path};
use crate::support::{on_both, seed};

const IMPOSSIBLE: [&str; 4] = [
    "+262142-12-31T23:59:59Z",
    "-262143-01-01T00:00:00Z",
    "+10000-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
];

#[tokio::test]
async fn a_time_that_no_page_could_show_is_kept_apart_and_its_neighbours_come_in() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        one(&app, &someone, yes(&app, 1)).await;
        for field in ["recorded_at", "started_at", "finished_at"] {
            for moment in IMPOSSIBLE {
                let event = seed::response(&someone, "mhrm-30", 3);
                let mut entry = serde_json::to_value(&event).unwrap();
                entry["recorded_at"] = json!("2026-03-02T09:10:00+01:00");
                entry["app_version"] = json!("test");
                entry[field] = json!(moment);
                let entry = seed::delivered(&app, seed::fresh(&app), entry.to_string(), true);
                let good = answers(&app, &someone, "lsns-9");
                let results =
                    deliver(&app, &someone.secret, &seed::delivery(vec![entry, good])).await;
                assert_eq!(
                    (results[0].outcome, results[0].reason),
                    (Outcome::Quarantined, Some(Reason::EntryMalformed)),
                    "{field} {moment}"
                );
                assert_eq!(results[1].outcome, Outcome::Stored);
            }
        }
        mine(&app, &someone).await;
    })
    .await;
}

#[tokio::test]
async fn an_hour_of_sending_outside_every_calendar_holds_nothing_back_later() {
    on_both(|app| async move {
        for moment in IMPOSSIBLE {
            let someone = seed::somebody(&app).await;
            // It waits for the yes, and is decided again from what was written down when it came.
            let mut delivery: Value =
                serde_json::to_value(seed::delivery(vec![answers(&app, &someone, "mhrm-30")]))
                    .unwrap();
            delivery["sent_at"] = json!(moment);
            let bytes = serde_json::to_vec(&delivery).unwrap();
            let answer = post_bytes(&app, &someone.secret, bytes).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
            assert_eq!(one(&app, &someone, yes(&app, 20)).await.0, Outcome::Stored);
            let mine = mine(&app, &someone).await;
            assert_eq!(mine.responses.len(), 1, "{moment}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_an_older_server_wrote_down_is_shown() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        one(&app, &someone, yes(&app, 1)).await;
        let leader = seed::consent(Purpose::LeaderSeesAnswers, true);
        let leader = seed::entry(&app, seed::minute(2), leader, true);
        one(&app, &someone, leader).await;
        let entry = answers(&app, &someone, "mhrm-30");
        one(&app, &someone, entry).await;
        for old in [
            "+262142-12-31T23:59:59+00:00",
            "-262143-01-01T00:00:00+00:00",
            "?",
        ] {
            response::Entity::update_many()
                .col_expr(response::Column::DeviceFinishedAt, Expr::value(old))
                .exec(app.state.db.read())
                .await
                .unwrap();
            mine(&app, &someone).await;
            let staff = logged_in(&app, Role::ProjectLeader, &[project]).await;
            let page = staff.get(&app, &path(paths::PERSON, someone.id)).await;
            assert_eq!(page.status, StatusCode::OK, "{old}: {}", page.text());
        }
    })
    .await;
}
