//! What a plan means for one person: the days of every occasion, as far as they are known.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::plan::{Anchor, Anchors, CoursePlan, PlannedOccasion};
use super::plan_check::{MOST_OCCASIONS, MOST_REPEATS};
use super::{OccasionKind, Offset};

/// The days of an occasion. In order: it opens, is due, is overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The first day on which it may be answered.
    pub opens: NaiveDate,
    /// The day by which it should be answered.
    pub due: NaiveDate,
    /// The first day on which it counts as overdue.
    pub overdue_from: NaiveDate,
    /// The last day on which anybody is reminded of it; `None` for no such day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<NaiveDate>,
}

/// One occasion of one person, as the plan has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedWindow {
    /// Its key in the plan.
    pub key: String,
    /// How many come before it of the same key: 0 for the first.
    pub repeat: u32,
    /// Which measurement it is.
    pub kind: OccasionKind,
    /// Counts from 1 through all occasions of its kind in the order of the plan, so that kind and number are its name.
    pub number: u32,
    /// Its days; `None` while what it is counted from is not known.
    pub window: Option<Window>,
}

impl PlannedWindow {
    /// The first day on which it counts as overdue, if its days are known.
    #[must_use]
    pub fn overdue_from(&self) -> Option<NaiveDate> {
        self.window.map(|w| w.overdue_from)
    }
}

impl CoursePlan {
    /// All occasions of a person, with their days. Of a plan that [`CoursePlan::check`] refuses, no more than it may have.
    #[must_use]
    pub fn windows(&self, anchors: &Anchors) -> Vec<PlannedWindow> {
        let mut windows = Vec::new();
        let mut numbers: BTreeMap<OccasionKind, u32> = BTreeMap::new();
        let mut first_due: BTreeMap<&str, NaiveDate> = BTreeMap::new();
        for occasion in &self.occasions {
            let first = anchor_day(&occasion.anchor, anchors, &first_due)
                .and_then(|day| occasion.after.after(day));
            if let Some(due) = first {
                first_due.insert(&occasion.key, due);
            }
            for repeat in 0..occasion.count().min(MOST_REPEATS + 1) {
                let number = numbers.entry(occasion.kind).or_default();
                *number += 1;
                windows.push(PlannedWindow {
                    key: occasion.key.clone(),
                    repeat,
                    kind: occasion.kind,
                    number: *number,
                    window: first.and_then(|first| window(occasion, first, repeat)),
                });
            }
        }
        windows.truncate(MOST_OCCASIONS as usize);
        windows
    }
}

/// The day an occasion is counted from. An occasion counts from the day it was made; once it was given up, from the day it was due.
fn anchor_day(
    anchor: &Anchor,
    anchors: &Anchors,
    first_due: &BTreeMap<&str, NaiveDate>,
) -> Option<NaiveDate> {
    match anchor {
        Anchor::Start => anchors.start,
        Anchor::EndConfirmed => anchors.end_confirmed,
        Anchor::EndPlanned => anchors.end_planned,
        Anchor::Occasion { key } => {
            let first = (key.clone(), 0);
            let due = first_due.get(key.as_str()).copied();
            let made = anchors.made.get(&first).copied();
            made.or_else(|| due.filter(|_| anchors.given_up.contains(&first)))
        }
    }
}

fn window(occasion: &PlannedOccasion, first: NaiveDate, repeat: u32) -> Option<Window> {
    let every = occasion.repeats.map_or(Offset::ZERO, |r| r.every);
    let due = every.times(repeat)?.after(first)?;
    let later = |days: u32| due.checked_add_days(Days::new(u64::from(days)));
    let closes = match occasion.closes_after_days {
        Some(days) => Some(later(days)?),
        None => None,
    };
    Some(Window {
        opens: due.checked_sub_days(Days::new(u64::from(occasion.opens_before_days)))?,
        due,
        overdue_from: later(occasion.grace_days)?.succ_opt()?,
        closes,
    })
}

