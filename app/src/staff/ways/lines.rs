//! A way in and a device as lines of text.

use bedring_contract::device::{DeviceLine, WayIn};
use bedring_contract::staff::Role;
use chrono::{DateTime, Utc};

use super::words::Words;
use crate::staff::words::{Lang, fill};
use crate::staff::{dates, terms};

/// What a way in does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It lets somebody in.
    Open,
    /// A code that was typed: it works once.
    Used,
    /// Ended before its time.
    Ended,
    /// Its time is over.
    Expired,
}

/// What a way in does at this moment. What became of it first counts: a code that was typed is used, whatever came later.
#[must_use]
pub fn standing(way: &WayIn, now: DateTime<Utc>) -> Standing {
    if way.kind == "code" && way.used_at.is_some() {
        Standing::Used
    } else if way.ended_at.is_some() {
        Standing::Ended
    } else if way.expires_at <= now {
        Standing::Expired
    } else {
        Standing::Open
    }
}

/// What kind of way in it is.
#[must_use]
pub fn kind(lang: Lang, way: &WayIn) -> &'static str {
    let w = Words::of(lang);
    match way.kind.as_str() {
        "link" => w.link,
        "code" => w.code,
        "mail" => w.mail,
        "device" => w.device,
        _ => w.other,
    }
}

/// When it was made and by whom.
#[must_use]
pub fn made(lang: Lang, way: &WayIn) -> String {
    let w = Words::of(lang);
    let when = moment(lang, way.made_at);
    let role = way.made_by.as_deref().and_then(Role::parse);
    match (role, way.kind.as_str()) {
        (Some(role), _) => fill(
            w.made_by,
            &[("when", &when), ("role", terms::role(lang, role))],
        ),
        (None, "mail") => fill(w.made_mail, &[("when", &when)]),
        (None, "device") => fill(w.made_person, &[("when", &when)]),
        (None, _) => fill(w.made_server, &[("when", &when)]),
    }
}

/// Whether it was used, and until when it works or why it does not any more.
#[must_use]
pub fn became(lang: Lang, way: &WayIn, now: DateTime<Utc>) -> Vec<String> {
    let w = Words::of(lang);
    let at = |text: &str, at| fill(text, &[("when", &moment(lang, at))]);
    let stands = standing(way, now);
    let used = match (way.used_at, stands) {
        (Some(used), Standing::Used) => at(w.code_used, used),
        (Some(used), _) => at(w.used, used),
        (None, Standing::Open) => w.unused.to_owned(),
        (None, _) => w.never_used.to_owned(),
    };
    let end = match (stands, way.ended_at) {
        (Standing::Open, _) => Some(at(w.until, way.expires_at)),
        (Standing::Ended, Some(ended)) => Some(at(w.ended, ended)),
        (Standing::Expired, _) => Some(at(w.expired, way.expires_at)),
        (Standing::Used | Standing::Ended, _) => None,
    };
    std::iter::once(used).chain(end).collect()
}

/// What a device is, what it can do, when it was here, and that it was ended.
#[must_use]
pub fn device(lang: Lang, device: &DeviceLine) -> (&'static str, Vec<String>) {
    let w = Words::of(lang);
    let (name, can) = if device.known {
        (w.known, w.known_text)
    } else {
        (w.unknown, w.unknown_text)
    };
    let seen = fill(
        w.seen,
        &[
            ("first", &moment(lang, device.registered_at)),
            ("last", &moment(lang, device.seen_at)),
        ],
    );
    let lines = match device.ended_at {
        // What it could do once is of no use to anybody.
        Some(ended) => vec![seen, fill(w.ended, &[("when", &moment(lang, ended))])],
        None => vec![can.to_owned(), seen],
    };
    (name, lines)
}

#[cfg(target_arch = "wasm32")]
fn moment(lang: Lang, at: DateTime<Utc>) -> String {
    dates::moment(lang, dates::local(at))
}

/// Where there is no browser to ask for its zone.
#[cfg(not(target_arch = "wasm32"))]
fn moment(lang: Lang, at: DateTime<Utc>) -> String {
    dates::moment(lang, at.fixed_offset())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn way(kind: &str) -> WayIn {
        WayIn {
            id: uuid::Uuid::from_u128(1),
            kind: kind.to_owned(),
            made_at: at("2026-03-02T09:00:00Z"),
            made_by: Some("helper".to_owned()),
            expires_at: at("2026-03-16T09:00:00Z"),
            used_at: None,
            ended_at: None,
            own: false,
        }
    }

    #[test]
    fn a_way_in_is_open_until_it_is_used_up_ended_or_over() {
        let (day, later) = (at("2026-03-10T09:00:00Z"), at("2026-03-16T09:00:00Z"));
        let code = way("code");
        assert_eq!(standing(&code, day), Standing::Open);
        assert_eq!(
            standing(&code, later),
            Standing::Expired,
            "the server says so, too, at that very moment"
        );
        let typed = WayIn {
            used_at: Some(day),
            ..code.clone()
        };
        assert_eq!(standing(&typed, day), Standing::Used);
        // A link goes on after its first use.
        let link = WayIn {
            used_at: Some(day),
            ..way("link")
        };
        assert_eq!(standing(&link, day), Standing::Open);
        let ended = WayIn {
            ended_at: Some(day),
            ..link
        };
        assert_eq!(standing(&ended, later), Standing::Ended);
    }

    #[test]
    fn it_is_told_who_made_it_and_what_became_of_it() {
        let now = at("2026-03-10T09:00:00Z");
        let link = way("link");
        assert_eq!(
            made(Lang::Da, &link),
            "Lavet 2. marts 2026 kl. 09.00 af en hjælper."
        );
        assert_eq!(
            became(Lang::Da, &link, now),
            ["Ikke brugt endnu.", "Virker til 16. marts 2026 kl. 09.00."]
        );
        let mail = WayIn {
            made_by: None,
            used_at: Some(at("2026-03-03T10:30:00Z")),
            ended_at: Some(at("2026-03-04T08:05:00Z")),
            ..way("mail")
        };
        assert_eq!(
            made(Lang::Da, &mail),
            "Sendt af Bedring 2. marts 2026 kl. 09.00."
        );
        assert_eq!(
            became(Lang::En, &mail, now),
            ["First used 3 Mar 2026, 10:30.", "Ended 4 Mar 2026, 08:05."]
        );
        let typed = WayIn {
            used_at: Some(at("2026-03-03T10:30:00Z")),
            ..way("code")
        };
        assert_eq!(
            became(Lang::Da, &typed, now),
            ["Brugt 3. marts 2026 kl. 10.30."]
        );
    }

    #[test]
    fn a_device_says_what_it_can_do_until_it_is_ended() {
        let known = DeviceLine {
            id: uuid::Uuid::from_u128(2),
            known: true,
            registered_at: at("2026-03-02T09:00:00Z"),
            seen_at: at("2026-03-09T12:15:00Z"),
            ended_at: None,
            own: false,
        };
        let (name, lines) = device(Lang::Da, &known);
        assert_eq!(name, "Kendt enhed");
        assert_eq!(
            lines,
            [
                "Kan vise og slette det, der er svaret.",
                "Set første gang 2. marts 2026 kl. 09.00 og senest 9. marts 2026 kl. 12.15."
            ]
        );
        let ended = DeviceLine {
            known: false,
            ended_at: Some(at("2026-03-10T07:00:00Z")),
            ..known
        };
        let (name, lines) = device(Lang::Da, &ended);
        assert_eq!(name, "Ukendt enhed");
        assert_eq!(lines[1..], ["Lukket 10. marts 2026 kl. 07.00."]);
    }
}
