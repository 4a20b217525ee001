//! Why a person is not invited, and how they get at what is held about them: said where the button would have stood.

use bedring_contract::staff::{PersonDetail, WhyNotAsked};
use bedring_domain::consent::Purpose;
use leptos::prelude::*;

use super::course::consent_purpose;
use super::route::Route;
use super::words::{Lang, fill};

/// The note; nothing where the person may be asked.
pub fn note(lang: Lang, why: Option<WhyNotAsked>) -> impl IntoView {
    why.filter(|why| *why != WhyNotAsked::Discarded).map(|why| {
        let lines = sentences(lang, why).into_iter().flatten();
        let lines = lines.map(|text| view! { <p>{text}</p> }).collect_view();
        view! { <div class="note stack-tight" id="not-asked">{lines}</div> }
    })
}

/// Whoever said no or stop may still ask to see or erase what is held: a quiet way to a way in for that.
pub fn own_wish(lang: Lang, detail: &PersonDetail) -> impl IntoView + use<> {
    let may = detail.not_asked.is_some_and(has_wishes);
    let href = Route::Invitation(detail.line.id).href();
    may.then(|| view! { <p><a class="button-quiet" href=href>{lang.words().own_wish}</a></p> })
}

/// Is there something left to see or erase?
#[must_use]
pub fn has_wishes(why: WhyNotAsked) -> bool {
    match why {
        WhyNotAsked::SaidNo | WhyNotAsked::Withdrawn => true,
        WhyNotAsked::Erased | WhyNotAsked::Discarded => false,
    }
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
        // Said above the page, with the way back.
        WhyNotAsked::Discarded => [None, None, None],
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
                assert_eq!(text[2], lang.words().not_asked_lost_link);
                assert!(has_wishes(why));
            }
            let gone = sentences(lang, WhyNotAsked::Erased);
            assert_eq!(gone.into_iter().flatten().count(), 1);
            assert!(!has_wishes(WhyNotAsked::Erased));
        }
    }
}
