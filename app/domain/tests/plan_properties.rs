//! What must hold for any plan and any edit of it: unique names, days in order, the past left alone, and nobody left behind.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]
#![allow(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bedring_domain::course::{
    Anchor, Anchors, Change, CoursePlan, Existing, HeldBack, Holds, OccasionKind, Offset,
    PersonCourse, PlannedOccasion, Progress, Repeat, What, Window, changes, changes_for,
};
use bedring_domain::instrument::EditionRef;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

fn day(n: u64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    first.checked_add_days(Days::new(n)).unwrap()
}

/// An occasion whose key is taken from a few, so that two plans share some of them.
fn any_occasion(n: usize) -> impl Strategy<Value = PlannedOccasion> {
    let anchor = prop_oneof![
        3 => Just(Anchor::Start),
        2 => Just(Anchor::EndConfirmed),
        1 => Just(Anchor::EndPlanned),
        2 => (0..=n.saturating_sub(1)).prop_map(|n| Anchor::Occasion { key: key(n) }),
    ];
    let repeats = prop_oneof![
        3 => Just(None),
        1 => (0..=2i32, 1..=40i32, 1..=4u32)
            .prop_map(|(m, d, times)| Some(Repeat { every: Offset::new(m, d), times })),
    ];
    (
        anchor,
        -1..=9i32,
        -20..=40i32,
        0..=30u32,
        0..=30u32,
        repeats,
        any::<(bool, bool)>(),
    )
        .prop_map(
            move |(anchor, months, days, opens, grace, repeats, (closes, asks))| PlannedOccasion {
                opens_before_days: opens,
                grace_days: grace,
                closes_after_days: closes.then_some(grace + 5),
                instruments: if asks { vec![edition()] } else { vec![] },
                repeats,
                ..PlannedOccasion::new(key(n), kind(n), anchor, Offset::new(months, days))
            },
        )
}

fn edition() -> EditionRef {
    EditionRef {
        instrument: "lsns-9".to_owned(),
        edition: "demo-1".to_owned(),
    }
}

fn key(n: usize) -> String {
    format!("o{n}")
}

fn kind(n: usize) -> OccasionKind {
    [
        OccasionKind::Intake,
        OccasionKind::FollowUp,
        OccasionKind::Exit,
    ][n % 3]
}

/// A plan that passes the check: some of six possible occasions.
fn any_plan() -> impl Strategy<Value = CoursePlan> {
    let all = (0..6).map(any_occasion).collect::<Vec<_>>();
    (all, prop::collection::vec(any::<bool>(), 6))
        .prop_map(|(all, chosen)| CoursePlan {
            occasions: all
                .into_iter()
                .zip(chosen)
                .filter(|(_, c)| *c)
                .map(|(o, _)| o)
                .collect(),
        })
        .prop_filter("a plan that makes sense", |plan| plan.check().is_ok())
}

fn any_day() -> impl Strategy<Value = Option<NaiveDate>> {
    prop::option::of((0..500u64).prop_map(day))
}

fn any_anchors() -> impl Strategy<Value = Anchors> {
    let made = prop::collection::btree_map(
        (0..6usize).prop_map(|n| (key(n), 0)),
        (0..500u64).prop_map(day),
        0..4,
    );
    let given_up = prop::collection::btree_set((0..6usize).prop_map(|n| (key(n), 0)), 0..4);
    (any_day(), any_day(), any_day(), made, given_up).prop_map(
        |(start, confirmed, planned, made, given_up)| Anchors {
            start,
            end_confirmed: confirmed,
            end_planned: planned,
            made,
            given_up,
        },
    )
}

/// A person registered under a plan, their occasions in any progress, and one occasion that never was in a plan.
fn registered(plan: &CoursePlan, anchors: Anchors, progress: &[Progress]) -> PersonCourse {
    let windows = plan.windows(&anchors);
    let mut existing: Vec<_> = windows
        .into_iter()
        .zip(progress.iter().cycle())
        .map(|(w, progress)| Existing {
            key: w.key,
            repeat: w.repeat,
            kind: w.kind,
            number: w.number,
            window: w.window,
            progress: *progress,
        })
        .collect();
    existing.push(Existing {
        key: "imported".to_owned(),
        repeat: 0,
        kind: OccasionKind::FollowUp,
        number: 70,
        window: None,
        progress: Progress::Untouched,
    });
    let holds = Holds::new();
    PersonCourse {
        anchors,
        existing,
        holds,
    }
}

