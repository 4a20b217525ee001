//! Putting right what was typed wrongly about a person: the facts, and a registration that was a mistake.

mod facts;
mod history;
mod merge;
mod mistake;
pub mod words;

pub use facts::{Facts, button, dialog};
pub use history::sentence;
pub use mistake::{Mistakes, dialogs, note, section};

use bedring_contract::correct::DiscardReason;

use crate::staff::words::Lang;
use words::Words;

/// Why somebody was discarded.
pub fn why(lang: Lang, why: DiscardReason) -> &'static str {
    let w = Words::of(lang);
    match why {
        DiscardReason::NotEnrolled => w.why_not_enrolled,
        DiscardReason::Twice => w.why_twice,
        DiscardReason::Trial => w.why_trial,
        DiscardReason::Mistake => w.why_mistake,
        DiscardReason::Merged => w.why_merged,
    }
}

/// A language by its own tag.
pub fn language(lang: Lang, tag: &str) -> String {
    let w = Words::of(lang);
    match tag {
        "da" => w.danish.to_owned(),
        "en" => w.english.to_owned(),
        other => other.to_owned(),
    }
}
