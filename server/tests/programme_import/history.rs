//! What an import changes of people who are here stands in their history, as if somebody had corrected it on the screen; and the words of
//! people's own lists are understood.

use bedring_contract::course::{Actor, Happening, History};
use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_domain::course::{MissedReason, RespondentType};
use bedring_server::programme::import::{Folder, Options};
use bedring_store::entities::{occasion, person, project, response};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::support::staff::{logged_in, path};
use crate::support::{TestApp, on_both, tables};
use crate::{bring, bring_with, edited, field};

async fn person(app: &TestApp, code: &str) -> person::Model {
    let found = person::Entity::find().filter(person::Column::Code.eq(code));
    found.one(app.state.db.read()).await.unwrap().unwrap()
}

/// What the history has of corrections, the oldest first.
async fn corrections(app: &TestApp, code: &str) -> Vec<(Actor, Happening)> {
    let projects = tables::all::<project::Entity>(app).await;
    let projects: Vec<_> = projects.iter().map(|p| p.id).collect();
    let leader = logged_in(app, Role::ProjectLeader, &projects).await;
    let target = path(paths::PERSON_HISTORY, person(app, code).await.id);
    let history: History = leader.get(app, &target).await.json();
    let mut told: Vec<_> = history
        .lines
        .into_iter()
        .filter(|l| !matches!(l.what, Happening::Consent { .. } | Happening::Answered))
        .map(|l| (l.by, l.what))
        .collect();
    told.reverse();
    told
}

fn take() -> Options {
    Options {
        take_differences: true,
        ..Options::default()
    }
}

#[tokio::test]
async fn differences_that_are_taken_stand_in_the_history() {
    on_both(|app| async move {
        bring(&app, &field("reference")).await.unwrap();
        let mut second = field("reference");
        for (from, to) in [
            ("P001,A,participant,2025-01-08", "P001,B,both,2025-01-06"),
            ("stopped_contact", "illness"),
        ] {
            second.persons = edited(&second.persons, from, to);
        }
        // Listed and not taken: nothing happened.
        bring_with(&app, &second, &Options::default())
            .await
            .unwrap();
        assert_eq!(corrections(&app, "P001").await, []);
        bring_with(&app, &second, &take()).await.unwrap();
        let day = |day: &str| Some(day.parse().unwrap());
        let mut told = corrections(&app, "P001").await;
        let mut expected = vec![
            Happening::Moved {
                from: Some("A".to_owned()),
                to: Some("B".to_owned()),
            },
            Happening::StartCorrected {
                from: day("2025-01-08"),
                to: day("2025-01-06"),
            },
            Happening::RoleCorrected {
                from: Some(RespondentType::Participant),
                to: Some(RespondentType::Both),
            },
        ];
        let word = |what: &Happening| format!("{what:?}");
        told.sort_by_key(|(_, what)| word(what));
        expected.sort_by_key(word);
        let by_nobody = |what| (Actor::Server, what);
        assert_eq!(
            told,
            expected.into_iter().map(by_nobody).collect::<Vec<_>>()
        );
        let reason = Happening::Reason {
            reason: Some(MissedReason::Illness),
        };
        assert_eq!(
            corrections(&app, "P004").await,
            [by_nobody(reason)],
            "why the exit is missing"
        );
        // The same once more changes nothing, and so nothing is told.
        bring_with(&app, &second, &take()).await.unwrap();
        assert_eq!(corrections(&app, "P001").await.len(), 3);
        assert_eq!(corrections(&app, "P004").await.len(), 1);
    })
    .await;
}

/// The same folder in the words of people's own lists.
fn in_danish() -> Folder {
    let mut folder = field("reference");
    for (from, to) in [(",active", ",Aktiv"), (",active", ",i gang")] {
        folder.projects = edited(&folder.projects, from, to);
    }
    for (from, to) in [
        ("P001,A,participant", "P001,A,Deltager"),
        ("volunteer_lived_experience", "Frivillig med brugererfaring"),
        ("P004,B,participant", "P004,B,borger"),
        ("stopped_contact", "Kunne ikke længere kontaktes"),
    ] {
        folder.persons = edited(&folder.persons, from, to);
    }
    for (from, to) in [
        (
            "P001,intake,2025-01-08,paper,mhrm-30",
            "P001,Førmåling,2025-01-08,På papir,mhrm-30",
        ),
        (
            "P001,exit,2025-08-22,paper,mhrm-30",
            "P001,eftermåling,2025-08-22,papir,mhrm-30",
        ),
    ] {
        folder.responses = edited(&folder.responses, from, to);
    }
    folder
}

#[tokio::test]
async fn danish_words_in_the_cells_mean_the_same() {
    on_both(|app| async move {
        bring(&app, &in_danish()).await.unwrap();
        // What our own words say differs in nothing from what is here now.
        let again = bring_with(&app, &field("reference"), &Options::default())
            .await
            .unwrap();
        assert_eq!((again.filled, again.differences), (0, Vec::new()));
        assert_eq!(again.counts.responses.new, 0);
        let modes = tables::all::<response::Entity>(&app).await;
        assert!(modes.iter().all(|r| r.mode == "paper"));
        let missed = tables::all::<occasion::Entity>(&app).await;
        let missed = missed.iter().filter_map(|o| o.missed_reason.as_deref());
        assert_eq!(missed.collect::<Vec<_>>(), ["stopped_contact"]);
        // Whether they are measured hangs on it, so a volunteer alone is asked about.
        let mut unclear = in_danish();
        unclear.persons = edited(
            &unclear.persons,
            "Frivillig med brugererfaring",
            "frivillig",
        );
        let told = crate::told(&app, &unclear, &Options::default()).await;
        assert!(
            told.len() == 1 && told[0].contains("frivillig uden brugererfaring"),
            "{told:?}"
        );
    })
    .await;
}
