//! The calendar's rules beside a library that shares no code with ours: every day from 1990 to 2100, and any distance.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]
#![allow(missing_docs)]

use bedring_domain::course::Offset;
use chrono::{Datelike, NaiveDate};
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;

fn theirs(day: NaiveDate) -> Date {
    Date::new(
        i16::try_from(day.year()).unwrap(),
        i8::try_from(day.month()).unwrap(),
        i8::try_from(day.day()).unwrap(),
    )
    .unwrap()
}

/// Two steps, because one span of theirs cannot have parts of different sign.
fn expected(day: NaiveDate, offset: Offset) -> Date {
    theirs(day)
        .checked_add(offset.months.months())
        .unwrap()
        .checked_add(offset.days.days())
        .unwrap()
}

fn first_and_last() -> (NaiveDate, NaiveDate) {
    (
        NaiveDate::from_ymd_opt(1990, 1, 1).unwrap(),
        NaiveDate::from_ymd_opt(2100, 12, 31).unwrap(),
    )
}

#[test]
fn every_day_of_a_century_with_the_distances_that_plans_use() {
    let (first, last) = first_and_last();
    let mut days = 0;
    for day in first.iter_days().take_while(|day| *day <= last) {
        days += 1;
        for months in [-12, -6, -1, 0, 1, 3, 6, 12, 48] {
            for more in [-14, 0, 1, 14] {
                let offset = Offset::new(months, more);
                let ours = offset.after(day).unwrap();
                assert_eq!(theirs(ours), expected(day, offset), "{day} and {offset:?}");
            }
        }
    }
    assert_eq!(days, 40_542);
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    let (first, last) = first_and_last();
    let anywhere = (0..=(last - first).num_days()).prop_map(move |n| {
        first
            .checked_add_days(chrono::Days::new(n.unsigned_abs()))
            .unwrap()
    });
    // The days on which calendars go wrong: the last of any month, leap days among them.
    let month_end = (1990..=2100i32, 1..=12u32).prop_map(|(year, month)| {
        let next = NaiveDate::from_ymd_opt(year + i32::from(month == 12), month % 12 + 1, 1);
        next.unwrap().pred_opt().unwrap()
    });
    prop_oneof![1 => anywhere, 1 => month_end]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn any_distance_leads_where_the_other_library_leads(
        day in any_day(),
        months in -1_200..=1_200i32,
        days in -40_000..=40_000i32,
    ) {
        let offset = Offset::new(months, days);
        prop_assert_eq!(theirs(offset.after(day).unwrap()), expected(day, offset));
    }

    #[test]
    fn what_moves_forward_does_so_from_every_day(
        day in any_day(),
        months in -3..=3i32,
        days in -100..=100i32,
    ) {
        let offset = Offset::new(months, days);
        if offset.moves_forward() {
            prop_assert!(offset.after(day).unwrap() > day);
        }
    }

    #[test]
    fn a_longer_way_never_ends_earlier(day in any_day(), n in 0..60u32, months in 0..=6i32, days in 0..=40i32) {
        let offset = Offset::new(months, days);
        let there = offset.times(n).unwrap().after(day).unwrap();
        let further = offset.times(n + 1).unwrap().after(day).unwrap();
        prop_assert!(further > there || !offset.moves_forward());
    }
}
