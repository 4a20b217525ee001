//! From the bytes of a text file to text, whatever program wrote them: UTF-8, UTF-16 (a spreadsheet's "Unicode text"), or the older
//! encoding of Western European Windows.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What to say of bytes that are none of these.
const UNKNOWN: &str = "is neither UTF-8 nor a Danish Windows encoding: save it as \"CSV UTF-8\"";

/// The text, with line ends of one kind.
pub fn text(bytes: &[u8]) -> Result<String, &'static str> {
    let text = decoded(bytes)?;
    Ok(text
        .trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .replace('\r', "\n"))
}

fn decoded(bytes: &[u8]) -> Result<String, &'static str> {
    if let Some(encoding) = wide(bytes) {
        let (text, _, broken) = encoding.decode(bytes);
        return if broken {
            Err(UNKNOWN)
        } else {
            Ok(text.into_owned())
        };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    // Every row of bytes is text in this encoding, also what an old Mac or a console wrote, as nonsense. So only text is taken whose
    // letters are those of Danish and its neighbours.
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let known =
        |c: char| c.is_ascii() || matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' | '\u{a0}' | '–');
    if text.chars().all(known) {
        Ok(text.into_owned())
    } else {
        Err(UNKNOWN)
    }
}

/// Two bytes a character: told by the mark at the beginning, or by the zeros beside the letters of a heading.
fn wide(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Some(UTF_16LE),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, le: bool) -> Vec<u8> {
        let bytes = |u: u16| if le { u.to_le_bytes() } else { u.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn what_programs_write_is_read() {
        let wanted = "person;Ø1\nblåbær;2\n";
        for bytes in [
            wanted.as_bytes().to_vec(),
            format!("\u{feff}{wanted}").into_bytes(),
            wanted.replace('\n', "\r\n").into_bytes(),
            wanted.replace('\n', "\r").into_bytes(),
            utf16(&format!("\u{feff}{wanted}"), true),
            utf16(&format!("\u{feff}{wanted}"), false),
            utf16(wanted, true),
            utf16(wanted, false),
            b"person;\xd81\r\nbl\xe5b\xe6r;2\r\n".to_vec(),
        ] {
            assert_eq!(text(&bytes).as_deref(), Ok(wanted));
        }
        assert_eq!(text(b"").as_deref(), Ok(""));
    }

    #[test]
    fn nonsense_is_refused_rather_than_taken() {
        for bytes in [
            // An old Mac's "Ø", a console's "ø" and "Å", and UTF-8 with one byte missing.
            b"person;\xaf1\n".as_slice(),
            b"person;\x9b1\n",
            b"person;\x8f1\n",
            b"\xc3\xa6;\xc3\n",
            b"\xff\xfea",
        ] {
            assert_eq!(text(bytes), Err(UNKNOWN), "{bytes:?}");
        }
    }
}
