//! Lines of the history as sentences, and what they are made of.

use bedring_contract::course::{Actor, Happening, HistoryLine, Said};
use bedring_domain::consent::Purpose;
use bedring_domain::course::OccasionKind;
use chrono::NaiveDate;

use super::words::Words;
use crate::staff::erasing::words as erasing;
use crate::staff::words::{Lang, fill};
use crate::staff::{dates, terms};

/// "Opfølgning 2": the first of a kind needs no number.
pub fn measurement(lang: Lang, kind: OccasionKind, number: u32) -> String {
    let kind = terms::occasion_kind(lang, kind);
    if number < 2 {
        return kind.to_owned();
    }
    format!("{kind} {number}")
}

/// What was done or said.
pub fn what(lang: Lang, line: &HistoryLine) -> String {
    let w = Words::of(lang);
    let kind = line.about.map_or_else(String::new, |about| {
        measurement(lang, about.kind, about.number).to_lowercase()
    });
    let about = |text: &str| fill(text, &[("kind", &kind)]);
    let on = |text: &str, none: &str, day: Option<NaiveDate>| match day {
        Some(day) => fill(&about(text), &[("day", &dates::date(lang, day))]),
        None => about(none),
    };
    if let Some(erasing) = erasing::sentence(lang, &line.what) {
        return erasing;
    }
    if let Some(put_right) = super::correct::sentence(lang, &kind, &line.what) {
        return put_right;
    }
    match &line.what {
        Happening::Registered => w.h_registered.to_owned(),
        Happening::Invited => w.h_invited.to_owned(),
        Happening::Consent {
            purpose,
            said,
            in_doubt,
        } => {
            let text = match said {
                Said::Yes => w.h_yes,
                Said::No => w.h_no,
                Said::Withdrawn => w.h_withdrawn,
            };
            let text = fill(text, &[("purpose", consent_purpose(lang, *purpose))]);
            match in_doubt {
                true => format!("{text} {}", w.h_in_doubt),
                false => text,
            }
        }
        Happening::Answered => about(w.h_answered),
        Happening::Reason { reason: None } => about(w.h_reason_back),
        Happening::Reason {
            reason: Some(reason),
        } => fill(
            &about(w.h_reason),
            &[(
                "reason",
                &terms::missed_reason(lang, *reason).to_lowercase(),
            )],
        ),
        Happening::PlanMoved => about(w.h_plan),
        Happening::CallOpened => about(w.h_call_opened),
        Happening::CallTried { outcome, next } => {
            let outcome = terms::call_outcome(lang, *outcome).to_lowercase();
            fill(
                &on(w.h_call_next, w.h_call, *next),
                &[("outcome", &outcome)],
            )
        }
        Happening::CallOwner { to: Some(email) } => fill(&about(w.h_owner), &[("who", email)]),
        Happening::CallOwner { to: None } => about(w.h_owner_none),
        Happening::MailSent {
            number,
            to_contact,
            came_back,
        } => {
            let text = match (came_back, to_contact) {
                (true, _) => w.h_mail_back,
                (false, true) => w.h_mail_contact,
                (false, false) => w.h_mail,
            };
            fill(&about(text), &[("n", &number.to_string())])
        }
        Happening::MailFailed { number } => {
            fill(&about(w.h_mail_failed), &[("n", &number.to_string())])
        }
        Happening::MailRefused { by_other: false } => w.h_mail_refused.to_owned(),
        Happening::MailRefused { by_other: true } => w.h_mail_refused_other.to_owned(),
        Happening::EndConfirmed { on: day } => on(w.h_end, w.h_end, *day),
        Happening::EndPlanned { on: day } => on(w.h_planned, w.h_planned_none, *day),
        Happening::StillEnrolled { on: day } => on(w.h_still, w.h_still, *day),
        Happening::EndCannotBeTold { holds: true } => w.h_cannot.to_owned(),
        Happening::EndCannotBeTold { holds: false } => w.h_cannot_back.to_owned(),
        Happening::Paused { until } => on(w.h_paused_until, w.h_paused, *until),
        Happening::Resumed => w.h_resumed.to_owned(),
        Happening::ContactNamed { instead: true } => w.h_contact_instead.to_owned(),
        Happening::ContactNamed { instead: false } => w.h_contact.to_owned(),
        Happening::ContactRemoved => w.h_contact_removed.to_owned(),
        Happening::PhoneChanged => w.h_phone.to_owned(),
        Happening::PhoneRemoved => w.h_phone_removed.to_owned(),
        // Said above.
        _ => String::new(),
    }
}

