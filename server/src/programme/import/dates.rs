//! Days as people and spreadsheets write them: `2025-01-08`, `08-01-2025`, `8.1.2025`, `8/1/2025`, and a workbook's own count.
//!
//! Whether `08-01-2025` is in January or in August is decided by the file as a whole: one day after the twelfth tells it for all. Where
//! none does, whoever brings the file in has to say it.

use bedring_domain::time::is_day;
use chrono::{Days, NaiveDate};

use super::problems::Problems;
use super::table::Table;

/// Which comes first where the year comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As in Denmark.
    DayFirst,
    /// As in the United States.
    MonthFirst,
}

/// How the days of one file are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dates {
    order: Option<Order>,
    day_zero: Option<NaiveDate>,
    /// The file was complained of already.
    told: bool,
}

/// The parts of a day, as they stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    YearFirst(i32, u32, u32),
    YearLast(u32, u32, i32),
    /// With dots, which nobody writes month first.
    Dots(u32, u32, i32),
    Count(u32),
}

impl Dates {
    /// Looks at all days of a file. What is unclear is told once for the file.
    pub fn of(table: &Table, columns: &[&str], said: Option<Order>, p: &mut Problems) -> Self {
        let mut unclear: Vec<(u64, &str, &str)> = Vec::new();
        let mut tells: [Option<(u64, &str)>; 2] = [None, None];
        for line in table.lines() {
            for column in columns {
                let cell = line.cell(column);
                if let Some(Written::YearLast(a, b, _)) = written(cell) {
                    match (a > 12, b > 12) {
                        (true, false) => _ = tells[0].get_or_insert((line.number, cell)),
                        (false, true) => _ = tells[1].get_or_insert((line.number, cell)),
                        (false, false) if a != b => unclear.push((line.number, column, cell)),
                        _ => {}
                    }
                }
            }
        }
        let mut dates = Self {
            order: said,
            day_zero: table.day_zero(),
            told: false,
        };
        match (tells, said) {
            (_, Some(_)) => {}
            ([Some(_), None], None) => dates.order = Some(Order::DayFirst),
            ([None, Some(_)], None) => dates.order = Some(Order::MonthFirst),
            ([Some(day), Some(month)], None) if !unclear.is_empty() => {
                let reason = format!(
                    "some days are written day first (line {} \"{}\") and others month first (line {} \"{}\"): write them all as YYYY-MM-DD",
                    day.0, day.1, month.0, month.1
                );
                p.tell(table.name(), 0, reason);
                dates.told = true;
            }
            _ => {
                if let Some((line, column, cell)) = unclear.first() {
                    p.tell(table.name(), *line, ambiguous(column, cell, unclear.len()));
                    dates.told = true;
                }
            }
        }
        dates
    }

    /// The day that a cell names.
    ///
    /// # Errors
    /// What is wrong with it, to be said behind the cell; nothing if it was said of the whole file.
    pub fn read(&self, cell: &str) -> Result<NaiveDate, &'static str> {
        let day = match written(cell).ok_or("is no date (YYYY-MM-DD)")? {
            Written::YearFirst(y, m, d) => NaiveDate::from_ymd_opt(y, m, d),
            Written::Dots(d, m, y) => NaiveDate::from_ymd_opt(y, m, d),
            Written::YearLast(a, b, y) => {
                let order = match self.order {
                    Some(order) => order,
                    None if a > 12 => Order::DayFirst,
                    None if b > 12 => Order::MonthFirst,
                    None if a == b => Order::DayFirst,
                    None => return Err(super::table::TOLD),
                };
                match order {
                    Order::DayFirst => NaiveDate::from_ymd_opt(y, b, a),
                    Order::MonthFirst => NaiveDate::from_ymd_opt(y, a, b),
                }
            }
            Written::Count(days) => match self.day_zero {
                Some(zero) => zero.checked_add_days(Days::new(days.into())),
                None => {
                    return Err(
                        "is a spreadsheet's own count of days: give the column the format of a date, and save it again",
                    );
                }
            },
        };
        let day = day.ok_or("is no date (YYYY-MM-DD)")?;
        if written(cell).is_some_and(|w| w.short_year()) {
            return Err("has a year of two digits: write all four");
        }
        is_day(day)
            .then_some(day)
            .ok_or("has a year outside 1900 to 2100")
    }
}

