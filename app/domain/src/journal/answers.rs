//! The answers of one questionnaire, as they stand on the wire: `{"mhrm01": 3, "mhrm02": "skipped"}`.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// An option's code.
    Code(i64),
    /// Passed over on purpose.
    Skipped,
    /// "Not relevant to me".
    NotRelevant,
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Code(code) => serializer.serialize_i64(*code),
            Self::Skipped => serializer.serialize_str("skipped"),
            Self::NotRelevant => serializer.serialize_str("not_relevant"),
        }
    }
}

struct AnswerVisitor;

impl Visitor<'_> for AnswerVisitor {
    type Value = Answer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an option's code, \"skipped\" or \"not_relevant\"")
    }

    fn visit_i64<E: de::Error>(self, code: i64) -> Result<Answer, E> {
        Ok(Answer::Code(code))
    }

    fn visit_u64<E: de::Error>(self, code: u64) -> Result<Answer, E> {
        i64::try_from(code)
            .map(Answer::Code)
            .map_err(|_| E::custom("the code is too large"))
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Answer, E> {
        match word {
            "skipped" => Ok(Answer::Skipped),
            "not_relevant" => Ok(Answer::NotRelevant),
            _ => Err(E::custom(
                "the word is neither \"skipped\" nor \"not_relevant\"",
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnswerVisitor)
    }
}

/// Answers by item code, in the order of the codes, so that the same answers have the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Answer>);

impl Answers {
    /// The answer to an item; `None` if it was never reached.
    #[must_use]
    pub fn get(&self, item: &str) -> Option<Answer> {
        self.0.get(item).copied()
    }

    /// Sets an answer.
    pub fn set(&mut self, item: &str, answer: Answer) {
        self.0.insert(item.to_owned(), answer);
    }

    /// How many items have an answer of any sort.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<String>> FromIterator<(K, Answer)> for Answers {
    fn from_iter<I: IntoIterator<Item = (K, Answer)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(k, a)| (k.into(), a)).collect())
    }
}
