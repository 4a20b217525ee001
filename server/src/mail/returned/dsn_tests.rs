//! Notifications as different mail servers shape them, written for these tests.

use super::*;

pub(super) const MAIL: &str = "019ab3c4-0000-7000-8000-00000000002a";

fn mail() -> Uuid {
    MAIL.parse().unwrap()
}

pub(super) fn found(how: Return) -> Option<Notification> {
    Some(Notification { mail: mail(), how })
}

pub(super) fn read_text(text: &str) -> Option<Notification> {
    read(text.replace('\n', "\r\n").as_bytes())
}

/// Postfix: text, fields, and the head of the returned mail.
pub(super) fn postfix(action: &str, status: &str) -> String {
    format!(
        "Return-Path: <>\n\
Date: Mon,  2 Mar 2026 10:00:05 +0100 (CET)\n\
From: MAILER-DAEMON@mx.svar.example (Mail Delivery System)\n\
Subject: Undelivered Mail Returned to Sender\n\
To: hilsen@svar.example\n\
Auto-Submitted: auto-replied\n\
MIME-Version: 1.0\n\
Content-Type: multipart/report; report-type=delivery-status;\n\
\tboundary=\"7C2A41F.1772442005/mx.svar.example\"\n\
Content-Transfer-Encoding: 8bit\n\
Message-Id: <20260302090005.9D1@mx.svar.example>\n\
\n\
This is a MIME-encapsulated message.\n\
\n\
--7C2A41F.1772442005/mx.svar.example\n\
Content-Description: Notification\n\
Content-Type: text/plain; charset=utf-8\n\
Content-Transfer-Encoding: 8bit\n\
\n\
Your message could not be delivered.\n\
\n\
--7C2A41F.1772442005/mx.svar.example\n\
Content-Description: Delivery report\n\
Content-Type: message/delivery-status\n\
\n\
Reporting-MTA: dns; mx.svar.example\n\
X-Postfix-Queue-ID: 7C2A41F\n\
X-Postfix-Sender: rfc822; hilsen@svar.example\n\
Arrival-Date: Mon,  2 Mar 2026 10:00:00 +0100 (CET)\n\
\n\
Final-Recipient: rfc822; a@people.example\n\
Original-Recipient: rfc822;a@people.example\n\
Action: {action}\n\
Status: {status}\n\
Remote-MTA: dns; mail.people.example\n\
Diagnostic-Code: smtp; 550 {status} <a@people.example>: Recipient address\n\
\x20   rejected: User unknown in virtual mailbox table\n\
\n\
--7C2A41F.1772442005/mx.svar.example\n\
Content-Description: Undelivered Message Headers\n\
Content-Type: text/rfc822-headers\n\
Content-Transfer-Encoding: 8bit\n\
\n\
Return-Path: <hilsen@svar.example>\n\
Received: from bedring (localhost [127.0.0.1])\n\
\tby mx.svar.example (Postfix) with ESMTPS id 7C2A41F\n\
Message-ID: <{MAIL}@svar.example>\n\
From: Svar <hilsen@svar.example>\n\
To: a@people.example\n\
\n\
--7C2A41F.1772442005/mx.svar.example--\n"
    )
}

#[test]
fn postfix_and_what_its_codes_mean() {
    for (action, status, how) in [
        ("failed", "5.1.1", Return::TheAddress),
        ("failed", "5.2.1", Return::TheAddress),
        ("Failed", "5.2.2", Return::TheAddress),
        ("failed", "5.7.1", Return::NotTheAddress),
        ("failed", "5.4.4", Return::NotTheAddress),
        ("failed", "5.1.8", Return::NotTheAddress),
        // Tried for five days.
        ("failed", "4.4.1", Return::NotTheAddress),
        ("delayed", "4.4.1", Return::Not),
        ("relayed", "2.0.0", Return::Not),
        ("delivered", "2.1.5", Return::Not),
        ("expanded", "2.0.0", Return::Not),
    ] {
        let read = read_text(&postfix(action, status));
        assert_eq!(read, found(how), "{action} {status}");
    }
    // With bare line feeds, as some servers hand it out.
    let bare = postfix("failed", "5.1.1");
    assert_eq!(read(bare.as_bytes()), found(Return::TheAddress));
}

