//! What is no notification about a mail of ours, and what nobody should send.

use super::tests::{MAIL, found, postfix, read_text};
use super::*;

#[test]
fn what_is_no_notification_about_a_mail_of_ours_is_none() {
    let right = postfix("failed", "5.1.1");
    for (what, text) in [
        ("nothing", String::new()),
        ("no mail", "Hej\n\nhej".to_owned()),
        (
            "an answer by hand",
            format!(
                "From: a@people.example\nIn-Reply-To: <{MAIL}@svar.example>\nContent-Type: text/plain\n\nAction: failed\nStatus: 5.1.1\n"
            ),
        ),
        ("somebody else's mail", right.replace(MAIL, "CAF-1234")),
        (
            "a read receipt",
            right.replace("delivery-status", "disposition-notification"),
        ),
        ("no recipient", right.replace("Action:", "Faction:")),
        (
            "a notification that somebody passed on",
            format!(
                "From: a@people.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\nContent-Type: message/rfc822\n\n{right}\n--outer--\n"
            ),
        ),
    ] {
        assert_eq!(read_text(&text), None, "{what}");
    }
}

#[test]
fn hostile_mails_do_no_harm() {
    let right = postfix("failed", "5.1.1");
    // Depth: mail within mail within mail.
    let mut deep = String::from("Subject: x\nMIME-Version: 1.0\n");
    for _ in 0..8000 {
        deep.push_str("Content-Type: message/rfc822\n\n");
    }
    assert_eq!(read(deep.as_bytes()), None);
    let mut wide = String::from("Content-Type: multipart/report; boundary=b\n\n");
    for i in 0..4000 {
        wide.push_str(&format!(
            "--b\nContent-Type: multipart/digest; boundary=b{i}\n\n--b{i}\n\n"
        ));
    }
    assert_eq!(read(wide.as_bytes()), None);
    // Length: a line without end, fields without end, a boundary that never comes.
    let line = right.replace("Your message", &"x".repeat(300_000));
    assert_eq!(read_text(&line), found(Return::TheAddress));
    let fields = right.replace("Status:", &format!("{}Status:", "X-Y: z\n".repeat(40_000)));
    assert_eq!(read_text(&fields), found(Return::TheAddress));
    let empty = right.replace("Final-", &format!("{}Final-", "X-Y: z\n\n".repeat(10_000)));
    assert_eq!(read_text(&empty), None, "nobody looks for it that far down");
    // Character sets that do not exist or are lied about, and bytes that are no text at all.
    for charset in ["x-none", "utf-16", "utf-7", "\u{e6}\u{f8}\u{e5}", ""] {
        let text = right.replace("charset=utf-8", &format!("charset={charset}"));
        assert_eq!(read_text(&text), found(Return::TheAddress), "{charset}");
    }
    let mut bytes = right.clone().into_bytes();
    let at = right.find("Your message").unwrap();
    bytes[at..at + 12].copy_from_slice(&[
        0xff, 0xfe, 0, 0x80, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf8, 0x88, 0,
    ]);
    assert_eq!(read(&bytes), found(Return::TheAddress));
    let status = right.replace(
        "Content-Type: message/delivery-status\n",
        "Content-Type: message/delivery-status; charset=utf-16\nContent-Transfer-Encoding: base64\n",
    );
    assert_eq!(read_text(&status), None, "not in base64 at all");
    // Cut anywhere, it is read or not, and nothing breaks.
    for end in 0..right.len() {
        let cut = read(&right.as_bytes()[..end]);
        assert!(cut.is_none() || cut == found(Return::TheAddress), "{end}");
    }
}

#[test]
fn only_what_may_be_one_is_read_in_full() {
    for (head, may) in [
        ("Content-Type: multipart/report; boundary=x\r\n\r\n", true),
        (
            "Subject: x\r\nCONTENT-TYPE: Multipart/Mixed; boundary=x\r\n\r\n",
            true,
        ),
        ("Content-Type: text/plain\r\n\r\n", false),
        ("Subject: multipart/report\r\n\r\n", false),
        ("", false),
        ("\u{e6}\u{f8}", false),
    ] {
        assert_eq!(may_be_one(head.as_bytes()), may, "{head}");
    }
}
