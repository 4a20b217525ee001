//! What an edit of a plan would do to whom, told before anything is done.
//!
//! Compared are two plans, not a plan and the rows: a day that was moved by hand for one person, or came with an import, is touched only
//! where the edit touches it. Days that move because a person's dates became known are not an edit; for them the server takes
//! [`CoursePlan::windows`] as it is.

use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

use super::OccasionKind;
use super::holds::Holds;
use super::plan::{Anchors, CoursePlan};
use super::windows::{PlannedWindow, Window};
use crate::instrument::EditionRef;

/// How far an occasion has come, as far as an edit must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nothing of it is answered.
    Untouched,
    /// Some of its instruments are answered: it may move, but neither go away nor ask something else.
    Begun,
    /// Made, declined, given up or withdrawn: no edit touches it.
    Finished,
}

/// An occasion that a person has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// Its key in the plan.
    pub key: String,
    /// How many come before it of the same key.
    pub repeat: u32,
    /// Which measurement it is.
    pub kind: OccasionKind,
    /// Its number among those of its kind; it keeps it through every edit.
    pub number: u32,
    /// Its days as they stand.
    pub window: Option<Window>,
    /// How far it has come.
    pub progress: Progress,
}

/// One person, as far as an edit must know them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonCourse {
    /// The days the plan counts from.
    pub anchors: Anchors,
    /// The occasions the person has.
    pub existing: Vec<Existing>,
    /// Where earlier edits were held back, and what holds there.
    pub holds: Holds,
}

impl PersonCourse {
    fn hold(&self, (key, repeat): (&str, u32)) -> Option<&CoursePlan> {
        let held = self.holds.get(&(key.to_owned(), repeat));
        held.map(AsRef::as_ref)
    }
}

/// One change to one occasion of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its key in the plan.
    pub key: String,
    /// How many come before it of the same key.
    pub repeat: u32,
    /// Which measurement it is.
    pub kind: OccasionKind,
    /// The number it has, or is to get: for a new one the plan's number if that is free, or else the next that nobody has.
    pub number: u32,
    /// What changes.
    pub what: What,
}

/// What changes about an occasion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added {
        /// Its days, if they are known.
        window: Option<Window>,
    },
    /// Its days are others.
    Moved {
        /// As they stand.
        from: Option<Window>,
        /// As they would be.
        to: Option<Window>,
    },
    /// The plan has it no more.
    Removed {
        /// Its days as they stand.
        from: Option<Window>,
    },
    /// It asks something else.
    Asks {
        /// What it would ask; empty for what the programme asks by default.
        instruments: Vec<EditionRef>,
    },
}

/// Why a change that the plan would mean is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBack {
    /// Its due day is here or past, before the edit or after it, and nobody asked for the past to be changed.
    AlreadyDue,
    /// Some of it is answered.
    Begun,
}

/// What an edit means for one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonChanges {
    /// To be done.
    pub apply: Vec<Change>,
    /// Not to be done, and why: to be shown beside the others.
    pub held_back: Vec<(Change, HeldBack)>,
}

/// What an edit means for each of these people, in their order. See [`changes_for`].
#[must_use]
pub fn changes(
    before: &CoursePlan,
    after: &CoursePlan,
    people: &[PersonCourse],
    today: NaiveDate,
    retroactive: bool,
) -> Vec<PersonChanges> {
    people
        .iter()
        .map(|person| changes_for(before, after, person, today, retroactive))
        .collect()
}

