//! Who may do what: every route of the OpenAPI document for every kind of visitor, against one table. A route that is not in the table
//! fails, and so does a line of the table without a route.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, header};
use bedring_contract::device::DEVICE_HEADER;
use bedring_contract::paths;
use bedring_contract::problem::{Code, Problem};
use bedring_contract::staff::Role;
use bedring_domain::consent::Purpose;
use bedring_domain::course::CoursePlan;
use bedring_domain::journal::Outcome;
use bedring_store::entities::project;
use serde_json::{Value, json};
use support::seed::{self, Someone};
use support::staff::{Browser, logged_in};
use support::{TestApp, on_both, request};

/// In the order of the table's columns.
const VISITORS: [&str; 8] = [
    "anonymous",
    "person",
    "helper",
    "helper elsewhere",
    "leader",
    "leader elsewhere",
    "evaluator",
    "administrator",
];

/// What a visitor gets: a status below 400, or the code of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Get {
    Status(u16),
    Problem(Code),
}

const OK: Get = Get::Status(200);
const MADE: Get = Get::Status(201);
const TAKEN: Get = Get::Status(202);
const DONE: Get = Get::Status(204);
const WHO: Get = Get::Problem(Code::AuthMissing);
const NOT: Get = Get::Problem(Code::AccessDenied);
const GONE: Get = Get::Problem(Code::NotFound);
const FAIL: Get = Get::Problem(Code::AuthFailed);
const HELD: Get = Get::Problem(Code::PersonHasAnswers);
const OPEN: Get = Get::Problem(Code::ErasureOpen);
const WRONG: Get = Get::Problem(Code::InputInvalid);
const CODE: Get = Get::Problem(Code::CodeUnknown);

