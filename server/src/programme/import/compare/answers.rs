//! Responses that are here already, compared with the files: their day and mode, and answer by answer.

use super::*;

pub(super) fn responses(
    found: &mut Found,
    folder: &Folder,
    rows: &Rows,
    stored: &Stored,
    closed: &HashSet<Uuid>,
    codes: &HashMap<Uuid, &str>,
) -> Result<(), StoreError> {
    let waves: HashMap<Uuid, String> = rows
        .occasions
        .iter()
        .map(|o| (o.row.id, o.wave.shown()))
        .collect();
    for response in &rows.responses {
        let row = &response.row;
        let Some(old) = stored
            .responses
            .get(&row.id)
            .filter(|r| !closed.contains(&r.person_id))
        else {
            continue;
        };
        let of = format!(
            "{} of {} at {}",
            row.instrument,
            codes.get(&row.person_id).copied().unwrap_or_default(),
            waves.get(&row.occasion_id).map_or("", String::as_str),
        );
        let at = At {
            file: &folder.responses.name,
            line: response.line,
            of: &of,
        };
        let mut new = old.clone();
        let day = |at: &String| at.get(..10).unwrap_or(at).to_owned();
        let (here, given) = (Some(&old.device_finished_at), Some(&row.device_finished_at));
        if found.wants(&at, "date", here, given, day) {
            new.device_started_at.clone_from(&row.device_started_at);
            new.device_finished_at.clone_from(&row.device_finished_at);
        }
        if found.wants(&at, "mode", Some(&old.mode), Some(&row.mode), Clone::clone) {
            new.mode.clone_from(&row.mode);
        }
        if found.wants(
            &at,
            "edition",
            Some(&old.edition),
            Some(&row.edition),
            Clone::clone,
        ) {
            new.edition.clone_from(&row.edition);
        }
        new.answers = merged(found, &at, &old.answers, &row.answers)?;
        if new != *old {
            found.edits.push(Edit::Response(Box::new(new)));
        }
    }
    Ok(())
}

/// The answers that are here, with those that were never given before, and with those that differ where they are taken.
fn merged(found: &mut Found, at: &At<'_>, here: &str, given: &str) -> Result<String, StoreError> {
    let mut answers: Answers = from_json("responses", here)?;
    let given: Answers = from_json("responses", given)?;
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for (item, answer) in &given.0 {
        match answers.get(item) {
            None => {
                found.filled += 1;
                answers.set(item, *answer);
            }
            Some(here) if here == *answer => {}
            Some(here) => {
                old.push(format!("{item} {}", shown(here)));
                new.push(format!("{item} {}", shown(*answer)));
                if found.take {
                    answers.set(item, *answer);
                }
            }
        }
    }
    if !old.is_empty() {
        found.differs(at, "answers", old.join(", "), new.join(", "), true);
    }
    Ok(to_json(&answers))
}

/// An answer as the files write it.
fn shown(answer: Answer) -> String {
    to_json(&answer).trim_matches('"').to_owned()
}
