//! A CSV file as cells with names and lines. What is wrong with the file itself is told here: bytes, columns, lengths of lines.

use std::collections::HashMap;

use super::Problem;

/// A file that could be read, as far as it could.
pub struct Table {
    file: &'static str,
    columns: HashMap<String, usize>,
    lines: Vec<(u64, csv::StringRecord)>,
}

/// One line.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    table: &'a Table,
    /// From 1.
    pub number: u64,
    record: &'a csv::StringRecord,
}

/// Which columns a file has.
#[derive(Clone, Copy)]
pub struct Columns {
    /// These, all of them, in any order.
    pub wanted: &'static [&'static str],
    /// And others of this kind, if any: a prefix and a number.
    pub numbered: Option<&'static str>,
}

impl Table {
    /// Reads a file; commas or semicolons.
    pub fn read(
        file: &'static str,
        bytes: &[u8],
        columns: Columns,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut told = |line: u64, reason: String| problems.push(Problem { file, line, reason });
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = before.iter().filter(|b| **b == b'\n').count() as u64 + 1;
                told(
                    line,
                    "the bytes are not UTF-8; save the file as UTF-8".to_owned(),
                );
                return None;
            }
        };
        // The reader counts lines a little late where they end in two characters.
        let text = text.replace("\r\n", "\n");
        let header = text.lines().next().unwrap_or_default();
        let delimiter = if header.contains(';') && !header.contains(',') {
            b';'
        } else {
            b','
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let header = reader.headers().cloned().unwrap_or_default();
        let mut names = HashMap::new();
        for (index, name) in header.iter().enumerate() {
            if names.insert(name.to_owned(), index).is_some() {
                told(1, format!("the column {name} is there twice"));
            } else if !columns.knows(name) {
                told(1, format!("the column {name} is not known"));
            }
        }
        let missing: Vec<&str> = columns
            .wanted
            .iter()
            .copied()
            .filter(|c| !names.contains_key(*c))
            .collect();
        for name in &missing {
            told(1, format!("the column {name} is missing"));
        }
        if !missing.is_empty() {
            return None;
        }
        let mut lines = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let number = record.position().map_or(0, csv::Position::line);
                    if record.len() == header.len() {
                        lines.push((number, record));
                    } else {
                        told(
                            number,
                            format!("{} cells, but {} columns", record.len(), header.len()),
                        );
                    }
                }
                Err(error) => {
                    told(
                        error.position().map_or(0, csv::Position::line),
                        "the line cannot be read".to_owned(),
                    );
                }
            }
        }
        Some(Self {
            file,
            columns: names,
            lines,
        })
    }

    /// The lines.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.lines.iter().map(|(number, record)| Line {
            table: self,
            number: *number,
            record,
        })
    }

    /// Whether there is a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }
}

impl Columns {
    fn knows(&self, name: &str) -> bool {
        let number = |prefix| {
            name.strip_prefix(prefix)
                .is_some_and(|n: &str| n.parse::<u16>().is_ok())
        };
        self.wanted.contains(&name) || self.numbered.is_some_and(number)
    }
}

impl<'a> Line<'a> {
    /// A cell; empty where there is no such column.
    pub fn cell(&self, column: &str) -> &'a str {
        self.table
            .columns
            .get(column)
            .and_then(|index| self.record.get(*index))
            .unwrap_or_default()
    }

    /// Something wrong in this line.
    pub fn problem(&self, reason: impl Into<String>) -> Problem {
        Problem {
            file: self.table.file,
            line: self.number,
            reason: reason.into(),
        }
    }

    /// A cell read as something; if it cannot be, that is told.
    pub fn parse<T>(
        &self,
        column: &str,
        what: &str,
        read: impl FnOnce(&'a str) -> Option<T>,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let cell = self.cell(column);
        let value = read(cell);
        if value.is_none() {
            let shown = if cell.is_empty() {
                "empty".to_owned()
            } else {
                format!("\"{cell}\"")
            };
            problems.push(self.problem(format!("{column}: {shown} is no {what}")));
        }
        value
    }
}
