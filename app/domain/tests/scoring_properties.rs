//! What must hold for any answers whatever: scores in range, order irrelevant, unknown codes never counted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

use std::sync::LazyLock;

use bedring_domain::instrument::{Definition, file, score};
use bedring_domain::journal::{Answer, Answers};
use proptest::prelude::*;

static DEFINITIONS: LazyLock<[Definition; 3]> = LazyLock::new(|| {
    [
        include_str!("../instruments/mhrm-30.demo-1.toml"),
        include_str!("../instruments/lsns-9.demo-1.toml"),
        include_str!("../instruments/lsns-6.demo-1.toml"),
    ]
    .map(|source| {
        file::read(source)
            .expect("shipped files are right")
            .definition
    })
});

fn any_answer() -> impl Strategy<Value = Option<Answer>> {
    prop_oneof![
        6 => (0i64..6).prop_map(|c| Some(Answer::Code(c))),
        1 => any::<i64>().prop_map(|c| Some(Answer::Code(c))),
        1 => Just(Some(Answer::Skipped)),
        1 => Just(Some(Answer::NotRelevant)),
        2 => Just(None),
    ]
}

fn any_answers() -> impl Strategy<Value = (usize, Vec<(String, Answer)>)> {
    (0..3usize, prop::collection::vec(any_answer(), 30)).prop_map(|(which, answers)| {
        let items = DEFINITIONS[which].items.iter().map(|i| i.code.clone());
        (
            which,
            items
                .zip(answers)
                .filter_map(|(i, a)| a.map(|a| (i, a)))
                .collect(),
        )
    })
}

proptest! {
    #[test]
    fn every_score_is_within_its_range_and_every_item_is_counted_once((which, pairs) in any_answers()) {
        let definition = &DEFINITIONS[which];
        for result in score(definition, &pairs.into_iter().collect()) {
            let scale = definition.scale(&result.scale).expect("scored scales exist");
            if let Some(value) = result.score {
                prop_assert!(value >= scale.minimum as f64 && value <= scale.maximum as f64);
                prop_assert!(result.prorated || (value - result.sum as f64).abs() < f64::EPSILON);
            } else {
                prop_assert!(!result.prorated && result.cut_offs.is_empty());
            }
            let items = if scale.parts.is_empty() {
                scale.items.len()
            } else {
                scale.parts.iter().map(|p| definition.scale(p).expect("parts exist").items.len()).sum()
            };
            prop_assert_eq!((result.answered + result.skipped + result.not_relevant + result.missing) as usize, items);
        }
    }

    #[test]
    fn the_order_of_answers_does_not_matter((which, pairs) in any_answers(), seed in any::<u64>()) {
        let mut other = pairs.clone();
        let length = other.len().max(1);
        other.rotate_left(seed as usize % length);
        other.reverse();
        let (a, b): (Answers, Answers) = (pairs.into_iter().collect(), other.into_iter().collect());
        prop_assert_eq!(score(&DEFINITIONS[which], &a), score(&DEFINITIONS[which], &b));
    }

    #[test]
    fn unknown_items_and_codes_never_count((which, pairs) in any_answers(), code in any::<i64>(), item in "[a-z]{3,8}[0-9]{3}") {
        let definition = &DEFINITIONS[which];
        let known: Answers = pairs.iter().cloned().collect();
        let mut more = known.clone();
        more.set(&item, Answer::Code(code));
        prop_assert_eq!(score(definition, &known), score(definition, &more));
        // A code that is no option counts exactly as if the item had never been reached.
        let first = definition.items[0].code.clone();
        let (mut without, mut with) = (known.clone(), known);
        without.0.remove(&first);
        with.set(&first, Answer::Code(if (0..6).contains(&code) { 6 } else { code }));
        prop_assert_eq!(score(definition, &without), score(definition, &with));
    }
}
