//! The OpenAPI document, walked by a machine: every answer is named, every problem is a problem, every field says what it may hold; and what
//! it allows is understood by the server, while what it forbids is refused.

#![allow(clippy::unwrap_used, reason = "a test that stops has said enough")]

mod support;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use bedring_contract::paths;
use bedring_contract::problem::Code;
use bedring_contract::staff::Role;
use serde_json::{Map, Value, json};
use support::staff::{Browser, logged_in, path};
use support::{Answer, Backend, TestApp, request, seed};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn operations(document: &Value) -> Vec<(String, String, &Map<String, Value>)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                all.push((
                    method.to_uppercase(),
                    path.clone(),
                    operation.as_object().unwrap(),
                ));
            }
        }
    }
    assert!(all.len() > 40, "the document is whole");
    all
}

#[test]
fn every_answer_is_named_and_every_problem_is_one() {
    let document = bedring_server::http::openapi();
    for (method, path, operation) in operations(&document) {
        let place = format!("{method} {path}");
        let responses = operation["responses"].as_object().unwrap();
        let named = |status: &str| assert!(responses.contains_key(status), "{place} {status}");
        // What the layers around every route answer by themselves.
        named("408");
        named("500");
        if path != paths::META {
            named("503");
        }
        if operation.contains_key("requestBody") {
            ["400", "413", "415"].into_iter().for_each(named);
        }
        if method != "GET" {
            named("403");
        }
        if operation
            .get("security")
            .is_some_and(|s| s.to_string().contains("session"))
        {
            ["401", "403"].into_iter().for_each(named);
        }
        if path.contains('{') {
            named("404");
        }
        for (status, response) in responses {
            if status.as_str() < "400" {
                continue;
            }
            let content = response["content"].as_object().unwrap();
            let types: Vec<&String> = content.keys().collect();
            assert_eq!(types, ["application/problem+json"], "{place} {status}");
            let schema = &content["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/Problem", "{place} {status}");
            let waits = ["429", "503", "507"].contains(&status.as_str());
            assert_eq!(
                response["headers"]["Retry-After"].is_object(),
                waits,
                "{place} {status}"
            );
        }
    }
}

fn has_type(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind
        || schema["type"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one == kind))
}

fn walk(place: &str, schema: &Value, see: &mut impl FnMut(&str, &Value)) {
    see(place, schema);
    match schema {
        Value::Object(fields) => {
            for (key, inner) in fields {
                if key != "enum" && key != "example" && key != "default" && key != "required" {
                    walk(&format!("{place}.{key}"), inner, see);
                }
            }
        }
        Value::Array(all) => {
            for (n, inner) in all.iter().enumerate() {
                walk(&format!("{place}[{n}]"), inner, see);
            }
        }
        _ => {}
    }
}

#[test]
fn every_field_says_what_it_may_hold() {
    let document = bedring_server::http::openapi();
    let mut numbers = 0;
    let mut dates = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        walk(name, schema, &mut |place, schema| {
            if place.ends_with(".properties") {
                return;
            }
            if has_type(schema, "integer") {
                numbers += 1;
                let (low, high) = (&schema["minimum"], &schema["maximum"]);
                assert!(low.is_number() && high.is_number(), "{place}: {schema}");
            }
            if has_type(schema, "string") && !schema["enum"].is_array() {
                let said = ["format", "pattern", "maxLength"];
                assert!(
                    said.iter().any(|key| schema.get(key).is_some()),
                    "{place}: {schema}"
                );
            }
            dates += usize::from(schema["format"] == "date");
            let field = place.rsplit('.').next().unwrap();
            // Days and moments of the same names everywhere.
            if ["due", "start", "end", "today", "until", "next_try"].contains(&field)
                && has_type(schema, "string")
            {
                assert_eq!(schema["format"], "date", "{place}");
            }
            // "From ten o'clock" is no moment.
            let on_the_wall = place == "ReminderPolicy.properties.send_at";
            let moment = (field == "at" || field.ends_with("_at")) && !on_the_wall;
            if moment && has_type(schema, "string") {
                assert_eq!(schema["format"], "date-time", "{place}: {schema}");
            }
        });
    }
    assert!(numbers > 40 && dates > 15, "{numbers} {dates}");
}

