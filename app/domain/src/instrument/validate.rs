//! What makes a definition usable, and whether answers fit one.

use std::collections::BTreeSet;

use super::{Definition, Scale, Texts};
use crate::journal::{Answer, Answers};

/// What is wrong with a definition; `place` names the part of the file, such as `items.mhrm07`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct DefinitionError {
    /// Where.
    pub place: String,
    /// What.
    pub problem: String,
}

fn wrong<T>(place: impl Into<String>, problem: impl Into<String>) -> Result<T, DefinitionError> {
    Err(DefinitionError {
        place: place.into(),
        problem: problem.into(),
    })
}

fn is_code(code: &str, also: &str) -> bool {
    !code.is_empty()
        && code.len() <= 40
        && code
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || also.contains(c))
}

fn all_languages(
    definition: &Definition,
    place: &str,
    texts: &Texts,
) -> Result<(), DefinitionError> {
    for language in &definition.languages {
        if texts.get(language).is_none_or(|t| t.trim().is_empty()) {
            return wrong(place, format!("has no text in language \"{language}\""));
        }
    }
    match texts.keys().find(|l| !definition.languages.contains(l)) {
        Some(extra) => wrong(
            place,
            format!("has a text in language \"{extra}\", which `languages` does not name"),
        ),
        None => Ok(()),
    }
}

fn unique<'a>(place: &str, codes: impl Iterator<Item = &'a str>) -> Result<(), DefinitionError> {
    let mut seen = BTreeSet::new();
    for code in codes {
        if !is_code(code, "_") {
            return wrong(
                place,
                format!("\"{code}\" is no code: lower-case letters, digits and _ only, at most 40"),
            );
        }
        if !seen.insert(code) {
            return wrong(place, format!("\"{code}\" stands twice"));
        }
    }
    Ok(())
}

/// Checks all that the types cannot say.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_definition(d: &Definition) -> Result<(), DefinitionError> {
    if d.format != 1 {
        return wrong("format", format!("is {}; this program reads 1", d.format));
    }
    if !is_code(&d.instrument, "-") || !is_code(&d.edition, "-.") {
        return wrong(
            "instrument and edition",
            "must be lower-case letters, digits and hyphens",
        );
    }
    if d.languages.is_empty() || d.languages.iter().any(|l| l.len() != 2) {
        return wrong(
            "languages",
            "must name at least one language by two letters",
        );
    }
    if d.source.trim().is_empty() || d.licence_note.trim().is_empty() {
        return wrong(
            "source and licence_note",
            "must say where the wording comes from and what may be done with it",
        );
    }
    all_languages(d, "title", &d.title)?;
    all_languages(d, "introduction", &d.introduction)?;
    check_items(d)?;
    unique("scales", d.scales.iter().map(|s| s.code.as_str()))?;
    d.scales.iter().try_for_each(|s| check_scale(d, s))
}

fn check_items(d: &Definition) -> Result<(), DefinitionError> {
    unique("option_sets", d.option_sets.iter().map(|s| s.code.as_str()))?;
    for set in &d.option_sets {
        let place = format!("option_sets.{}", set.code);
        let codes: BTreeSet<i64> = set.options.iter().map(|o| o.code).collect();
        if codes.len() < 2 || codes.len() != set.options.len() {
            return wrong(place, "needs at least two options with different codes");
        }
        set.options
            .iter()
            .try_for_each(|o| all_languages(d, &format!("{place}.{}", o.code), &o.label))?;
    }
    if d.items.is_empty() {
        return wrong("items", "there is none");
    }
    unique("items", d.items.iter().map(|i| i.code.as_str()))?;
    for item in &d.items {
        let place = format!("items.{}", item.code);
        all_languages(d, &place, &item.text)?;
        if d.options_of(item).is_empty() {
            return wrong(
                place,
                format!("option set \"{}\" does not exist", item.options),
            );
        }
        if d.scale(&item.part)
            .is_none_or(|s| !s.items.contains(&item.code))
        {
            return wrong(
                place,
                format!("part \"{}\" is no scale that holds this item", item.part),
            );
        }
    }
    Ok(())
}

