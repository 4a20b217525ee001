//! A plan in words: what somebody in a municipality reads who has never seen its fields. Pure.

use bedring_contract::instrument::InstrumentLine;
use bedring_domain::course::{
    Anchor, CoursePlan, OccasionKind, Offset, PlannedOccasion, Repeat, Window,
};
use bedring_domain::instrument::{EditionRef, text};
use bedring_domain::reminder::ReminderPolicy;
use chrono::NaiveTime;

use super::words::Words;
use crate::staff::words::{Lang, fill};
use crate::staff::{dates, terms};

/// What each measurement is called, in the order of the plan: the kind, numbered where there is more than one of it.
#[must_use]
pub fn names(lang: Lang, kinds: &[(OccasionKind, u32)]) -> Vec<String> {
    let w = Words::of(lang);
    let sum = |kind, of: &[(OccasionKind, u32)]| {
        let same = of.iter().filter(|(k, _)| *k == kind);
        same.map(|(_, count)| *count).sum::<u32>()
    };
    let name = |(at, (kind, count)): (usize, &(OccasionKind, u32))| {
        let called = terms::occasion_kind(lang, *kind);
        let first = sum(*kind, &kinds[..at]) + 1;
        let last = first + count.saturating_sub(1);
        let numbers = [("kind", called), ("a", &*first.to_string())];
        match (sum(*kind, kinds), *count) {
            (1, _) => called.to_owned(),
            (_, 1) => fill(w.numbered, &[("kind", called), ("n", &first.to_string())]),
            _ => fill(
                &fill(w.numbered_many, &numbers),
                &[("b", &last.to_string())],
            ),
        }
    };
    kinds.iter().enumerate().map(name).collect()
}

/// The same for a whole plan.
#[must_use]
pub fn names_of(lang: Lang, plan: &CoursePlan) -> Vec<String> {
    let kinds: Vec<_> = plan.occasions.iter().map(|o| (o.kind, o.count())).collect();
    names(lang, &kinds)
}

/// One occasion by kind and number, numbered where the plan has more than one of the kind.
#[must_use]
pub fn name_of(lang: Lang, plan: &CoursePlan, kind: OccasionKind, number: u32) -> String {
    let same = plan.occasions.iter().filter(|o| o.kind == kind);
    let called = terms::occasion_kind(lang, kind);
    if number == 1 && same.map(PlannedOccasion::count).sum::<u32>() <= 1 {
        return called.to_owned();
    }
    let values = [("kind", called), ("n", &*number.to_string())];
    fill(Words::of(lang).numbered, &values)
}

/// "1 dag", "14 dage".
#[must_use]
pub fn days(lang: Lang, n: i64) -> String {
    let unit = match n {
        1 | -1 => lang.pick("dag", "day"),
        _ => lang.pick("dage", "days"),
    };
    format!("{n} {unit}")
}

/// Months and days, whatever their sign; empty for none.
fn span(lang: Lang, months: i64, n: i64) -> String {
    let unit = match months {
        1 | -1 => lang.pick("måned", "month"),
        _ => lang.pick("måneder", "months"),
    };
    match (months, n) {
        (0, 0) => String::new(),
        (0, n) => days(lang, n),
        (months, 0) => format!("{months} {unit}"),
        (months, n) => {
            let values = [("a", &*format!("{months} {unit}")), ("b", &*days(lang, n))];
            fill(Words::of(lang).and, &values)
        }
    }
}

fn from_anchor(lang: Lang, offset: Offset, anchor: &str) -> String {
    let w = Words::of(lang);
    let (months, days) = (i64::from(offset.months), i64::from(offset.days));
    let (sentence, far) = match (months.signum(), days.signum()) {
        (0, 0) => (w.same_day, String::new()),
        (-1, -1 | 0) | (0, -1) => (w.before, span(lang, -months, -days)),
        // Forward in months and back in days, or the other way round: the signs tell.
        _ => (w.after, span(lang, months, days)),
    };
    fill(sentence, &[("offset", &far), ("anchor", anchor)])
}

/// What a measurement is counted from. `named` has the names of the plan's measurements by key.
#[must_use]
pub fn anchor(lang: Lang, anchor: &Anchor, named: &[(String, String)]) -> String {
    let w = Words::of(lang);
    match anchor {
        Anchor::Start => w.anchor_start.to_owned(),
        Anchor::EndConfirmed => w.anchor_end.to_owned(),
        Anchor::EndPlanned => w.anchor_planned.to_owned(),
        Anchor::Occasion { key } => match named.iter().find(|(k, _)| k == key) {
            Some((_, name)) => fill(w.anchor_made, &[("name", name)]),
            None => w.anchor_gone.to_owned(),
        },
    }
}