fn any_progress() -> impl Strategy<Value = Vec<Progress>> {
    let one = prop_oneof![
        3 => Just(Progress::Untouched),
        1 => Just(Progress::Begun),
        2 => Just(Progress::Finished),
    ];
    prop::collection::vec(one, 7)
}

/// The person after these changes.
fn applied(person: &PersonCourse, changes: &[Change]) -> PersonCourse {
    let mut person = person.clone();
    for change in changes {
        let row = person
            .existing
            .iter()
            .position(|e| (&e.key, e.repeat) == (&change.key, change.repeat));
        match change.what.clone() {
            What::Added { window } => {
                assert_eq!(row, None);
                person.existing.push(Existing {
                    key: change.key.clone(),
                    repeat: change.repeat,
                    kind: change.kind,
                    number: change.number,
                    window,
                    progress: Progress::Untouched,
                });
            }
            What::Moved { from, to } => {
                let row = &mut person.existing[row.unwrap()];
                assert_eq!(row.window, from);
                row.window = to;
            }
            What::Removed { .. } => {
                person.existing.remove(row.unwrap());
            }
            What::Asks { .. } => assert!(row.is_some()),
        }
    }
    person
}

/// The person after an edit, as the server keeps them: what was done, and where the old plan goes on to hold.
fn edited(
    before: &CoursePlan,
    after: &CoursePlan,
    person: &PersonCourse,
    today: NaiveDate,
    retroactive: bool,
) -> PersonCourse {
    let found = changes_for(before, after, person, today, retroactive);
    let mut result = applied(person, &found.apply);
    result
        .holds
        .retain(|place, _| !found.changed().contains(place));
    for place in found.kept() {
        let plan = || Arc::new(before.clone());
        result.holds.entry(place).or_insert_with(plan);
    }
    result
}

/// Rows that the server would write for this person now: what it does whenever something becomes known.
fn materialised(
    plan: &CoursePlan,
    person: &PersonCourse,
) -> BTreeMap<(String, u32), Option<Window>> {
    let finished = |key: &str, repeat| {
        let rows = person.existing.iter();
        rows.filter(|e| e.progress == Progress::Finished)
            .any(|e| e.key == key && e.repeat == repeat)
    };
    let windows = plan.windows_for(&person.holds, &person.anchors).into_iter();
    windows
        .filter(|w| !finished(&w.key, w.repeat))
        .map(|w| ((w.key, w.repeat), w.window))
        .collect()
}