/// What an edit means for one person. Both plans are taken to be right, see [`CoursePlan::check_edit`].
///
/// * Finished occasions are never touched.
/// * Only with `retroactive` does anything happen to an occasion whose due day is here or past, and only with it does an edit make an
///   occasion due at once: no edit sends mails to hundreds about days gone by unless somebody asked for that.
/// * What is begun stays and asks what it asked; it may move.
/// * Nobody's occasion changes its number.
/// * Where an earlier edit was held back, only an edit of that place does anything, or one with `retroactive`.
#[must_use]
pub fn changes_for(
    before: &CoursePlan,
    after: &CoursePlan,
    person: &PersonCourse,
    today: NaiveDate,
    retroactive: bool,
) -> PersonChanges {
    let old = before.windows(&person.anchors);
    let old: BTreeMap<_, _> = old.iter().map(|w| (name(w), w)).collect();
    let new = after.windows(&person.anchors);
    let new: Vec<_> = new.iter().map(|w| (name(w), w)).collect();
    let kept: BTreeSet<_> = new.iter().map(|(name, _)| *name).collect();
    let rows = person.existing.iter();
    let rows: BTreeMap<_, _> = rows.map(|e| ((e.key.as_str(), e.repeat), e)).collect();
    let mut numbers = Numbers::of(&person.existing);
    let mut found = Found {
        today,
        retroactive,
        changes: PersonChanges::default(),
    };
    for (name, window) in new {
        let asks_else = || asked(before, name.0) != asked(after, name.0);
        let held = person.hold(name).filter(|_| retroactive || asks_else());
        let planned_before = old.get(&name).map(|w| w.window);
        let touched = held.is_some() || planned_before != Some(window.window);
        match rows.get(&name) {
            Some(row) if row.progress == Progress::Finished => {}
            Some(row) => {
                if touched && row.window != window.window {
                    found.moved(row, window.window);
                }
                found.asks(row, held.unwrap_or(before), after);
            }
            None if !touched => {}
            None => found.added(window, numbers.take(window)),
        }
    }
    for (name, row) in rows {
        let had = old.contains_key(&name) || (retroactive && person.hold(name).is_some());
        if row.progress != Progress::Finished && had && !kept.contains(&name) {
            found.removed(row);
        }
    }
    found.changes
}

fn asked<'p>(plan: &'p CoursePlan, key: &str) -> Option<&'p [EditionRef]> {
    plan.occasion(key).map(|o| o.instruments.as_slice())
}

fn name(window: &PlannedWindow) -> (&str, u32) {
    (window.key.as_str(), window.repeat)
}

/// Numbers that are taken, by kind.
struct Numbers(BTreeMap<OccasionKind, BTreeSet<u32>>);

impl Numbers {
    fn of(existing: &[Existing]) -> Self {
        let mut numbers = Self(BTreeMap::new());
        for row in existing {
            numbers.0.entry(row.kind).or_default().insert(row.number);
        }
        numbers
    }

    fn take(&mut self, window: &PlannedWindow) -> u32 {
        let taken = self.0.entry(window.kind).or_default();
        let next = taken.last().map_or(1, |last| last.saturating_add(1));
        let number = if taken.contains(&window.number) {
            next
        } else {
            window.number
        };
        taken.insert(number);
        number
    }
}

/// Sorts what is found into what is done and what is held back.
struct Found {
    today: NaiveDate,
    retroactive: bool,
    changes: PersonChanges,
}

impl Found {
    fn added(&mut self, planned: &PlannedWindow, number: u32) {
        let window = planned.window;
        let change = Change {
            key: planned.key.clone(),
            repeat: planned.repeat,
            kind: planned.kind,
            number,
            what: What::Added { window },
        };
        self.put(change, &[window], false);
    }

    fn moved(&mut self, row: &Existing, to: Option<Window>) {
        let from = row.window;
        self.put(of(row, What::Moved { from, to }), &[from, to], false);
    }

    fn removed(&mut self, row: &Existing) {
        let from = row.window;
        let begun = row.progress == Progress::Begun;
        self.put(of(row, What::Removed { from }), &[from], begun);
    }

    fn asks(&mut self, row: &Existing, before: &CoursePlan, after: &CoursePlan) {
        let (Some(old), Some(new)) = (asked(before, &row.key), asked(after, &row.key)) else {
            return;
        };
        if old != new {
            let instruments = new.to_vec();
            let begun = row.progress == Progress::Begun;
            self.put(of(row, What::Asks { instruments }), &[row.window], begun);
        }
    }

