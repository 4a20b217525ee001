//! Whether something typed can be an e-mail address at all, so that it is told at once and not by a bounce a week later.

/// Longest address that mail servers must carry, in bytes.
const LONGEST: usize = 254;
/// Longest part before the `@`, in bytes.
const LONGEST_LOCAL: usize = 64;
/// Longest part of a name between dots, in bytes.
const LONGEST_LABEL: usize = 63;

/// Can this be an e-mail address? Only what certainly cannot is refused: spaces and control characters, quoted names, a name without
/// a dot, empty parts. Letters of any language may stand in it. A yes does not mean that anybody reads mail there.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\"(),:;<>@[\\]".contains(c);
    text.len() <= LONGEST
        && local.len() <= LONGEST_LOCAL
        && local.split('.').all(|part| !part.is_empty())
        && !local.contains(odd)
        && domain.contains('.')
        && domain.split('.').all(is_label)
        // 1.2.3.4 is a machine, and a mistake.
        && !domain.ends_with(|c: char| c.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= LONGEST_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn addresses_that_people_have() {
        for address in [
            "a@b.dk",
            "anna.k+post@sub.example.org",
            "o'neil_7@example.co.uk",
            "åse@blåbær.example",
            "x@xn--blbr-roah.example",
        ] {
            assert!(is_address(address), "{address}");
        }
    }

    #[test]
    fn what_is_typed_by_mistake() {
        let long = format!("{}@example.org", "a".repeat(65));
        for text in [
            "",
            "@",
            "anna",
            "anna@",
            "@example.org",
            "anna@example",
            "anna@@example.org",
            "an na@example.org",
            "anna@example..org",
            ".anna@example.org",
            "anna.@example.org",
            "anna@-example.org",
            "anna@example.org.",
            "anna@10.0.0.1",
            "Anna <anna@example.org>",
            "a@example.org,b@example.org",
            "anna@exam_ple.org",
            "anna@example.org\r\nBcc: b@example.org",
            " anna@example.org",
            &long,
        ] {
            assert!(!is_address(text), "{text:?}");
        }
    }
}
