//! Sheets of an `.xlsx` workbook as rows of cells.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{Data, HeaderRow, Range, Reader, Xlsx, open_workbook_from_rs};
use chrono::NaiveDate;

use super::grid::Grid;

/// A workbook that could be opened.
pub struct Workbook {
    sheets: Vec<(String, Sheet)>,
}

struct Sheet {
    grid: Grid,
    /// Formulas of which the file does not hold a single result.
    without_results: bool,
}

/// What the file begins with: it is a ZIP archive. (A protected or older workbook begins otherwise.)
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Whether it is a workbook of the older kind, or one that a password protects.
pub fn is_locked_or_old(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

impl Workbook {
    /// Opens one.
    ///
    /// # Errors
    /// What the reader says of it.
    pub fn open(bytes: &[u8]) -> Result<Self, String> {
        let told = |e: calamine::XlsxError| e.to_string();
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(told)?;
        book.with_header_row(HeaderRow::Row(0));
        let day_zero = if book.has_1904_epoch() {
            NaiveDate::from_ymd_opt(1904, 1, 1)
        } else {
            NaiveDate::from_ymd_opt(1899, 12, 30)
        };
        let mut sheets = Vec::new();
        for name in book.sheet_names() {
            let values = book.worksheet_range(&name).map_err(told)?;
            let formulas = book.worksheet_formula(&name).map_err(told)?;
            let sheet = Sheet {
                grid: grid(&values, day_zero),
                without_results: without_results(&values, &formulas),
            };
            sheets.push((super::grid::heading(name.trim()), sheet));
        }
        Ok(Self { sheets })
    }

    /// Whether there is a sheet of this name.
    pub fn has(&self, name: &str) -> bool {
        self.sheets.iter().any(|(n, _)| n == name)
    }

    /// The rows of the sheet of this name; `alone`: or of the first with content, where the workbook is for this table alone.
    ///
    /// # Errors
    /// What is wrong with the sheet, to be said behind its name.
    pub fn grid(&self, name: &str, alone: bool) -> Result<Grid, &'static str> {
        let named = self.sheets.iter().find(|(n, _)| n == name);
        let first = || {
            let mut sheets = self.sheets.iter();
            sheets.find(|(_, s)| alone && !s.grid.rows.is_empty())
        };
        match named.or_else(first) {
            Some((_, sheet)) if sheet.without_results => Err(
                "holds formulas without their results: open it in a spreadsheet, save it, and bring it in again",
            ),
            Some((_, sheet)) => Ok(sheet.grid.clone()),
            None => Ok(Grid::default()),
        }
    }
}

fn grid(values: &Range<Data>, day_zero: Option<NaiveDate>) -> Grid {
    let mut grid = Grid {
        day_zero,
        ..Grid::default()
    };
    let (first_row, first_column) = values.start().unwrap_or_default();
    for (index, row) in (u64::from(first_row) + 1..).zip(values.rows()) {
        let left = (0..first_column).map(|_| String::new());
        grid.push(index, left.chain(row.iter().map(text)));
    }
    grid
}

/// A cell as a person would type it.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        // The shortest number that is this one: 2 for 2.0.
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string().to_uppercase(),
        Data::DateTime(moment) if moment.is_datetime() && moment.as_f64() >= 1.0 => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTime(moment) => moment.as_f64().to_string(),
        Data::Error(error) => error.to_string(),
    }
}

/// Programs that write formulas without working them out leave every one of them without a result. A single one may be without on
/// purpose: `=IF(A2="";"";…)` has no content to speak of.
fn without_results(values: &Range<Data>, formulas: &Range<String>) -> bool {
    let results: HashMap<(usize, usize), &Data> = values
        .used_cells()
        .map(|(row, column, cell)| ((row, column), cell))
        .collect();
    let (base, offset) = (
        values.start().unwrap_or_default(),
        formulas.start().unwrap_or_default(),
    );
    let mut found = false;
    for (row, column, formula) in formulas.used_cells() {
        if formula.is_empty() {
            continue;
        }
        found = true;
        let at =
            |n: usize, offset: u32, base: u32| (n + offset as usize).checked_sub(base as usize);
        let place = at(row, offset.0, base.0).zip(at(column, offset.1, base.1));
        if place.is_some_and(|place| results.contains_key(&place)) {
            return false;
        }
    }
    found
}
