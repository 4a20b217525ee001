//! What is wrong with the files, one sentence for each kind of mistake in a column, however many rows have it.

use std::collections::HashMap;

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Which file.
    pub file: String,
    /// Which line, from 1, the first that has it; 0: the file as a whole.
    pub line: u64,
    /// What is wrong, as the first line has it.
    pub reason: String,
    /// The other lines that have the same, each with its cell where that is another.
    pub others: Vec<(u64, Option<String>)>,
}

/// Lines named in a sentence beside the first.
const NAMED: usize = 4;

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.reason)?,
            line => write!(f, "{}:{line}: {}", self.file, self.reason)?,
        }
        if self.others.is_empty() {
            return Ok(());
        }
        let named = self
            .others
            .iter()
            .take(NAMED)
            .map(|(line, cell)| match cell {
                Some(cell) => format!("line {line} \"{cell}\""),
                None => format!("line {line}"),
            });
        let named: Vec<String> = named.collect();
        let (count, more) = (self.others.len(), self.others.len() > NAMED);
        write!(
            f,
            " (and {count} more: {}{})",
            named.join(", "),
            if more { ", …" } else { "" }
        )
    }
}

/// All of them, as they are found.
#[derive(Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    /// Where one of the same kind is: by file, column and kind.
    known: HashMap<(String, String, String), (usize, String)>,
}

impl Problems {
    /// Something about a file or one of its lines that is like nothing else.
    pub fn tell(&mut self, file: &str, line: u64, reason: impl Into<String>) {
        self.list.push(Problem {
            file: file.to_owned(),
            line,
            reason: reason.into(),
            others: Vec::new(),
        });
    }

    /// Something about a line that others of the file may have as well. `kind` is what they have in common, `cell` what this one says.
    pub fn tell_kind(
        &mut self,
        at: (&str, u64),
        column: &str,
        kind: &str,
        cell: &str,
        reason: String,
    ) {
        let key = (at.0.to_owned(), column.to_owned(), kind.to_owned());
        if let Some((index, first)) = self.known.get(&key) {
            let cell = (cell != first).then(|| cell.to_owned());
            self.list[*index].others.push((at.1, cell));
            return;
        }
        self.known.insert(key, (self.list.len(), cell.to_owned()));
        self.tell(at.0, at.1, reason);
    }

    /// Them, by file and line; nothing if there are none.
    pub fn finish(mut self) -> Result<(), Vec<Problem>> {
        self.list.sort();
        if self.list.is_empty() {
            Ok(())
        } else {
            Err(self.list)
        }
    }
}
