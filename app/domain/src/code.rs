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
const RECEIPT_LENGTH: usize = 9;
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
/// Four characters are the minute in the id (it returns after 641 days), four come from the hash. So a server finds an entry by its
/// receipt through the order of ids, without an index of its own: see [`receipt_moments`].
#[must_use]
pub fn receipt(id: Uuid, entry_sha256: &[u8; 32]) -> String {
    let mut minute = minute_of(id) % MINUTE_CYCLE;
    let mut bytes = [0u8; RECEIPT_LENGTH - 1];
    for digit in bytes[..4].iter_mut().rev() {
        *digit = u8::try_from(minute % 31).unwrap_or(0);
        minute /= 31;
    }
    bytes[4..].copy_from_slice(&entry_sha256[..4]);
    let code = make(&bytes, RECEIPT_LENGTH);
    format!(
        "{RECEIPT_PREFIX}{}-{}-{}",
        &code[..3],
        &code[3..6],
        &code[6..]
    )
}

/// Minutes after which the first four characters of a receipt return: 31⁴.
const MINUTE_CYCLE: u64 = 31 * 31 * 31 * 31;

fn minute_of(id: Uuid) -> u64 {
    let b = id.as_bytes();
    u64::from_be_bytes([0, 0, b[0], b[1], b[2], b[3], b[4], b[5]]) / 60_000
}

/// The minutes, as milliseconds since 1970, from whose ids a receipt in canonical form can have been made, until a moment: first and
/// last millisecond. Phones whose clock stands in 1970 are among them.
#[must_use]
pub fn receipt_moments(receipt: &str, until_ms: u64) -> Vec<(u64, u64)> {
    let bare = normalise(receipt.strip_prefix(RECEIPT_PREFIX).unwrap_or(receipt));
    let Some(minute) = bare
        .bytes()
        .take(4)
        .try_fold(0u64, |sum, c| value(c).map(|v| sum * 31 + u64::from(v)))
    else {
        return Vec::new();
    };
    (0..)
        .map(|cycle| (minute + cycle * MINUTE_CYCLE) * 60_000)
        .take_while(|start| *start <= until_ms)
        .map(|start| (start, start + 59_999))
        .collect()
}

/// The canonical form of a typed receipt, with or without prefix and hyphens.
///
/// # Errors
/// [`CodeError`] says what is wrong with it.
pub fn parse_receipt(typed: &str) -> Result<String, CodeError> {
    let upper = typed.trim().to_ascii_uppercase();
    let bare = upper.strip_prefix("KVIT").unwrap_or(&upper);
    let code = normalise(bare);
    verify(&code, RECEIPT_LENGTH)?;
    Ok(format!(
        "{RECEIPT_PREFIX}{}-{}-{}",
        &code[..3],
        &code[3..6],
        &code[6..]
    ))
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
    fn a_receipt_is_found_again_through_the_minute_of_its_id_and_can_be_typed_carelessly() {
        for ms in [0u64, 60_000, 1_750_000_123_456] {
            let id = crate::journal::entry_id(i64::try_from(ms).unwrap(), &[9; 10]);
            let code = receipt(id, &[7; 32]);
            assert_eq!(code, receipt(id, &[7; 32]));
            assert_ne!(code, receipt(id, &[8; 32]));
            assert_eq!(
                parse_receipt(&code.to_lowercase().replace('-', " ")).unwrap(),
                code
            );
            let moments = receipt_moments(&code, 1_800_000_000_000);
            assert!(
                moments.iter().any(|(a, b)| (*a..=*b).contains(&ms)) && moments.len() < 40,
                "{moments:?}"
            );
        }
        assert_eq!(
            parse_receipt("KVIT-1"),
            Err(CodeError::Length {
                expected: 9,
                found: 1
            })
        );
        assert_eq!(parse_short_code("ÆØÅ4567890"), Err(CodeError::Character));
    }
}