/// A body that fits a schema: everything that is required, and what else there is if asked for.
fn example(document: &Value, schema: &Value, all: bool) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return example(document, document.pointer(&name[1..]).unwrap(), all);
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    if let Some(value) = schema.get("const").or(schema.get("default")) {
        return value.clone();
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(parts) = schema[key].as_array() {
            let part = parts.iter().find(|part| part["type"] != "null").unwrap();
            let mut made = example(document, part, all);
            // Fields that stand beside the alternatives.
            if schema["properties"].is_object() {
                let mut own = schema.clone();
                own.as_object_mut().unwrap().remove(key);
                merge(&mut made, example(document, &own, all));
            }
            return made;
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut made = json!({});
        for part in parts {
            merge(&mut made, example(document, part, all));
        }
        return made;
    }
    plain(document, schema, all)
}

fn merge(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}

fn plain(document: &Value, schema: &Value, all: bool) -> Value {
    if has_type(schema, "object") {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let Some(fields) = schema["properties"].as_object() else {
            return json!({});
        };
        let wanted = fields
            .iter()
            .filter(|(name, _)| all || required.iter().any(|r| r == *name));
        return wanted
            .map(|(name, inner)| (name.clone(), example(document, inner, all)))
            .collect::<Map<_, _>>()
            .into();
    }
    if has_type(schema, "array") {
        return json!([example(document, &schema["items"], all)]);
    }
    if has_type(schema, "integer") || has_type(schema, "number") {
        return schema.get("minimum").cloned().unwrap_or(json!(1));
    }
    if has_type(schema, "boolean") {
        return json!(true);
    }
    let length = schema["minLength"].as_u64().unwrap_or(1);
    match schema["format"].as_str() {
        Some("date") => json!("2026-03-02"),
        Some("date-time") => json!("2026-03-02T08:00:00Z"),
        Some("uuid") => json!("019CAD8F-AC00-7DF2-9C03-41A4DFCA3200"),
        Some("email") => json!("a@example.org"),
        Some("uri") => json!("https://example.org"),
        _ if schema["pattern"]
            .as_str()
            .is_some_and(|p| p.contains("{6,15}")) =>
        {
            json!("12345678")
        }
        _ => json!("a".repeat(usize::try_from(length).unwrap())),
    }
}

/// The schemas that are made of values, and the way to say them, of what a route takes.
async fn send(app: &TestApp, who: &Browser, method: &str, path: &str, body: &[u8]) -> Answer {
    let mut asked = request(method.parse::<Method>().unwrap(), path)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(cookie) = who.cookie() {
        asked = asked.header(header::COOKIE, cookie);
    }
    app.send(asked.body(Body::from(body.to_vec())).unwrap())
        .await
}

#[tokio::test]
async fn what_the_document_allows_is_understood_and_what_it_forbids_is_refused() {
    let app = TestApp::start(Backend::Sqlite).await;
    seed::project(&app).await;
    let who = logged_in(&app, Role::Administrator, &[]).await;
    let document = bedring_server::http::openapi();
    let mut tried = 0;
    for (method, path, operation) in operations(&document) {
        let schema = operation
            .get("requestBody")
            .map(|body| &body["content"]["application/json"]["schema"]);
        let Some(schema) = schema else { continue };
        // An id in capitals names the same as any.
        let filled = path
            .split('/')
            .map(|part| {
                if part.starts_with('{') {
                    "019CAD8F-AC00-7DF2-9C03-41A4DFCA3200"
                } else {
                    part
                }
            })
            .collect::<Vec<_>>()
            .join("/");
        for all in [false, true] {
            let body = example(&document, schema, all);
            let answer = send(&app, &who, &method, &filled, body.to_string().as_bytes()).await;
            let place = format!("{method} {path} {body}: {}", answer.text());
            assert_ne!(answer.status, StatusCode::BAD_REQUEST, "{place}");
            assert!(!answer.status.is_server_error(), "{place}");
            tried += 1;
        }
        for wrong in ["[]", "[null,null]", "null", "7", "\"a\"", " \n[{}]"] {
            let answer = send(&app, &who, &method, &filled, wrong.as_bytes()).await;
            // Whom the role or the cookie keeps out is told that first.
            if ![401, 403, 404, 429].contains(&answer.status.as_u16()) {
                assert_eq!(
                    answer.status,
                    StatusCode::BAD_REQUEST,
                    "{method} {path} {wrong}"
                );
            }
        }
    }
    assert!(tried > 30, "{tried}");
}

