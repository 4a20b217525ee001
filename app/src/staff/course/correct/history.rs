//! What was put right, as sentences of the history.

use bedring_contract::course::Happening;

use super::words::Words;
use super::{language, why};
use crate::staff::words::{Lang, fill};
use crate::staff::{dates, terms};

/// The sentence, if it is something of this kind.
pub fn sentence(lang: Lang, kind: &str, what: &Happening) -> Option<String> {
    let w = Words::of(lang);
    let nothing = || w.nothing.to_owned();
    let text = |text: &Option<String>| text.clone().unwrap_or_else(nothing);
    let change =
        |words: &str, from: String, to: String| fill(words, &[("from", &from), ("to", &to)]);
    Some(match what {
        Happening::EndConfirmed { on: None } => w.h_end_none.to_owned(),
        Happening::CodeCorrected { from, to } => change(w.h_code, text(from), text(to)),
        Happening::NameCorrected => w.h_name.to_owned(),
        Happening::EmailCorrected => w.h_email.to_owned(),
        Happening::RoleCorrected { from, to } => {
            let role = |role| terms::respondent_type(lang, role).to_lowercase();
            change(w.h_role, role(*from), role(*to))
        }
        Happening::StartCorrected { from, to } => {
            let day = |day: &Option<_>| day.map_or_else(nothing, |day| dates::date(lang, day));
            change(w.h_start, day(from), day(to))
        }
        Happening::LanguageCorrected { from, to } => {
            let named = |tag: &Option<String>| match tag {
                Some(tag) => language(lang, tag).to_lowercase(),
                None => nothing(),
            };
            change(w.h_language, named(from), named(to))
        }
        Happening::Moved { from, to } => change(w.h_moved, text(from), text(to)),
        Happening::Discarded { why: reason } => {
            let reason = reason.map_or_else(nothing, |r| why(lang, r).to_lowercase());
            fill(w.h_discarded, &[("why", &reason)])
        }
        Happening::Restored => w.h_restored.to_owned(),
        Happening::Merged { from } => fill(w.h_merged, &[("from", &text(from))]),
        Happening::CallTakenBack { outcome } => {
            let outcome =
                outcome.map_or_else(nothing, |o| terms::call_outcome(lang, o).to_lowercase());
            fill(w.h_call_back, &[("kind", kind), ("outcome", &outcome)])
        }
        _ => return None,
    })
}
