//! Why a person is not invited, and how they get at what is held about them: said where the button would have stood.

use bedring_contract::staff::WhyNotAsked;
use bedring_domain::consent::Purpose;
use leptos::prelude::*;

use super::course::consent_purpose;
use super::words::{Lang, fill};

/// The note; nothing where the person may be asked.
pub fn note(lang: Lang, why: Option<WhyNotAsked>) -> impl IntoView {
    why.map(|why| {
        let lines = sentences(lang, why).into_iter().flatten();
        let lines = lines.map(|text| view! { <p>{text}</p> }).collect_view();
        view! { <div class="note stack-tight" id="not-asked">{lines}</div> }
    })
}

/// What the person said yes and no to, and nobody can tell what was said last: the no holds.
pub fn doubts(lang: Lang, purposes: &[Purpose]) -> impl IntoView + use<> {
    let text = |purpose: &Purpose| {
        let about = consent_purpose(lang, *purpose);
        fill(lang.words().doubt, &[("purpose", about)])
    };
    let lines = purposes.iter().map(text);
    let lines: Vec<_> = lines
        .map(|text| view! { <p class="note note-attention">{text}</p> })
        .collect();
    lines
}

/// What it says: why, and what the person can do. After an erasure there is nothing left to get at.
fn sentences(lang: Lang, why: WhyNotAsked) -> [Option<&'static str>; 3] {
    let w = lang.words();
    match why {
        WhyNotAsked::SaidNo => [
            Some(w.not_asked_said_no),
            Some(w.not_asked_own_link),
            Some(w.not_asked_lost_link),
        ],
        WhyNotAsked::Withdrawn => [
            Some(w.not_asked_withdrawn),
            Some(w.not_asked_own_link),
            Some(w.not_asked_lost_link),
        ],
        WhyNotAsked::Erased => [Some(w.not_asked_erased), None, None],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_still_erase_is_told_how_and_whoever_has_is_not() {
        for lang in [Lang::Da, Lang::En] {
            for why in [WhyNotAsked::SaidNo, WhyNotAsked::Withdrawn] {
                let text: Vec<_> = sentences(lang, why).into_iter().flatten().collect();
                assert_eq!(text.len(), 3);
                assert!(text[2].contains("--own-wish"), "{text:?}");
            }
            let gone = sentences(lang, WhyNotAsked::Erased);
            assert_eq!(gone.into_iter().flatten().count(), 1);
        }
    }
}