/// Who did it.
pub fn by(lang: Lang, actor: &Actor) -> String {
    let w = Words::of(lang);
    match actor {
        Actor::Staff { email } if email.is_empty() => w.by_gone.to_owned(),
        Actor::Staff { email } => email.clone(),
        Actor::Person => w.by_person.to_owned(),
        Actor::Contact => w.by_contact.to_owned(),
        Actor::Server => w.by_server.to_owned(),
    }
}

pub const fn consent_purpose(lang: Lang, purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Evaluation => lang.pick(
            "at være med i evalueringen",
            "taking part in the evaluation",
        ),
        Purpose::Reminders => lang.pick("påmindelser på mail", "reminders by mail"),
        Purpose::LeaderSeesAnswers => lang.pick(
            "at projektlederen må se besvarelserne",
            "the project leader seeing the responses",
        ),
        Purpose::Research => lang.pick(
            "at svarene må bruges til forskning",
            "use of the answers for research",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedring_contract::course::Measurement;
    use bedring_contract::followup::CallOutcome;
    use bedring_domain::course::MissedReason;

    fn line(what: Happening) -> HistoryLine {
        HistoryLine {
            at: chrono::DateTime::UNIX_EPOCH,
            by: Actor::Server,
            about: Some(Measurement {
                kind: OccasionKind::FollowUp,
                number: 2,
            }),
            what,
        }
    }

    #[test]
    fn every_place_of_a_sentence_is_filled() {
        let day: Option<NaiveDate> = "2026-03-05".parse().ok();
        let all = [
            Happening::Registered,
            Happening::Consent {
                purpose: Purpose::Research,
                said: Said::No,
                in_doubt: true,
            },
            Happening::Answered,
            Happening::Reason {
                reason: Some(MissedReason::Illness),
            },
            Happening::Reason { reason: None },
            Happening::CallTried {
                outcome: CallOutcome::NotReached,
                next: day,
            },
            Happening::CallTried {
                outcome: CallOutcome::Declined,
                next: None,
            },
            Happening::CallOwner {
                to: Some("x@example.org".to_owned()),
            },
            Happening::MailSent {
                number: 2,
                to_contact: true,
                came_back: false,
            },
            Happening::EndConfirmed { on: day },
            Happening::EndPlanned { on: None },
            Happening::StillEnrolled { on: day },
            Happening::Paused { until: day },
            Happening::Paused { until: None },
            Happening::ContactNamed { instead: true },
            Happening::EndConfirmed { on: None },
            Happening::CodeCorrected {
                from: Some("A".to_owned()),
                to: None,
            },
            Happening::RoleCorrected {
                from: None,
                to: None,
            },
            Happening::StartCorrected {
                from: day,
                to: None,
            },
            Happening::Moved {
                from: None,
                to: None,
            },
            Happening::Discarded { why: None },
            Happening::Merged { from: None },
            Happening::CallTakenBack {
                outcome: Some(CallOutcome::Declined),
            },
        ];
        for happening in all {
            for lang in [Lang::Da, Lang::En] {
                let text = what(lang, &line(happening.clone()));
                assert!(!text.is_empty() && !text.contains(['{', '}']), "{text}");
            }
        }
        let tried = Happening::CallTried {
            outcome: CallOutcome::NotReached,
            next: day,
        };
        assert_eq!(
            what(Lang::Da, &line(tried)),
            "Opkald om opfølgning 2: ingen svarede. Næste dag: 5. marts 2026."
        );
    }
}