/// A plan's measurements with their names, by key.
#[must_use]
pub fn named(lang: Lang, plan: &CoursePlan) -> Vec<(String, String)> {
    let keys = plan.occasions.iter().map(|o| o.key.clone());
    keys.zip(names_of(lang, plan)).collect()
}

/// When a measurement is due.
#[must_use]
pub fn due(lang: Lang, occasion: &PlannedOccasion, named: &[(String, String)]) -> String {
    from_anchor(lang, occasion.after, &anchor(lang, &occasion.anchor, named))
}

fn again(lang: Lang, repeat: Repeat) -> String {
    let w = Words::of(lang);
    let times = match repeat.times {
        1 => w.once.to_owned(),
        n => fill(w.times, &[("n", &n.to_string())]),
    };
    let far = span(lang, repeat.every.months.into(), repeat.every.days.into());
    fill(w.again, &[("times", &times), ("offset", &far)])
}

/// A questionnaire by its title; by its code where it is not published here any more.
#[must_use]
pub fn edition(lang: Lang, asked: &EditionRef, published: &[InstrumentLine]) -> String {
    let found = published.iter().find(|line| line.edition == *asked);
    found.map_or_else(
        || format!("{} {}", asked.instrument, asked.edition),
        |line| text(&line.title, lang.code()).to_owned(),
    )
}

/// Everything about a measurement, as labels and sentences.
#[must_use]
pub fn occasion(
    lang: Lang,
    occasion: &PlannedOccasion,
    named: &[(String, String)],
    usual: &[EditionRef],
    published: &[InstrumentLine],
) -> Vec<(&'static str, String)> {
    let w = Words::of(lang);
    let opens = match occasion.opens_before_days {
        0 => w.at_due.to_owned(),
        n => fill(w.before_due, &[("days", &days(lang, n.into()))]),
    };
    // With no days of grace it is overdue the day after.
    let late = days(lang, i64::from(occasion.grace_days) + 1);
    let closes = occasion.closes_after_days.map_or_else(
        || w.never_closes.to_owned(),
        |n| fill(w.closes_after, &[("days", &days(lang, n.into()))]),
    );
    let asked = if occasion.instruments.is_empty() {
        usual
    } else {
        &occasion.instruments
    };
    let asked: Vec<_> = asked.iter().map(|e| edition(lang, e, published)).collect();
    let mut facts = vec![
        (w.due, due(lang, occasion, named)),
        (w.opens, opens),
        (w.overdue, fill(w.after_due, &[("days", &late)])),
        (w.closes, closes),
        (w.asks, asked.join(", ")),
    ];
    facts.extend(occasion.repeats.map(|r| (w.repeats, again(lang, r))));
    facts.extend(
        occasion
            .reminders
            .as_ref()
            .map(|_| (w.reminded, w.reminded_own.to_owned())),
    );
    facts
}

/// A time of day: "10.00" or "10:00".
#[must_use]
pub fn time(lang: Lang, time: NaiveTime) -> String {
    time.format(lang.pick("%H.%M", "%H:%M")).to_string()
}

/// A list of numbers as it is said: "0, 4 og 11".
fn list(lang: Lang, numbers: &[u32]) -> String {
    let words: Vec<String> = numbers.iter().map(u32::to_string).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            let values = [("a", &*rest.join(", ")), ("b", last)];
            fill(Words::of(lang).and, &values)
        }
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// How people are reminded, as labels and sentences.
#[must_use]
pub fn reminders(lang: Lang, policy: &ReminderPolicy) -> Vec<(&'static str, String)> {
    let w = Words::of(lang);
    let steps = &policy.after_due_days;
    let mails = if policy.most == 0 || steps.is_empty() {
        w.mails_none.to_owned()
    } else {
        let unit = match steps.as_slice() {
            [1] => lang.pick("dag", "day"),
            _ => lang.pick("dage", "days"),
        };
        let on = format!("{} {unit}", list(lang, steps));
        fill(
            w.mails_on,
            &[("n", &policy.most.to_string()), ("days", &on)],
        )
    };
    let at = [
        ("at", &*time(lang, policy.send_at)),
        ("from", &*time(lang, policy.quiet_from)),
        ("until", &*time(lang, policy.quiet_until)),
    ];
    let sender = match (&*policy.sender_name, &*policy.sender_address) {
        ("", "") => w.sender_server.to_owned(),
        (name, "") => name.to_owned(),
        ("", address) => address.to_owned(),
        (name, address) => format!("{name} ({address})"),
    };
    let reply = policy.reply_to.clone();
    let call = days(lang, policy.call_after_days.into());
    vec![
        (w.mails, mails),
        (w.between, days(lang, policy.days_between.into())),
        (w.sent, fill(w.sent_at, &at)),
        (w.call, fill(w.call_after, &[("days", &call)])),
        (w.sender, sender),
        (
            w.reply_to,
            reply.unwrap_or_else(|| w.reply_sender.to_owned()),
        ),
    ]
}