fn check_scale(d: &Definition, scale: &Scale) -> Result<(), DefinitionError> {
    let place = format!("scales.{}", scale.code);
    all_languages(d, &place, &scale.title)?;
    unique(
        &format!("{place}.items"),
        scale.items.iter().map(String::as_str),
    )?;
    unique(
        &format!("{place}.parts"),
        scale.parts.iter().map(String::as_str),
    )?;
    unique(
        &format!("{place}.cut_offs"),
        scale.cut_offs.iter().map(|c| c.code.as_str()),
    )?;
    let (low, high) = match (scale.items.is_empty(), scale.parts.is_empty()) {
        (false, true) => range_of_items(d, scale, &place)?,
        (true, false) => range_of_parts(d, scale, &place)?,
        _ => return wrong(place, "needs either items or parts"),
    };
    if (scale.minimum, scale.maximum) != (low, high) {
        return wrong(
            place,
            format!(
                "the range is given as {} to {}, its items make {low} to {high}",
                scale.minimum, scale.maximum
            ),
        );
    }
    for cut_off in &scale.cut_offs {
        all_languages(
            d,
            &format!("{place}.cut_offs.{}", cut_off.code),
            &cut_off.label,
        )?;
        if cut_off.below <= low || cut_off.below > high || cut_off.source.trim().is_empty() {
            return wrong(
                format!("{place}.cut_offs.{}", cut_off.code),
                "needs a source and a limit within the range",
            );
        }
    }
    Ok(())
}

fn range_of_items(
    d: &Definition,
    scale: &Scale,
    place: &str,
) -> Result<(i64, i64), DefinitionError> {
    if scale.missing.is_none() {
        return wrong(place, "needs a rule for missing items");
    }
    let mut range = (0, 0);
    for code in &scale.items {
        let Some(item) = d.item(code) else {
            return wrong(place, format!("item \"{code}\" does not exist"));
        };
        let codes = || d.options_of(item).iter().map(|o| o.code);
        range.0 += codes().min().unwrap_or(0);
        range.1 += codes().max().unwrap_or(0);
    }
    Ok(range)
}

fn range_of_parts(
    d: &Definition,
    scale: &Scale,
    place: &str,
) -> Result<(i64, i64), DefinitionError> {
    if scale.missing.is_some() {
        return wrong(place, "parts bring their own rule for missing items");
    }
    let mut range = (0, 0);
    for code in &scale.parts {
        let Some(part) = d
            .scale(code)
            .filter(|s| s.parts.is_empty() && s.code != scale.code)
        else {
            return wrong(place, format!("part \"{code}\" is no scale of items"));
        };
        range.0 += part.minimum;
        range.1 += part.maximum;
    }
    Ok(range)
}

/// Why answers do not fit an edition. Holds no answers: it may be logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswersError {
    /// An item that the edition does not have.
    #[error("an item that the edition does not have")]
    UnknownItem,
    /// A code that is no option of its item.
    #[error("a code that is no option of its item")]
    UnknownOption,
    /// "Not relevant" to an item that does not offer it.
    #[error("\"not relevant\" to an item that does not offer it")]
    NotRelevantNotOffered,
}

/// Whether answers could have been given to this edition.
///
/// # Errors
/// The first thing that could not.
pub fn check_answers(definition: &Definition, answers: &Answers) -> Result<(), AnswersError> {
    for (code, answer) in &answers.0 {
        let item = definition.item(code).ok_or(AnswersError::UnknownItem)?;
        match answer {
            Answer::Code(option)
                if !definition
                    .options_of(item)
                    .iter()
                    .any(|o| o.code == *option) =>
            {
                return Err(AnswersError::UnknownOption);
            }
            Answer::NotRelevant if !item.not_relevant => {
                return Err(AnswersError::NotRelevantNotOffered);
            }
            _ => {}
        }
    }
    Ok(())
}
