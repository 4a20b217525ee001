//! What the OpenAPI document says of all routes alike: the answers that the layers around them can give, the media type of problems, and
//! the values, forms and bounds of fields that are plain strings and numbers in our types. Routes say only what is their own.

use bedring_contract::followup::{CallOutcome, WORKLIST_LINES_MOST};
use bedring_contract::staff::Role;
use bedring_domain::consent::Purpose;
use bedring_domain::course::{MissedReason, OccasionKind, OccasionState, RespondentType};
use serde_json::{Map, Value, json};

use super::document_plan;

/// Numbers beyond are not the same in every language that reads JSON.
const LARGEST: i64 = 9_007_199_254_740_991;
/// Longest text of a field that has no bound of its own: whatever is longer is refused with the whole body.
const LONGEST_TEXT: u64 = 262_144;
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Adds what holds for all routes.
pub(super) fn complete(document: &mut Value) {
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                    answers(path, method, operation);
                    parameters(operation);
                }
            }
        }
    }
    let schemas = document.pointer_mut("/components/schemas");
    if let Some(schemas) = schemas.and_then(Value::as_object_mut) {
        for (name, schema) in schemas {
            fields(name, schema);
        }
    }
}

/// The statuses that the layers around a route answer by themselves.
fn answers(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let has_body = operation.contains_key("requestBody");
    let has = |place: &str| {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        parameters.is_some_and(|all| all.iter().any(|p| p["in"] == place))
    };
    let (has_path, has_query) = (has("path"), has("query"));
    let by_session = operation
        .get("security")
        .is_some_and(|s| s.to_string().contains("session"));
    let mut all: Vec<(&str, &str)> = vec![
        ("408", "It took too long; whether it was done is not known"),
        ("500", "Our fault; whether it was done is not known"),
    ];
    if !path.ends_with("/meta") {
        all.push((
            "503",
            "Not at the moment, see Retry-After: nothing was done",
        ));
        all.push(("507", "The disk is full, see Retry-After: nothing was done"));
    }
    if has_body || has_query {
        all.push((
            "400",
            "Not of the shape that this path takes: nothing was done",
        ));
    }
    if has_body {
        all.push(("413", "The body is too large: nothing was done"));
        all.push(("415", "Not application/json: nothing was done"));
    }
    if by_session {
        all.push(("401", "Nobody is logged in, or not any more"));
    }
    if by_session || method != "get" {
        all.push((
            "403",
            "The role may not do this, or the request came from another site",
        ));
    }
    if has_path {
        all.push(("404", "There is no such thing, or not for whoever asks"));
    }
    let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for (status, description) in all {
        let missing = || json!({ "description": description });
        responses.entry(status).or_insert_with(missing);
    }
    for (status, response) in responses {
        if status.as_str() >= "400" {
            problem(status, response);
        }
    }
}

/// Every error has the one shape; some say when to come back.
fn problem(status: &str, response: &mut Value) {
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    response["content"] = json!({ "application/problem+json": { "schema": schema } });
    if matches!(status, "429" | "503" | "507") {
        let seconds = json!({ "type": "integer", "minimum": 1, "maximum": 86400 });
        response["headers"] = json!({
            "Retry-After": { "description": "Seconds until it is worth another try", "schema": seconds }
        });
    }
}

fn parameters(operation: &mut Map<String, Value>) {
    let Some(parameters) = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    else {
        return;
    };
    for parameter in parameters {
        let most = match parameter["name"].as_str() {
            Some("lines") => Some(WORKLIST_LINES_MOST),
            Some("limit") => Some(200),
            _ => None,
        };
        if parameter["in"] == "query" {
            // What is asked with nothing is not asked.
            parameter["allowEmptyValue"] = json!(true);
        }
        let schema = &mut parameter["schema"];
        if let Some(most) = most {
            schema["minimum"] = json!(1);
            schema["maximum"] = json!(most);
        }
        bounds(schema);
    }
}

/// Everything inside a schema, whatever it is made of.
fn fields(name: &str, schema: &mut Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (field, inner) in properties {
            document_plan::describe(name, field, inner);
            form(name, field, inner);
            fields(name, inner);
        }
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        if let Some(parts) = schema.get_mut(key).and_then(Value::as_array_mut) {
            for part in parts {
                fields(name, part);
            }
        }
    }
    for key in ["items", "additionalProperties", "propertyNames"] {
        if let Some(inner) = schema.get_mut(key).filter(|inner| inner.is_object()) {
            form(name, key, inner);
            fields(name, inner);
        }
    }
    bounds(schema);
}

fn is(schema: &Value, kind: &str) -> bool {
    match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(several) => several.iter().any(|one| one == kind),
        _ => false,
    }
}