    fn put(&mut self, change: Change, windows: &[Option<Window>], begun: bool) {
        let due = |window: &Option<Window>| window.is_some_and(|w| w.due <= self.today);
        if begun {
            self.changes.held_back.push((change, HeldBack::Begun));
        } else if !self.retroactive && windows.iter().any(due) {
            self.changes.held_back.push((change, HeldBack::AlreadyDue));
        } else {
            self.changes.apply.push(change);
        }
    }
}

fn of(row: &Existing, what: What) -> Change {
    Change {
        key: row.key.clone(),
        repeat: row.repeat,
        kind: row.kind,
        number: row.number,
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Somebody with an end, under the default plan; the exit as far as given.
    fn ended(end: &str, exit: Progress) -> PersonCourse {
        let anchors = Anchors {
            start: Some(day("2026-01-01")),
            end_confirmed: Some(day(end)),
            ..Anchors::default()
        };
        let windows = CoursePlan::default_plan().windows(&anchors);
        let existing = windows.into_iter().map(|w| Existing {
            progress: match w.kind {
                OccasionKind::Exit => exit,
                _ => Progress::Finished,
            },
            key: w.key,
            repeat: w.repeat,
            kind: w.kind,
            number: w.number,
            window: w.window,
        });
        PersonCourse {
            existing: existing.collect(),
            anchors,
            holds: Holds::new(),
        }
    }

    #[test]
    fn follow_ups_come_to_those_for_whom_they_lie_ahead() {
        let before = CoursePlan::default_plan();
        let after = before.clone().with_follow_ups();
        let people = ["2027-05-01", "2027-02-01", "2026-03-01"];
        let people = people.map(|end| ended(end, Progress::Finished));
        let counts = |retroactive| {
            let found = changes(&before, &after, &people, day("2027-06-01"), retroactive);
            let count = |c: &PersonChanges| (c.apply.len(), c.held_back.len());
            found.iter().map(count).collect::<Vec<_>>()
        };
        assert_eq!(counts(false), [(2, 0), (1, 1), (0, 2)]);
        assert_eq!(counts(true), [(2, 0); 3]);
    }

    #[test]
    fn an_exit_that_leaves_the_plan_stays_where_it_is_late_begun_or_made() {
        let before = CoursePlan::default_plan();
        let after = CoursePlan {
            occasions: before.occasions[..1].to_vec(),
        };
        let on = |today, progress| {
            let person = ended("2027-05-01", progress);
            changes_for(&before, &after, &person, day(today), false)
        };
        let ahead = on("2027-05-14", Progress::Untouched);
        assert!(matches!(
            ahead.apply[..],
            [Change {
                what: What::Removed { .. },
                ..
            }]
        ));
        let late = on("2027-05-15", Progress::Untouched);
        assert_eq!(
            (late.apply.len(), late.held_back[0].1),
            (0, HeldBack::AlreadyDue)
        );
        let begun = on("2027-05-14", Progress::Begun);
        assert_eq!(
            (begun.apply.len(), begun.held_back[0].1),
            (0, HeldBack::Begun)
        );
        assert_eq!(
            on("2027-05-14", Progress::Finished),
            PersonChanges::default()
        );
    }

    #[test]
    fn a_new_occasion_before_others_takes_a_number_that_nobody_has() {
        let before = CoursePlan::default_plan().with_follow_ups();
        let mut after = before.clone();
        let mut first = after.occasions[2].clone();
        first.key = "follow_up_1".to_owned();
        first.after = super::super::Offset::months(1);
        after.occasions.insert(2, first);
        let mut person = ended("2027-05-01", Progress::Untouched);
        let windows = before.windows(&person.anchors);
        person
            .existing
            .extend(windows.into_iter().skip(2).map(|w| Existing {
                key: w.key,
                repeat: w.repeat,
                kind: w.kind,
                number: w.number,
                window: w.window,
                progress: Progress::Untouched,
            }));
        let found = changes_for(&before, &after, &person, day("2027-05-02"), false);
        assert_eq!(found.apply.len(), 1);
        assert_eq!(
            (found.apply[0].key.as_str(), found.apply[0].number),
            ("follow_up_1", 3)
        );
    }
}
