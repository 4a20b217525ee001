//! Text that no database takes: PostgreSQL stores no NUL in a text, SQLite does. What one refuses is refused for both, at the door.

/// Whether a JSON document names a NUL in any of its strings. Asked before it is read, so that no field of any form is forgotten.
#[must_use]
pub fn json_names_nul(json: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = json[at..].iter().position(|b| *b == b'\\') {
        let escape = at + found;
        if json[escape..].starts_with(b"\\u0000") {
            return true;
        }
        // Whatever follows the backslash belongs to it: `\\u0000` is a backslash and five letters.
        at = (escape + 2).min(json.len());
    }
    false
}

/// Whether a path or a query string names a NUL.
#[must_use]
pub fn url_names_nul(text: &str) -> bool {
    text.contains("%00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_told_from_what_only_looks_like_one() {
        for (json, nul) in [
            (r#"{"a":"\u0000"}"#, true),
            (r#"{"\u0000":1}"#, true),
            (r#"["\\\u0000"]"#, true),
            (r#"["\\u0000"]"#, false),
            (r#"["\u00000"]"#, true),
            (r#"["\u0001","u0000"]"#, false),
            (r#"["\"#, false),
            ("", false),
        ] {
            assert_eq!(json_names_nul(json.as_bytes()), nul, "{json}");
            let text = serde_json::from_str::<serde_json::Value>(json).unwrap_or_default();
            assert_eq!(format!("{text:?}").contains("\\0"), nul, "{json}");
        }
    }
}
