//! Somebody else changed something while one was writing: both values, in a sentence at the field.

use bedring_contract::problem::{Code, Problem};

use super::course::correct_words;
use super::words::{Lang, fill};

/// The sentence, if that is what the server says of this field. What is typed stays; whoever saves again has seen the other value.
pub fn told(
    lang: Lang,
    problem: &Problem,
    pointer: &str,
    typed: &str,
    show: impl Fn(&str) -> String,
) -> Option<String> {
    if problem.code != Code::ChangedMeanwhile {
        return None;
    }
    let field = problem.errors.iter().find(|e| e.pointer == pointer)?;
    let w = correct_words(lang);
    let shown = |text: &str| match text.trim() {
        "" => w.nothing.to_owned(),
        text => show(text),
    };
    let now = shown(field.current.as_deref().unwrap_or_default());
    Some(fill(
        w.meanwhile,
        &[("now", &now), ("typed", &shown(typed))],
    ))
}

/// What the field holds by now.
pub fn current(problem: &Problem, pointer: &str) -> Option<String> {
    let field = problem.errors.iter().find(|e| e.pointer == pointer)?;
    field.current.clone()
}
