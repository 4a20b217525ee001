//! Whether JSON is of the shape that the OpenAPI document gives it, wherever in it: serde takes an array for an object, value by value in
//! the order in which the fields stand in our source, and in some places nothing for something.
//!
//! Only kinds of values are compared here, for what serde has read already; what a value may be is for the rules. What the document does
//! not know is passed over.

use std::borrow::Cow;
use std::sync::OnceLock;

use serde_json::Value;
use utoipa::ToSchema;

/// Where a value is of another kind than the document says: a JSON pointer. `None`: nowhere.
///
/// # Errors
/// The bytes are no JSON.
pub fn misfit<T: ToSchema>(json: &[u8]) -> serde_json::Result<Option<String>> {
    let value: Value = serde_json::from_slice(json)?;
    let schemas = schemas();
    let schema = schemas.get(T::name().as_ref());
    let found = schema.and_then(|schema| look(schemas, schema, &value).err());
    Ok(match found {
        Some(Misfit::Kind(mut steps)) => {
            steps.reverse();
            Some(steps.concat())
        }
        Some(Misfit::OtherVariant) | None => None,
    })
}

fn schemas() -> &'static Value {
    static SCHEMAS: OnceLock<Value> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let mut document = crate::http::openapi();
        let schemas = document.pointer_mut("/components/schemas");
        schemas.map(Value::take).unwrap_or_default()
    })
}

/// Why a value does not fit a schema.
enum Misfit {
    /// It is of another kind; the steps that lead there, last first.
    Kind(Vec<Cow<'static, str>>),
    /// It is another variant of an enum.
    OtherVariant,
}

impl Misfit {
    fn below(mut self, step: impl FnOnce() -> Cow<'static, str>) -> Self {
        if let Self::Kind(steps) = &mut self {
            steps.push(step());
        }
        self
    }

