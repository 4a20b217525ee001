//! What was chosen on the page's own words, before the program was there.
//!
//! `app/first_words.js` shows the first question while the program is on its way, and remembers what is chosen there. It becomes an answer
//! here, on the way of every other answer, and only if the program asks that very question: of that occasion, in that edition, in the
//! same words, as the first one, with nothing answered yet. Otherwise it is forgotten, and the question stands there unanswered.

use bedring_domain::instrument::text;
use bedring_domain::journal::Answer;
use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::app::App;
use super::trail::Screen;
use super::{browser, question, session};
use crate::device::clock;

/// Where `first_words.js` leaves what was chosen.
const FIRST_WORDS: &str = "__bedringWords";

/// What was chosen.
struct Chosen {
    /// The question, the answer and their words, as `first_words.js` puts them together.
    answers: String,
    /// When, in milliseconds since 1970 by the phone's clock.
    when: f64,
    /// The next question may come by itself.
    goes_on: bool,
}

/// Takes what was chosen as an answer, if it answers the question that is asked.
pub fn take(app: App) {
    let Some(chosen) = chosen() else { return };
    if app.screen() != Screen::Question(0) {
        return;
    }
    let answer = app.session.with_value(|s| {
        let s = s.as_ref().filter(|s| s.draft.answers.is_empty())?;
        let item = s.definition.items.first()?;
        let language = question::wording(app, &s.definition);
        let options = s.definition.options_of(item);
        let same = options.iter().find(|option| {
            let all = [
                &*s.draft.occasion.to_string(),
                &s.draft.instrument,
                &s.draft.edition,
                &item.code,
                &option.code.to_string(),
                text(&item.text, &language),
                text(&option.label, &language),
            ];
            all.join("\n") == chosen.answers
        });
        same.map(|option| Answer::Code(option.code))
    });
    if let Some(answer) = answer {
        // The questionnaire began before the program did.
        app.session.update_value(|s| {
            if let Some(session) = s {
                session.draft.started_at = clock::moment(chosen.when);
            }
        });
        session::choose_at(app, 0, answer, chosen.goes_on, chosen.when);
    }
}

fn chosen() -> Option<Chosen> {
    let get = |from: &JsValue, name: &str| Reflect::get(from, &name.into()).ok();
    let words = get(web_sys::window()?.as_ref(), FIRST_WORDS)?;
    let chosen = get(&words, "chosen")?;
    Some(Chosen {
        answers: get(&chosen, "answers")?.as_string()?,
        when: get(&chosen, "when")?.as_f64()?,
        goes_on: get(&chosen, "goOn")?.is_truthy(),
    })
}

/// Takes the page's own words away, now that the program's stand in their place. Whoever was among their answers by keyboard stays there.
pub fn clear() {
    let Some(document) = web_sys::window().and_then(|w| w.document()) else {
        return;
    };
    let Ok(Some(words)) = document.query_selector(".first-words") else {
        return;
    };
    let among = document
        .active_element()
        .filter(|a| words.contains(Some(a)));
    let code = among.and_then(|a| a.get_attribute("value"));
    words.remove();
    if let Some(code) = code {
        browser::focus(&["main input[value=\"", &code, "\"]"].concat());
    }
}
