//! Scoring: from answers to the scores of one edition's scales. The same code on the phone and on the server.

use serde::{Deserialize, Serialize};

use super::{Definition, MissingRule, Scale};
use crate::journal::{Answer, Answers};

/// The score of one scale, with what it was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScaleScore {
    /// The scale's code.
    pub scale: String,
    /// In the scale's own unit, from its minimum to its maximum; `None` if too little was answered.
    pub score: Option<f64>,
    /// The person's mean stands for at least one unanswered item.
    pub prorated: bool,
    /// Plain sum of what was answered (reversed items reversed).
    pub sum: i64,
    /// Items answered with an option.
    pub answered: u32,
    /// Items passed over on purpose.
    pub skipped: u32,
    /// Items that were not relevant.
    pub not_relevant: u32,
    /// Items never reached, or with a code that is no option.
    pub missing: u32,
    /// Codes of the cut-offs that hold.
    #[serde(default)]
    pub cut_offs: Vec<String>,
}

impl ScaleScore {
    fn empty(scale: &Scale) -> Self {
        Self {
            scale: scale.code.clone(),
            score: None,
            prorated: false,
            sum: 0,
            answered: 0,
            skipped: 0,
            not_relevant: 0,
            missing: 0,
            cut_offs: Vec::new(),
        }
    }
}

/// The scores of all scales, in the order of the definition. Item codes that the definition does not have are never counted.
#[must_use]
pub fn score(definition: &Definition, answers: &Answers) -> Vec<ScaleScore> {
    definition
        .scales
        .iter()
        .map(|scale| with_cut_offs(scale, score_scale(definition, scale, answers)))
        .collect()
}

fn with_cut_offs(scale: &Scale, mut result: ScaleScore) -> ScaleScore {
    if let Some(score) = result.score {
        #[expect(
            clippy::cast_precision_loss,
            reason = "limits of scales are small integers"
        )]
        let holds = |below: i64| score < below as f64;
        result.cut_offs = scale
            .cut_offs
            .iter()
            .filter(|c| holds(c.below))
            .map(|c| c.code.clone())
            .collect();
    }
    result
}

fn score_scale(definition: &Definition, scale: &Scale, answers: &Answers) -> ScaleScore {
    if scale.parts.is_empty() {
        score_items(definition, scale, answers)
    } else {
        score_parts(definition, scale, answers)
    }
}

/// A scale of scales. A checked definition has no scale that contains itself: parts are always scales of items.
fn score_parts(definition: &Definition, scale: &Scale, answers: &Answers) -> ScaleScore {
    let mut result = ScaleScore::empty(scale);
    let mut total = Some(0.0);
    for part in scale.parts.iter().filter_map(|code| definition.scale(code)) {
        let part = score_items(definition, part, answers);
        total = total.zip(part.score).map(|(a, b)| a + b);
        result.prorated |= part.prorated;
        result.sum += part.sum;
        result.answered += part.answered;
        result.skipped += part.skipped;
        result.not_relevant += part.not_relevant;
        result.missing += part.missing;
    }
    result.score = total;
    result.prorated &= total.is_some();
    result
}

fn score_items(definition: &Definition, scale: &Scale, answers: &Answers) -> ScaleScore {
    let mut result = ScaleScore::empty(scale);
    for code in &scale.items {
        match answers.get(code) {
            Some(Answer::Skipped) => result.skipped += 1,
            Some(Answer::NotRelevant) => result.not_relevant += 1,
            Some(Answer::Code(option)) => match counted(definition, code, option) {
                Some(value) => {
                    result.sum += value;
                    result.answered += 1;
                }
                None => result.missing += 1,
            },
            None => result.missing += 1,
        }
    }
    let items = u32::try_from(scale.items.len()).unwrap_or(u32::MAX);
    let unanswered = items - result.answered;
    let enough = match scale.missing.unwrap_or(MissingRule::Complete) {
        MissingRule::Complete => unanswered == 0,
        MissingRule::Half => u64::from(result.answered) * 2 >= u64::from(items),
        MissingRule::AtMost(limit) => unanswered <= limit,
    };
    if enough && result.answered > 0 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "sums of questionnaires are small integers"
        )]
        let sum = result.sum as f64;
        // Multiplied before divided: whole results stay whole.
        result.score = Some(if unanswered == 0 {
            sum
        } else {
            sum * f64::from(items) / f64::from(result.answered)
        });
        result.prorated = unanswered > 0;
    }
    result
}

/// What an option counts, reversed where the item is; `None` if it is no option of the item.
fn counted(definition: &Definition, item: &str, option: i64) -> Option<i64> {
    let item = definition.item(item)?;
    let codes = || definition.options_of(item).iter().map(|o| o.code);
    if !codes().any(|c| c == option) {
        return None;
    }
    if item.reverse {
        Some(codes().min()? + codes().max()? - option)
    } else {
        Some(option)
    }
}
