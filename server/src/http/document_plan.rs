//! The values and bounds of a plan in the OpenAPI document, from the numbers that its own check goes by.

use bedring_domain::course::{
    FURTHEST_DAYS, FURTHEST_MONTHS, LONGEST_KEY, MOST_OCCASIONS, MOST_REPEATS,
};
use bedring_domain::reminder::{LONGEST_NAME, MOST_DAYS, MOST_MAILS, MOST_STEPS};
use serde_json::{Value, json};

/// Says what a field of a plan may hold.
pub(super) fn describe(name: &str, field: &str, schema: &mut Value) {
    match (name, field) {
        ("PlannedOccasion" | "Anchor", "key") => {
            schema["pattern"] = json!(format!("^[a-z0-9_-]{{1,{LONGEST_KEY}}}$"));
        }
        ("CoursePlan", "occasions") => {
            schema["minItems"] = json!(1);
            schema["maxItems"] = json!(MOST_OCCASIONS);
        }
        ("Offset", "months") => both_ways(schema, FURTHEST_MONTHS),
        ("Offset", "days") => both_ways(schema, FURTHEST_DAYS),
        ("PlannedOccasion", "opens_before_days" | "grace_days" | "closes_after_days") => {
            between(schema, 0, FURTHEST_DAYS);
        }
        ("Repeat", "times") => between(schema, 1, MOST_REPEATS),
        ("ReminderPolicy", "most") => between(schema, 0, MOST_MAILS),
        ("ReminderPolicy", "days_between") => between(schema, 1, MOST_DAYS),
        ("ReminderPolicy", "call_after_days") => between(schema, 0, MOST_DAYS),
        ("ReminderPolicy", "after_due_days") => {
            schema["maxItems"] = json!(MOST_STEPS);
            between(&mut schema["items"], 0, MOST_DAYS);
        }
        ("ReminderPolicy", "quiet_from" | "quiet_until" | "send_at") => time_of_day(schema),
        ("ReminderPolicy", "sender_name") => schema["maxLength"] = json!(LONGEST_NAME),
        // Empty stands for the server's own, so it is not always an address.
        ("ReminderPolicy", "sender_address") => schema["maxLength"] = json!(254),
        ("ReminderPolicy", "reply_to") => {
            schema["format"] = json!("email");
            schema["maxLength"] = json!(254);
        }
        _ => {}
    }
}

fn between(schema: &mut Value, least: u32, most: u32) {
    schema["minimum"] = json!(least);
    schema["maximum"] = json!(most);
}

fn both_ways(schema: &mut Value, most: u32) {
    between(schema, 0, most);
    schema["minimum"] = json!(-i64::from(most));
}

/// A time on the wall has no offset, which the format `time` asks for.
fn time_of_day(schema: &mut Value) {
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("format");
        let pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$";
        schema.insert("pattern".to_owned(), json!(pattern));
    }
}