/// Exchange Online: a long page for people, long fields, the whole mail back, and the head repeats its id.
fn exchange(id_in_mail: &str) -> String {
    format!(
        "From: <postmaster@people.onmicrosoft.example>\n\
To: <hilsen@svar.example>\n\
Date: Mon, 2 Mar 2026 09:00:09 +0000\n\
Content-Type: multipart/report; report-type=delivery-status;\n\
\tboundary=\"1f6d2c14-7c5e-4a1b-9c0a-b0a1d3e2f4a5\"\n\
X-MS-Exchange-Message-Is-Ndr:\n\
Content-Language: da-DK\n\
Message-ID: <0b1c@AM0.people.onmicrosoft.example>\n\
In-Reply-To: <{MAIL}@svar.example>\n\
References: <{MAIL}@svar.example>\n\
Subject: =?utf-8?B?S2FuIGlra2UgbGV2ZXJlcw==?=\n\
Auto-Submitted: auto-replied\n\
MIME-Version: 1.0\n\
\n\
--1f6d2c14-7c5e-4a1b-9c0a-b0a1d3e2f4a5\n\
Content-Type: multipart/alternative; differences=Content-Type;\n\
\tboundary=\"9a0b\"\n\
\n\
--9a0b\n\
Content-Type: text/plain; charset=\"utf-8\"\n\
Content-Transfer-Encoding: quoted-printable\n\
\n\
Meddelelsen blev ikke leveret til a@people.example=2E\n\
--9a0b\n\
Content-Type: text/html; charset=\"utf-8\"\n\
Content-Transfer-Encoding: base64\n\
\n\
PGh0bWw+PGJvZHk+SWtrZSBsZXZlcmV0PC9ib2R5PjwvaHRtbD4=\n\
--9a0b--\n\
\n\
--1f6d2c14-7c5e-4a1b-9c0a-b0a1d3e2f4a5\n\
Content-Type: message/delivery-status\n\
\n\
Reporting-MTA: dns;AM0.people.onmicrosoft.example\n\
Received-From-MTA: dns;mx.svar.example\n\
Arrival-Date: Mon, 2 Mar 2026 09:00:07 +0000\n\
\n\
Final-Recipient: rfc822;a@people.example\n\
Action: failed\n\
Status: 5.1.10\n\
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not\n found by SMTP address lookup\n\
\n\
\n\
--1f6d2c14-7c5e-4a1b-9c0a-b0a1d3e2f4a5\n\
Content-Type: message/rfc822\n\
\n\
Received: from mx.svar.example (192.0.2.7) by AM0.example\n\
Message-ID: {id_in_mail}\n\
From: Svar <hilsen@svar.example>\n\
To: a@people.example\n\
Subject: Hej\n\
MIME-Version: 1.0\n\
Content-Type: multipart/alternative; boundary=\"ours\"\n\
\n\
--ours\n\
Content-Type: text/plain; charset=utf-8\n\
\n\
Hej\n\
--ours--\n\
\n\
--1f6d2c14-7c5e-4a1b-9c0a-b0a1d3e2f4a5--\n"
    )
}

#[test]
fn exchange_online_with_the_whole_mail_and_with_another_id_in_it() {
    let whole = exchange(&format!("<{MAIL}@svar.example>"));
    assert_eq!(read_text(&whole), found(Return::TheAddress));
    // A gateway that gave it an id of its own: the report still says what it answers.
    let changed = exchange("<AM0PR1.7@gateway.example>");
    assert_eq!(read_text(&changed), found(Return::TheAddress));
    // Cut off in the middle of the returned mail.
    let cut = whole.split("--ours\n").next().unwrap();
    assert_eq!(read_text(cut), found(Return::TheAddress));
}

/// Exim: one code for everything, what the last server said behind it, and the mail as its sender wrote it.
fn exim(diagnostic: &str) -> String {
    format!(
        "Return-path: <>\n\
X-Failed-Recipients: a@people.example\n\
Auto-Submitted: auto-replied\n\
From: Mail Delivery System <Mailer-Daemon@exim.example>\n\
To: hilsen@svar.example\n\
References: <{MAIL}@svar.example>\n\
Content-Type: multipart/report; report-type=delivery-status; boundary=1772442010-eximdsn-1\n\
MIME-Version: 1.0\n\
Subject: Mail delivery failed: returning message to sender\n\
Message-Id: <E1w0-0001-AB@exim.example>\n\
\n\
--1772442010-eximdsn-1\n\
Content-type: text/plain; charset=us-ascii\n\
\n\
This message was created automatically.\n\
\n\
--1772442010-eximdsn-1\n\
Content-type: message/delivery-status\n\
\n\
Reporting-MTA: dns; exim.example\n\
\n\
Action: failed\n\
Final-Recipient: rfc822;a@people.example\n\
Status: 5.0.0\n\
Remote-MTA: dns; mail.people.example\n\
{diagnostic}\
\n\
--1772442010-eximdsn-1\n\
Content-type: text/rfc822-headers\n\
\n\
Return-path: <hilsen@svar.example>\n\
Message-ID:\n <{MAIL}@svar.example>\n\
From: Svar <hilsen@svar.example>\n\
\n\
--1772442010-eximdsn-1--\n"
    )
}