fn ambiguous(column: &str, cell: &str, count: usize) -> String {
    let so = if count == 1 {
        "1 day of this file is".to_owned()
    } else {
        format!("{count} days of this file are")
    };
    format!(
        "{column}: \"{cell}\" may have the day first or the month first, and {so} written so: say --dates day-first or --dates month-first, or write YYYY-MM-DD"
    )
}

impl Written {
    const fn short_year(self) -> bool {
        matches!(
            self,
            Self::YearLast(_, _, 0..100) | Self::Dots(_, _, 0..100)
        )
    }
}

/// The parts of a day. A time of day behind it, as spreadsheets write, is passed over.
fn written(cell: &str) -> Option<Written> {
    let (day, time) = match cell.split_once([' ', 'T']) {
        Some((day, time)) => (day, time),
        None => (cell, ""),
    };
    let is_time = |c: char| c.is_ascii_digit() || ":.Z".contains(c);
    if !time.chars().all(is_time) || (!time.is_empty() && !time.contains([':', '.'])) {
        return None;
    }
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if digits(day) {
        return (day.len() == 5).then(|| day.parse().ok().map(Written::Count))?;
    }
    let separator = day.chars().find(|c| !c.is_ascii_digit())?;
    if !"-./".contains(separator) {
        return None;
    }
    let parts: Vec<&str> = day.split(separator).collect();
    let [a, b, c] = parts.as_slice() else {
        return None;
    };
    if parts.iter().any(|p| p.is_empty() || !digits(p)) {
        return None;
    }
    let year = |text: &str| text.parse::<i32>().ok();
    let small = |text: &str| (text.len() <= 2).then(|| text.parse().ok()).flatten();
    match (a.len(), c.len(), separator) {
        (4, _, _) => Some(Written::YearFirst(year(a)?, small(b)?, small(c)?)),
        (_, 2 | 4, '.') => Some(Written::Dots(small(a)?, small(b)?, year(c)?)),
        (_, 2 | 4, _) => Some(Written::YearLast(small(a)?, small(b)?, year(c)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(order: Option<Order>, cell: &str) -> Result<String, &'static str> {
        let dates = Dates {
            order,
            ..Dates::default()
        };
        dates.read(cell).map(|day| day.to_string())
    }

    #[test]
    fn days_as_people_write_them() {
        let danish = Some(Order::DayFirst);
        for cell in [
            "2025-01-08",
            "2025-1-8",
            "2025/01/08",
            "2025-01-08 00:00:00",
            "2025-01-08T14:30",
            "08-01-2025",
            "8-1-2025",
            "8.1.2025",
            "08/01/2025",
            "08-01-2025 00:00",
        ] {
            assert_eq!(read(danish, cell).as_deref(), Ok("2025-01-08"), "{cell}");
        }
        let american = Some(Order::MonthFirst);
        assert_eq!(read(american, "01/08/2025").as_deref(), Ok("2025-01-08"));
        assert_eq!(read(None, "22-08-2025").as_deref(), Ok("2025-08-22"));
        assert_eq!(read(None, "05-05-2025").as_deref(), Ok("2025-05-05"));
    }

    #[test]
    fn what_is_no_day_says_why() {
        let danish = Some(Order::DayFirst);
        for (cell, why) in [
            ("0025-01-08", "a year outside 1900 to 2100"),
            ("1025-02-03", "a year outside 1900 to 2100"),
            ("08-01-2205", "a year outside 1900 to 2100"),
            ("08-01-25", "a year of two digits"),
            ("8.1.25", "a year of two digits"),
            ("45665", "own count of days"),
            ("31-02-2025", "no date"),
            ("08-22-2025", "no date"),
            ("12025-01-08", "no date"),
            ("+2025-01-8", "no date"),
            ("8-1/2025", "no date"),
            ("i går", "no date"),
            ("", "no date"),
        ] {
            let told = read(danish, cell).unwrap_err();
            assert!(told.contains(why), "{cell}: {told}");
        }
    }

    #[test]
    fn a_workbooks_own_count() {
        let dates = Dates {
            day_zero: NaiveDate::from_ymd_opt(1899, 12, 30),
            ..Dates::default()
        };
        // As LibreOffice and openpyxl have it.
        assert_eq!(dates.read("45665").unwrap().to_string(), "2025-01-08");
    }
}