    fn depth(&self) -> Option<usize> {
        match self {
            Self::Kind(steps) => Some(steps.len()),
            Self::OtherVariant => None,
        }
    }
}

fn look(schemas: &Value, schema: &Value, value: &Value) -> Result<(), Misfit> {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        return look(schemas, &schemas[name], value);
    }
    if !kinds_allow(&schema["type"], value) {
        return Err(Misfit::Kind(Vec::new()));
    }
    if is_other_variant(schema, value) {
        return Err(Misfit::OtherVariant);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        look(schemas, part, value)?;
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(parts) = schema[key].as_array() {
            look_at_any(schemas, parts, value)?;
        }
    }
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let (known, others) =
                    (&schema["properties"][name], &schema["additionalProperties"]);
                if known.is_object() {
                    let step = || Cow::Owned(format!("/{name}"));
                    look(schemas, known, inner).map_err(|m| m.below(step))?;
                } else if others.is_object() {
                    // A name of the sender's making is not repeated.
                    look(schemas, others, inner).map_err(|m| m.below(|| Cow::Borrowed("/*")))?;
                }
            }
        }
        Value::Array(all) => {
            for (n, inner) in all.iter().enumerate() {
                let step = || Cow::Owned(format!("/{n}"));
                look(schemas, &schema["items"], inner).map_err(|m| m.below(step))?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Of several the one that it comes furthest with says what is wrong.
fn look_at_any(schemas: &Value, parts: &[Value], value: &Value) -> Result<(), Misfit> {
    let mut furthest: Option<Misfit> = None;
    for part in parts {
        match look(schemas, part, value) {
            Ok(()) => return Ok(()),
            Err(misfit) => {
                if furthest.as_ref().is_none_or(|f| f.depth() < misfit.depth()) {
                    furthest = Some(misfit);
                }
            }
        }
    }
    furthest.map_or(Ok(()), Err)
}

/// Whether a schema's type (one, several, or none said) allows a value.
fn kinds_allow(kinds: &Value, value: &Value) -> bool {
    let is = |kind: &Value| {
        matches!(
            (kind.as_str(), value),
            (Some("null"), Value::Null)
                | (Some("boolean"), Value::Bool(_))
                | (Some("string"), Value::String(_))
                | (Some("number" | "integer"), Value::Number(_))
                | (Some("array"), Value::Array(_))
                | (Some("object"), Value::Object(_))
        )
    };
    match kinds {
        Value::String(_) => is(kinds),
        Value::Array(several) => several.iter().any(is),
        _ => true,
    }
}

/// Whether a schema stands for one variant alone, named by a word, and the value has another word there.
fn is_other_variant(schema: &Value, value: &Value) -> bool {
    let word = match schema["enum"].as_array().map(Vec::as_slice) {
        Some([word]) => word,
        Some(_) => return false,
        None => &schema["const"],
    };
    word.is_string() && word != value
}

#[cfg(test)]
mod tests {
    use bedring_contract::plan::PlanEdit;
    use bedring_contract::quarantine::Resolution;
    use bedring_domain::journal::Entry;

    use super::*;

    #[track_caller]
    fn fits<T: ToSchema>(json: &str, expected: Option<&str>) {
        let found = misfit::<T>(json.as_bytes()).unwrap();
        assert_eq!(found.as_deref(), expected, "{json}");
    }

    #[test]
    fn what_is_of_another_kind_is_found_wherever_it_stands() {
        fits::<Resolution>(r#"{"action":"retry"}"#, None);
        fits::<Resolution>(r#"["retry"]"#, Some(""));
        fits::<Resolution>("null", Some(""));
        let plan = |occasion: &str| {
            format!(r#"{{"plan":{{"occasions":[{occasion}]}},"reminders":{{}},"seen":"x"}}"#)
        };
        let whole = r#"{"key":"a","kind":"exit","anchor":{"from":"start"},"after":{"days":3},"closes_after_days":null}"#;
        fits::<PlanEdit>(&plan(whole), None);
        fits::<PlanEdit>(&plan(r#"["a","exit"]"#), Some("/plan/occasions/0"));
        let after = r#"{"key":"a","kind":"exit","anchor":{"from":"start"},"after":[0,3]}"#;
        fits::<PlanEdit>(&plan(after), Some("/plan/occasions/0/after"));
        let anchor = r#"{"key":"a","kind":"exit","anchor":["start"],"after":{}}"#;
        fits::<PlanEdit>(&plan(anchor), Some("/plan/occasions/0/anchor"));
        let grace =
            r#"{"key":"a","kind":"exit","anchor":{"from":"start"},"after":{},"grace_days":null}"#;
        fits::<PlanEdit>(&plan(grace), Some("/plan/occasions/0/grace_days"));
    }

    #[test]
    fn an_entry_is_compared_with_its_own_kind_alone() {
        let entry = |tail: &str| {
            format!(r#"{{"recorded_at":"2026-03-02T08:00:00Z","app_version":"1","kind":{tail}}}"#)
        };
        fits::<Entry>(&entry(r#""contact_person_removed""#), None);
        fits::<Entry>(
            &entry(r#""contact_person_named","email":"a@example.org","name":null"#),
            None,
        );
        fits::<Entry>(
            &entry(r#""contact_given","email":["a@example.org"]"#),
            Some("/email"),
        );
        // What this version does not know is passed over, whatever it is.
        fits::<Entry>(
            &entry(r#""letter_read","letter":"1","language":"da","more":[1]"#),
            None,
        );
        fits::<Entry>(&entry(r#""of_tomorrow","more":[1]"#), None);
        let response = |answers: &str| {
            entry(&format!(
                r#""response_submitted","occasion":"019367b0-0000-7000-8000-000000000001","instrument":"lsns-9","edition":"demo-1",
                "language":"da","mode":"own_device","started_at":"2026-03-02T07:50:00Z","finished_at":"2026-03-02T08:00:00Z",
                "helped_by":null,"answers":{answers}"#
            ))
        };
        fits::<Entry>(&response(r#"{"lsns1":3,"lsns2":"skipped"}"#), None);
        fits::<Entry>(&response(r#"{"lsns1":[3]}"#), Some("/answers/*"));
        fits::<Entry>(&response("[]"), Some("/answers"));
    }
}
