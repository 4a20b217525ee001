//! What a person's phone asks of the server: the bundle, "mine", and the exchange of a short code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod by_two;
mod codes;
mod devices;
mod erasing;
mod held;
mod staff;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::paths;
use bedring_contract::person::PersonBundle;
use bedring_server::calendar::day_of;
use bedring_server::journal::{Key, Sender};
use bedring_server::ports::Clock;
use bedring_server::programme::create;
use bedring_server::programme::editions::publish_shipped;
use bedring_server::programme::invitation::{Invited, Maker, invite};
use bedring_server::programme::register::{NewPerson, register};
use bedring_store::entities::{letter, occasion, project};
use bedring_store::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use support::seed::{self, Someone};
use support::{Answer, TestApp, request};
use uuid::Uuid;

const EXAMPLE: &str = include_str!("../../demo/programme.toml");

/// The letter that `seed::consent` names, beside the example's own.
async fn publish_letter<C: ConnectionTrait>(db: &C, programme: Uuid) {
    let own = letter::Entity::find()
        .filter(letter::Column::ProgrammeId.eq(programme))
        .one(db)
        .await
        .unwrap();
    let mut row = own.unwrap();
    row.edition = "1".to_owned();
    letter::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await
        .unwrap();
}

/// The example programme with one person who was invited.
async fn invited(app: &TestApp) -> (Someone, Invited) {
    let (state, now) = (&app.state, app.clock.now());
    publish_shipped(&state.db, now).await.unwrap();
    let tx = state.db.begin().await.unwrap();
    let file = create::read(EXAMPLE).unwrap();
    create::create(&*tx, &*state.random, Uuid::from_u128(5), &file, now)
        .await
        .unwrap();
    let project = project::Entity::find()
        .filter(project::Column::Code.eq("HAVN"))
        .one(&*tx)
        .await
        .unwrap()
        .unwrap();
    let new = NewPerson {
        code: None,
        respondent_type: None,
        start_on: day_of(now),
    };
    let person = register(&*tx, &*state.random, project.id, new, now)
        .await
        .unwrap();
    let by = Maker {
        keys: &state.keys.contact,
        random: &*state.random,
        account: None,
        now,
    };
    let way_in = invite(&*tx, by, person.id, false).await.unwrap();
    publish_letter(&*tx, Uuid::from_u128(5)).await;
    tx.commit().await.unwrap();
    support::phone::is_known(app, person.id, &way_in.link.secret).await;
    let intake = occasion::Entity::find()
        .filter(occasion::Column::PersonId.eq(person.id))
        .filter(occasion::Column::Kind.eq("intake"))
        .one(state.db.read())
        .await
        .unwrap()
        .unwrap();
    (
        Someone {
            id: person.id,
            secret: way_in.link.secret.clone(),
            intake: intake.id,
        },
        way_in,
    )
}

async fn get_with(app: &TestApp, path: &str, secret: &str) -> Answer {
    let request =
        request(Method::GET, path).header(header::AUTHORIZATION, format!("Bearer {secret}"));
    app.send(request.body(Body::empty()).unwrap()).await
}

async fn bundle(app: &TestApp, secret: &str) -> PersonBundle {
    let answer = get_with(app, paths::OCCASION, secret).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

async fn deliver(
    app: &TestApp,
    someone: &Someone,
    from: i64,
    events: Vec<bedring_domain::journal::Event>,
) {
    let entries = events
        .into_iter()
        .zip(from..)
        .map(|(e, m)| seed::entry(app, seed::minute(m), e, true))
        .collect();
    let sender = Sender::Secret(Key {
        hash: bedring_server::journal::secret_hash(&someone.secret),
        known: Some(someone.id),
    });
    for result in app
        .state
        .journal
        .deliver(sender, seed::delivery(entries))
        .await
        .unwrap()
    {
        assert!(result.receipt.is_some(), "{result:?}");
    }
}