#[cfg(test)]
mod tests {
    use super::super::plan::Repeat;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn dues(plan: &CoursePlan, anchors: &Anchors) -> Vec<(String, u32, Option<String>)> {
        let windows = plan.windows(anchors);
        let due = |w: &PlannedWindow| w.window.map(|w| w.due.to_string());
        windows
            .iter()
            .map(|w| (w.key.clone(), w.number, due(w)))
            .collect()
    }

    fn started() -> Anchors {
        Anchors {
            start: Some(day("2027-01-17")),
            ..Anchors::default()
        }
    }

    #[test]
    fn the_default_plan_opens_the_intake_at_the_start_and_the_exit_at_the_confirmed_end() {
        let plan = CoursePlan::default_plan().with_follow_ups();
        let windows = plan.windows(&started());
        assert_eq!(
            windows[0].window,
            Some(Window {
                opens: day("2027-01-17"),
                due: day("2027-01-31"),
                overdue_from: day("2027-02-15"),
                closes: None,
            })
        );
        assert!(windows[1..].iter().all(|w| w.window.is_none()));
        let ended = Anchors {
            end_confirmed: Some(day("2027-08-31")),
            ..started()
        };
        let windows = plan.windows(&ended);
        assert_eq!(windows[1].window.map(|w| w.opens), Some(day("2027-08-31")));
        let due = |key: &str, number, day: &str| (key.to_owned(), number, Some(day.to_owned()));
        assert_eq!(
            dues(&plan, &ended),
            [
                due("intake", 1, "2027-01-31"),
                due("exit", 1, "2027-09-14"),
                due("follow_up_3", 1, "2027-11-30"),
                due("follow_up_6", 2, "2028-02-29"),
            ]
        );
    }

    fn monthly() -> CoursePlan {
        let mut plan = CoursePlan::default_plan();
        let anchor = Anchor::Occasion {
            key: "intake".to_owned(),
        };
        let mut monthly =
            PlannedOccasion::new("monthly", OccasionKind::FollowUp, anchor, Offset::months(1));
        monthly.repeats = Some(Repeat {
            every: Offset::months(1),
            times: 2,
        });
        plan.occasions.push(monthly);
        plan
    }

    #[test]
    fn repeats_are_counted_from_the_first_and_numbered_on() {
        let mut anchors = started();
        anchors
            .made
            .insert(("intake".to_owned(), 0), day("2026-12-31"));
        let all = dues(&monthly(), &anchors);
        let due = |number, day: &str| ("monthly".to_owned(), number, Some(day.to_owned()));
        assert_eq!(
            all[2..],
            [
                due(1, "2027-01-31"),
                due(2, "2027-02-28"),
                due(3, "2027-03-31")
            ]
        );
    }

    #[test]
    fn what_hangs_on_an_occasion_waits_for_it_and_is_not_lost_when_it_is_given_up() {
        let due = |anchors: &Anchors| dues(&monthly(), anchors)[2].2.clone();
        let mut anchors = started();
        assert_eq!(due(&anchors), None);
        anchors.given_up.insert(("intake".to_owned(), 0));
        assert_eq!(due(&anchors).as_deref(), Some("2027-02-28"));
        anchors
            .made
            .insert(("intake".to_owned(), 0), day("2027-03-10"));
        assert_eq!(due(&anchors).as_deref(), Some("2027-04-10"));
    }

    #[test]
    fn a_plan_nobody_checked_makes_no_more_than_the_most() {
        let mut plan = monthly();
        plan.occasions[2].repeats = Some(Repeat {
            every: Offset::months(i32::MAX),
            times: u32::MAX,
        });
        plan.occasions.extend(plan.occasions.clone());
        let mut anchors = started();
        anchors
            .made
            .insert(("intake".to_owned(), 0), NaiveDate::MAX);
        assert_eq!(plan.windows(&anchors).len(), MOST_OCCASIONS as usize);
    }
}
