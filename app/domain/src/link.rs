//! A person's link, read as mail programs, messengers and people hand it on: with a full stop or a bracket behind it, with what a mailing
//! counts by, broken over two lines, or with the `#` written as `%23`. Example: `/s%23Zm9yLWRlLWZsZXN0ZS1iYQ.` opens what
//! `/s#Zm9yLWRlLWZsZXN0ZS1iYQ` opens.
//!
//! `app/start.js` makes the address whole and asks for the questionnaires before this program is there, by the same rule; both are held to `link_cases.json`.

/// Characters of a link's secret: 128 bits in the alphabet of [`in_alphabet`], whose last character is therefore a letter or a digit.
const LENGTH: usize = 22;
/// Characters of the longest secret that a later server may give out; it is taken only where nothing else stands beside it.
const LONGEST: usize = 64;
/// What was written as `%23` may have been written as `%2523` by the next program.
const ENCODED_AT_MOST: usize = 3;

/// Letters, digits, `-` and `_`.
const fn in_alphabet(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'-' || c == b'_'
}

/// What stands after `/s` in an address of a link, with its path as it was sent; `None` for every other address.
fn after_path(address: &str) -> Option<&[u8]> {
    match address.as_bytes() {
        [b'/', b's' | b'S', rest @ ..] if rest.first().is_none_or(|c| !in_alphabet(*c)) => {
            Some(rest)
        }
        _ => None,
    }
}

/// Whether an address, or the path of one, is that of a person's link, whole or damaged.
#[must_use]
pub fn is_link(address: &str) -> bool {
    after_path(address).is_some()
}

/// The secret in an address: its path, query and fragment in one. `None` if the address is no link, or a link that has lost its secret.
#[must_use]
pub fn secret_in(address: &str) -> Option<String> {
    let mut text = after_path(address)?.to_vec();
    for _ in 0..ENCODED_AT_MOST {
        text = decoded(&text);
    }
    if let Some(at) = text.iter().position(|c| *c == b'#') {
        text.drain(..=at);
    }
    let whole =
        (LENGTH + 1..=LONGEST).contains(&text.len()) && text.iter().all(|c| in_alphabet(*c));
    let secret = in_pieces(&text)
        .or_else(|| whole.then(|| text.clone()))
        .or_else(|| {
            // Broken over two lines, or with an invisible mark inside.
            text.retain(u8::is_ascii_graphic);
            in_pieces(&text)
        })?;
    String::from_utf8(secret).ok()
}

/// The first piece that is a secret; what people wrap around a word, `_` and `-`, does not count.
fn in_pieces(text: &[u8]) -> Option<Vec<u8>> {
    text.split(|c| !in_alphabet(*c)).find_map(|piece| {
        let end = piece.iter().rposition(u8::is_ascii_alphanumeric)? + 1;
        let (before, secret) = piece
            .get(..end)?
            .split_at_checked(end.checked_sub(LENGTH)?)?;
        let wrapped = before.iter().all(|c| !c.is_ascii_alphanumeric());
        wrapped.then(|| secret.to_vec())
    })
}

/// With `%41` read as `A`.
fn decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text.get(at) {
        let byte = match (digit(at + 1), digit(at + 2)) {
            (Some(high), Some(low)) if *c == b'%' => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        out.push(byte.unwrap_or(*c));
        at += if byte.is_some() { 3 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Cases {
        secrets: Vec<String>,
        opens: Vec<String>,
        damaged: Vec<String>,
        elsewhere: Vec<String>,
    }

    /// Every pattern with every secret in it. `{CUT}`: without its last character; `{S1}` and `{S2}`: in two halves.
    fn filled(patterns: &[String], secrets: &[String]) -> Vec<(String, String)> {
        let fill = |pattern: &String, secret: &String| {
            let (first, second) = secret.split_at(11);
            let address = pattern
                .replace("{S}", secret)
                .replace("{CUT}", &secret[..LENGTH - 1])
                .replace("{S1}", first)
                .replace("{S2}", second);
            (address, secret.clone())
        };
        patterns
            .iter()
            .flat_map(|p| secrets.iter().map(move |s| fill(p, s)))
            .collect()
    }

    #[test]
    fn a_link_opens_whatever_was_done_to_it_or_is_called_damaged() {
        let cases: Cases = serde_json::from_str(include_str!("link_cases.json")).unwrap();
        for (address, secret) in filled(&cases.opens, &cases.secrets) {
            assert_eq!(secret_in(&address), Some(secret), "{address}");
            assert!(is_link(&address), "{address}");
        }
        for (address, _) in filled(&cases.damaged, &cases.secrets) {
            assert_eq!(secret_in(&address), None, "{address}");
            assert!(is_link(&address), "{address}");
        }
        for (address, _) in filled(&cases.elsewhere, &cases.secrets) {
            assert_eq!(secret_in(&address), None, "{address}");
            assert!(!is_link(&address), "{address}");
        }
    }

    #[test]
    fn a_longer_secret_of_a_later_server_is_taken_whole_and_only_alone() {
        let later = "abcdefghijklmnopqrstuvwxyz-0123456789_ABCDE";
        let address = |s: &str| ["/s#", s].concat();
        assert_eq!(secret_in(&address(later)).as_deref(), Some(later));
        assert_eq!(secret_in(&address(&[later, ".x"].concat())), None);
        assert_eq!(secret_in(&address(&later.repeat(2))), None);
    }
}