/// Method, path, body, and what each visitor gets. `elsewhere` has another project: for them nothing of ours exists.
#[rustfmt::skip]
fn table() -> Vec<(Method, &'static str, Option<Value>, [Get; 8])> {
    let none = || Some(json!({}));
    // Any 32 bytes are a key.
    let device = json!({"id": uuid::Uuid::from_u128(3), "public_key": format!("{}A=", "B".repeat(42))});
    let delivery = serde_json::to_value(seed::delivery(vec![])).unwrap();
    //                                                                   nobody person helper elsewh leader elsewh evalua admin
    vec![
        (Method::GET, paths::META, None,                                   [OK,   OK,    OK,    OK,    OK,    OK,    OK,    OK]),
        (Method::POST, paths::JOURNAL, Some(delivery),                     [WHO,  TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, NOT,   NOT]),
        (Method::GET, paths::OCCASION, None,                               [WHO,  OK,    WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::GET, paths::MINE, None,                                   [WHO,  OK,    WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::PUT, paths::DEVICE, Some(device),                         [WHO,  OK,    WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::PUT, paths::DEVICE_PIN, Some(json!({"pin": "281946"})),   [WHO,  DONE,  WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::POST, paths::DEVICE_PIN, Some(json!({"pin": "281946"})),  [WHO,  OK,    WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::POST, paths::DEVICE_ANOTHER, None,                        [WHO,  OK,    WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::DELETE, paths::DEVICE_ONE, None,                          [WHO,  GONE,  WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::GET, paths::WAYS, None,                                   [WHO,  OK,    WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::DELETE, paths::WAYS, None,                                [WHO,  DONE,  WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::DELETE, paths::WAYS_ONE, None,                            [WHO,  GONE,  WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::POST, paths::ERASURE_TAKE_BACK, None,                     [WHO,  GONE,  WHO,   WHO,   WHO,   WHO,   WHO,   WHO]),
        (Method::POST, paths::EXCHANGE, Some(json!({"code": "00000-00000"})), [CODE, CODE, CODE, CODE,  CODE,  CODE,  CODE,  CODE]),
        (Method::POST, paths::SESSION, Some(json!({"email": "x@example.org", "password": "gættet forkert"})),
                                                                           [FAIL, FAIL,  FAIL,  FAIL,  FAIL,  FAIL,  FAIL,  FAIL]),
        (Method::GET, paths::SESSION, None,                                [WHO,  WHO,   OK,    OK,    OK,    OK,    OK,    OK]),
        (Method::DELETE, paths::SESSION, None,                             [DONE, DONE,  DONE,  DONE,  DONE,  DONE,  DONE,  DONE]),
        (Method::GET, paths::PROGRAMMES, None,                             [WHO,  WHO,   OK,    OK,    OK,    OK,    OK,    OK]),
        (Method::GET, paths::PROJECT_PERSONS, None,                        [WHO,  WHO,   OK,    GONE,  OK,    GONE,  OK,    OK]),
        (Method::POST, paths::PROJECT_PERSONS, none(),                     [WHO,  WHO,   MADE,  GONE,  MADE,  GONE,  NOT,   MADE]),
        (Method::GET, paths::PERSON, None,                                 [WHO,  WHO,   OK,    GONE,  OK,    GONE,  OK,    OK]),
        (Method::POST, paths::PERSON_INVITATION, none(),                   [WHO,  WHO,   MADE,  GONE,  MADE,  GONE,  NOT,   MADE]),
        (Method::GET, paths::PERSON_WAYS, None,                            [WHO,  WHO,   OK,    GONE,  OK,    GONE,  OK,    OK]),
        (Method::DELETE, paths::PERSON_WAYS, None,                         [WHO,  WHO,   DONE,  GONE,  DONE,  GONE,  NOT,   DONE]),
        (Method::DELETE, paths::PERSON_WAYS_ONE, None,                     [WHO,  WHO,   GONE,  GONE,  GONE,  GONE,  NOT,   GONE]),
        (Method::DELETE, paths::PERSON_DEVICES_ONE, None,                  [WHO,  WHO,   GONE,  GONE,  GONE,  GONE,  NOT,   GONE]),
        (Method::GET, paths::PERSON_ERASURE, None,                         [WHO,  WHO,   OK,    GONE,  OK,    GONE,  NOT,   OK]),
        // The helper's waits; `person_routes/by_two` tells who may answer it.
        (Method::POST, paths::PERSON_ERASURE, Some(json!({"why": "person_asked"})),
                                                                           [WHO,  WHO,   MADE,  GONE,  OPEN,  GONE,  NOT,   OPEN]),
        (Method::DELETE, paths::PERSON_ERASURE_ONE, None,                  [WHO,  WHO,   GONE,  GONE,  GONE,  GONE,  NOT,   GONE]),
        (Method::POST, paths::PERSON_ERASURE_CONFIRM, None,                [WHO,  WHO,   NOT,   NOT,   GONE,  GONE,  NOT,   GONE]),
        (Method::POST, paths::PERSON_FACTS, Some(json!({"language": {"seen": "da", "to": "da"}})),
                                                                           [WHO,  WHO,   OK,    GONE,  OK,    GONE,  NOT,   OK]),
        (Method::POST, paths::PERSON_PROJECT, Some(json!({"seen": uuid::Uuid::nil(), "to": uuid::Uuid::nil()})),
                                                                           [WHO,  WHO,   NOT,   NOT,   WRONG, GONE,  NOT,   WRONG]),
        (Method::POST, paths::PERSON_MERGE, Some(json!({"other": uuid::Uuid::nil(), "save": false})),
                                                                           [WHO,  WHO,   NOT,   NOT,   GONE,  GONE,  NOT,   GONE]),
        (Method::POST, paths::PERSON_DISCARD, Some(json!({"why": "trial"})),
                                                                           [WHO,  WHO,   NOT,   NOT,   HELD,  GONE,  NOT,   HELD]),
        (Method::DELETE, paths::PERSON_DISCARD, None,                      [WHO,  WHO,   NOT,   NOT,   OK,    GONE,  NOT,   OK]),
        (Method::DELETE, paths::CALL_ATTEMPT, None,                        [WHO,  WHO,   OK,    GONE,  OK,    GONE,  NOT,   OK]),
        (Method::POST, paths::PERSON_END, Some(json!({"end": "2026-06-01"})), [WHO, WHO, OK,    GONE,  OK,    GONE,  NOT,   OK]),
        (Method::POST, paths::RESPONSE_PRIMARY, none(),                    [WHO,  WHO,   NOT,   NOT,   DONE,  GONE,  DONE,  DONE]),
        (Method::GET, paths::QUARANTINE, None,                             [WHO,  WHO,   OK,    OK,    OK,    OK,    OK,    OK]),
        (Method::POST, paths::QUARANTINE_RESOLUTION, Some(json!({"action": "retry"})), [WHO, WHO, NOT, NOT, OK, GONE, NOT,  OK]),
        (Method::GET, paths::QUARANTINE_PEOPLE, None,                      [WHO,  WHO,   OK,    OK,    OK,    OK,    OK,    OK]),
        (Method::GET, paths::QUARANTINE_PERSON, None,                      [WHO,  WHO,   OK,    GONE,  OK,    GONE,  OK,    OK]),
        (Method::POST, paths::QUARANTINE_PERSON_RESOLUTION, Some(json!({"action": "retry", "seen_until": "2026-03-02T08:00:00Z"})),
                                                                           [WHO,  WHO,   NOT,   NOT,   OK,    GONE,  NOT,   OK]),
        (Method::GET, paths::RECEIPT, None,                                [WHO,  WHO,   OK,    GONE,  OK,    GONE,  OK,    OK]),
        (Method::GET, paths::WORKLIST, None,                               [WHO,  WHO,   OK,    OK,    OK,    OK,    NOT,   OK]),
        (Method::GET, paths::PROJECT_BOARD, None,                          [WHO,  WHO,   OK,    GONE,  OK,    GONE,  OK,    OK]),
        (Method::POST, paths::PERSON_COURSE, Some(json!({"still_enrolled": "2026-03-02"})),
                                                                           [WHO,  WHO,   OK,    GONE,  OK,    GONE,  NOT,   OK]),
        (Method::GET, paths::PERSON_COURSE, None,                          [WHO,  WHO,   OK,    GONE,  OK,    GONE,  NOT,   OK]),
        (Method::GET, paths::PERSON_HISTORY, None,                         [WHO,  WHO,   OK,    GONE,  OK,    GONE,  NOT,   OK]),
        (Method::POST, paths::PERSON_PAUSE, none(),                        [WHO,  WHO,   DONE,  GONE,  DONE,  GONE,  NOT,   DONE]),
        (Method::DELETE, paths::PERSON_PAUSE, None,                        [WHO,  WHO,   DONE,  GONE,  DONE,  GONE,  NOT,   DONE]),
        (Method::POST, paths::PERSON_CONTACT, Some(json!({"email": "ven@example.org", "named_by_person": true})),
                                                                           [WHO,  WHO,   DONE,  GONE,  DONE,  GONE,  NOT,   DONE]),
        (Method::DELETE, paths::PERSON_CONTACT, None,                      [WHO,  WHO,   DONE,  GONE,  DONE,  GONE,  NOT,   DONE]),
        (Method::POST, paths::PERSON_PHONE, Some(json!({"phone": "00 00 00 01"})),
                                                                           [WHO,  WHO,   DONE,  GONE,  DONE,  GONE,  NOT,   DONE]),
        (Method::GET, paths::PROJECT_COLLEAGUES, None,                     [WHO,  WHO,   OK,    GONE,  OK,    GONE,  NOT,   OK]),
        (Method::POST, paths::CALL_OWNER, none(),                          [WHO,  WHO,   OK,    GONE,  OK,    GONE,  NOT,   OK]),
        (Method::POST, paths::CALL_ATTEMPT, Some(json!({"outcome": "not_reached", "next_try": "2026-03-09"})),
                                                                           [WHO,  WHO,   OK,    GONE,  OK,    GONE,  NOT,   OK]),
        (Method::POST, paths::OCCASIONS_MISSED, Some(json!({"occasions": ["{occasion}"], "reason": "illness"})),
                                                                           [WHO,  WHO,   OK,    GONE,  OK,    GONE,  NOT,   OK]),
        (Method::POST, paths::OCCASION_REOPEN, none(),                     [WHO,  WHO,   DONE,  GONE,  DONE,  GONE,  NOT,   DONE]),
        (Method::POST, paths::PROJECT_STATUS, Some(json!({"status": "active", "on": "2026-03-02"})),
                                                                           [WHO,  WHO,   NOT,   NOT,   NOT,   NOT,   NOT,   OK]),
        (Method::GET, paths::PROGRAMME_PLAN, None,                         [WHO,  WHO,   NOT,   NOT,   OK,    GONE,  OK,    OK]),
        (Method::POST, paths::PROGRAMME_PLAN, Some(json!({"plan": CoursePlan::default_plan(), "reminders": {}, "seen": ""})),
                                                                           [WHO,  WHO,   NOT,   NOT,   NOT,   NOT,   NOT,   OK]),
        (Method::POST, paths::CALENDAR, none(),                            [WHO,  WHO,   OK,    OK,    OK,    OK,    NOT,   NOT]),
        (Method::GET, paths::CALENDAR, None,                               [WHO,  WHO,   OK,    OK,    OK,    OK,    NOT,   NOT]),
        // Whoever has the address may read it; `followup/feed` tells who has one.
        (Method::GET, paths::CALENDAR_FEED, None,                          [GONE, GONE,  GONE,  GONE,  GONE,  GONE,  GONE,  GONE]),
        (Method::GET, paths::ACCOUNT_CHOICES, None,                        [WHO,  WHO,   OK,    OK,    OK,    OK,    OK,    OK]),
        (Method::POST, paths::ACCOUNT_CHOICES, Some(json!({"language": "en"})), [WHO, WHO, OK,  OK,    OK,    OK,    OK,    OK]),
        (Method::GET, paths::OPERATIONS, None,                             [WHO,  WHO,   NOT,   NOT,   NOT,   NOT,   NOT,   OK]),
        // Without a token in the settings nobody may report; with one, `mail/` tells who.
        (Method::POST, paths::BOUNCES, Some(json!({"message_id": "<x@example.org>", "permanent": true})),
                                                                           [GONE, GONE,  GONE,  GONE,  GONE,  GONE,  GONE,  GONE]),
        (Method::GET, paths::INSTRUMENTS, None,                            [WHO,  WHO,   OK,    OK,    OK,    OK,    OK,    OK]),
    ]
}

/// One project with a person, a response, an entry that is kept apart and a receipt; and another project.
struct World {
    someone: Someone,
    project: uuid::Uuid,
    programme: uuid::Uuid,
    other: uuid::Uuid,
    response: String,
    apart: String,
    receipt: String,
    call: uuid::Uuid,
}

async fn world(app: &TestApp) -> World {
    let (project, other) = (seed::project(app).await, seed::project(app).await);
    let someone = seed::someone(app, project).await;
    let silent = seed::someone(app, project).await;
    let yes = seed::entry(
        app,
        seed::minute(0),
        seed::consent(Purpose::Evaluation, true),
        true,
    );
    let answers = seed::entry(
        app,
        seed::minute(1),
        seed::response(&someone, "lsns-9", 2),
        true,
    );
    let response = answers.id.clone();
    let results =
        support::phone::deliver(app, &someone.secret, &seed::delivery(vec![yes, answers])).await;
    assert!(
        results.iter().all(|r| r.outcome == Outcome::Stored),
        "{results:?}"
    );
    // No yes has come: it waits, and trying again changes nothing.
    let early = seed::entry(
        app,
        seed::minute(2),
        seed::response(&silent, "lsns-9", 2),
        true,
    );
    let apart = early.id.clone();
    let kept = support::phone::deliver(app, &silent.secret, &seed::delivery(vec![early])).await;
    assert_eq!(kept[0].outcome, Outcome::Quarantined);
    let receipt = results[0].receipt.clone().unwrap();
    let call = seed::call(app, someone.intake, "2026-03-05").await;
    let programme = support::tables::row::<project::Entity>(app, project)
        .await
        .programme_id;
    World {
        programme,
        someone,
        project,
        other,
        response,
        apart,
        receipt,
        call,
    }
}

impl World {
    fn fill(&self, template: &str) -> String {
        template
            .replace("{token}", "nothing.ics")
            .replace("{device}", &uuid::Uuid::nil().to_string())
            .replace("{way}", &uuid::Uuid::nil().to_string())
            .replace("{request}", &uuid::Uuid::nil().to_string())
            .replace("{programme}", &self.programme.to_string())
            .replace("{project}", &self.project.to_string())
            .replace("{person}", &self.someone.id.to_string())
            .replace("{whose}", &self.someone.id.to_string())
            .replace("{response}", &self.response)
            .replace("{entry}", &self.apart)
            .replace("{receipt}", &self.receipt)
            .replace("{occasion}", &self.someone.intake.to_string())
            .replace("{call}", &self.call.to_string())
    }

    /// A browser for a column of the table; `None` has no cookie.
    async fn browser(&self, app: &TestApp, visitor: &str) -> Option<Browser> {
        let (role, projects) = match visitor {
            "helper" => (Role::Helper, vec![self.project]),
            "helper elsewhere" => (Role::Helper, vec![self.other]),
            "leader" => (Role::ProjectLeader, vec![self.project]),
            "leader elsewhere" => (Role::ProjectLeader, vec![self.other]),
            "evaluator" => (Role::Evaluator, vec![]),
            "administrator" => (Role::Administrator, vec![]),
            _ => return None,
        };
        Some(logged_in(app, role, &projects).await)
    }
}

#[tokio::test]
async fn every_route_treats_every_visitor_as_the_table_says() {
    on_both(|app| async move {
        let world = world(&app).await;
        let mut wrong = Vec::new();
        for (method, template, body, expected) in table() {
            for (visitor, expected) in VISITORS.into_iter().zip(expected) {
                let found = ask(&app, &world, visitor, &method, template, body.as_ref()).await;
                if found != expected {
                    wrong.push(format!(
                        "{method} {template} for {visitor}: {found:?}, not {expected:?}"
                    ));
                }
            }
            // So that log-ins and codes are not throttled: that is another test's.
            app.clock.advance(std::time::Duration::from_secs(120));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

async fn ask(
    app: &TestApp,
    world: &World,
    visitor: &str,
    method: &Method,
    template: &str,
    body: Option<&Value>,
) -> Get {
    let mut request =
        request(method.clone(), &world.fill(template)).header("sec-fetch-site", "same-origin");
    if visitor == "person" {
        let secret = &world.someone.secret;
        request = request
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .header(DEVICE_HEADER, support::phone::token(secret));
    }
    if let Some(browser) = world.browser(app, visitor).await {
        request = request.header(header::COOKIE, browser.cookie().unwrap());
    }
    if body.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let mut body = body.cloned();
    // Guesses are counted by account: every visitor guesses at another.
    if let Some(email) = body.as_mut().and_then(|b| b.get_mut("email")) {
        *email = json!(format!("{}@example.org", visitor.replace(' ', ".")));
    }
    let bytes = body
        .map(|b| world.fill(&b.to_string()).into_bytes())
        .unwrap_or_default();
    let answer = app.send(request.body(Body::from(bytes)).unwrap()).await;
    match answer.status.as_u16() {
        status @ 0..400 => Get::Status(status),
        _ => Get::Problem(answer.json::<Problem>().code),
    }
}

#[tokio::test]
async fn the_table_has_every_route_and_no_other() {
    let app = TestApp::start(support::Backend::Sqlite).await;
    let document: Value = app.get(paths::OPENAPI).await.json();
    let paths: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_value(document["paths"].clone()).unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    let documented: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| item.keys().map(move |method| (path, method)))
        .filter(|(_, method)| methods.contains(&method.as_str()))
        .map(|(path, method)| format!("{} {path}", method.to_uppercase()))
        .collect();
    let tabled: BTreeSet<String> = table()
        .iter()
        .map(|(method, path, ..)| format!("{method} {path}"))
        .collect();
    assert_eq!(documented, tabled);
    assert!(documented.len() >= 26, "the document is whole");
}

#[tokio::test]
async fn what_is_elsewhere_cannot_be_told_from_what_does_not_exist() {
    on_both(|app| async move {
        let world = world(&app).await;
        let leader = logged_in(&app, Role::ProjectLeader, &[world.other]).await;
        let nowhere = uuid::Uuid::from_u128(1).to_string();
        for (method, template, body, gets) in table() {
            let there = world.fill(template);
            // Whom the role alone keeps out learns nothing of what exists, and a person's own routes are for no account.
            if [NOT, WHO].contains(&gets[5])
                || !template.contains('{')
                || template.contains("{receipt}")
            {
                continue;
            }
            let start = template.find('{').unwrap();
            let end = template.find('}').unwrap();
            let rest = world.fill(&template[end + 1..]);
            let missing = format!("{}{nowhere}{rest}", &template[..start]);
            let mut answers = Vec::new();
            for path in [there, missing] {
                let bytes = body.as_ref().map(|b| serde_json::to_vec(b).unwrap());
                let answer = leader.send(&app, method.clone(), &path, bytes).await;
                let mut problem = answer.assert_problem(Code::NotFound);
                problem.instance.clear();
                answers.push(problem);
            }
            assert_eq!(answers[0], answers[1], "{method} {template}");
        }
    })
    .await;
}
