//! Codes that staff give: of a person, and of a project or programme. Screen, command line and import ask the same functions, so that what
//! one of them takes, the others take as well, and in the same form.
//!
//! A code stands on every screen and in every report. It must not tell who somebody is, and it must look the same to everybody who
//! copies it from a sheet of paper: hence no invisible marks, one form of each letter, and no signs that spreadsheets read as formulas.

use crate::address::is_invisible;

/// The most characters of a code.
pub const LONGEST_CODE: usize = 40;

/// Why something typed is no code. The screen has a sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum PseudonymError {
    /// Nothing that can be seen.
    #[error("is empty")]
    Empty,
    /// More than [`LONGEST_CODE`] characters.
    #[error("is longer than 40 characters")]
    TooLong,
    /// A sign that no code contains.
    #[error("holds a sign that no code has: letters, digits, blanks and - _ . / ( ) can be used")]
    Sign,
    /// A civil registration number, an address, or a name of several words.
    #[error(
        "may tell who it is: a code has no registration number, no address, and no name of several words without a digit"
    )]
    Telling,
}

/// The code of a person as it is kept: cleaned with [`clean`].
///
/// # Errors
/// [`PseudonymError`] says why it can be none.
pub fn person_code(typed: &str) -> Result<String, PseudonymError> {
    let code = clean(typed);
    if code.is_empty() {
        return Err(PseudonymError::Empty);
    }
    if code.chars().count() > LONGEST_CODE {
        return Err(PseudonymError::TooLong);
    }
    if code.contains('@') || is_registration_number(&code) || is_name(&code) {
        return Err(PseudonymError::Telling);
    }
    let fits = |c: char| is_letter(c) || c.is_ascii_digit() || " -_./()".contains(c);
    // What begins with a hyphen is an option on the command line and a formula in a spreadsheet.
    if code.starts_with('-') || !code.chars().all(fits) {
        return Err(PseudonymError::Sign);
    }
    Ok(code)
}

/// The code of a project or a programme as it is kept: letters, digits, `-` and `_`, at most [`LONGEST_CODE`]. It becomes the
/// beginning of people's codes and the name of files, so it has no blanks.
#[must_use]
pub fn group_code(typed: &str) -> Option<String> {
    let code = clean(typed);
    let fits = |c: char| is_letter(c) || c.is_ascii_digit() || c == '-' || c == '_';
    let length = code.chars().count();
    ((1..=LONGEST_CODE).contains(&length) && !code.starts_with('-') && code.chars().all(fits))
        .then_some(code)
}

/// Text without what cannot be seen: no zero-width marks, only ordinary blanks, one at a time and none at the ends, ordinary hyphens,
/// and letters with their marks as one character (a Mac writes `Å` as `A` and a ring).
#[must_use]
pub fn clean(typed: &str) -> String {
    let mut clean = String::with_capacity(typed.len());
    for c in typed.chars().filter(|c| !is_invisible(*c)) {
        match c {
            c if c.is_whitespace() => {
                if !clean.is_empty() && !clean.ends_with(' ') {
                    clean.push(' ');
                }
            }
            '\u{2010}'..='\u{2015}' | '\u{2212}' => clean.push('-'),
            mark @ '\u{300}'..='\u{30a}' => {
                let whole = clean.chars().last().and_then(|base| composed(base, mark));
                if whole.is_some() {
                    clean.pop();
                }
                clean.push(whole.unwrap_or(mark));
            }
            c => clean.push(c),
        }
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// The letters of Danish and its neighbours: Latin with the marks of Western and Central European languages.
const fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ſ')
}

/// A letter and a mark that follows it, as one character.
fn composed(base: char, mark: char) -> Option<char> {
    let (bases, wholes) = match mark {
        '\u{300}' => ("aeiouAEIOU", "àèìòùÀÈÌÒÙ"),
        '\u{301}' => ("aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ"),
        '\u{302}' => ("aeiouAEIOU", "âêîôûÂÊÎÔÛ"),
        '\u{303}' => ("anoANO", "ãñõÃÑÕ"),
        '\u{308}' => ("aeiouyAEIOU", "äëïöüÿÄËÏÖÜ"),
        '\u{30a}' => ("aA", "åÅ"),
        _ => return None,
    };
    bases
        .chars()
        .zip(wholes.chars())
        .find_map(|(b, whole)| (b == base).then_some(whole))
}

/// Ten digits and nothing else but signs and blanks: a Danish civil registration number.
fn is_registration_number(code: &str) -> bool {
    code.chars().filter(char::is_ascii_digit).count() == 10 && !code.chars().any(is_letter)
}

/// Words without any digit: `Anne Jensen`, but not `Ødegård 7`. One word alone may be anything, such as a project's short name.
fn is_name(code: &str) -> bool {
    let words = code
        .split([' ', '.'])
        .filter(|w| w.chars().filter(|c| is_letter(*c)).count() > 1);
    words.count() > 1 && !code.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_the_neighbourhood_stand_in_codes() {
        for good in [
            "P-0042",
            "Ødegård 7",
            "Ø001",
            "æøåÆØÅ",
            "Müller-3",
            "é1",
            "Žižkov_2",
            "A/12",
            "7.b",
            "P(2)",
            "123456789",
            "12345678901",
            "HAVN",
        ] {
            assert_eq!(person_code(good).as_deref(), Ok(good));
        }
    }

    #[test]
    fn what_may_tell_who_it_is_is_refused() {
        for bad in [
            "0101701234",
            "010170-1234",
            "010170 1234",
            "010170–1234",
            "010170.1234",
            "010170\u{200b}1234",
            "anne@example.org",
            "Anne Jensen",
            "anne.jensen",
            "Åse Bjørn-Holm",
        ] {
            assert_eq!(person_code(bad), Err(PseudonymError::Telling), "{bad}");
        }
    }

    #[test]
    fn signs_and_lengths_that_no_code_has() {
        for bad in [
            "a\u{0}b", "=1+1", "-1", "P;1", "\"P1\"", "P→1", "P×1", "Р001",
        ] {
            assert_eq!(person_code(bad), Err(PseudonymError::Sign), "{bad}");
        }
        assert_eq!(person_code(&"ø".repeat(40)).unwrap().chars().count(), 40);
        assert_eq!(person_code(&"x".repeat(41)), Err(PseudonymError::TooLong));
        for nothing in ["", "  ", "\u{feff}\u{a0}\u{200b}"] {
            assert_eq!(person_code(nothing), Err(PseudonymError::Empty));
        }
    }

    #[test]
    fn the_same_code_is_the_same_however_it_was_typed() {
        for (typed, kept) in [
            ("\u{feff}P001\u{a0}", "P001"),
            (" Ødegård \u{2009} 7 ", "Ødegård 7"),
            ("P\u{2011}001", "P-001"),
            ("P–001", "P-001"),
            ("A\u{30a}rhus1", "Århus1"),
            ("Mu\u{308}ller 1", "Müller 1"),
            ("e\u{301}1", "é1"),
        ] {
            assert_eq!(person_code(typed).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn a_project_has_a_code_without_blanks() {
        for (typed, kept) in [("Ålborg", Some("Ålborg")), (" W1 ", Some("W1"))] {
            assert_eq!(group_code(typed).as_deref(), kept);
        }
        for bad in ["", "A B", "a/b", "../x", "-x", "æ".repeat(41).as_str()] {
            assert_eq!(group_code(bad), None, "{bad}");
        }
    }
}
