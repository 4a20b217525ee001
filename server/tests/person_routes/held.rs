//! The bundle that a phone works with, and "mine": what is held of a person and who looked at it.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::support::phone;
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_domain::consent::{Channel, Decision, Purpose, Scope};
use bedring_domain::course::{OccasionKind, OccasionState};
use bedring_server::calendar::day_of;
use bedring_server::ports::Clock;
use bedring_store::entities::{audit, occasion, person};
use bedring_store::sea_orm::prelude::Expr;
use bedring_store::sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::support::{on_both, seed};
use crate::{bundle, deliver, get_with, invited};

#[tokio::test]
async fn the_bundle_holds_all_that_a_phone_needs() {
    on_both(|app| async move {
        let (someone, _) = invited(&app).await;
        let b = bundle(&app, &someone.secret).await;
        assert_eq!(
            (b.person, b.project.as_str(), b.language.as_str()),
            (someone.id, "Kaffe på havnen", "da")
        );
        assert_eq!(b.purposes, Purpose::ALL);
        assert!(b.consents.is_empty() && b.respondent_type.is_none() && b.standing.may_ask());
        assert_eq!(b.letter.edition, "demo-1");
        assert_eq!(b.letter.sha256.len(), 64);
        assert_eq!(b.letter.body.keys().collect::<Vec<_>>(), ["da", "en"]);
        assert_eq!(b.programme.contacts[1].phone, "70 201 201");
        assert_eq!(
            b.programme.contacts_checked.unwrap().to_string(),
            "2015-10-26"
        );
        assert_eq!(b.time, app.clock.now());
        let states: Vec<_> = b.occasions.iter().map(|o| (o.kind, o.state)).collect();
        assert_eq!(
            states,
            [
                (OccasionKind::Intake, OccasionState::Open),
                (OccasionKind::Exit, OccasionState::Planned)
            ]
        );
        let asked: BTreeSet<_> = b
            .occasions
            .iter()
            .flat_map(|o| &o.instruments)
            .map(|i| i.edition.clone())
            .collect();
        let carried: BTreeSet<_> = b
            .definitions
            .iter()
            .map(bedring_domain::instrument::Definition::reference)
            .collect();
        assert_eq!(asked, carried);
        assert_eq!(b.definitions.len(), 2, "each once");
    })
    .await;
}

#[tokio::test]
async fn the_bundle_follows_what_was_said_and_answered() {
    on_both(|app| async move {
        let (someone, _) = invited(&app).await;
        deliver(
            &app,
            &someone,
            1,
            vec![
                seed::consent(Purpose::Evaluation, true),
                seed::consent(Purpose::Research, false),
                seed::response(&someone, "mhrm-30", 2),
            ],
        )
        .await;
        let b = bundle(&app, &someone.secret).await;
        let said: Vec<_> = b.consents.iter().map(|c| (c.purpose, c.given)).collect();
        assert_eq!(
            said,
            [(Purpose::Evaluation, true), (Purpose::Research, false)]
        );
        let answered: Vec<bool> = b.occasions[0]
            .instruments
            .iter()
            .map(|i| i.answered)
            .collect();
        assert_eq!(
            (b.occasions[0].state, answered),
            (OccasionState::Open, vec![true, false])
        );

        deliver(
            &app,
            &someone,
            1,
            vec![seed::response(&someone, "lsns-9", 3)],
        )
        .await;
        let b = bundle(&app, &someone.secret).await;
        assert_eq!(b.occasions[0].state, OccasionState::Completed);
        assert_eq!(
            b.definitions.len(),
            2,
            "for the exit, which may open while the phone is offline"
        );

        let today = day_of(app.clock.now());
        occasion::Entity::update_many()
            .col_expr(
                occasion::Column::OpensOn,
                Expr::value(today.succ_opt().unwrap()),
            )
            .filter(occasion::Column::PersonId.eq(someone.id))
            .filter(occasion::Column::Kind.eq("exit"))
            .exec(app.state.db.read())
            .await
            .unwrap();
        assert_eq!(
            bundle(&app, &someone.secret).await.occasions[1].state,
            OccasionState::Planned
        );
        // It is eight in the morning in UTC: at 23 o'clock it is tomorrow in Denmark.
        app.clock.advance(Duration::from_secs(15 * 3600));
        assert_eq!(
            bundle(&app, &someone.secret).await.occasions[1].state,
            OccasionState::Open
        );

        deliver(
            &app,
            &someone,
            100,
            vec![seed::withdrawal(Scope::StopAsking)],
        )
        .await;
        let b = bundle(&app, &someone.secret).await;
        assert_eq!(b.standing.withdrawn, Some(Scope::StopAsking));
        assert_eq!(b.occasions[1].state, OccasionState::Withdrawn);
        assert_eq!(
            b.definitions.len(),
            2,
            "they may change their mind without a network"
        );
    })
    .await;
}

