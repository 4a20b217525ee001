//! What entries do to the people they are about: what waits for a yes, what a no and an erasure remove, what counts of two statements.

use axum::http::StatusCode;
use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::course::RespondentType;
use bedring_domain::journal::{Event, Outcome, Reason};
use bedring_store::entities::{consent, contact, journal_entry, occasion, person, response};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::support::phone::{answers, one, post, send, yes};
use crate::support::{on_both, seed, tables};

#[tokio::test]
async fn answers_before_consent_wait_and_are_applied_when_it_arrives_from_another_device() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let early = vec![
            answers(&app, &someone, "mhrm-30"),
            answers(&app, &someone, "lsns-9"),
        ];
        for entry in early.clone() {
            assert_eq!(
                one(&app, &someone, entry).await,
                (Outcome::Quarantined, Some(Reason::ConsentMissing))
            );
        }
        assert_eq!(tables::count::<response::Entity>(&app).await, 0);
        let mut delivery = seed::delivery(vec![yes(&app, 1)]);
        delivery.device_id = Uuid::from_u128(99);
        let answer = post(&app, &someone.secret, &delivery).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
        assert_eq!(tables::count::<response::Entity>(&app).await, 2);
        let occasion = tables::row::<occasion::Entity>(&app, someone.intake).await;
        assert!(occasion.completed_at.is_some());
        let waiting = journal_entry::Entity::find()
            .filter(journal_entry::Column::State.eq("quarantined"))
            .count(app.state.db.read())
            .await
            .unwrap();
        assert_eq!(waiting, 0);
        assert_eq!(
            one(&app, &someone, early[0].clone()).await.0,
            Outcome::Repeated
        );
    })
    .await;
}

#[tokio::test]
async fn a_no_erases_contact_data_is_counted_once_and_can_be_taken_back() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let address = |minute| {
            seed::entry(
                &app,
                seed::minute(minute),
                Event::ContactGiven {
                    email: "anna@eksempel.dk".to_owned(),
                },
                false,
            )
        };
        let first = address(1);
        let first_id: Uuid = first.id.parse().unwrap();
        assert_eq!(one(&app, &someone, first).await.0, Outcome::Stored);
        let stored = tables::row::<contact::Entity>(&app, someone.id).await;
        let sealed = stored.email_sealed.unwrap();
        assert_eq!(
            app.state.keys.contact.decrypt(&sealed).unwrap(),
            b"anna@eksempel.dk"
        );
        let row = tables::row::<journal_entry::Entity>(&app, first_id).await;
        assert!(
            !row.body.unwrap().contains("anna"),
            "an address never lies open"
        );
        let no = seed::entry(
            &app,
            seed::minute(2),
            seed::consent(Purpose::Evaluation, false),
            true,
        );
        assert_eq!(one(&app, &someone, no).await.0, Outcome::Stored);
        let left = tables::find::<contact::Entity>(&app, someone.id).await;
        assert!(left.is_none());
        let row = tables::row::<journal_entry::Entity>(&app, first_id).await;
        assert!(row.body.is_none());
        let who = tables::row::<person::Entity>(&app, someone.id).await;
        assert!(who.refused && !who.ever_given);
        // An address from before the no that arrives late is not kept either.
        assert_eq!(one(&app, &someone, address(0)).await.0, Outcome::Stored);
        let left = tables::find::<contact::Entity>(&app, someone.id).await;
        assert!(left.is_none());
        assert_eq!(one(&app, &someone, yes(&app, 3)).await.0, Outcome::Stored);
        let who = tables::row::<person::Entity>(&app, someone.id).await;
        assert!(!who.refused && who.ever_given);
        assert_eq!(one(&app, &someone, address(4)).await.0, Outcome::Stored);
        let stored = tables::find::<contact::Entity>(&app, someone.id).await;
        assert!(stored.is_some());
    })
    .await;
}

#[tokio::test]
async fn an_erasure_leaves_hashes_and_an_old_phone_is_told() {
    on_both(|app| async move {
        let (someone, other) = seed::two(&app).await;
        for who in [&someone, &other] {
            send(&app, who, vec![yes(&app, 1), answers(&app, who, "mhrm-30")]).await;
        }
        let old = answers(&app, &someone, "lsns-9");
        let erase = seed::entry(&app, seed::minute(20), seed::withdrawal(Scope::Erase), true);
        assert_eq!(one(&app, &someone, erase.clone()).await.0, Outcome::Stored);
        assert_eq!(
            one(&app, &someone, old).await,
            (Outcome::Gone, Some(Reason::PersonErased))
        );
        assert_eq!(one(&app, &someone, erase).await.0, Outcome::Gone);
        assert_eq!(one(&app, &someone, yes(&app, 99)).await.0, Outcome::Gone);
        let left = tables::all::<response::Entity>(&app).await;
        assert!(
            left.len() == 1 && left[0].person_id == other.id,
            "the other person's answers stay"
        );
        let db = app.state.db.read();
        let rows = journal_entry::Entity::find()
            .filter(journal_entry::Column::PersonId.eq(someone.id))
            .all(db)
            .await
            .unwrap();
        assert!(
            rows.iter().all(|r| r.body.is_none() && r.state == "gone"),
            "{rows:?}"
        );
        assert!(
            consent::Entity::find()
                .filter(consent::Column::PersonId.eq(someone.id))
                .count(db)
                .await
                .unwrap()
                >= 2
        );
    })
    .await;
}

#[tokio::test]
async fn the_latest_statement_of_what_somebody_is_counts_whatever_arrives_last() {
    on_both(|app| async move {
        let someone = seed::somebody(&app).await;
        let stated = |minute, respondent_type| {
            seed::entry(
                &app,
                seed::minute(minute),
                Event::RespondentTypeStated { respondent_type },
                true,
            )
        };
        one(&app, &someone, stated(9, RespondentType::Both)).await;
        one(&app, &someone, stated(2, RespondentType::Participant)).await;
        let who = tables::row::<person::Entity>(&app, someone.id).await;
        assert_eq!(who.respondent_type.as_deref(), Some("both"));
    })
    .await;
}
