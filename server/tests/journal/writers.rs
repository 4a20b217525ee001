//! Who wrote it: what staff deliver carries their account, and they cannot say what only the person can.

use bedring_contract::course::{Actor, Happening, History};
use bedring_contract::journal::{DeliveredEntry, DeliveryResults};
use bedring_contract::paths;
use bedring_contract::staff::Role;
use bedring_domain::consent::{Channel, Purpose, Scope};
use bedring_domain::journal::{Event, Outcome, Reason};
use bedring_store::entities::{audit, consent, journal_entry, person, response};
use uuid::Uuid;

use crate::support::phone::{mine, one, yes};
use crate::support::seed::Someone;
use crate::support::staff::{Browser, account, path, session_of};
use crate::support::{TestApp, on_both, seed, tables};

const HELPER: &str = "helper@example.org";

fn said(given: bool, channel: Channel, witness: Option<&str>) -> Event {
    let (Event::ConsentGiven(mut words) | Event::ConsentDeclined(mut words)) =
        seed::consent(Purpose::Evaluation, given)
    else {
        unreachable!()
    };
    (words.channel, words.witness) = (channel, witness.map(str::to_owned));
    if given {
        Event::ConsentGiven(words)
    } else {
        Event::ConsentDeclined(words)
    }
}

async fn staff_says(
    app: &TestApp,
    staff: &Browser,
    someone: &Someone,
    minute: i64,
    event: Event,
) -> (DeliveredEntry, Outcome, Option<Reason>) {
    let at = seed::minute(minute);
    let entry = seed::entry_about(app, Some(someone.id), at, event, true);
    let delivery = seed::delivery(vec![entry.clone()]);
    let answer = staff.post(app, paths::JOURNAL, &delivery).await;
    let result = answer.json::<DeliveryResults>().results.remove(0);
    (entry, result.outcome, result.reason)
}

async fn helper(app: &TestApp, project: Uuid) -> (Uuid, Browser) {
    let id = account(app, HELPER, Role::Helper, &[project]).await;
    (id, session_of(app, id).await)
}

#[tokio::test]
async fn staff_cannot_say_that_the_person_pressed_a_button_and_need_a_witness_for_the_rest() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let (_, staff) = helper(&app, project).await;
        let apart = |reason| (Outcome::Quarantined, Some(reason));
        for (event, reason) in [
            (
                said(true, Channel::Screen, Some("EK")),
                Reason::ScreenByStaff,
            ),
            (said(false, Channel::Screen, None), Reason::ScreenByStaff),
            (said(true, Channel::Paper, None), Reason::WitnessMissing),
            (
                said(true, Channel::Spoken, Some(" ")),
                Reason::WitnessMissing,
            ),
            (seed::withdrawal(Scope::Erase), Reason::ErasureByStaff),
        ] {
            let (entry, outcome, why) = staff_says(&app, &staff, &someone, 1, event).await;
            assert_eq!((outcome, why), apart(reason));
            // Nor by trying it again.
            let leader = account(
                &app,
                &format!("{}@example.org", entry.id),
                Role::ProjectLeader,
                &[project],
            )
            .await;
            let leader = session_of(&app, leader).await;
            let url = path(
                paths::QUARANTINE_RESOLUTION,
                entry.id.parse::<Uuid>().unwrap(),
            );
            leader
                .post(&app, &url, &serde_json::json!({ "action": "retry" }))
                .await;
            let row = tables::row::<journal_entry::Entity>(&app, entry.id.parse().unwrap()).await;
            assert_eq!(row.state, "quarantined");
            assert_eq!(row.reason.as_deref(), Some(reason.as_str()));
        }
        let row = tables::row::<person::Entity>(&app, someone.id).await;
        assert!(!row.ever_given && row.erased_at.is_none());
        // A phone says paper only with who holds the sheet, too; but its no holds, however it was said.
        let paper = seed::entry(
            &app,
            seed::minute(2),
            said(true, Channel::Paper, None),
            true,
        );
        assert_eq!(
            one(&app, &someone, paper).await,
            apart(Reason::WitnessMissing)
        );
        let no = seed::entry(
            &app,
            seed::minute(3),
            said(false, Channel::Spoken, None),
            true,
        );
        assert_eq!(one(&app, &someone, no).await.0, Outcome::Stored);
    })
    .await;
}

