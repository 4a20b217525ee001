//! What single cells may say. Words are taken in capitals as well, numbers as spreadsheets write them.

use bedring_domain::course::{MissedReason, Mode, RespondentType};
use bedring_domain::pseudonym::person_code;
use chrono::NaiveDate;

use super::danish;
use super::dates::Dates;
use crate::programme::create::is_group_code;

/// The code of a project.
pub fn code(text: &str) -> Result<String, &'static str> {
    let code = is_group_code(text).then(|| text.to_owned());
    code.ok_or("is no code (letters, digits, - and _, at most 40)")
}

/// The code of a person, by the rule of the screen.
pub fn person(text: &str) -> Result<String, String> {
    person_code(text).map_err(|e| match text {
        "" => "is no code".to_owned(),
        _ => format!("is no code: it {e}"),
    })
}

/// A day that has come.
pub fn day_until(dates: &Dates, text: &str, today: NaiveDate) -> Result<NaiveDate, &'static str> {
    let day = dates.read(text)?;
    (day <= today).then_some(day).ok_or("lies in the future")
}

/// An empty cell is nothing; everything else must be something.
pub fn or_empty<'a, T, E>(
    read: impl FnOnce(&'a str) -> Result<T, E>,
) -> impl FnOnce(&'a str) -> Result<Option<T>, E> {
    |text| {
        if text.is_empty() {
            Ok(None)
        } else {
            read(text).map(Some)
        }
    }
}

/// A word as it is compared.
pub fn word(text: &str) -> String {
    super::grid::heading(text)
}

fn one_of<T>(
    text: &str,
    wrong: &'static str,
    find: impl FnOnce(&str) -> Option<T>,
) -> Result<T, &'static str> {
    find(&word(text)).ok_or(wrong)
}

/// What became of a project.
pub fn status(text: &str) -> Result<String, &'static str> {
    one_of(text, "is no status (active, exempt, withdrawn)", |w| {
        let w = danish::status(w);
        let known = ["active", "exempt", "withdrawn"].contains(&w);
        known.then(|| w.to_owned())
    })
}

/// What somebody is in the project.
pub fn respondent_type(text: &str) -> Result<RespondentType, &'static str> {
    if word(text) == "frivillig" {
        return Err(
            "does not say which volunteer: write frivillig med brugererfaring or frivillig uden brugererfaring",
        );
    }
    one_of(
        text,
        "is no respondent type (participant, volunteer_lived_experience, both, volunteer_no_lived_experience, rather_not_say)",
        |w| RespondentType::parse(danish::role(w)),
    )
}

/// Our own words, and those of files made before there was a Bedring.
pub fn missed(text: &str) -> Result<MissedReason, &'static str> {
    one_of(
        text,
        "is no known reason (still_enrolled, moved_to_other_offer, declined, stopped_contact, end_cannot_be_told, illness, died, other)",
        |w| match w {
            "end_not_defined" => Some(MissedReason::EndCannotBeTold),
            other => MissedReason::parse(danish::reason(other)),
        },
    )
}

/// How an answer came about.
pub fn mode(text: &str) -> Result<Mode, &'static str> {
    one_of(
        text,
        "is no mode (own_device, shared_device, with_help, interview, paper)",
        |w| match w {
            "assisted_device" => Some(Mode::WithHelp),
            other => Mode::parse(danish::mode(other)),
        },
    )
}

/// How many.
pub fn count(text: &str) -> Result<i64, &'static str> {
    let number = whole(text).filter(|n| (0..=i64::from(u32::MAX)).contains(n));
    number.ok_or("is no count")
}

/// A whole number, also as `2,0` or `2.00`.
pub fn whole(text: &str) -> Option<i64> {
    let (number, rest) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let zeros = !rest.is_empty() && rest.bytes().all(|b| b == b'0');
    let digits = number.strip_prefix('-').unwrap_or(number);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    (zeros && plain).then(|| number.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_spreadsheets_write_them() {
        for two in ["2", "2,0", "2.0", "2,00", "02"] {
            assert_eq!(whole(two), Some(2), "{two}");
        }
        assert_eq!(count("-2"), Err("is no count"));
        for none in ["", "2,5", "2,", ",0", "2 0", "2,0,0", "1e1", "II", "٢"] {
            assert_eq!(whole(none), None, "{none}");
        }
    }

    #[test]
    fn words_are_taken_in_capitals_and_with_blanks() {
        assert_eq!(mode("With Help"), Ok(Mode::WithHelp));
        assert_eq!(status("ACTIVE").as_deref(), Ok("active"));
        assert!(mode("help").is_err());
    }

    #[test]
    fn danish_words_are_understood_as_the_screens_have_them() {
        assert_eq!(respondent_type("Deltager"), Ok(RespondentType::Participant));
        assert_eq!(
            respondent_type("frivillig med brugererfaring"),
            Ok(RespondentType::VolunteerLivedExperience)
        );
        assert_eq!(mode("På papir"), Ok(Mode::Paper));
        assert_eq!(
            missed("Er stadig i forløb"),
            Ok(MissedReason::StillEnrolled)
        );
        assert_eq!(status("Undtaget").as_deref(), Ok("exempt"));
        // Whether they are measured hangs on it, so nothing is guessed.
        assert!(
            respondent_type("Frivillig")
                .unwrap_err()
                .contains("uden brugererfaring")
        );
    }
}