#[tokio::test]
async fn an_array_is_no_object_and_nothing_comes_of_it() {
    let app = TestApp::start(Backend::Sqlite).await;
    let project = seed::project(&app).await;
    let who = logged_in(&app, Role::ProjectLeader, &[project]).await;
    let list = path(paths::PROJECT_PERSONS, project);
    for body in ["[null,null]", "[]", "\t[\"A\",null,null,null,null,null]"] {
        let answer = send(&app, &who, "POST", &list, body.as_bytes()).await;
        answer.assert_problem(Code::RequestMalformed);
    }
    let people: Value = who.get(&app, &list).await.json();
    assert_eq!(people["persons"], json!([]));
    // An empty question is no question, and the document says so.
    let answer = who
        .get(&app, &format!("{}?project=", paths::WORKLIST))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let document = bedring_server::http::openapi();
    for parameter in document["paths"][paths::WORKLIST]["get"]["parameters"]
        .as_array()
        .unwrap()
    {
        assert_eq!(parameter["allowEmptyValue"], true, "{parameter}");
    }
    let upper = project.to_string().to_uppercase();
    let answer = who
        .get(&app, &format!("{}?project={upper}", paths::WORKLIST))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

/// Every place in a body where the document says object or no null, with the body that has something else there.
fn spoilt(document: &Value, schema: &Value, whole: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    spoil(document, schema, whole, String::new(), &mut all);
    let put = |(pointer, wrong): (String, Value)| {
        let mut body = whole.clone();
        *body.pointer_mut(&pointer).unwrap() = wrong;
        (pointer, body)
    };
    all.into_iter().map(put).collect()
}

fn spoil(
    document: &Value,
    schema: &Value,
    value: &Value,
    at: String,
    all: &mut Vec<(String, Value)>,
) {
    if let Some(name) = schema["$ref"].as_str() {
        return spoil(
            document,
            document.pointer(&name[1..]).unwrap(),
            value,
            at,
            all,
        );
    }
    // What may be one thing or another may be nothing, or has a name beside it that says which.
    if schema["oneOf"].is_array() || schema["anyOf"].is_array() || schema["allOf"].is_array() {
        return;
    }
    if !at.is_empty() && schema.get("type").is_some() && !has_type(schema, "null") {
        all.push((at.clone(), Value::Null));
    }
    match value {
        Value::Object(fields) => {
            if !at.is_empty() {
                let values = fields.values().cloned().collect();
                all.push((at.clone(), Value::Array(values)));
                all.push((at.clone(), json!([])));
            }
            for (name, inner) in fields {
                let known = &schema["properties"][name];
                spoil(document, known, inner, format!("{at}/{name}"), all);
            }
        }
        Value::Array(several) => {
            for (n, inner) in several.iter().enumerate() {
                spoil(document, &schema["items"], inner, format!("{at}/{n}"), all);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn nothing_and_arrays_are_refused_wherever_the_document_does_not_have_them() {
    let app = TestApp::start(Backend::Sqlite).await;
    seed::project(&app).await;
    let who = logged_in(&app, Role::Administrator, &[]).await;
    let document = bedring_server::http::openapi();
    let mut tried = 0;
    for (method, path, operation) in operations(&document) {
        let Some(body) = operation.get("requestBody") else {
            continue;
        };
        // Entries are taken in or kept apart one by one.
        if path == paths::JOURNAL {
            continue;
        }
        let schema = &body["content"]["application/json"]["schema"];
        let filled = path
            .split('/')
            .map(|part| match part.starts_with('{') {
                true => "019CAD8F-AC00-7DF2-9C03-41A4DFCA3200",
                false => part,
            })
            .collect::<Vec<_>>()
            .join("/");
        let whole = example(&document, schema, true);
        for (at, spoilt) in spoilt(&document, schema, &whole) {
            let answer = send(&app, &who, &method, &filled, spoilt.to_string().as_bytes()).await;
            // Whom the role or the cookie keeps out is told that first.
            if ![401, 403, 429].contains(&answer.status.as_u16()) {
                let place = format!("{method} {path} {at} {spoilt}: {}", answer.text());
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{place}");
                tried += 1;
            }
        }
    }
    assert!(tried > 40, "{tried}");
}
