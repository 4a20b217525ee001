//! Instrument files: a definition in TOML with the test vectors that prove its scoring.

use serde::Deserialize;

use super::{Definition, DefinitionError, ScaleScore, check_definition, score};
use crate::journal::Answers;

/// A file that was read and is right.
#[derive(Debug, Clone, PartialEq)]
pub struct InstrumentFile {
    /// What phones get.
    pub definition: Definition,
    /// What proves the scoring.
    pub vectors: Vec<Vector>,
}

/// Answers and the scores that they must have, worked out by hand.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// What it shows.
    pub name: String,
    /// The arithmetic.
    pub worked: String,
    /// What was answered.
    pub answers: Answers,
    /// The scores of some scales.
    pub expect: Vec<ScaleScore>,
}

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FileError {
    /// Not TOML, or not of the format's shape.
    #[error("line {line}: {problem}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// Read, but its parts do not fit together.
    #[error("line {line}: {error}")]
    Definition {
        /// The line that names the part, else 1.
        line: usize,
        /// What is wrong.
        error: DefinitionError,
    },
    /// The scoring is not what a vector says.
    #[error(
        "line {line}: vector \"{vector}\", scale \"{scale}\": expected {expected}, scored {scored}"
    )]
    Vector {
        /// The line that names the vector.
        line: usize,
        /// Its name.
        vector: String,
        /// The scale that differs.
        scale: String,
        /// As the file says.
        expected: String,
        /// As this program scores.
        scored: String,
    },
}

/// Reads a file, checks the definition and runs its vectors.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn read(source: &str) -> Result<InstrumentFile, FileError> {
    let mut table: toml::Table = source.parse().map_err(|e| syntax(source, &e))?;
    let vectors = table
        .remove("vectors")
        .unwrap_or_else(|| toml::Value::Array(Vec::new()));
    // The definition is read from the text, not from the table, so that an error knows its line.
    let definition_source = without_vectors(source);
    let definition: Definition =
        toml::from_str(&definition_source).map_err(|e| syntax(&definition_source, &e))?;
    let vectors: Vec<Vector> =
        vectors
            .try_into()
            .map_err(|e: toml::de::Error| FileError::Syntax {
                line: line_naming(source, "[[vectors]]"),
                problem: e.message().to_owned(),
            })?;
    check_definition(&definition).map_err(|error| FileError::Definition {
        line: line_of_place(source, &error.place),
        error,
    })?;
    for (i, vector) in vectors.iter().enumerate() {
        let problem = if vector.expect.is_empty() {
            "expects nothing, so it proves nothing"
        } else if vectors[..i].iter().any(|v| v.name == vector.name) {
            "is named twice"
        } else {
            run_vector(&definition, vector, source)?;
            continue;
        };
        return Err(FileError::Syntax {
            line: line_naming(source, &format!("\"{}\"", vector.name)),
            problem: format!("vector \"{}\" {problem}", vector.name),
        });
    }
    Ok(InstrumentFile {
        definition,
        vectors,
    })
}

fn syntax(source: &str, error: &toml::de::Error) -> FileError {
    let offset = error.span().map_or(0, |s| s.start.min(source.len()));
    let line = source.as_bytes()[..offset]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
        + 1;
    FileError::Syntax {
        line,
        problem: error.message().to_owned(),
    }
}

/// The same lines with those of the vectors blanked, so that line numbers stay right.
fn without_vectors(source: &str) -> String {
    let mut inside = false;
    source
        .lines()
        .map(|line| {
            let header = line.trim_start();
            if header.starts_with('[') {
                inside = header.starts_with("[[vectors") || header.starts_with("[vectors");
            }
            if inside {
                "\n".to_owned()
            } else {
                format!("{line}\n")
            }
        })
        .collect()
}

fn line_naming(source: &str, what: &str) -> usize {
    source
        .lines()
        .position(|l| l.contains(what))
        .map_or(1, |i| i + 1)
}

fn line_of_place(source: &str, place: &str) -> usize {
    let last = place.rsplit('.').next().unwrap_or(place);
    source
        .lines()
        .position(|l| l.trim_start().starts_with("code") && l.contains(&format!("\"{last}\"")))
        .or_else(|| {
            source
                .lines()
                .position(|l| l.starts_with(last) || l.contains(&format!("[[{last}]]")))
        })
        .map_or(1, |i| i + 1)
}

fn run_vector(definition: &Definition, vector: &Vector, source: &str) -> Result<(), FileError> {
    let scores = score(definition, &vector.answers);
    for expected in &vector.expect {
        let scored = scores.iter().find(|s| s.scale == expected.scale);
        if scored.is_none_or(|s| !agrees(s, expected)) {
            return Err(FileError::Vector {
                line: line_naming(source, &format!("\"{}\"", vector.name)),
                vector: vector.name.clone(),
                scale: expected.scale.clone(),
                expected: describe(expected),
                scored: scored
                    .map_or_else(|| "nothing: there is no such scale".to_owned(), describe),
            });
        }
    }
    Ok(())
}

/// Scores may differ in the last bits where a hand-worked fraction was rounded in the file; everything else must be the same.
fn agrees(scored: &ScaleScore, expected: &ScaleScore) -> bool {
    let near = match (scored.score, expected.score) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        (None, None) => true,
        _ => false,
    };
    near && ScaleScore {
        score: None,
        ..scored.clone()
    } == ScaleScore {
        score: None,
        ..expected.clone()
    }
}

fn describe(s: &ScaleScore) -> String {
    let score = s
        .score
        .map_or_else(|| "no score".to_owned(), |v| format!("score {v}"));
    format!(
        "{score}{}, sum {}, {} answered, {} skipped, {} not relevant, {} missing, cut-offs {:?}",
        if s.prorated { " (prorated)" } else { "" },
        s.sum,
        s.answered,
        s.skipped,
        s.not_relevant,
        s.missing,
        s.cut_offs
    )
}
