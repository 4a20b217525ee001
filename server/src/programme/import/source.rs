//! Where the four tables come from: text files, workbooks of one table each, or one workbook with a sheet for each.

use std::path::{Path, PathBuf};

use super::grid::{Grid, delimited};
use super::problems::Problems;
use super::table::Columns;
use super::workbook::{Workbook, is_locked_or_old, is_workbook};
use super::{ImportError, text};

/// The names of the tables, of their files and of their sheets.
pub const TABLES: [&str; 4] = ["projects", "persons", "responses", "refusals"];

/// Ends of the names of files that hold a table.
const ENDS: [&str; 6] = ["csv", "txt", "tsv", "xlsx", "xlsm", "xltx"];
/// Ends that spreadsheets write and that are not read.
const OTHER_ENDS: [&str; 4] = ["xls", "xlsb", "ods", "numbers"];

/// One table as it was delivered.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// What to call it: the file, and the sheet where there are several.
    pub name: String,
    /// What it holds.
    pub content: Content,
}

/// What a source holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// The bytes of a text file.
    Text(Vec<u8>),
    /// The rows of a sheet, or what is wrong with it.
    Sheet(Result<Grid, &'static str>),
}

impl Default for Content {
    fn default() -> Self {
        Self::Text(Vec::new())
    }
}

impl Source {
    /// A text file.
    #[must_use]
    pub fn text(name: &str, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            content: Content::Text(bytes),
        }
    }

    /// The rows, or what is wrong with the file as a whole.
    pub(super) fn grid(&self, columns: Columns, p: &mut Problems) -> Option<Grid> {
        let told = match &self.content {
            Content::Sheet(Ok(grid)) => return Some(grid.clone()),
            Content::Sheet(Err(wrong)) => (0, (*wrong).to_owned()),
            Content::Text(bytes) => {
                match text::text(bytes).map(|t| delimited(&t, columns.wanted)) {
                    Ok(Ok(grid)) => return Some(grid),
                    Ok(Err(line)) => (
                        line,
                        "a quotation mark opens here and closes nowhere".to_owned(),
                    ),
                    Err(wrong) => (0, format!("the file {wrong}")),
                }
            }
        };
        p.tell(&self.name, told.0, told.1);
        None
    }

    /// Whether it says anything below its headings.
    fn has_rows(&self) -> bool {
        match &self.content {
            Content::Sheet(Ok(grid)) => grid.rows.len() > 1,
            Content::Sheet(Err(_)) => true,
            Content::Text(bytes) => match text::text(bytes).map(|t| delimited(&t, &TABLES)) {
                Ok(Ok(grid)) => grid.rows.len() > 1,
                _ => true,
            },
        }
    }
}

/// A file of the folder.
struct File {
    path: PathBuf,
    /// As it is called.
    name: String,
    /// In small letters, without its end.
    stem: String,
    end: String,
}

/// Finds the four tables in a folder, or in one workbook.
///
/// # Errors
/// A table that is not there or there twice, or a file that cannot be read.
pub fn find(path: &Path) -> Result<[Source; 4], ImportError> {
    let files = if path.is_file() {
        vec![file(path.to_owned())]
    } else {
        listed(path)?
    };
    let mut found: [Vec<Source>; 4] = Default::default();
    for file in files.iter().filter(|f| ENDS.contains(&f.end.as_str())) {
        let is_one = TABLES.contains(&file.stem.as_str());
        // A text file that is none of the four is somebody's note.
        if !is_one && !file.end.starts_with('x') {
            continue;
        }
        for (table, source) in sources(file)? {
            found[table].push(source);
        }
    }
    let mut tables = Vec::new();
    for (table, mut sources) in TABLES.into_iter().zip(found) {
        // An empty template beside the file that was filled in is no second delivery.
        if sources.len() > 1 {
            let first = sources.first().cloned();
            sources.retain(Source::has_rows);
            if sources.is_empty() {
                sources.extend(first);
            }
        }
        match sources.len() {
            0 => return Err(missing(path, table, &files)),
            1 => tables.append(&mut sources),
            _ => {
                let names: Vec<String> = sources.into_iter().map(|s| s.name).collect();
                return Err(ImportError::Several {
                    table,
                    names: names.join(" and "),
                });
            }
        }
    }
    tables
        .try_into()
        .map_err(|_| missing(path, TABLES[0], &files))
}

fn file(path: PathBuf) -> File {
    let part = |p: Option<&std::ffi::OsStr>| {
        p.map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    File {
        name: part(path.file_name()),
        stem: part(path.file_stem()).trim().to_lowercase(),
        end: part(path.extension()).to_lowercase(),
        path,
    }
}

fn listed(path: &Path) -> Result<Vec<File>, ImportError> {
    let failed = |source| ImportError::File {
        path: path.join("projects.csv").display().to_string(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = file(entry.map_err(failed)?.path());
        // What a spreadsheet leaves beside a file that is open, and hidden files.
        if !file.name.starts_with(['.', '~']) && file.path.is_file() {
            files.push(file);
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// The tables that a file holds. What it is, its bytes say: a workbook may be called `.csv` by mistake.
fn sources(file: &File) -> Result<Vec<(usize, Source)>, ImportError> {
    let failed = |source| ImportError::File {
        path: file.path.display().to_string(),
        source,
    };
    let bytes = std::fs::read(&file.path).map_err(failed)?;
    let own = TABLES.iter().position(|t| *t == file.stem);
    let unreadable = |reason: String| ImportError::Workbook {
        path: file.path.display().to_string(),
        reason,
    };
    if !is_workbook(&bytes) {
        if is_locked_or_old(&bytes) {
            return Err(unreadable(
                "it is protected by a password, or of the older kind .xls".to_owned(),
            ));
        }
        if file.end.starts_with('x') && !bytes.is_empty() {
            return Err(unreadable("it is no workbook".to_owned()));
        }
        let source = Source::text(&file.name, bytes);
        return Ok(own.map(|table| (table, source)).into_iter().collect());
    }
    let book = Workbook::open(&bytes).map_err(unreadable)?;
    let sheet = |(table, name): (usize, &&str)| {
        let alone = own == Some(table);
        (alone || (own.is_none() && book.has(name))).then(|| {
            let shown = if alone {
                file.name.clone()
            } else {
                format!("{}, sheet {name}", file.name)
            };
            let source = Source {
                name: shown,
                content: Content::Sheet(book.grid(name, alone)),
            };
            (table, source)
        })
    };
    Ok(TABLES.iter().enumerate().filter_map(sheet).collect())
}

fn missing(path: &Path, table: &'static str, files: &[File]) -> ImportError {
    let other = files
        .iter()
        .find(|f| f.stem == table && OTHER_ENDS.contains(&f.end.as_str()));
    let path = match other {
        Some(other) => {
            return ImportError::Workbook {
                path: other.path.display().to_string(),
                reason: "this kind of spreadsheet is not read".to_owned(),
            };
        }
        None if path.is_file() => {
            return ImportError::Workbook {
                path: path.display().to_string(),
                reason: format!("it has no sheet {table}"),
            };
        }
        None => path.join(format!("{table}.csv")),
    };
    ImportError::File {
        path: path.display().to_string(),
        source: std::io::ErrorKind::NotFound.into(),
    }
}
