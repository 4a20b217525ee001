//! Files to fill in: the four tables with their headings and nothing else, as CSV and as one workbook, and what belongs in them beside.
//!
//! The explanation stands in a sheet and a file of its own: a line of it among the data would have to be removed before the import.

use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::read::{PERSONS, PROJECTS, REFUSALS, RESPONSES};
use super::source::TABLES;

/// Columns for answers: as many as the longest questionnaire that is built in has.
const ITEMS: usize = 30;

/// What a column is for.
const EXPLAINED: [(&str, &str, &str, &str); 19] = [
    (
        "projects",
        "project",
        "Projektets kode: bogstaver, tal, - og _",
        "The project's code: letters, digits, - and _",
    ),
    (
        "projects",
        "intervention",
        "Hvad projektet tilbyder, med et ord",
        "What the project offers, in a word",
    ),
    (
        "projects",
        "status",
        "active, exempt (skal ikke måles) eller withdrawn (har forladt puljen)",
        "active, exempt (is not measured) or withdrawn (left the programme)",
    ),
    (
        "persons",
        "person",
        "Personens kode, aldrig navn eller CPR-nummer",
        "The person's code, never a name or civil registration number",
    ),
    (
        "persons",
        "project",
        "Projektets kode, som i projects",
        "The project's code, as in projects",
    ),
    (
        "persons",
        "respondent_type",
        "participant, volunteer_lived_experience, both, volunteer_no_lived_experience, rather_not_say; tom: ikke oplyst",
        "participant, volunteer_lived_experience, both, volunteer_no_lived_experience, rather_not_say; empty: not stated",
    ),
    (
        "persons",
        "start",
        "Første dag: 2025-01-31 eller 31-01-2025",
        "First day: 2025-01-31 or 31-01-2025",
    ),
    (
        "persons",
        "end",
        "Sidste dag; tom, hvis forløbet ikke er slut",
        "Last day; empty if the course has not ended",
    ),
    (
        "persons",
        "exit_missing_reason",
        "Hvorfor eftermålingen mangler: still_enrolled, moved_to_other_offer, declined, stopped_contact, end_cannot_be_told, illness, died, other; ellers tom",
        "Why the exit is missing: still_enrolled, moved_to_other_offer, declined, stopped_contact, end_cannot_be_told, illness, died, other; empty otherwise",
    ),
    (
        "responses",
        "person",
        "Personens kode, som i persons",
        "The person's code, as in persons",
    ),
    (
        "responses",
        "wave",
        "intake (førmåling), exit (eftermåling) eller follow_up_3: tre måneder efter slut",
        "intake, exit, or follow_up_3: three months after the end",
    ),
    (
        "responses",
        "date",
        "Dagen, der blev svaret",
        "The day of the answers",
    ),
    (
        "responses",
        "mode",
        "own_device, shared_device, with_help, interview eller paper",
        "own_device, shared_device, with_help, interview or paper",
    ),
    (
        "responses",
        "instrument",
        "mhrm-30 eller lsns-9; en linje for hvert spørgeskema",
        "mhrm-30 or lsns-9; a line for each questionnaire",
    ),
    (
        "responses",
        "i01 … i30",
        "Svarenes tal i spørgeskemaets rækkefølge; tom: ikke besvaret; også skipped og not_relevant",
        "The answers' numbers in the questionnaire's order; empty: not answered; skipped and not_relevant as well",
    ),
    (
        "refusals",
        "project",
        "Projektets kode, som i projects",
        "The project's code, as in projects",
    ),
    (
        "refusals",
        "refusals",
        "Hvor mange der sagde nej til at være med",
        "How many said no to taking part",
    ),
    (
        "",
        "",
        "En linje for hver ting, ingen tomme overskrifter. Ret aldrig overskrifterne.",
        "One line for each thing. Leave the headings as they are.",
    ),
    (
        "",
        "",
        "Udfyld enten CSV-filerne eller programme.xlsx, ikke begge.",
        "Fill in the CSV files or programme.xlsx, not both.",
    ),
];

/// Why the files cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The folder, or a file that is there already.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The workbook.
    #[error(transparent)]
    Workbook(#[from] XlsxError),
}

/// Writes the files into a folder, which is made if it is not there. Nothing that is there is overwritten.
///
/// # Errors
/// [`TemplateError`]; files before the one that failed are there.
pub fn write(folder: &Path) -> Result<Vec<String>, TemplateError> {
    let mut files: Vec<(String, Vec<u8>)> = TABLES
        .iter()
        .map(|table| (format!("{table}.csv"), csv(table)))
        .collect();
    files.push(("programme.xlsx".to_owned(), workbook()?));
    files.push(("LAESMIG.txt".to_owned(), readme().into_bytes()));
    let failed = |path: &Path| {
        let path = path.display().to_string();
        |source| TemplateError::File { path, source }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let there = files
        .iter()
        .map(|(name, _)| folder.join(name))
        .find(|p| p.exists());
    if let Some(path) = there {
        let taken = std::io::Error::other(
            "is there already, and nothing was written: name an empty folder",
        );
        return Err(failed(&path)(taken));
    }
    for (name, bytes) in &files {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(failed(&path))?;
    }
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

/// The headings of a table.
fn headings(table: &str) -> Vec<String> {
    let columns = match table {
        "projects" => PROJECTS,
        "persons" => PERSONS,
        "responses" => RESPONSES,
        _ => REFUSALS,
    };
    let wanted = columns.wanted.iter().map(|c| (*c).to_owned());
    let items = columns
        .numbered
        .into_iter()
        .flat_map(|prefix| (1..=ITEMS).map(move |n| format!("{prefix}{n:02}")));
    wanted.chain(items).collect()
}

/// As a Danish spreadsheet opens it in columns: a mark of byte order, semicolons, lines that end as in Windows.
fn csv(table: &str) -> Vec<u8> {
    format!("\u{feff}{}\r\n", headings(table).join(";")).into_bytes()
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold();
    // Codes such as 007 and days keep what was typed.
    let text = Format::new().set_num_format("@");
    for table in TABLES {
        let sheet = book.add_worksheet();
        sheet.set_name(table)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, heading) in (0u16..).zip(headings(table)) {
            let is_item = heading.starts_with('i') && heading.len() == 3;
            if !is_item && heading != "refusals" {
                sheet.set_column_format(column, &text)?;
            }
            sheet.set_column_width(column, if is_item { 5 } else { 20 })?;
            sheet.write_string_with_format(0, column, heading, &head)?;
        }
    }
    let sheet = book.add_worksheet();
    sheet.set_name("Vejledning")?;
    for (column, (width, heading)) in (0u16..).zip([
        (12, "ark / sheet"),
        (22, "kolonne / column"),
        (80, "dansk"),
        (80, "English"),
    ]) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, heading, &head)?;
    }
    for (row, (table, column, danish, english)) in (1u32..).zip(EXPLAINED) {
        for (index, cell) in (0u16..).zip([table, column, danish, english]) {
            sheet.write_string(row, index, cell)?;
        }
    }
    book.save_to_buffer()
}

fn readme() -> String {
    let mut text = String::new();
    for (table, column, danish, english) in EXPLAINED {
        let place = if table.is_empty() {
            String::new()
        } else {
            format!("{table}.{column}: ")
        };
        text.push_str(&format!("{place}{danish}\r\n    {english}\r\n"));
    }
    text.push_str("\r\nbedring programme import MAPPE --code KODE --dry-run\r\n");
    text
}