fn days_of(change: &Change) -> Vec<NaiveDate> {
    let windows = match &change.what {
        What::Added { window } | What::Removed { from: window } => vec![*window],
        What::Moved { from, to } => vec![*from, *to],
        What::Asks { .. } => vec![],
    };
    windows.into_iter().flatten().map(|w| w.due).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn windows_have_names_of_their_own_and_days_in_order(plan in any_plan(), anchors in any_anchors()) {
        let windows = plan.windows(&anchors);
        let by_number: BTreeSet<_> = windows.iter().map(|w| (w.kind, w.number)).collect();
        let by_key: BTreeSet<_> = windows.iter().map(|w| (&w.key, w.repeat)).collect();
        prop_assert_eq!(by_number.len(), windows.len());
        prop_assert_eq!(by_key.len(), windows.len());
        for w in windows.iter().filter_map(|w| w.window) {
            prop_assert!(w.opens <= w.due && w.due < w.overdue_from);
            prop_assert!(w.closes.is_none_or(|closes| closes.succ_opt().unwrap() >= w.overdue_from));
        }
    }

    #[test]
    fn a_plan_that_stays_the_same_changes_nobody(
        plan in any_plan(), anchors in any_anchors(), progress in any_progress(), today in 0..700u64, moved in any_day(),
    ) {
        let mut person = registered(&plan, anchors, &progress);
        // Moved by hand for this person: not the edit's business.
        if let (Some(to), Some(window)) = (moved, &mut person.existing[0].window) {
            window.due = to;
        }
        let people = [person];
        for retroactive in [false, true] {
            let found = changes(&plan, &plan, &people, day(today), retroactive);
            prop_assert!(found.iter().all(|c| c.apply.is_empty() && c.held_back.is_empty()));
        }
    }

    #[test]
    fn an_edit_leaves_the_past_alone_and_tells_what_it_left(
        before in any_plan(), after in any_plan(), anchors in any_anchors(), progress in any_progress(), today in 0..700u64,
    ) {
        let today = day(today);
        let person = registered(&before, anchors, &progress);
        let careful = changes_for(&before, &after, &person, today, false);
        let finished: BTreeSet<_> = person.existing.iter()
            .filter(|e| e.progress == Progress::Finished).map(|e| (e.key.clone(), e.repeat)).collect();
        let all = careful.apply.iter().chain(careful.held_back.iter().map(|(c, _)| c));
        for change in all {
            prop_assert!(!finished.contains(&(change.key.clone(), change.repeat)));
            prop_assert!(change.key != "imported");
        }
        for change in &careful.apply {
            prop_assert!(days_of(change).iter().all(|due| *due > today), "{:?}", change);
        }
        // With the past included the same is done, and what was held back for the past.
        let mut bold = changes_for(&before, &after, &person, today, true);
        prop_assert!(bold.held_back.iter().all(|(_, why)| *why == HeldBack::Begun));
        let order = |c: &Change| format!("{c:?}");
        let mut expected = careful.apply.clone();
        let late = careful.held_back.iter().filter(|(_, why)| *why == HeldBack::AlreadyDue);
        expected.extend(late.map(|(c, _)| c.clone()));
        expected.sort_by_key(order);
        bold.apply.sort_by_key(order);
        prop_assert_eq!(bold.apply, expected);
    }

    #[test]
    fn an_edit_that_includes_the_past_leads_to_the_new_plan_without_renaming_anybody(
        before in any_plan(), after in any_plan(), anchors in any_anchors(), progress in any_progress(), today in 0..700u64,
    ) {
        let person = registered(&before, anchors, &progress);
        let found = changes_for(&before, &after, &person, day(today), true);
        let result = applied(&person, &found.apply);
        let numbers: BTreeSet<_> = result.existing.iter().map(|e| (e.kind, e.number)).collect();
        prop_assert_eq!(numbers.len(), result.existing.len());
        for w in after.windows(&person.anchors) {
            let row = result.existing.iter().find(|e| e.key == w.key && e.repeat == w.repeat);
            prop_assert!(row.is_some());
            let row = row.unwrap();
            prop_assert!(row.progress == Progress::Finished || row.window == w.window);
        }
        for row in &result.existing {
            let planned = after.occasion(&row.key).is_some_and(|o| row.repeat < o.count());
            prop_assert!(planned || row.progress != Progress::Untouched || row.key == "imported");
            if let Some(old) = person.existing.iter().find(|e| e.key == row.key && e.repeat == row.repeat) {
                prop_assert_eq!(old.number, row.number);
            }
        }
    }

    #[test]
    fn what_was_held_back_stays_whatever_is_looked_at_and_comes_when_it_is_asked_for(
        before in any_plan(), after in any_plan(), third in any_plan(), anchors in any_anchors(), progress in any_progress(),
        today in 0..700u64, bold in any::<bool>(),
    ) {
        let today = day(today);
        let mut person = registered(&before, anchors, &progress);
        person.existing.retain(|e| e.key != "imported");
        let mut last = before;
        for (plan, bold) in [(after, false), (third.clone(), bold)] {
            person = edited(&last, &plan, &person, today, bold);
            // As many edits as there are: looking again changes nothing.
            let open: BTreeMap<_, _> = person.existing.iter()
                .filter(|e| e.progress != Progress::Finished)
                .map(|e| ((e.key.clone(), e.repeat), e.window)).collect();
            prop_assert_eq!(materialised(&plan, &person), open);
            last = plan;
        }
        // The plan in force, and now for the past as well.
        let all = edited(&third, &third, &person, today, true);
        for row in all.existing.iter().filter(|e| e.progress == Progress::Untouched) {
            prop_assert!(third.occasion(&row.key).is_some_and(|o| row.repeat < o.count()));
        }
        for w in third.windows(&all.anchors) {
            let row = all.existing.iter().find(|e| e.key == w.key && e.repeat == w.repeat);
            prop_assert!(row.is_some_and(|r| r.progress == Progress::Finished || r.window == w.window));
        }
    }
}
