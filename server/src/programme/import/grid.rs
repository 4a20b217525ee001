//! Rows of clean cells, from a text with separators. What a sheet of a workbook becomes as well (`workbook`).
//!
//! Rows without content are gone here, and what cannot be seen is gone from the cells; nothing is understood yet.

use bedring_domain::pseudonym::clean;
use chrono::NaiveDate;

/// The rows of a table, as far as they have content.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    pub rows: Vec<Row>,
    /// The day before the first that this workbook counts its days from; text files count none.
    pub day_zero: Option<NaiveDate>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: u64,
    pub cells: Vec<String>,
}

impl Grid {
    /// Takes a row in, unless it has no content.
    pub fn push(&mut self, line: u64, cells: impl Iterator<Item = String>) {
        let cells: Vec<String> = cells.map(|c| unquoted(&clean(&c)).to_owned()).collect();
        if cells.iter().any(|c| !c.is_empty()) {
            self.rows.push(Row { line, cells });
        }
    }
}

/// A cell that was quoted behind a blank, which the reader of the file does not take for a quoted one.
fn unquoted(cell: &str) -> &str {
    let inner = cell.strip_prefix('"').and_then(|c| c.strip_suffix('"'));
    inner.map_or(cell, str::trim)
}

/// Reads a text with separators. `headings` are the column names that the right separator brings out.
///
/// # Errors
/// The line where a quotation mark opens that never closes.
pub fn delimited(text: &str, headings: &[&str]) -> Result<Grid, u64> {
    let (named, text, before) = named_separator(text);
    let separator = named.unwrap_or_else(|| best_separator(text, headings));
    if text.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        return Err(before + open_quote(text, separator));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut grid = Grid::default();
    for record in reader.records() {
        // Text can always be read: the reader fails on bytes and lengths only.
        let Ok(record) = record else { continue };
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        grid.push(
            before + line_of(text, start),
            record.iter().map(str::to_owned),
        );
    }
    Ok(grid)
}

/// The line, from 1, in which a record stands that the reader began to look for at this byte: it passes over empty lines first.
fn line_of(text: &str, start: usize) -> u64 {
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    let empty = rest.len() - rest.trim_start_matches('\n').len();
    (before.bytes().filter(|b| *b == b'\n').count() + empty + 1) as u64
}

/// `sep=;` as the first line, which spreadsheets write and obey: the separator, the text behind it, and the lines passed over.
fn named_separator(text: &str) -> (Option<u8>, &str, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim_start_matches(|c: char| c == '"' || clean(&c.to_string()).is_empty());
    let named = first
        .get(..4)
        .filter(|start| start.eq_ignore_ascii_case("sep="))
        .and_then(|_| first.as_bytes().get(4))
        .filter(|b| b.is_ascii_punctuation() || **b == b'\t');
    match named {
        Some(separator) => (Some(*separator), rest, 1),
        None => (None, text, 0),
    }
}

/// The separator that brings out most of the headings that are wanted.
fn best_separator(text: &str, headings: &[&str]) -> u8 {
    let found = |separator: &&u8| {
        let cells = text
            .lines()
            .take(30)
            .map(|l| l.split(char::from(**separator)));
        let known = cells.map(|cells| {
            let named = cells.map(|c| heading(unquoted(&clean(c))));
            named.filter(|c| headings.contains(&c.as_str())).count()
        });
        known.max().unwrap_or(0)
    };
    // The last of equals is taken: the semicolon, which Danish spreadsheets write.
    b"|\t,;".iter().max_by_key(found).copied().unwrap_or(b';')
}

/// A heading as it is compared: small letters, and `_` for blanks and hyphens.
pub fn heading(cell: &str) -> String {
    cell.to_lowercase().replace([' ', '-'], "_")
}

/// The line of the first cell with a quotation mark that is closed nowhere in its own line: most likely the one that is missing its mate.
fn open_quote(text: &str, separator: u8) -> u64 {
    let odd = |line: &str| {
        let opens = line
            .split(char::from(separator))
            .any(|c| c.trim_start().starts_with('"'));
        opens && line.matches('"').count() % 2 == 1
    };
    let found = text.lines().position(odd);
    found.map_or(1, |index| index as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let grid = delimited(text, &["project", "refusals"]).unwrap();
        grid.rows.into_iter().map(|r| (r.line, r.cells)).collect()
    }

    fn cells(line: u64, cells: [&str; 2]) -> (u64, Vec<String>) {
        (line, cells.map(str::to_owned).to_vec())
    }

    #[test]
    fn every_separator_is_found_and_a_named_one_obeyed() {
        let wanted = [cells(1, ["project", "refusals"]), cells(2, ["A", "3"])];
        for separator in [";", ",", "\t", "|"] {
            let text = "project;refusals\nA;3\n".replace(';', separator);
            assert_eq!(rows(&text), wanted, "{separator}");
        }
        for first in ["sep=,", "SEP=,", "\u{feff}sep=,", "\"sep=,\"", "sep=,;;"] {
            let text = format!("{first}\nproject,refusals\nA;B,3\n");
            assert_eq!(rows(&text)[1], cells(3, ["A;B", "3"]), "{first}");
        }
        assert_eq!(
            rows("project;refusals\nA, B og C;3\n")[1],
            cells(2, ["A, B og C", "3"])
        );
    }

    #[test]
    fn rows_without_content_are_passed_over_and_the_lines_are_the_files_own() {
        let text = "\n;\nproject;refusals\n\n\nA;3\n;\n \u{a0};\u{200b}\n\"B\nb\";1\nC;2\n;\n";
        assert_eq!(
            rows(text),
            [
                cells(3, ["project", "refusals"]),
                cells(6, ["A", "3"]),
                cells(9, ["B b", "1"]),
                cells(11, ["C", "2"]),
            ]
        );
    }

    #[test]
    fn quotes_and_blanks_around_cells_go() {
        let text = "\"project\" ; \"refusals\"\n \u{feff}\"A\" ;\u{a0}3\u{a0}\n\"B;\"\"b\"\"\";1\n";
        assert_eq!(
            rows(text),
            [
                cells(1, ["project", "refusals"]),
                cells(2, ["A", "3"]),
                cells(3, ["B;\"b\"", "1"]),
            ]
        );
    }

    #[test]
    fn a_quote_that_never_closes_is_told_where_it_opens() {
        let text = "sep=;\nproject;refusals\nA;3\n\"B;1\nC;2\n";
        assert_eq!(delimited(text, &["project"]).unwrap_err(), 4);
    }
}