/// Every number has two ends, every text one.
fn bounds(schema: &mut Value) {
    if is(schema, "integer") {
        let small = schema["format"] == "int32";
        let most = if small { i64::from(i32::MAX) } else { LARGEST };
        set(schema, "maximum", json!(most));
        set(schema, "minimum", json!(-most));
    }
    let open = schema.get("enum").is_none() && schema.get("format").is_none();
    if is(schema, "string") && open {
        set(schema, "maxLength", json!(LONGEST_TEXT));
    }
    if is(schema, "array") {
        set(schema, "maxItems", json!(100_000));
    }
}

fn set(schema: &mut Value, key: &str, value: Value) {
    if let Some(schema) = schema.as_object_mut() {
        schema.entry(key).or_insert(value);
    }
}

/// What a field may hold, where our types say no more than "text".
fn form(name: &str, field: &str, schema: &mut Value) {
    if !is(schema, "string") || schema.get("enum").is_some() || schema.get("format").is_some() {
        return;
    }
    if let Some(mut values) = values(name, field) {
        if is(schema, "null") {
            values.push(Value::Null);
        }
        schema["enum"] = Value::Array(values);
        return;
    }
    match (name, field) {
        // As typed by a person on a phone: whatever it is, it is taken in and kept apart.
        ("Event", "email") | ("LogIn", "email") => set(schema, "maxLength", json!(1000)),
        (_, "email") => {
            set(schema, "format", json!("email"));
            set(schema, "maxLength", json!(254));
        }
        ("NewPerson" | "NewPhone", "phone") => {
            // Blanks may stand anywhere; the digits are counted when it is read.
            set(schema, "pattern", json!("^ *\\+?(?: *[0-9]){6,15} *$"));
            set(schema, "maxLength", json!(60));
        }
        ("NewPerson", "code") => set(schema, "maxLength", json!(40)),
        ("NewPerson", "name") => set(schema, "maxLength", json!(200)),
        ("NewContact" | "Event", "name") | ("Response", "helped_by") => {
            set(schema, "maxLength", json!(60));
        }
        ("DeliveredEntry" | "EntryResult", "id") => set(schema, "maxLength", json!(100)),
        ("DeliveredEntry", "sha256") => set(schema, "maxLength", json!(100)),
        (_, "sha256") => set(schema, "pattern", json!("^[0-9a-f]{64}$")),
        ("Exchange", "code") => set(schema, "maxLength", json!(100)),
        (_, "link" | "url") => set(schema, "format", json!("uri")),
        _ => {}
    }
}

fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Option<Vec<Value>> {
    Some(all.iter().map(|one| json!(name(*one))).collect())
}

fn values(name: &str, field: &str) -> Option<Vec<Value>> {
    match (name, field) {
        (
            "WorkLine" | "CourseStep" | "BoardKind" | "Measurement" | "Occasion" | "OccasionLine"
            | "PlanChange" | "PlanOccasionEffect" | "ResponseScores",
            "kind",
        )
        | ("MyResponse", "occasion") => names(
            &[
                OccasionKind::Intake,
                OccasionKind::Exit,
                OccasionKind::FollowUp,
            ],
            OccasionKind::as_str,
        ),
        ("Occasion" | "OccasionLine" | "CourseStep", "state") => {
            names(&OccasionState::ALL, OccasionState::as_str)
        }
        ("BoardReason" | "CallAttempt" | "Missed" | "Happening", "reason") => {
            names(&MissedReason::ALL, MissedReason::as_str)
        }
        ("CallAttempt" | "Happening", "outcome") | ("CallLine", "last_outcome") => {
            names(&CallOutcome::ALL, CallOutcome::as_str)
        }
        (_, "respondent_type") | ("ChangeOfRole", "seen" | "to") => {
            names(&RespondentType::ALL, RespondentType::as_str)
        }
        ("ConsentLine" | "ConsentState" | "Happening", "purpose") => {
            names(&Purpose::ALL, Purpose::as_str)
        }
        ("ConsentLine", "channel") => Some(vec![json!("screen"), json!("paper"), json!("spoken")]),
        ("Board" | "Project", "status") => {
            Some(vec![json!("active"), json!("exempt"), json!("withdrawn")])
        }
        ("ScaleView", "role") => Some(vec![json!("total"), json!("domain"), json!("block")]),
        ("Account", "role") => names(&Role::ALL, Role::as_str),
        ("InstrumentLine", "kind") => Some(vec![json!("demonstration"), json!("licensed")]),
        ("ReceiptEntry" | "ReceiptStatus", "outcome") => Some(
            ["stored", "quarantined", "conflict", "gone"]
                .map(Value::from)
                .into(),
        ),
        _ => None,
    }
}