#[test]
fn exim_says_one_thing_and_the_last_server_another() {
    for (diagnostic, how) in [
        (
            "Diagnostic-Code: smtp; 550 5.1.1 no such user\n",
            Return::TheAddress,
        ),
        (
            "Diagnostic-Code: smtp; 550-5.7.1 blocked by our list\n 550 5.7.1 sorry\n",
            Return::NotTheAddress,
        ),
        // No code but the three numbers: as for an answer while sending.
        (
            "Diagnostic-Code: smtp; 550 No Such User Here\n",
            Return::TheAddress,
        ),
        ("", Return::TheAddress),
    ] {
        assert_eq!(read_text(&exim(diagnostic)), found(how), "{diagnostic}");
    }
}

/// Gmail: pages with pictures first, and the whole mail back.
#[test]
fn gmail_with_pictures() {
    let text = format!(
        "Return-Path: <>\n\
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>\n\
To: hilsen@svar.example\n\
Auto-Submitted: auto-replied\n\
Subject: Delivery Status Notification (Failure)\n\
References: <{MAIL}@svar.example>\n\
In-Reply-To: <{MAIL}@svar.example>\n\
X-Failed-Recipients: a@people.example\n\
MIME-Version: 1.0\n\
Content-Type: multipart/report; boundary=\"000000000000a1b2c3064c\"; report-type=delivery-status\n\
\n\
--000000000000a1b2c3064c\n\
Content-Type: multipart/related; boundary=\"000000000000d4e5f6064c\"\n\
\n\
--000000000000d4e5f6064c\n\
Content-Type: multipart/alternative; boundary=\"000000000000778899064c\"\n\
\n\
--000000000000778899064c\n\
Content-Type: text/plain; charset=\"UTF-8\"\n\
\n\
** Adressen blev ikke fundet **\n\
\n\
--000000000000778899064c\n\
Content-Type: text/html; charset=\"UTF-8\"\n\
\n\
<html><body>Adressen blev ikke fundet</body></html>\n\
\n\
--000000000000778899064c--\n\
--000000000000d4e5f6064c\n\
Content-Type: image/png; name=\"icon.png\"\n\
Content-Disposition: attachment; filename=\"icon.png\"\n\
Content-Transfer-Encoding: base64\n\
Content-ID: <icon.png>\n\
\n\
iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAAXNSR0IArs4c6Q==\n\
--000000000000d4e5f6064c--\n\
--000000000000a1b2c3064c\n\
Content-Type: message/delivery-status\n\
\n\
Reporting-MTA: dns; googlemail.example\n\
Arrival-Date: Mon, 02 Mar 2026 01:00:03 -0800 (PST)\n\
X-Original-Message-ID: <{MAIL}@svar.example>\n\
\n\
Final-Recipient: rfc822; a@people.example\n\
Action: failed\n\
Status: 5.1.1\n\
Remote-MTA: dns; gmail-smtp-in.example. (192.0.2.26, the server for the domain.)\n\
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.\n\
\x20550-5.1.1 Please try double-checking the address. 550 5.1.1 d2e1a72fcca58\n\
Last-Attempt-Date: Mon, 02 Mar 2026 01:00:04 -0800 (PST)\n\
\n\
--000000000000a1b2c3064c\n\
Content-Type: message/rfc822\n\
\n\
Message-ID: <{MAIL}@svar.example>\n\
Subject: Hej\n\
\n\
Hej\n\
--000000000000a1b2c3064c--\n"
    );
    assert_eq!(read_text(&text), found(Return::TheAddress));
    // Nothing returned: the field alone tells.
    let without = text.replace(
        &format!("Message-ID: <{MAIL}@svar.example>\nSubject"),
        "Subject",
    );
    assert_eq!(read_text(&without), found(Return::TheAddress));
}

#[test]
fn the_worst_of_several_counts() {
    let both = postfix("failed", "5.1.1").replace(
        "Final-Recipient: rfc822; a@",
        "Final-Recipient: rfc822; list@people.example\nAction: expanded\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; a@",
    );
    assert_eq!(read_text(&both), found(Return::TheAddress));
}
