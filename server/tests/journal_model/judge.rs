//! The judgement: what must have come out, worked out from the set of entries that were written. It knows nothing of deliveries.

use std::collections::{BTreeMap, BTreeSet};

use bedring_domain::consent::{Decision, LedgerEvent, Purpose, Scope, standing};
use bedring_domain::journal::Event;
use bedring_store::entities::{journal_entry, occasion, person, response};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::support::seed::Someone;
use crate::support::{TestApp, tables};

/// Everything that was written, by person: what the end is judged by.
#[derive(Default)]
pub struct Written {
    pub events: BTreeMap<Uuid, (usize, chrono::DateTime<chrono::FixedOffset>, Event)>,
}

/// What is in the data is what the entries say, for each of these people.
pub async fn judge(app: &TestApp, people: &[Someone], written: &Written, number: u64) {
    let db = app.state.db.read();
    assert_eq!(tables::disagreeing(app).await, 0, "schedule {number}");
    for (owner, someone) in people.iter().enumerate() {
        let mine: Vec<_> = written
            .events
            .iter()
            .filter(|(_, (o, _, _))| *o == owner)
            .collect();
        let ledger: Vec<LedgerEvent> = mine
            .iter()
            .filter_map(|(id, (_, at, event))| {
                let decision = match event {
                    Event::ConsentGiven(_) => Decision::Given,
                    Event::ConsentDeclined(_) => Decision::Declined,
                    Event::ConsentWithdrawn { scope } => Decision::Withdrawn(*scope),
                    _ => return None,
                };
                Some(LedgerEvent {
                    entry: **id,
                    recorded_at: *at,
                    purpose: Purpose::Evaluation,
                    decision,
                })
            })
            .collect();
        let expected = standing(&ledger);
        let erased = expected.withdrawn == Some(Scope::Erase);
        let rows = journal_entry::Entity::find()
            .filter(journal_entry::Column::PersonId.eq(someone.id))
            .all(db)
            .await
            .unwrap();
        assert_eq!(
            rows.len(),
            mine.len(),
            "schedule {number}: every entry once"
        );
        let stored = response::Entity::find()
            .filter(response::Column::PersonId.eq(someone.id))
            .all(db)
            .await
            .unwrap();
        let stored_ids: BTreeSet<Uuid> = stored.iter().map(|r| r.id).collect();
        assert_eq!(stored.len(), stored_ids.len());
        let mut instruments = BTreeSet::new();
        for (id, (_, _, event)) in &mine {
            let row = rows
                .iter()
                .find(|r| r.id == **id)
                .expect("every entry is on the server");
            let applied = stored_ids.contains(*id);
            let Event::ResponseSubmitted(answered) = event else {
                continue;
            };
            if erased {
                assert!(
                    !applied && row.state == "gone" && row.body.is_none(),
                    "schedule {number}: something came back"
                );
            } else if expected.ever_given {
                assert!(
                    applied && row.state == "applied",
                    "schedule {number}: {row:?}"
                );
                let answers = &stored.iter().find(|r| r.id == **id).unwrap().answers;
                assert_eq!(*answers, serde_json::to_string(&answered.answers).unwrap());
                instruments.insert(answered.instrument.clone());
            } else {
                assert!(
                    !applied && row.state == "quarantined",
                    "schedule {number}: {row:?}"
                );
                assert_eq!(row.reason.as_deref(), Some("consent.missing"));
            }
        }
        let occasion = occasion::Entity::find_by_id(someone.intake)
            .one(db)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            occasion.completed_at.is_some(),
            instruments.len() == 2,
            "schedule {number}"
        );
        let row = person::Entity::find_by_id(someone.id)
            .one(db)
            .await
            .unwrap()
            .unwrap();
        let withdrawn = expected.withdrawn.map(|s| s.as_str().to_owned());
        assert_eq!(
            (row.withdrawn, row.erased_at.is_some()),
            (withdrawn, erased),
            "schedule {number}"
        );
        if !erased {
            assert_eq!(
                (row.ever_given, row.refused),
                (expected.ever_given, expected.refused),
                "schedule {number}"
            );
        }
    }
}
