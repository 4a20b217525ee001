//! Questionnaires as data: what an edition is made of, reading and checking instrument files, and scoring.
//!
//! The file format is described in `app/domain/instruments/README.md`. The phone never reads files: it gets a [`Definition`] as JSON.

#[cfg(feature = "files")]
pub mod file;
mod scoring;
mod validate;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use scoring::{ScaleScore, score};
pub use validate::{AnswersError, DefinitionError, check_answers, check_definition};

/// A text in several languages, by language code.
pub type Texts = BTreeMap<String, String>;

/// The text in a language, else in Danish, else in any.
#[must_use]
pub fn text<'a>(texts: &'a Texts, language: &str) -> &'a str {
    texts
        .get(language)
        .or_else(|| texts.get("da"))
        .or_else(|| texts.values().next())
        .map_or("", String::as_str)
}

/// Whose wording an edition carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Bedring's own demonstration wording: labelled so wherever it is shown.
    Demonstration,
    /// Licensed wording, imported by whoever holds the licence.
    Licensed,
}

impl Kind {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Demonstration => "demonstration",
            Self::Licensed => "licensed",
        }
    }
}

/// One edition of one instrument.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Version of the file format; 1.
    pub format: u32,
    /// The instrument's id, such as `mhrm-30`.
    pub instrument: String,
    /// The edition, unique for the instrument.
    pub edition: String,
    /// Whose wording it is.
    pub kind: Kind,
    /// Who made structure and wording.
    pub source: String,
    /// What may be done with the wording.
    pub licence_note: String,
    /// The languages that every text has.
    pub languages: Vec<String>,
    /// For an instrument that is never asked: where its answers come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived_from: Option<EditionRef>,
    /// The heading.
    pub title: Texts,
    /// What is said before the first question.
    pub introduction: Texts,
    /// Sets of answer options.
    pub option_sets: Vec<OptionSet>,
    /// The questions, in order.
    pub items: Vec<Item>,
    /// The scales, parts before the sums that are made of them or after.
    pub scales: Vec<Scale>,
}

/// Names an edition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditionRef {
    /// The instrument's id.
    pub instrument: String,
    /// The edition.
    pub edition: String,
}

/// Answer options that items share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionSet {
    /// Unique within the edition.
    pub code: String,
    /// In the order shown.
    pub options: Vec<AnswerOption>,
}

/// One answer option.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerOption {
    /// What is stored.
    pub code: i64,
    /// What is shown.
    pub label: Texts,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Unique within the edition.
    pub code: String,
    /// The option set.
    pub options: String,
    /// The domain or block it belongs to.
    pub part: String,
    /// May be answered "not relevant to me".
    #[serde(default)]
    pub not_relevant: bool,
    /// Counted from the other end.
    #[serde(default)]
    pub reverse: bool,
    /// What is asked.
    pub text: Texts,
}

/// What a scale is to its instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The whole instrument.
    Total,
    /// A domain of content.
    Domain,
    /// A block of sources that must always be shown apart.
    Block,
}

/// What to do about unanswered items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingRule {
    /// Every item must be answered.
    Complete,
    /// The person's mean stands for the unanswered if at least half is answered.
    Half,
    /// The person's mean stands for the unanswered if they are no more than this.
    AtMost(u32),
}

/// One score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Unique within the edition.
    pub code: String,
    /// What it is to the instrument.
    pub role: Role,
    /// Its items, or empty where it sums `parts`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// Other scales that it sums, or empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// Lowest score.
    pub minimum: i64,
    /// Highest score.
    pub maximum: i64,
    /// What to do about unanswered items; parts bring their own rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingRule>,
    /// What it is called.
    pub title: Texts,
    /// Limits that are valid for this scale.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cut_offs: Vec<CutOff>,
}

/// A published limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutOff {
    /// Unique within the scale.
    pub code: String,
    /// Holds for scores lower than this.
    pub below: i64,
    /// Who published it.
    pub source: String,
    /// What it is called, in plain and kind words.
    pub label: Texts,
}

impl Definition {
    /// The item of that code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|i| i.code == code)
    }

    /// The options of an item; empty if the definition was not checked and the set is missing.
    #[must_use]
    pub fn options_of(&self, item: &Item) -> &[AnswerOption] {
        self.option_sets
            .iter()
            .find(|s| s.code == item.options)
            .map_or(&[], |s| s.options.as_slice())
    }

    /// The scale of that code.
    #[must_use]
    pub fn scale(&self, code: &str) -> Option<&Scale> {
        self.scales.iter().find(|s| s.code == code)
    }

    /// Which edition this is.
    #[must_use]
    pub fn reference(&self) -> EditionRef {
        EditionRef {
            instrument: self.instrument.clone(),
            edition: self.edition.clone(),
        }
    }
}
