//! Whether something typed can be an e-mail address at all, so that it is told at once and not by a bounce a week later. One rule for
//! every door: the person's field, accounts, contacts, settings and journal entries.
//!
//! Not here: turning the name of a domain into the form that mail servers speak (`xn--`), which takes tables that a phone need not carry.

/// Longest address that mail servers must carry, in bytes.
const LONGEST: usize = 254;
/// Longest part before the `@`, in bytes.
const LONGEST_LOCAL: usize = 64;
/// Longest part of a name between dots, in bytes.
const LONGEST_LABEL: usize = 63;

/// The address in what somebody typed or pasted, without blanks around it and without the marks that nobody sees; `None` if there is
/// none in it.
#[must_use]
pub fn typed_address(text: &str) -> Option<String> {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let address = seen.trim();
    is_address(address).then(|| address.to_owned())
}

/// Can this be an e-mail address, as it stands there? Only what certainly cannot is refused: blanks, control characters and marks, quoted
/// names, a name without a dot, empty parts, a machine's number. Letters of any language may stand in it. A yes does not mean that
/// anybody reads mail there.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    text.len() <= LONGEST
        && local.len() <= LONGEST_LOCAL
        && local
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(may_stand_before_the_at))
        && domain.split('.').all(is_label)
        && domain
            .rsplit_once('.')
            .is_some_and(|(_, last)| is_top(last))
}

/// Marks without a shape, which copying from a page, a spreadsheet or an address book brings along: of zero width, of direction, of
/// joining, soft hyphens and byte order marks.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Letters and digits of any language. Told by the blocks in which signs, blanks and punctuation stand, not by a table of all letters, which
/// would cost a phone more than the rest of this rule.
const fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (c >= '\u{c0}'
            && !matches!(c,
                '\u{d7}' | '\u{f7}' | '\u{1680}' | '\u{2000}'..='\u{2bff}' | '\u{2e00}'..='\u{2e7f}' | '\u{3000}'..='\u{3004}'
                | '\u{3008}'..='\u{3020}' | '\u{e000}'..='\u{f8ff}' | '\u{fe10}'..='\u{fe6f}' | '\u{ff00}'..='\u{ffff}' | '\u{1f000}'..)
            && !is_invisible(c))
}

/// RFC 5322's atoms: what needs no quotes.
fn may_stand_before_the_at(c: char) -> bool {
    is_letter(c) || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= LONGEST_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| is_letter(c) || c == '-')
}

/// The last part of a name is a word of two letters or more, or one in another alphabet: `10.0.0.1` is a machine, and `.c` a slip.
fn is_top(label: &str) -> bool {
    let coded = label
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("xn--"));
    label.len() >= 2 && (coded || !label.contains(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{is_address, typed_address};

    #[test]
    fn addresses_that_people_have() {
        for address in [
            "a@b.dk",
            "anna.k+post@sub.example.org",
            "anne.marie+1@post.eksempel.dk",
            "o'neil_7@example.co.uk",
            "åse@blåbær.example",
            "ø@æble.dk",
            "mie@bla\u{30a}bær.example",
            "x@xn--blbr-roah.example",
            "x@eksempel.xn--j1ay",
            "x@eksempel.XN--80A0",
            "12345678@3.dk",
            "info@中国.中国",
        ] {
            assert!(is_address(address), "{address}");
            assert_eq!(typed_address(address).as_deref(), Some(address));
        }
    }

    #[test]
    fn what_is_typed_by_mistake() {
        let long = format!("{}@example.org", "a".repeat(65));
        let longest = format!("a@{}.org", "abcdefghi.".repeat(26));
        for text in [
            "",
            "@",
            "anna",
            "anna@",
            "@example.org",
            "anna@example",
            "anna@@example.org",
            "anna@b@example.org",
            "an na@example.org",
            "an\u{a0}na@example.org",
            "anna@example..org",
            ".anna@example.org",
            "anna.@example.org",
            "an..na@example.org",
            "anna@.example.org",
            "anna@-example.org",
            "anna@example-.org",
            "anna@example.org.",
            "anna@10.0.0.1",
            "anna@[10.0.0.1]",
            "anna@[IPv6:2001:db8::1]",
            "anna@example.1",
            "anna@example.c",
            "anna@example.d2",
            "Anna <anna@example.org>",
            "<anna@example.org>",
            "mailto:anna@example.org",
            "\"anna\"@example.org",
            "\u{201c}anna@example.org\u{201d}",
            "o\u{2019}neil@example.org",
            "anna@example.org\u{201d}",
            "anna@example\u{3002}org",
            "anna\u{ff20}example.org",
            "anna\u{d7}@example.org",
            "anna\u{2013}maria@example.org",
            "anna\u{1f600}@example.org",
            "anna@example,org",
            "a@example.org,b@example.org",
            "a@example.org;b@example.org",
            "anna@exam_ple.org",
            "anna@example.org\r\nBcc: b@example.org",
            "anna\u{0}@example.org",
            &long,
            &longest,
        ] {
            assert!(!is_address(text), "{text:?}");
            assert_eq!(typed_address(text), None, "{text:?}");
        }
    }

    #[test]
    fn blanks_and_marks_that_copying_brings_along_are_left_out() {
        for text in [
            " anna@example.org\t",
            "anna@example.org\u{a0}",
            "\u{202f}anna@example.org\u{2007}\r\n",
            "\u{202a}anna@example.org\u{202c}",
            "\u{2066}anna@example.org\u{2069}",
            "\u{feff}anna@example.org",
            "\u{200b} \u{feff}anna\u{200d}@\u{200e}example\u{ad}.org\u{200b}\u{a0}\u{200f}",
            "anna@example.org\u{fe0f}",
            "anna\u{2060}@example.org\u{61c}",
        ] {
            assert!(!is_address(text), "{text:?}");
            assert_eq!(
                typed_address(text).as_deref(),
                Some("anna@example.org"),
                "{text:?}"
            );
        }
        assert_eq!(typed_address("\u{200b}@\u{feff}.dk"), None);
    }
}
