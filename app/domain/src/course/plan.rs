//! The plan of a programme: which occasions there are, and from which day of a person's course each is counted.
//!
//! A plan is data that a leader edits. `plan_check` says whether it makes sense, `windows` what it means for one person, `changes` what
//! an edit would do to whom.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use super::{OccasionKind, Offset};
use crate::instrument::EditionRef;
use crate::reminder::ReminderPolicy;

/// Days before it is due from which an occasion may be answered, where the plan says nothing else.
const OPENS_BEFORE_DAYS: u32 = 14;
/// Days of grace after the due day, where the plan says nothing else: as long as the reminders and the wait after them take.
const GRACE_DAYS: u32 = 14;

/// The occasions of a programme, in the order in which they are shown and numbered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CoursePlan {
    /// Those.
    pub occasions: Vec<PlannedOccasion>,
}

/// One occasion of a plan, perhaps made several times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlannedOccasion {
    /// Its name in the plan; never changes, for it ties a person's occasions to the plan.
    pub key: String,
    /// Which measurement it is.
    pub kind: OccasionKind,
    /// What it is counted from.
    pub anchor: Anchor,
    /// How long after the anchor it is due; negative for before it.
    pub after: Offset,
    /// Days before the due day from which it may be answered.
    #[serde(default = "opens_before_days")]
    pub opens_before_days: u32,
    /// Whole days after the due day on which it is not yet overdue. With none, the day after the due day is overdue.
    #[serde(default = "grace_days")]
    pub grace_days: u32,
    /// Days after the due day after which nobody is reminded of it any more; `None` for never. It can still be answered then, and
    /// stays overdue until somebody gives a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_after_days: Option<u32>,
    /// What it asks, in order; empty for what the programme asks by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instruments: Vec<EditionRef>,
    /// Whether it comes again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Repeat>,
    /// How people are reminded of it; `None` for as the programme reminds of everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminders: Option<ReminderPolicy>,
}

const fn opens_before_days() -> u32 {
    OPENS_BEFORE_DAYS
}

const fn grace_days() -> u32 {
    GRACE_DAYS
}

/// What an occasion is counted from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum Anchor {
    /// The first day of the course.
    Start,
    /// The end of the course, once a person confirmed it.
    EndConfirmed,
    /// The end of the course as it was meant to be.
    EndPlanned,
    /// The day on which an earlier occasion of the plan was made (the first time, if it repeats).
    Occasion {
        /// The key of that one.
        key: String,
    },
}

/// How an occasion comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// The distance from one to the next, always counted from the first.
    pub every: Offset,
    /// How often it comes after the first: with 3 it is made four times.
    pub times: u32,
}

/// The days of one person from which a plan's days follow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Anchors {
    /// The first day of the course.
    pub start: Option<NaiveDate>,
    /// The end, as a person confirmed it.
    pub end_confirmed: Option<NaiveDate>,
    /// The end, as it was meant to be.
    pub end_planned: Option<NaiveDate>,
    /// The day on which an occasion was made, by its key and how many came before it of the same key (0 for the first).
    pub made: BTreeMap<(String, u32), NaiveDate>,
    /// The occasions of which somebody said that they never will be made: what is counted from them is counted from the day on which
    /// they were due, or else it would wait for ever.
    pub given_up: BTreeSet<(String, u32)>,
}

impl CoursePlan {
    /// Intake within a fortnight of the start, exit within a fortnight of the confirmed end. Without a confirmed end no exit opens:
    /// the end is a question to the helper then.
    #[must_use]
    pub fn default_plan() -> Self {
        Self {
            occasions: vec![
                PlannedOccasion::new(
                    "intake",
                    OccasionKind::Intake,
                    Anchor::Start,
                    Offset::days(14),
                ),
                PlannedOccasion::new(
                    "exit",
                    OccasionKind::Exit,
                    Anchor::EndConfirmed,
                    Offset::days(14),
                ),
            ],
        }
    }

    /// The same with follow-ups three and six months after the confirmed end. Those that are there already stay as they are.
    #[must_use]
    pub fn with_follow_ups(mut self) -> Self {
        for (key, months) in [("follow_up_3", 3), ("follow_up_6", 6)] {
            if self.occasion(key).is_none() {
                let after = Offset::months(months);
                let (kind, anchor) = (OccasionKind::FollowUp, Anchor::EndConfirmed);
                self.occasions
                    .push(PlannedOccasion::new(key, kind, anchor, after));
            }
        }
        self
    }

    /// The occasion of that key.
    #[must_use]
    pub fn occasion(&self, key: &str) -> Option<&PlannedOccasion> {
        self.occasions.iter().find(|o| o.key == key)
    }
}

impl Default for CoursePlan {
    fn default() -> Self {
        Self::default_plan()
    }
}

impl PlannedOccasion {
    /// An occasion that is made once, opens a fortnight before it is due, and asks what the programme asks by default.
    #[must_use]
    pub fn new(key: impl Into<String>, kind: OccasionKind, anchor: Anchor, after: Offset) -> Self {
        Self {
            key: key.into(),
            kind,
            anchor,
            after,
            opens_before_days: OPENS_BEFORE_DAYS,
            grace_days: GRACE_DAYS,
            closes_after_days: None,
            instruments: Vec::new(),
            repeats: None,
            reminders: None,
        }
    }

    /// How many occasions of a person it stands for.
    #[must_use]
    pub const fn count(&self) -> u32 {
        match self.repeats {
            Some(repeat) => repeat.times.saturating_add(1),
            None => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_written_short_reads_like_one_written_out() {
        let short = r#"{"occasions": [
            {"key": "intake", "kind": "intake", "anchor": {"from": "start"}, "after": {"days": 14}},
            {"key": "exit", "kind": "exit", "anchor": {"from": "end_confirmed"}, "after": {"days": 14}}
        ]}"#;
        let plan: CoursePlan = serde_json::from_str(short).unwrap();
        assert_eq!(plan, CoursePlan::default_plan());
        let all = plan.with_follow_ups();
        let written = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<CoursePlan>(&written).unwrap(), all);
        assert_eq!(all.clone().with_follow_ups(), all);
    }

    #[test]
    fn a_misspelt_field_is_refused_rather_than_ignored() {
        for wrong in [
            r#"{"occasions": [], "ocasions": []}"#,
            r#"{"occasions": [{"key": "a", "kind": "exit", "anchor": {"from": "end"}, "after": {}}]}"#,
            r#"{"occasions": [{"key": "a", "kind": "exit", "anchor": {"from": "start"}, "after": {}, "grace": 3}]}"#,
            r#"{"occasions": [{"key": "a", "kind": "exit", "anchor": {"from": "occasion"}, "after": {}}]}"#,
        ] {
            assert!(
                serde_json::from_str::<CoursePlan>(wrong).is_err(),
                "{wrong}"
            );
        }
    }
}
