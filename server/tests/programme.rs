//! Editions that never change, programmes from files, and the demonstration.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

mod support;

use bedring_contract::staff::Role;
use bedring_domain::instrument::EditionRef;
use bedring_domain::instrument::file::{InstrumentFile, read};
use bedring_server::ports::Clock;
use bedring_server::programme::create::{self, CreateError};
use bedring_server::programme::demo::{DemoError, prepare};
use bedring_server::programme::editions::{self, PublishError, Published, publish_shipped};
use bedring_store::entities::{
    account, account_project, contact, occasion, person, programme, project, score,
};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use support::{TestApp, on_both};
use uuid::Uuid;

const LSNS_9: &str = include_str!("../../app/domain/instruments/lsns-9.demo-1.toml");
const LSNS_6: &str = include_str!("../../app/domain/instruments/lsns-6.demo-1.toml");
const EXAMPLE: &str = include_str!("../demo/programme.toml");

async fn publish(
    app: &TestApp,
    file: &InstrumentFile,
    text: &str,
) -> Result<Published, PublishError> {
    let tx = app.state.db.begin().await.unwrap();
    let published = editions::publish(&*tx, file, text, app.clock.now()).await;
    if published.is_ok() {
        tx.commit().await.unwrap();
    }
    published
}

#[tokio::test]
async fn an_edition_is_published_once_and_never_changed() {
    on_both(|app| async move {
        let file = read(LSNS_9).unwrap();
        let derived = read(LSNS_6).unwrap();
        let refused = publish(&app, &derived, LSNS_6)
            .await
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("derived from the edition demo-1 of lsns-9"),
            "{refused}"
        );
        assert_eq!(publish(&app, &file, LSNS_9).await.unwrap(), Published::New);
        assert_eq!(
            publish(&app, &file, LSNS_9).await.unwrap(),
            Published::Already
        );
        assert_eq!(
            publish(&app, &derived, LSNS_6).await.unwrap(),
            Published::New
        );
        let other = format!("{LSNS_9}\n# a remark\n");
        let refused = publish(&app, &read(&other).unwrap(), &other)
            .await
            .unwrap_err();
        assert!(
            matches!(refused, PublishError::Immutable { .. }),
            "{refused}"
        );
        let found = editions::find(app.state.db.read(), &file.definition.reference())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.source_file, LSNS_9);
        assert_eq!(found.sha256.len(), 64);

        let mut bare = read(LSNS_9).unwrap();
        bare.definition.edition = "bare".to_owned();
        bare.vectors.truncate(1);
        bare.vectors[0].expect.clear();
        assert!(matches!(
            publish(&app, &bare, "x").await.unwrap_err(),
            PublishError::EmptyVector(_)
        ));
        bare.vectors.clear();
        assert!(matches!(
            publish(&app, &bare, "x").await.unwrap_err(),
            PublishError::NoVectors
        ));
        assert_eq!(editions::all(app.state.db.read()).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_shipped_editions_come_by_themselves_and_leave_others_alone() {
    on_both(|app| async move {
        let file = read(LSNS_9).unwrap();
        publish(&app, &file, LSNS_9).await.unwrap();
        let before = app.clock.now();
        app.clock.advance(std::time::Duration::from_secs(60));
        for _ in 0..2 {
            publish_shipped(&app.state.db, app.clock.now())
                .await
                .unwrap();
            let all = editions::all(app.state.db.read()).await.unwrap();
            let names: Vec<&str> = all.iter().map(|e| e.instrument.as_str()).collect();
            assert_eq!(names, ["lsns-6", "lsns-9", "mhrm-30"]);
            assert_eq!(
                all[1].imported_at, before,
                "the one that was there is as it was"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_programme_is_made_whole_or_not_at_all() {
    on_both(|app| async move {
        let app = &app;
        let (state, now) = (&app.state, app.clock.now());
        let make = async |text: &str| {
            let file = create::read(text).unwrap();
            let tx = state.db.begin().await.unwrap();
            create::create(
                &*tx,
                &*state.random,
                Uuid::from_u128(now.timestamp() as u128),
                &file,
                now,
            )
            .await?;
            tx.commit().await.unwrap();
            Ok::<_, CreateError>(())
        };
        let refused = make(EXAMPLE).await.unwrap_err().to_string();
        assert_eq!(refused, "instruments: mhrm-30 demo-1 is not published here");
        publish_shipped(&state.db, now).await.unwrap();
        let derived = EXAMPLE.replace("lsns-9", "lsns-6");
        assert!(
            make(&derived)
                .await
                .unwrap_err()
                .to_string()
                .contains("never asked")
        );
        assert_eq!(
            programme::Entity::find()
                .count(state.db.read())
                .await
                .unwrap(),
            0
        );
        make(EXAMPLE).await.unwrap();
        assert!(matches!(
            make(EXAMPLE).await.unwrap_err(),
            CreateError::Taken(_)
        ));
        let projects = project::Entity::find().all(state.db.read()).await.unwrap();
        assert_eq!(projects.len(), 2);
        let found = create::find(state.db.read(), "demo")
            .await
            .unwrap()
            .unwrap();
        let asked = EditionRef {
            instrument: "mhrm-30".to_owned(),
            edition: "demo-1".to_owned(),
        };
        let plan: bedring_store::plan::Plan =
            bedring_store::plan::from_json("programmes", &found.plan).unwrap();
        assert_eq!(plan.instruments[0], asked);
    })
    .await;
}

#[tokio::test]
async fn the_demonstration_is_made_once_and_invites_somebody_at_every_start() {
    on_both(|app| async move {
        let app = &app;
        let state = &app.state;
        publish_shipped(&state.db, app.clock.now()).await.unwrap();
        let start = async || {
            prepare(
                &state.db,
                &state.keys.contact,
                &state.passwords,
                &*state.random,
                None,
                app.clock.now(),
            )
            .await
            .unwrap()
        };
        let first = start().await;
        let roles: Vec<Role> = first.accounts.iter().map(|a| a.role).collect();
        assert_eq!(roles, Role::ALL);
        let mut passwords: Vec<&str> = first.accounts.iter().map(|a| a.password()).collect();
        passwords.dedup();
        assert_eq!(passwords.len(), 4, "each its own");
        assert!(passwords.iter().all(|p| p.len() == 19));
        let db = state.db.read();
        assert_eq!(account_project::Entity::find().count(db).await.unwrap(), 5);
        assert!(
            score::Entity::find().count(db).await.unwrap() > 4000,
            "there is something to see"
        );
        let held = contact::Entity::find().all(db).await.unwrap();
        let open = |row: &contact::Model| {
            let sealed = row.phone_sealed.as_deref().unwrap();
            String::from_utf8(state.keys.contact.decrypt(sealed).unwrap()).unwrap()
        };
        let numbers: std::collections::HashSet<String> = held.iter().map(open).collect();
        assert_eq!(numbers.len(), held.len(), "each another");
        assert!(numbers.len() > 50, "some can be called, to try it out");
        // No Danish number and no country code begins with 0: they are nobody's.
        assert!(numbers.iter().all(|n| n.starts_with("00 00 ")));

        let second = start().await;
        assert!(second.accounts.is_empty(), "passwords are shown once");
        assert_eq!(second.person, first.person);
        assert_ne!(second.invited.link.secret, first.invited.link.secret);
        assert_eq!(account::Entity::find().count(db).await.unwrap(), 4);

        let one = person::Entity::find()
            .filter(person::Column::Code.eq(&first.person))
            .one(db)
            .await
            .unwrap()
            .unwrap();
        occasion::Entity::update_many()
            .col_expr(occasion::Column::CompletedAt, Expr::value(app.clock.now()))
            .filter(occasion::Column::PersonId.eq(one.id))
            .exec(db)
            .await
            .unwrap();
        assert_ne!(
            start().await.person,
            first.person,
            "whoever has answered is left in peace"
        );
    })
    .await;
}

#[tokio::test]
async fn the_demonstration_keeps_away_from_other_peoples_data() {
    on_both(|app| async move {
        let app = &app;
        let (state, now) = (&app.state, app.clock.now());
        publish_shipped(&state.db, now).await.unwrap();
        let file = create::read(&EXAMPLE.replace("code = \"demo\"", "code = \"real\"")).unwrap();
        let tx = state.db.begin().await.unwrap();
        create::create(&*tx, &*state.random, Uuid::from_u128(1), &file, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let refused = prepare(
            &state.db,
            &state.keys.contact,
            &state.passwords,
            &*state.random,
            None,
            now,
        )
        .await
        .err()
        .unwrap();
        assert!(matches!(refused, DemoError::NotEmpty));
        assert_eq!(
            account::Entity::find()
                .count(state.db.read())
                .await
                .unwrap(),
            0
        );
        assert_eq!(
            programme::Entity::find()
                .count(state.db.read())
                .await
                .unwrap(),
            1
        );
    })
    .await;
}
