//! Rows as cells with names and lines. What is wrong with the file itself is told here: its headings, its columns, the lengths of its rows.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::grid::{Grid, Row, heading};
use super::problems::Problems;

/// What stands for a mistake of a cell that was told of the whole file already.
pub const TOLD: &str = "";

/// Rows among which the headings are looked for: above them stands at most a title.
const HEADINGS_WITHIN: usize = 20;

/// A file that could be read, as far as it could.
pub struct Table {
    name: String,
    day_zero: Option<NaiveDate>,
    columns: HashMap<String, usize>,
    lines: Vec<Row>,
    /// Whether rows of it were told of and dropped: what is not among the others may stand in those.
    pub incomplete: bool,
}

/// One line.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    table: &'a Table,
    /// From 1.
    pub number: u64,
    cells: &'a [String],
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
    /// Finds the headings and what stands below them. Columns of `left_out` are passed over whatever they hold.
    pub fn of(
        name: &str,
        grid: Grid,
        columns: Columns,
        left_out: &[String],
        p: &mut Problems,
    ) -> Option<Self> {
        let day_zero = grid.day_zero;
        let headings = grid
            .rows
            .iter()
            .take(HEADINGS_WITHIN)
            .position(|row| columns.found_in(row) > 1);
        let Some(at) = headings else {
            let reason = format!(
                "there are no headings: the first line has to be {}",
                columns.wanted.join(", ")
            );
            p.tell(name, 0, reason);
            return None;
        };
        let mut rows = grid.rows.into_iter().skip(at);
        let header = rows.next()?;
        let mut table = Self {
            name: name.to_owned(),
            day_zero,
            columns: HashMap::new(),
            lines: rows.collect(),
            incomplete: false,
        };
        let width = table.lines.iter().map(|l| l.cells.len()).max().unwrap_or(0);
        table.drop_long_rows(&header, p);
        for index in 0..width.max(header.cells.len()) {
            table.take_column(index, &header, columns, left_out, p);
        }
        let missing: Vec<&str> = columns
            .wanted
            .iter()
            .copied()
            .filter(|c| !table.columns.contains_key(*c))
            .collect();
        if missing.is_empty() {
            return Some(table);
        }
        let reason = if let [one] = missing.as_slice() {
            format!("the column {one} is missing")
        } else {
            format!("the columns {} are missing", missing.join(", "))
        };
        p.tell(name, header.line, reason);
        None
    }

    /// Rows with more content than headings: most likely a text that holds the separator, and everything behind it would be taken
    /// for something else. In a sheet of a workbook nothing can slip like that.
    fn drop_long_rows(&mut self, header: &Row, p: &mut Problems) {
        if self.day_zero.is_some() {
            return;
        }
        let named = content(&header.cells);
        let filled = |row: &Row| content(&row.cells) > header.cells.len().max(named);
        for row in self.lines.extract_if(.., |row| filled(row)) {
            self.incomplete = true;
            let cells = row.cells.len();
            let reason = format!(
                "{cells} cells, but {} columns: text that holds the separator, and decimals with a comma, need quotation marks around them",
                header.cells.len()
            );
            p.tell_kind((&self.name, row.line), "", "long", "", reason);
        }
    }

    /// Takes a column by its heading, passes it over, or tells what is wrong with it.
    fn take_column(
        &mut self,
        index: usize,
        header: &Row,
        columns: Columns,
        left_out: &[String],
        p: &mut Problems,
    ) {
        let shown = header.cells.get(index).map_or("", String::as_str);
        let name = columns.name(shown);
        let filled = || {
            let has = |l: &&Row| l.cells.get(index).is_some_and(|c| !c.is_empty());
            self.lines.iter().filter(has)
        };
        if let Some(name) = name {
            match self.columns.get(&name) {
                None => _ = self.columns.insert(name, index),
                Some(_) if filled().next().is_none() => {}
                Some(first) if self.is_empty(*first) => _ = self.columns.insert(name, index),
                Some(_) => p.tell(
                    &self.name,
                    header.line,
                    format!("the column {shown} is there twice: remove one of them"),
                ),
            }
            return;
        }
        let left = |l: &String| heading(l) == heading(shown);
        let Some(first) = filled().next() else { return };
        if left_out.iter().any(left) && !shown.is_empty() {
            return;
        }
        let rows = match filled().count() {
            1 => "1 row".to_owned(),
            n => format!("{n} rows"),
        };
        let reason = if shown.is_empty() {
            let letters = letters(index);
            format!(
                "column {letters} has no heading, but something in {rows}, first in line {}: give it a heading, or remove it",
                first.line
            )
        } else {
            format!(
                "the column {shown} is not known, and {rows} hold something in it: remove it, or pass it over with --leave-out \"{shown}\""
            )
        };
        p.tell(&self.name, header.line, reason);
    }

    fn is_empty(&self, index: usize) -> bool {
        let has = |l: &Row| l.cells.get(index).is_some_and(|c| !c.is_empty());
        !self.lines.iter().any(has)
    }

    /// The lines.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.lines.iter().map(|row| Line {
            table: self,
            number: row.line,
            cells: &row.cells,
        })
    }

    /// Whether there is a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// What the file is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As in [`Grid::day_zero`].
    pub const fn day_zero(&self) -> Option<NaiveDate> {
        self.day_zero
    }
}