/// From when until when it should be answered.
#[must_use]
pub fn window(lang: Lang, window: Option<Window>) -> String {
    let w = Words::of(lang);
    window.map_or_else(
        || w.no_day.to_owned(),
        |days| {
            let (opens, due) = (dates::date(lang, days.opens), dates::date(lang, days.due));
            fill(w.days_from_to, &[("opens", &opens), ("due", &due)])
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dues(lang: Lang, plan: &CoursePlan) -> Vec<String> {
        let named = named(lang, plan);
        let one = |o: &PlannedOccasion| due(lang, o, &named);
        plan.occasions.iter().map(one).collect()
    }

    #[test]
    fn the_usual_plan_reads_as_people_say_it() {
        let plan = CoursePlan::default_plan().with_follow_ups();
        assert_eq!(
            names_of(Lang::Da, &plan),
            ["Førmåling", "Eftermåling", "Opfølgning 1", "Opfølgning 2"]
        );
        assert_eq!(
            dues(Lang::Da, &plan)[..3],
            [
                "14 dage efter første dag i forløbet",
                "14 dage efter sidste dag i forløbet, når den er bekræftet",
                "3 måneder efter sidste dag i forløbet, når den er bekræftet",
            ]
        );
        let facts = occasion(Lang::En, &plan.occasions[0], &[], &[], &[]);
        assert_eq!(facts[1].1, "14 days before it is due");
        assert_eq!(facts[2].1, "15 days after it was due");
    }

    #[test]
    fn repeats_signs_and_other_measurements_are_told() {
        let mut plan = CoursePlan::default_plan();
        let anchor = Anchor::Occasion {
            key: "intake".to_owned(),
        };
        let mut later =
            PlannedOccasion::new("later", OccasionKind::FollowUp, anchor, Offset::new(1, -3));
        later.repeats = Some(Repeat {
            every: Offset::months(3),
            times: 3,
        });
        plan.occasions.push(later);
        plan.occasions[1].after = Offset::days(-7);
        plan.occasions[0].after = Offset::ZERO;
        assert_eq!(names_of(Lang::Da, &plan)[2], "Opfølgning 1–4");
        assert_eq!(
            dues(Lang::Da, &plan),
            [
                "på første dag i forløbet",
                "7 dage før sidste dag i forløbet, når den er bekræftet",
                "1 måned og -3 dage efter den dag, Førmåling blev besvaret",
            ]
        );
        let facts = occasion(
            Lang::Da,
            &plan.occasions[2],
            &named(Lang::Da, &plan),
            &[],
            &[],
        );
        assert!(facts.contains(&(
            "Gentages",
            "3 gange mere, hver gang 3 måneder senere".to_owned()
        )));
        assert_eq!(
            name_of(Lang::Da, &plan, OccasionKind::FollowUp, 2),
            "Opfølgning 2"
        );
        assert_eq!(
            name_of(Lang::Da, &plan, OccasionKind::Intake, 1),
            "Førmåling"
        );
    }

    #[test]
    fn reminders_read_as_people_say_them() {
        let told = reminders(Lang::Da, &ReminderPolicy::default());
        assert_eq!(told[0].1, "Højst 3: 0, 4 og 11 dage efter fristen");
        assert_eq!(told[2].1, "fra kl. 10.00; ikke mellem kl. 20.00 og 08.00");
        let none = ReminderPolicy {
            most: 0,
            ..ReminderPolicy::default()
        };
        assert_eq!(
            reminders(Lang::En, &none)[0].1,
            "None; people are only called"
        );
    }
}