#[tokio::test]
async fn a_secret_that_opens_nothing_is_told_apart_and_erasure_is_told_to_all() {
    on_both(|app| async move {
        let (someone, way_in) = invited(&app).await;
        for path in [paths::OCCASION, paths::MINE] {
            app.get(path).await.assert_problem(Code::AuthMissing);
            get_with(&app, path, "AAAAAAAAAAAAAAAAAAAAAA")
                .await
                .assert_problem(Code::AuthSecretUnknown);
            // A short code is no secret: it must be exchanged, which is throttled.
            get_with(&app, path, &way_in.short_code)
                .await
                .assert_problem(Code::AuthSecretUnknown);
        }
        app.clock.advance(Duration::from_secs(400 * 86_400));
        for path in [paths::OCCASION, paths::MINE] {
            get_with(&app, path, &someone.secret)
                .await
                .assert_problem(Code::AuthSecretExpired);
        }
        person::Entity::update_many()
            .col_expr(person::Column::ErasedAt, Expr::value(app.clock.now()))
            .exec(app.state.db.read())
            .await
            .unwrap();
        for path in [paths::OCCASION, paths::MINE] {
            get_with(&app, path, &someone.secret)
                .await
                .assert_problem(Code::PersonErased);
        }
    })
    .await;
}

#[tokio::test]
async fn mine_shows_what_is_held_and_who_looked() {
    on_both(|app| async move {
        let (someone, _) = invited(&app).await;
        let email = bedring_domain::journal::Event::ContactGiven {
            email: "anne@example.org".to_owned(),
        };
        deliver(
            &app,
            &someone,
            1,
            vec![
                seed::consent(Purpose::Evaluation, true),
                seed::consent(Purpose::Reminders, true),
                email,
                seed::response(&someone, "lsns-9", 4),
            ],
        )
        .await;
        for (action, minutes) in [("answers", 1), ("log_in", 2), ("invitation", 3)] {
            let mut bytes = [0; 16];
            app.state.random.fill(&mut bytes);
            let row = audit::ActiveModel {
                id: Set(Uuid::from_bytes(bytes)),
                at: Set(app.clock.now() + chrono::TimeDelta::minutes(minutes)),
                account_id: Set(None),
                role: Set("project_leader".to_owned()),
                action: Set(action.to_owned()),
                person_id: Set(Some(someone.id)),
                project_id: Set(None),
                subject: Set(None),
            };
            audit::Entity::insert(row)
                .exec_without_returning(app.state.db.read())
                .await
                .unwrap();
        }
        let mine = phone::mine(&app, &someone).await;
        assert!(mine.code.starts_with("HAVN-"), "{}", mine.code);
        assert_eq!(mine.email.as_deref(), Some("anne@example.org"));
        let said: Vec<_> = mine
            .consents
            .iter()
            .map(|c| (c.purpose, c.decision, c.channel))
            .collect();
        let yes = |purpose| (purpose, Decision::Given, Channel::Screen);
        assert_eq!(said, [yes(Purpose::Evaluation), yes(Purpose::Reminders)]);
        assert_eq!(mine.responses.len(), 1);
        let response = &mine.responses[0];
        assert_eq!(
            (response.occasion, response.answers.len()),
            (OccasionKind::Intake, 9)
        );
        assert!(
            response.receipt.starts_with("KVIT-"),
            "{}",
            response.receipt
        );
        let seen: Vec<&str> = mine.seen_by.iter().map(|s| s.what.as_str()).collect();
        assert_eq!(
            seen,
            ["invitation", "answers", "mine_opened"],
            "latest first, and nothing that is not about looking"
        );
    })
    .await;
}
