//! Reading a delivery status notification (RFC 3464): which mail of ours is it about, and what became of it?
//!
//! It is written by other people's servers and may be anything. What cannot be read is none; nothing of it is kept.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use uuid::Uuid;

use super::super::bounces::Return;
use super::super::marks;
use super::super::refusal::Status;

/// More headers of this kind than any report has. Parts within parts need one each, so this also bounds how deep they go.
const MOST_PARTS: usize = 64;
/// More recipients than any mail of ours has.
const MOST_GROUPS: usize = 16;

/// What a notification says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) struct Notification {
    /// The row, if there is one: the id may be anybody's.
    pub(in crate::mail) mail: Uuid,
    /// What became of it.
    pub(in crate::mail) how: Return,
}

/// Worth reading in full? Looks at nothing but the head.
pub(in crate::mail) fn may_be_one(head: &[u8]) -> bool {
    MessageParser::default()
        .parse_headers(head)
        .is_some_and(|message| {
            message
                .content_type()
                .is_some_and(|kind| kind.ctype() == "multipart")
        })
}

/// Reads one; the end may be cut off.
pub(in crate::mail) fn read(raw: &[u8]) -> Option<Notification> {
    if occurrences(raw, b"content-type") > MOST_PARTS {
        return None;
    }
    let message = MessageParser::default().parse(raw)?;
    let status = message.parts.iter().find_map(status_of)?;
    let how = groups(&status).filter_map(|group| outcome(&group)).max()?;
    let mail = original(&message, &status)?;
    Some(Notification { mail, how })
}

fn occurrences(raw: &[u8], word: &[u8]) -> usize {
    raw.windows(word.len())
        .filter(|window| window.eq_ignore_ascii_case(word))
        .count()
}

fn is(part: &MessagePart<'_>, kind: &str, kinds: &[&str]) -> bool {
    part.content_type().is_some_and(|found| {
        found.ctype() == kind && found.subtype().is_some_and(|sub| kinds.contains(&sub))
    })
}

fn text_of(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Text(text) => Some(text.clone().into_owned()),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        _ => None,
    }
}

/// The part for machines, of the report itself and not of a mail that it carries. RFC 6533 has a name of its own for it.
fn status_of(part: &MessagePart<'_>) -> Option<String> {
    let is_status = is(
        part,
        "message",
        &["delivery-status", "global-delivery-status"],
    );
    is_status.then(|| text_of(part)).flatten()
}

/// Its groups of fields, parted by empty lines: the first is about the mail, each other about one recipient. Each ends with an empty line, as
/// the head of a mail does.
fn groups(status: &str) -> impl Iterator<Item = String> {
    let lines = status.replace("\r\n", "\n");
    let groups: Vec<String> = lines
        .split("\n\n")
        .filter(|group| !group.trim().is_empty())
        .take(MOST_GROUPS)
        .map(|group| format!("{}\n\n", group.trim_start_matches('\n')))
        .collect();
    groups.into_iter()
}

/// The value of a field, unfolded, without comments of the field's own kind (`smtp; …`, `rfc822; …`).
fn field(group: &str, name: &str) -> Option<String> {
    let parsed = MessageParser::default().parse_headers(group.as_bytes())?;
    let raw = parsed.header_raw(name)?;
    Some(raw.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// What became of one recipient; `None` for a group that is about none.
fn outcome(group: &str) -> Option<Return> {
    let action = field(group, "Action")?.to_ascii_lowercase();
    if action.split([' ', '(']).next() != Some("failed") {
        return Some(Return::Not);
    }
    let status = field(group, "Status").and_then(|s| Status::find(&s));
    // Some servers write 5.0.0 whatever happened; then what the last server said may tell more.
    let said = field(group, "Diagnostic-Code").and_then(|d| Status::find(&d));
    let best = match status {
        Some(status) if status.is_permanent() && status.is_vague() => said.or(Some(status)),
        Some(status) => Some(status),
        None => said,
    };
    Some(match best {
        Some(status) if status.is_about_the_address() => Return::TheAddress,
        // A mail that was tried for days ends here too (4.4.7): that says nothing about the address.
        _ => Return::NotTheAddress,
    })
}

/// Which mail it is about: from the returned mail or its head; from fields that some servers add; from what the report says it answers.
fn original(message: &Message<'_>, status: &str) -> Option<Uuid> {
    let returned = message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => inner.message_id().map(str::to_owned),
        _ if is(part, "text", &["rfc822-headers"]) || is(part, "message", &["global-headers"]) => {
            let head = format!("{}\n\n", text_of(part)?.trim_start());
            field(&head, "Message-ID")
        }
        _ => None,
    });
    let added = ["Original-Message-ID", "X-Original-Message-ID"];
    let first = groups(status).next();
    let added = first.and_then(|group| added.iter().find_map(|name| field(&group, name)));
    let answered = ["In-Reply-To", "References"]
        .iter()
        .filter_map(|name| message.header_raw(*name))
        .flat_map(str::split_whitespace)
        .map(str::to_owned);
    returned
        .into_iter()
        .chain(added)
        .chain(answered)
        .find_map(|id| marks::mail_of_message_id(&id))
}

#[cfg(test)]
#[path = "dsn_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "dsn_hostile_tests.rs"]
mod hostile_tests;
