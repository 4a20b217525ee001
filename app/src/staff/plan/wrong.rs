//! Where the server says that something is wrong with a plan, put into words and to its field.

use bedring_contract::problem::FieldProblem;
use leptos::prelude::*;

use super::form::{OccasionForm, PolicyForm};
use super::words::Words;

/// A code of the server's in words. A code that this version does not know gets a general sentence.
fn sentence(w: &Words, field: &str, code: &str) -> &'static str {
    match (field, code) {
        ("/kind", _) => w.error_kind,
        ("/anchor/key", _) => w.error_anchor,
        (_, "in_grace") => w.error_grace,
        (_, "out_of_range") => w.error_repeats,
        (_, "not_forward") => w.error_stands,
        (_, "duplicate") => w.error_twice,
        (_, "unknown") => w.error_instrument,
        (_, "taken") => w.error_taken,
        (_, "too_far") => w.error_far,
        (_, "too_many") => w.error_mails,
        (_, "too_close") => w.error_steps,
        (_, "required") => w.error_between,
        (_, "night_not_quiet") => w.error_night,
        (_, "no_time_to_send") => w.error_send,
        (_, "not_a_name") => w.error_name,
        (_, "not_an_address") => w.error_address,
        _ => w.error_other,
    }
}

/// Says at its field what is wrong, and gives the field's id. What has no field is for the caller to say.
pub fn place(
    w: &Words,
    occasions: &[OccasionForm],
    reminders: PolicyForm,
    problem: &FieldProblem,
) -> Result<String, &'static str> {
    let FieldProblem { pointer, code, .. } = problem;
    if let Some(field) = pointer.strip_prefix("/reminders/") {
        return Ok(in_policy(w, "reminders", reminders, field, code));
    }
    let found = pointer
        .strip_prefix("/plan/occasions/")
        .and_then(|rest| {
            let (at, field) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            Some((at.parse::<usize>().ok()?, field))
        })
        .and_then(|(at, field)| Some((*occasions.get(at)?, field)));
    let Some((form, field)) = found else {
        return Err(match (pointer.as_str(), code.as_str()) {
            ("/plan/occasions", "required") => w.error_empty,
            ("/plan/occasions", "too_many") => w.error_many_occasions,
            _ => w.error_other,
        });
    };
    form.open.set(true);
    if let Some(field) = field.strip_prefix("/reminders/") {
        let id = form.id("reminders");
        return Ok(in_policy(w, &id, form.reminders, field, code));
    }
    let text = Some(sentence(w, field, code).to_owned());
    let (name, error) = match field {
        "/kind" => ("kind", form.kind.error),
        "/anchor/key" => ("from", form.from.error),
        "/closes_after_days" => ("closes", form.closes.error),
        "/repeats/times" => ("times", form.times.error),
        "/repeats/every" => ("every-months", form.every_months.error),
        _ if field.starts_with("/instruments") => ("asks", form.asks_error),
        _ => ("name", form.error),
    };
    error.set(text);
    Ok(form.id(name))
}

fn in_policy(w: &Words, id: &str, form: PolicyForm, field: &str, code: &str) -> String {
    let (name, error) = match field {
        "after_due_days" => ("step-1", form.steps_error),
        "most" => ("most", form.most.error),
        "days_between" => ("between", form.between.error),
        "call_after_days" => ("call", form.call.error),
        "quiet_from" => ("quiet-from", form.quiet_from.error),
        "quiet_until" => ("quiet-until", form.quiet_until.error),
        "send_at" => ("send-at", form.send_at.error),
        "sender_name" => ("sender-name", form.sender_name.error),
        "sender_address" => ("sender-address", form.sender_address.error),
        _ => ("reply-to", form.reply_to.error),
    };
    error.set(Some(sentence(w, field, code).to_owned()));
    format!("{id}-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::words::Lang;
    use bedring_domain::course::CoursePlan;
    use bedring_domain::reminder::ReminderPolicy;

    #[test]
    fn each_place_of_the_server_is_a_field_of_the_screen() {
        Owner::new().with(|| {
            let w = Words::of(Lang::Da);
            let policy = ReminderPolicy::default();
            let plan = CoursePlan::default_plan();
            let forms: Vec<_> = (10..)
                .zip(&plan.occasions)
                .map(|(n, o)| OccasionForm::new(n, o, &policy, true))
                .collect();
            let reminders = PolicyForm::new(&policy);
            let at = |pointer: &str, code: &str| {
                let problem = FieldProblem {
                    pointer: pointer.to_owned(),
                    code: code.to_owned(),
                    current: None,
                };
                place(w, &forms, reminders, &problem)
            };
            assert_eq!(
                at("/plan/occasions/1/closes_after_days", "in_grace").as_deref(),
                Ok("occasion-11-closes")
            );
            assert_eq!(forms[1].closes.error.get().as_deref(), Some(w.error_grace));
            assert!(forms[1].open.get() && !forms[0].open.get());
            assert_eq!(
                at("/plan/occasions/0/reminders/most", "too_many").as_deref(),
                Ok("occasion-10-reminders-most")
            );
            assert_eq!(
                at("/plan/occasions/0/instruments/1", "unknown").as_deref(),
                Ok("occasion-10-asks")
            );
            assert_eq!(
                at("/reminders/after_due_days", "too_close").as_deref(),
                Ok("reminders-step-1")
            );
            assert_eq!(reminders.steps_error.get().as_deref(), Some(w.error_steps));
            assert_eq!(at("/plan/occasions", "required"), Err(w.error_empty));
            assert_eq!(at("/plan/occasions/7/key", "taken"), Err(w.error_other));
        });
    }
}
