//! Codes that people read aloud and type: the short code that opens a person's questionnaires, and the receipt of an entry.
//!
//! Both use Crockford's base-32 alphabet (no I, L, O, U) and one check character, so that a slip of the finger or two swapped
//! neighbours are told at once and without the network. The check is the sum of `value × weight` modulo 31, a prime: with weights
//! 1, 2, 3 … every single wrong character and every swap of neighbours changes it, as long as fewer than 31 characters are weighed.
//! A value of 31 equals 0 modulo 31, so the letter `Z` (31) is not used in the codes at all.

use uuid::Uuid;

/// Crockford's alphabet without its last letter, 31 characters: the modulus of the check is prime.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKMNPQRSTVWXY";

/// Characters of a short code, the last one being the check character.
pub const SHORT_CODE_LENGTH: usize = 10;
/// Random bytes that a short code is made of.
pub const SHORT_CODE_ENTROPY: usize = 9;
/// Characters of a receipt after its prefix, the last one being the check character.
pub const RECEIPT_LENGTH: usize = 12;
/// The same of receipts from before they were made longer. They are looked up for ever: people have noted them.
const SHORT_RECEIPT_LENGTH: usize = 9;
const RECEIPT_PREFIX: &str = "KVIT-";

/// Why a typed code cannot be right. The screen has a sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Too few or too many characters.
    #[error("the code has {found} characters, not {expected}")]
    Length { expected: usize, found: usize },
    /// A character that no code contains.
    #[error("the code holds a character that is never used")]
    Character,
    /// The check character does not fit: something was mistyped.
    #[error("the check character does not fit")]
    Check,
}

fn value(c: u8) -> Option<u32> {
    ALPHABET
        .iter()
        .position(|a| *a == c)
        .and_then(|p| u32::try_from(p).ok())
}

fn check_character(payload: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (weight, c) in (1u32..).zip(payload) {
        sum += weight * value(*c)?;
    }
    ALPHABET.get((sum % 31) as usize).copied()
}

