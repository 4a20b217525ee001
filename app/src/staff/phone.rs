//! A telephone number on the screens: a link that calls it.

use bedring_domain::phone::{dialled, spaced};
use leptos::prelude::*;

use super::words::{Lang, fill};

/// "Ring op: 12 34 56 78". On a computer without a telephone the browser asks which program is to call, and the number can be read.
pub fn link(lang: Lang, number: &str) -> impl IntoView + use<> {
    let text = fill(lang.words().call_up, &[("number", &spaced(number))]);
    view! { <a class="call-up" href=format!("tel:{}", dialled(number))>{text}</a> }
}
