//! Workbooks: one with a sheet for each table, or one for each table, with days and numbers as spreadsheets keep them.

use std::path::Path;

use bedring_server::programme::import::{Folder, ImportError, Options, template};
use bedring_store::entities::{person, response};
use bedring_store::sea_orm::EntityTrait;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::support::{Backend, TestApp};
use crate::{bring, field, text, told};

const TABLES: [&str; 4] = ["projects", "persons", "responses", "refusals"];

/// The reference's text of a table.
fn reference(table: &str) -> String {
    let folder = field("reference");
    text(match table {
        "projects" => &folder.projects,
        "persons" => &folder.persons,
        "responses" => &folder.responses,
        _ => &folder.refusals,
    })
}

/// Writes a table as somebody types it into a spreadsheet: days become days, numbers numbers.
fn typed(sheet: &mut Worksheet, table: &str, down: u32) {
    let day = Format::new().set_num_format("dd-mm-yyyy");
    for (row, line) in (down..).zip(reference(table).lines()) {
        for (column, cell) in (0u16..).zip(line.split(',')) {
            if let Ok(date) = ExcelDateTime::parse_from_str(cell)
                && cell.len() == 10
            {
                sheet
                    .write_datetime_with_format(row, column, &date, &day)
                    .unwrap();
            } else if let Ok(number) = cell.parse::<f64>() {
                sheet.write_number(row, column, number).unwrap();
            } else if !cell.is_empty() {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
}

async fn comes_in(path: &Path) {
    let app = TestApp::start(Backend::Sqlite).await;
    let counts = bring(&app, &Folder::read(path).unwrap()).await.unwrap();
    assert_eq!(
        (
            counts.persons.new,
            counts.responses.new,
            counts.refusals.new
        ),
        (6, 16, 4)
    );
    let people = person::Entity::find()
        .all(app.state.db.read())
        .await
        .unwrap();
    let first = people.iter().find(|p| p.code == "P001").unwrap();
    assert_eq!(first.start_on.unwrap().to_string(), "2025-01-08");
    assert_eq!(first.end_on.unwrap().to_string(), "2025-08-22");
    let answers = response::Entity::find()
        .all(app.state.db.read())
        .await
        .unwrap();
    let wanted = r#"{"lsns1":0,"lsns2":1,"lsns3":0,"lsns4":4,"lsns5":1,"lsns6":2,"lsns7":3,"lsns8":1,"lsns9":4}"#;
    assert!(
        answers
            .iter()
            .any(|r| r.answers == wanted && r.device_finished_at.starts_with("2025-01-08"))
    );
}

#[tokio::test]
async fn one_workbook_with_four_sheets_and_a_title_above() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let notes = book.add_worksheet();
    notes
        .set_name("Noter")
        .unwrap()
        .write_string(0, 0, "husk kaffe")
        .unwrap();
    for table in TABLES {
        let sheet = book.add_worksheet();
        sheet.set_name(table.to_uppercase()).unwrap();
        let title = Format::new();
        sheet
            .merge_range(0, 0, 0, 1, "Pulje 15 mio.", &title)
            .unwrap();
        typed(sheet, table, 2);
        // A column that was used once, and rows that were formatted.
        sheet.write_blank(60, 40, &title).unwrap();
    }
    let file = folder.path().join("Pulje.xlsx");
    book.save(&file).unwrap();
    comes_in(&file).await;
    comes_in(folder.path()).await;
}

#[tokio::test]
async fn four_workbooks_whose_sheets_are_called_anything() {
    let folder = tempfile::tempdir().unwrap();
    for table in TABLES {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Ark1").unwrap();
        let sheet = book.add_worksheet();
        sheet.set_name("Ark2").unwrap();
        typed(sheet, table, 0);
        book.save(folder.path().join(format!("{table}.xlsx")))
            .unwrap();
    }
    comes_in(folder.path()).await;
    // A copy of a table as text beside it: which of them holds is not guessed.
    std::fs::write(folder.path().join("persons.csv"), reference("persons")).unwrap();
    let several = Folder::read(folder.path()).unwrap_err().to_string();
    assert_eq!(
        several,
        "persons is there more than once (persons.csv and persons.xlsx): leave one of them in the folder"
    );
}

#[tokio::test]
async fn formulas_come_in_with_their_results_and_never_without() {
    let app = TestApp::start(Backend::Sqlite).await;
    let book = |result: Option<&str>| {
        let mut book = Workbook::new();
        for table in TABLES {
            let sheet = book.add_worksheet();
            sheet.set_name(table).unwrap();
            typed(sheet, table, 0);
            if table == "persons" {
                let formula = Formula::new("=\"volunteer\"&\"_lived_experience\"")
                    .set_result(result.unwrap_or_default());
                sheet.write_formula(3, 2, formula).unwrap();
            }
        }
        let folder = tempfile::tempdir().unwrap();
        book.save(folder.path().join("p.xlsx")).unwrap();
        Folder::read(folder.path()).unwrap()
    };
    bring(&app, &book(Some("volunteer_lived_experience")))
        .await
        .unwrap();
    let people = person::Entity::find()
        .all(app.state.db.read())
        .await
        .unwrap();
    let third = people.iter().find(|p| p.code == "P003").unwrap();
    assert_eq!(
        third.respondent_type.as_deref(),
        Some("volunteer_lived_experience")
    );
}

#[tokio::test]
async fn what_is_no_workbook_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    for table in TABLES {
        put(&format!("{table}.csv"), reference(table).as_bytes());
    }
    let read = || Folder::read(folder.path()).err().map(|e| e.to_string());
    assert_eq!(read(), None);
    put("~$persons.xlsx", b"lock");
    assert_eq!(read(), None, "what an open spreadsheet leaves is no table");
    put("Pulje.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    assert!(read().unwrap().ends_with("Pulje.xlsx: it is protected by a password, or of the older kind .xls; save it as .xlsx without a password, or as CSV"));
    put("Pulje.xlsx", b"PK\x03\x04 broken off");
    assert!(matches!(
        Folder::read(folder.path()),
        Err(ImportError::Workbook { .. })
    ));
    std::fs::remove_file(folder.path().join("Pulje.xlsx")).unwrap();
    std::fs::rename(
        folder.path().join("persons.csv"),
        folder.path().join("persons.ods"),
    )
    .unwrap();
    assert!(
        read()
            .unwrap()
            .contains("persons.ods: this kind of spreadsheet is not read; save it as .xlsx")
    );
}

#[tokio::test]
async fn the_template_has_the_headings_and_nothing_to_remove() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("new");
    let files = template::write(&place).unwrap();
    assert_eq!(
        files,
        [
            "projects.csv",
            "persons.csv",
            "responses.csv",
            "refusals.csv",
            "programme.xlsx",
            "LAESMIG.txt"
        ]
    );
    assert!(
        template::write(&place)
            .unwrap_err()
            .to_string()
            .contains("is there already")
    );
    // Nothing filled in.
    let app = TestApp::start(Backend::Sqlite).await;
    let empty = told(&app, &Folder::read(&place).unwrap(), &Options::default()).await;
    assert_eq!(
        empty,
        ["programme.xlsx, sheet projects: there is no project in it"]
    );
    // The text files filled in, and the workbook left empty beside them.
    for table in TABLES {
        let path = place.join(format!("{table}.csv"));
        let head = std::fs::read_to_string(&path).unwrap();
        let body: String = reference(table)
            .lines()
            .skip(1)
            .map(|l| l.replace(',', ";") + "\r\n")
            .collect();
        assert_eq!(
            head.trim_start_matches('\u{feff}')
                .trim_end()
                .replace(';', ","),
            reference(table).lines().next().unwrap()
        );
        std::fs::write(path, format!("{head}{body}")).unwrap();
    }
    comes_in(&place).await;
    // The workbook has the same headings.
    comes_in_from_workbook(&place.join("programme.xlsx")).await;
}

async fn comes_in_from_workbook(path: &Path) {
    let app = TestApp::start(Backend::Sqlite).await;
    let empty = told(&app, &Folder::read(path).unwrap(), &Options::default()).await;
    assert_eq!(
        empty,
        ["programme.xlsx, sheet projects: there is no project in it"]
    );
}