#[tokio::test]
async fn what_staff_wrote_names_them_wherever_it_is_shown() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let (id, staff) = helper(&app, project).await;
        let yes_on_paper = said(true, Channel::Paper, Some("Else K."));
        let (entry, outcome, _) = staff_says(&app, &staff, &someone, 1, yes_on_paper).await;
        assert_eq!(outcome, Outcome::Stored);
        for instrument in ["mhrm-30", "lsns-9"] {
            let typed = seed::response(&someone, instrument, 2);
            let stored = staff_says(&app, &staff, &someone, 2, typed).await.1;
            assert_eq!(stored, Outcome::Stored);
        }
        let own = seed::consent(Purpose::Research, true);
        let own = seed::entry(&app, seed::minute(3), own, true);
        assert_eq!(one(&app, &someone, own).await.0, Outcome::Stored);

        let row = tables::row::<journal_entry::Entity>(&app, entry.id.parse().unwrap()).await;
        assert_eq!(row.account_id, Some(id));
        let row = tables::row::<consent::Entity>(&app, entry.id.parse().unwrap()).await;
        assert_eq!((row.account_id, row.channel.as_str()), (Some(id), "paper"));
        let rows = tables::all::<response::Entity>(&app).await;
        assert!(rows.iter().all(|r| r.account_id == Some(id)));

        let mine = mine(&app, &someone).await;
        let by: Vec<_> = mine.consents.iter().map(|c| c.by.as_deref()).collect();
        assert_eq!(by, [Some(HELPER), None]);
        assert!(
            mine.responses
                .iter()
                .all(|r| r.by.as_deref() == Some(HELPER))
        );
        let history: History = staff
            .get(&app, &path(paths::PERSON_HISTORY, someone.id))
            .await
            .json();
        let by = |wanted: fn(&Happening) -> bool| {
            let line = history
                .lines
                .iter()
                .rev()
                .find(|l| wanted(&l.what))
                .unwrap();
            line.by.clone()
        };
        let told = Actor::Staff {
            email: HELPER.to_owned(),
        };
        assert_eq!(
            by(|h| matches!(
                h,
                Happening::Consent {
                    purpose: Purpose::Evaluation,
                    ..
                }
            )),
            told
        );
        assert_eq!(by(|h| matches!(h, Happening::Answered)), told);
        assert_eq!(
            by(|h| matches!(
                h,
                Happening::Consent {
                    purpose: Purpose::Research,
                    ..
                }
            )),
            Actor::Person
        );
    })
    .await;
}

/// A stop is never held back, and it says through whom it came.
#[tokio::test]
async fn a_stop_that_staff_write_down_holds() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let someone = seed::someone(&app, project).await;
        let (id, staff) = helper(&app, project).await;
        one(&app, &someone, yes(&app, 1)).await;
        let stop = seed::withdrawal(Scope::StopUsing);
        let (entry, outcome, _) = staff_says(&app, &staff, &someone, 5, stop).await;
        assert_eq!(outcome, Outcome::Stored);
        let row = tables::row::<consent::Entity>(&app, entry.id.parse().unwrap()).await;
        assert_eq!((row.account_id, row.channel.as_str()), (Some(id), "spoken"));
        let row = tables::row::<person::Entity>(&app, someone.id).await;
        assert_eq!(row.withdrawn.as_deref(), Some("stop_using"));
    })
    .await;
}

/// Who delivered about whom, for whoever looks over the record: once for each delivery with something new, and nothing of its content.
#[tokio::test]
async fn a_delivery_of_staff_leaves_a_row_for_each_person() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let (one_person, two_person) = (
            seed::someone(&app, project).await,
            seed::someone(&app, project).await,
        );
        let stranger = seed::somebody(&app).await;
        let (id, staff) = helper(&app, project).await;
        let entries: Vec<DeliveredEntry> = [&one_person, &two_person, &one_person, &stranger]
            .into_iter()
            .zip(1..)
            .map(|(someone, minute)| {
                let event = said(true, Channel::Paper, Some("EK"));
                seed::entry_about(&app, Some(someone.id), seed::minute(minute), event, true)
            })
            .collect();
        for _ in 0..2 {
            let delivery = seed::delivery(entries.clone());
            staff.post(&app, paths::JOURNAL, &delivery).await;
        }
        // A phone delivers for itself: that is no deed of staff.
        one(&app, &one_person, yes(&app, 9)).await;
        let rows = tables::all::<audit::Entity>(&app).await;
        let rows: Vec<_> = rows.iter().filter(|r| r.action == "delivered").collect();
        let mut whom: Vec<_> = rows.iter().filter_map(|r| r.person_id).collect();
        whom.sort_unstable();
        let mut both = [one_person.id, two_person.id];
        both.sort_unstable();
        assert_eq!(whom, both);
        for row in rows {
            assert_eq!((row.account_id, row.role.as_str()), (Some(id), "helper"));
            assert_eq!((row.project_id, &row.subject), (Some(project), &None));
        }
    })
    .await;
}