/// Upper case, without blanks and hyphens, with the look-alikes that people type instead: O for 0, I and L for 1.
#[must_use]
pub fn normalise(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

fn make(random: &[u8], length: usize) -> String {
    // 256 is not a multiple of 31: the lowest 8 values come up 9 times in 256 instead of 8. The loss is below 0.01 bit a character.
    let mut payload: Vec<u8> = random
        .iter()
        .take(length - 1)
        .map(|b| ALPHABET[usize::from(*b) % 31])
        .collect();
    let check = check_character(&payload).unwrap_or(b'0');
    payload.push(check);
    payload.into_iter().map(char::from).collect()
}

fn verify(code: &str, length: usize) -> Result<(), CodeError> {
    let found = code.chars().count();
    if found != length {
        return Err(CodeError::Length {
            expected: length,
            found,
        });
    }
    let bytes = code.as_bytes();
    if bytes.len() != length || bytes.iter().any(|c| value(*c).is_none()) {
        return Err(CodeError::Character);
    }
    let (payload, check) = bytes.split_at(length - 1);
    if check_character(payload) == check.first().copied() {
        Ok(())
    } else {
        Err(CodeError::Check)
    }
}

/// A short code of [`SHORT_CODE_LENGTH`] characters from random bytes (44 bits of it count).
#[must_use]
pub fn short_code(random: &[u8; SHORT_CODE_ENTROPY]) -> String {
    make(random, SHORT_CODE_LENGTH)
}

/// The canonical form of a typed short code.
///
/// # Errors
/// [`CodeError`] says what is wrong with it.
pub fn parse_short_code(typed: &str) -> Result<String, CodeError> {
    let code = normalise(typed);
    verify(&code, SHORT_CODE_LENGTH)?;
    Ok(code)
}

/// A short code as it is shown and printed: two groups of five.
#[must_use]
pub fn display_short_code(code: &str) -> String {
    match (code.get(..5), code.get(5..)) {
        (Some(a), Some(b)) => format!("{a}-{b}"),
        _ => code.to_owned(),
    }
}

/// The receipt of an entry, derived from its id and hash: the same entry has the same receipt for ever, on every server.
///
/// Three characters are the hour in the id (it returns after 1,241 days), eight come from a hash over all of both. So a server finds an
/// entry by its receipt through the order of ids, without an index of its own: see [`receipt_moments`]. Of a hundred thousand entries
/// made in one hour, two share a receipt in less than one case in a hundred.
#[must_use]
pub fn receipt(id: Uuid, entry_sha256: &[u8; 32]) -> String {
    use sha2::{Digest, Sha256};
    let both = Sha256::new().chain_update(id).chain_update(entry_sha256);
    let drawn: [u8; 32] = both.finalize().into();
    let hash = u128::from_be_bytes(std::array::from_fn(|i| drawn[i]));
    let mut bytes = [0u8; RECEIPT_LENGTH - 1];
    digits(ms_of(id) / HOUR, &mut bytes[..HOUR_DIGITS]);
    digits(
        u64::try_from(hash % HASH_CYCLE).unwrap_or(0),
        &mut bytes[HOUR_DIGITS..],
    );
    grouped(&make(&bytes, RECEIPT_LENGTH), 4)
}

/// The receipt as it was made before: four characters for the minute in the id (it returns after 641 days), four from the hash. Two
/// entries of one minute could share one.
#[must_use]
pub fn short_receipt(id: Uuid, entry_sha256: &[u8; 32]) -> String {
    let mut bytes = [0u8; SHORT_RECEIPT_LENGTH - 1];
    digits(ms_of(id) / MINUTE, &mut bytes[..MINUTE_DIGITS]);
    bytes[MINUTE_DIGITS..].copy_from_slice(&entry_sha256[..4]);
    grouped(&make(&bytes, SHORT_RECEIPT_LENGTH), 3)
}

/// Whether a receipt in canonical form, of today's or of the shorter kind, is this entry's.
#[must_use]
pub fn is_receipt_of(wanted: &str, id: Uuid, entry_sha256: &[u8; 32]) -> bool {
    let made = if is_short(wanted) {
        short_receipt(id, entry_sha256)
    } else {
        receipt(id, entry_sha256)
    };
    made == wanted
}

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const MINUTE_DIGITS: usize = 4;
const HOUR_DIGITS: usize = 3;
/// What the eight characters of a hash can hold: 31⁸.
const HASH_CYCLE: u128 = 31u128.pow(8);
/// The last millisecond that an id can name: it begins with 48 bits of them.
const LAST_MS: u64 = (1 << 48) - 1;

/// The last digits of a number in base 31.
fn digits(mut number: u64, places: &mut [u8]) {
    for digit in places.iter_mut().rev() {
        *digit = u8::try_from(number % 31).unwrap_or(0);
        number /= 31;
    }
}

fn grouped(code: &str, by: usize) -> String {
    let mut receipt = RECEIPT_PREFIX.to_owned();
    for (place, c) in code.chars().enumerate() {
        if place > 0 && place % by == 0 {
            receipt.push('-');
        }
        receipt.push(c);
    }
    receipt
}

fn bare(receipt: &str) -> String {
    normalise(receipt.strip_prefix(RECEIPT_PREFIX).unwrap_or(receipt))
}

fn is_short(receipt: &str) -> bool {
    bare(receipt).len() == SHORT_RECEIPT_LENGTH
}

fn ms_of(id: Uuid) -> u64 {
    let b = id.as_bytes();
    u64::from_be_bytes([0, 0, b[0], b[1], b[2], b[3], b[4], b[5]])
}

/// The stretches of time, as milliseconds since 1970, from whose ids a receipt in canonical form can have been made: first and last
/// millisecond of each. All that an id can name are among them, because phones believe in any year.
#[must_use]
pub fn receipt_moments(receipt: &str) -> Vec<(u64, u64)> {
    let (places, length) = if is_short(receipt) {
        (MINUTE_DIGITS, MINUTE)
    } else {
        (HOUR_DIGITS, HOUR)
    };
    let first = bare(receipt)
        .bytes()
        .take(places)
        .try_fold(0u64, |sum, c| value(c).map(|v| sum * 31 + u64::from(v)));
    let Some(first) = first else {
        return Vec::new();
    };
    let cycle = (0..places).fold(1, |all: u64, _| all * 31);
    (0..)
        .map(|round| (first + round * cycle) * length)
        .take_while(|start| *start <= LAST_MS)
        .map(|start| (start, start + length - 1))
        .collect()
}

/// The canonical form of a typed receipt, with or without prefix and hyphens.
///
/// # Errors
/// [`CodeError`] says what is wrong with it.
pub fn parse_receipt(typed: &str) -> Result<String, CodeError> {
    let upper = typed.trim().to_ascii_uppercase();
    let code = normalise(upper.strip_prefix("KVIT").unwrap_or(&upper));
    if code.chars().count() == SHORT_RECEIPT_LENGTH {
        verify(&code, SHORT_RECEIPT_LENGTH)?;
        return Ok(grouped(&code, 3));
    }
    verify(&code, RECEIPT_LENGTH)?;
    Ok(grouped(&code, 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_character_and_every_swap_of_neighbours_is_noticed() {
        for seed in 0u8..40 {
            let mut random = [0u8; SHORT_CODE_ENTROPY];
            for (i, r) in random.iter_mut().enumerate() {
                *r = seed
                    .wrapping_mul(37)
                    .wrapping_add(u8::try_from(i * 53 % 256).unwrap());
            }
            let code = short_code(&random);
            assert_eq!(
                parse_short_code(&display_short_code(&code).to_lowercase()).unwrap(),
                code
            );
            let bytes = code.as_bytes();
            for i in 0..bytes.len() {
                for c in ALPHABET {
                    let mut other = bytes.to_vec();
                    other[i] = *c;
                    let other = String::from_utf8(other).unwrap();
                    assert_eq!(
                        parse_short_code(&other).is_ok(),
                        other == code,
                        "{code} {other}"
                    );
                }
                if i + 1 < bytes.len() && bytes[i] != bytes[i + 1] {
                    let mut other = bytes.to_vec();
                    other.swap(i, i + 1);
                    let other = String::from_utf8(other).unwrap();
                    // The check character itself may swap with its neighbour unnoticed only if the sum happens to agree.
                    if i + 2 < bytes.len() {
                        assert_eq!(
                            parse_short_code(&other),
                            Err(CodeError::Check),
                            "{code} {other}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_receipt_is_found_again_through_the_time_of_its_id_and_can_be_typed_carelessly() {
        let days = |n: u64| n * 24 * HOUR;
        let now = 1_795_000_123_456;
        for ms in [
            0,
            60_000,
            now,
            now - days(200),
            now + days(200),
            now + days(30_000),
            LAST_MS,
        ] {
            let id = crate::journal::entry_id(i64::try_from(ms).unwrap(), &[9; 10]);
            let both = [receipt(id, &[7; 32]), short_receipt(id, &[7; 32])];
            for code in &both {
                assert!(is_receipt_of(code, id, &[7; 32]));
                assert!(!is_receipt_of(code, id, &[8; 32]));
                assert_eq!(
                    parse_receipt(&code.to_lowercase().replace('-', " ")).as_ref(),
                    Ok(code)
                );
                let moments = receipt_moments(code);
                let around = moments.iter().filter(|(a, b)| (*a..=*b).contains(&ms));
                assert_eq!(around.count(), 1, "{code}");
                assert!(moments.len() < 6_000, "{}", moments.len());
            }
        }
        let wrong = CodeError::Length {
            expected: 12,
            found: 1,
        };
        assert_eq!(parse_receipt("KVIT-1"), Err(wrong));
        assert_eq!(parse_short_code("ÆØÅ4567890"), Err(CodeError::Character));
    }

    /// The expected ones were worked out by another program, from what the documentation of the functions says.
    #[test]
    fn receipts_never_change_those_of_before_included() {
        let id: Uuid = "01977422-be40-7909-8909-090909090909".parse().unwrap();
        assert_eq!(short_receipt(id, &[7; 32]), "KVIT-J1A-877-77G");
        assert_eq!(receipt(id, &[7; 32]), "KVIT-9T04-0S8R-4WBD");
    }

    #[test]
    fn entries_of_one_minute_have_receipts_of_their_own() {
        let mut seen = std::collections::HashSet::new();
        let (mut short, mut shared) = (std::collections::HashSet::new(), 0);
        for n in 0..20_000u32 {
            let mut random = [0; 10];
            random[..4].copy_from_slice(&n.to_be_bytes());
            let id = crate::journal::entry_id(1_795_000_123_456, &random);
            let sha256 = crate::journal::body_sha256(&n.to_string());
            assert!(seen.insert(receipt(id, &sha256)), "{n}");
            shared += u32::from(!short.insert(short_receipt(id, &sha256)));
        }
        assert!(shared > 0, "the shorter ones are not enough for as many");
    }
}
