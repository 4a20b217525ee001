//! Telephone numbers, as somebody writes them to be called: which text can be one, how it is kept, read and dialled.
//!
//! Nobody can tell from a text whether a number is in use, and plans of numbers change: only the shape is looked at.

/// The fewest digits: internal numbers and those of small countries.
const FEWEST: usize = 6;
/// The most digits that any number has, by ITU-T E.164.
const MOST: usize = 15;

/// A telephone number as it is kept: digits with single spaces as they were written, and perhaps a plus in front. `None` for a text that
/// cannot be one: 6 to 15 digits, spaces, and a plus only as the first character.
#[must_use]
pub fn phone_number(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = words.join(" ");
    let digits = number.strip_prefix('+').unwrap_or(&number);
    let fits = digits.chars().all(|c| c.is_ascii_digit() || c == ' ');
    let count = digits.chars().filter(char::is_ascii_digit).count();
    (fits && (FEWEST..=MOST).contains(&count)).then_some(number)
}

/// What follows `tel:` in a link that calls a number: without spaces, which RFC 3966 does not have.
#[must_use]
pub fn dialled(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A number as it is read aloud in Denmark: eight digits in pairs, "12 34 56 78". One with a country code, or that was written with
/// spaces, stays as it was written, for its writer knew its parts.
#[must_use]
pub fn spaced(number: &str) -> String {
    let plain = number.len() == 8 && number.bytes().all(|b| b.is_ascii_digit());
    if !plain {
        return number.to_owned();
    }
    let pairs = [0, 2, 4, 6].map(|at| &number[at..at + 2]);
    pairs.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_spaces_and_a_plus_in_front_are_a_number() {
        for (typed, kept) in [
            ("00000001", "00000001"),
            (" 00 00  00 01 ", "00 00 00 01"),
            ("+45 00 00 00 01", "+45 00 00 00 01"),
            ("+ 45 00000001", "+ 45 00000001"),
            ("123456", "123456"),
            ("123456789012345", "123456789012345"),
        ] {
            assert_eq!(phone_number(typed).as_deref(), Some(kept));
        }
        for wrong in [
            "",
            "+",
            "12345",
            "1234567890123456",
            "00 00 00 0a",
            "00-00-00-01",
            "45+00000001",
            "++4500000001",
            "(+45) 00000001",
            "anne@example.org",
            "\u{0661}\u{0662}\u{0663}\u{0664}\u{0665}\u{0666}",
        ] {
            assert_eq!(phone_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_is_dialled_without_spaces_and_read_in_pairs() {
        assert_eq!(dialled("+45 00 00 00 01"), "+4500000001");
        assert_eq!(dialled("+ 45 00000001"), "+4500000001");
        assert_eq!(spaced("00000001"), "00 00 00 01");
        assert_eq!(spaced("0000 0001"), "0000 0001");
        assert_eq!(spaced("+4500000001"), "+4500000001");
        assert_eq!(spaced("123456"), "123456");
    }
}