/// Cells up to the last that has content.
fn content(cells: &[String]) -> usize {
    cells
        .iter()
        .rposition(|c| !c.is_empty())
        .map_or(0, |i| i + 1)
}

/// The letters by which spreadsheets call a column.
fn letters(index: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    match (index / 26).checked_sub(1) {
        Some(first) => format!("{}{}", letter(first), letter(index)),
        None => letter(index).to_string(),
    }
}

impl Columns {
    /// The name of the column with this heading, if it is one of these.
    fn name(&self, shown: &str) -> Option<String> {
        let name = heading(shown);
        if self.wanted.contains(&name.as_str()) {
            return Some(name);
        }
        let prefix = self.numbered?;
        let number = name.strip_prefix(prefix)?.trim_start_matches('_');
        let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        let number = digits.then(|| number.parse::<u16>().ok())??;
        Some(format!("{prefix}{number:02}"))
    }

    fn found_in(&self, row: &Row) -> usize {
        let wanted = |c: &&String| self.wanted.contains(&heading(c).as_str());
        row.cells.iter().filter(wanted).count()
    }
}

impl<'a> Line<'a> {
    /// A cell; empty where there is no such column.
    pub fn cell(&self, column: &str) -> &'a str {
        self.table
            .columns
            .get(column)
            .and_then(|index| self.cells.get(*index))
            .map_or("", String::as_str)
    }

    /// The file.
    pub fn file(&self) -> &'a str {
        &self.table.name
    }

    /// Something wrong in this line, that other lines may have as well.
    pub fn tell(&self, kind: &str, reason: impl Into<String>, p: &mut Problems) {
        p.tell_kind((self.file(), self.number), "", kind, "", reason.into());
    }

    /// A cell read as something; if it cannot be, what is wrong with it is told, as it is to be said behind the cell.
    pub fn parse<T, E: AsRef<str>>(
        &self,
        column: &str,
        read: impl FnOnce(&'a str) -> Result<T, E>,
        p: &mut Problems,
    ) -> Option<T> {
        let cell = self.cell(column);
        match read(cell) {
            Ok(value) => Some(value),
            Err(wrong) => {
                let wrong = wrong.as_ref();
                if wrong != TOLD {
                    let at = (self.file(), self.number);
                    let reason = format!("{column}: {} {wrong}", quoted(cell));
                    p.tell_kind(at, column, wrong, cell, reason);
                }
                None
            }
        }
    }
}

/// A cell as it is shown in a sentence.
pub fn quoted(cell: &str) -> String {
    if cell.is_empty() {
        "empty".to_owned()
    } else {
        format!("\"{cell}\"")
    }
}
