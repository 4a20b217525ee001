//! What comes in is what the files say, and the published figures come out of its scores.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use bedring_store::entities::{consent, occasion, person, project, response, score};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

use crate::support::{TestApp, on_both};
use crate::{FOLDER, bring, folder};

#[tokio::test]
async fn the_figures_of_the_article_come_out_of_the_scores() {
    on_both(|app| async move {
        bring(&app, &folder()).await.unwrap();
        let expected = std::fs::read_to_string(Path::new(FOLDER).join("expected.json")).unwrap();
        let expected: BTreeMap<String, Value> = serde_json::from_str(&expected).unwrap();
        let mut compared = 0;
        for instrument in ["mhrm-30", "lsns-9"] {
            let groups = groups(&app, instrument).await;
            for (name, figures) in expected[instrument].as_object().unwrap() {
                let pairs = &groups[name];
                let n = pairs.len() as f64;
                let near = |key: &str, value: f64| {
                    let wanted = figures[key].as_f64().unwrap();
                    assert!(
                        (value - wanted).abs() < 1e-9,
                        "{instrument} {name} {key}: {value}, not {wanted}"
                    );
                };
                near("n", n);
                near("mean_before", pairs.iter().map(|(b, _)| b).sum::<f64>() / n);
                near("mean_after", pairs.iter().map(|(_, a)| a).sum::<f64>() / n);
                near(
                    "mean_change",
                    pairs.iter().map(|(b, a)| a - b).sum::<f64>() / n,
                );
                near(
                    "improved",
                    pairs.iter().filter(|(b, a)| a > b).count() as f64,
                );
                near(
                    "unchanged",
                    pairs.iter().filter(|(b, a)| a == b).count() as f64,
                );
                near(
                    "worsened",
                    pairs.iter().filter(|(b, a)| a < b).count() as f64,
                );
                compared += 1;
            }
        }
        assert_eq!(
            compared, 20,
            "all, four types and six projects of two instruments, one type's absence included"
        );
    })
    .await;
}

/// Before and after of everybody who has both, by group, from the table of scores.
async fn groups(app: &TestApp, instrument: &str) -> HashMap<String, Vec<(f64, f64)>> {
    let db = app.state.db.read();
    let totals: HashMap<Uuid, f64> = score::Entity::find()
        .filter(score::Column::Instrument.eq(instrument))
        .filter(score::Column::Scale.eq("total"))
        .all(db)
        .await
        .unwrap()
        .into_iter()
        .filter_map(|s| Some((s.response_id, s.score?)))
        .collect();
    let kinds: HashMap<Uuid, String> = occasion::Entity::find()
        .all(db)
        .await
        .unwrap()
        .into_iter()
        .map(|o| (o.id, o.kind))
        .collect();
    let mut people: HashMap<Uuid, HashMap<String, f64>> = HashMap::new();
    for r in response::Entity::find()
        .filter(response::Column::Instrument.eq(instrument))
        .all(db)
        .await
        .unwrap()
    {
        people
            .entry(r.person_id)
            .or_default()
            .insert(kinds[&r.occasion_id].clone(), totals[&r.id]);
    }
    let projects: HashMap<Uuid, String> = project::Entity::find()
        .all(db)
        .await
        .unwrap()
        .into_iter()
        .map(|p| (p.id, p.code))
        .collect();
    let mut groups: HashMap<String, Vec<(f64, f64)>> = HashMap::new();
    for p in person::Entity::find().all(db).await.unwrap() {
        let scores = people.remove(&p.id).unwrap_or_default();
        if let (Some(before), Some(after)) = (scores.get("intake"), scores.get("exit")) {
            let kind = p.respondent_type.as_deref().unwrap_or("not_stated");
            for group in [
                "all".to_owned(),
                format!("type:{kind}"),
                format!("project:{}", projects[&p.project_id]),
            ] {
                groups.entry(group).or_default().push((*before, *after));
            }
        }
    }
    groups
}

#[tokio::test]
async fn people_occasions_and_consents_are_as_the_files_say() {
    on_both(|app| async move {
        bring(&app, &folder()).await.unwrap();
        let db = app.state.db.read();
        let exits = |reason: &'static str| {
            occasion::Entity::find().filter(occasion::Column::MissedReason.eq(reason)).count(db)
        };
        assert_eq!(exits("end_cannot_be_told").await.unwrap(), 27);
        assert_eq!(exits("declined").await.unwrap(), 20);
        assert_eq!(exits("stopped_contact").await.unwrap(), 22);
        let done = |kind: &'static str| {
            occasion::Entity::find()
                .filter(occasion::Column::Kind.eq(kind))
                .filter(occasion::Column::CompletedAt.is_not_null())
                .count(db)
        };
        assert_eq!((done("intake").await.unwrap(), done("exit").await.unwrap()), (201, 109));
        let consents = consent::Entity::find().all(db).await.unwrap();
        assert_eq!(consents.len(), 201);
        assert!(consents.iter().all(|c| c.channel == "paper" && c.letter_edition == "paper-import" && c.decision == "given"));
        let one = person::Entity::find().filter(person::Column::Code.eq("S001")).one(db).await.unwrap().unwrap();
        assert_eq!(one.start_on.unwrap().to_string(), "2015-01-08");
        let answers = response::Entity::find()
            .filter(response::Column::PersonId.eq(one.id))
            .filter(response::Column::Instrument.eq("lsns-9"))
            .filter(response::Column::DeviceFinishedAt.eq("2015-01-08T12:00:00+01:00"))
            .one(db)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(answers.mode, "paper");
        assert_eq!(
            answers.answers,
            r#"{"lsns1":2,"lsns2":1,"lsns3":2,"lsns4":1,"lsns5":0,"lsns6":2,"lsns7":1,"lsns8":3,"lsns9":1}"#
        );
    })
    .await;
}
