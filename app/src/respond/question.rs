//! One question on a screen, the list of all of them, and the bar below.

use std::sync::Arc;

use bedring_domain::instrument::{Definition, Item, Kind, text};
use bedring_domain::journal::Answer;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::app::App;
use super::trail::Screen;
use super::{aloud, consent, finish, flow, session};
use crate::i18n::Texts;
use crate::ui::dom::El;
use crate::ui::{View, button, div, dynamic, el, heading, p, quiet};

/// How the last press in the question was made: arrow keys walk through the answers and must not lead on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Press {
    Pointer,
    Key,
    Arrow,
}

fn definition(app: App) -> Option<Arc<Definition>> {
    app.session
        .with_value(|s| s.as_ref().map(|s| Arc::clone(&s.definition)))
}

/// The language of the question's wording: the screen's, or the edition's own where it lacks that.
pub(super) fn wording(app: App, definition: &Definition) -> String {
    let code = app.lang.get_untracked().code();
    let known = definition.languages.iter().any(|l| l == code);
    if known {
        code.to_owned()
    } else {
        definition.languages.first().cloned().unwrap_or_default()
    }
}

/// One question.
pub fn question_page(app: App, t: &'static Texts, index: usize) -> View {
    let Some(definition) = definition(app) else {
        return View::none();
    };
    let Some(item) = definition.items.get(index) else {
        return View::none();
    };
    let Some(place) = place_of(app, &definition, index) else {
        return View::none();
    };
    let demonstration = definition.kind == Kind::Demonstration;
    let mut progress = (t.question_of)(place.number, place.of);
    if demonstration {
        progress = [&progress, " · ", t.demonstration_short].concat();
    }
    let greeting = app
        .greeting
        .get_value()
        .map(|line| el("p", "note").child(line(t)));
    app.greeting.set_value(None);
    // Whoever begins, or comes back after a while, is told what an answer does before one is given.
    let tells = index == 0 || greeting.is_some();
    let introduction =
        (index == 0).then(|| text(&definition.introduction, &wording(app, &definition)).to_owned());
    let said = consent::just_said(app, t, Screen::Question(index));
    // Whoever hears the screen hears this with the question, on which the focus lands.
    let lines = div("question-lines")
        .attr("id", LINES)
        .child(greeting)
        .child(introduction.map(quiet))
        .child(place.pause.then(|| quiet(t.new_part)))
        .child(el("p", "progress-words").child(progress));
    let bar = el("progress", "progress-bar")
        .attr("max", &place.of.to_string())
        .attr("value", &(place.number - 1).to_string())
        .attr("aria-hidden", "true");
    View::none()
        .and(said)
        .and(lines)
        .and(bar)
        .and(item_fields(app, t, &definition, item, index, true))
        .and(tells.then(|| steps_hint(app, t)))
        .and(read_aloud(app, t, &definition, item))
}

/// The id of what stands above a question.
const LINES: &str = "question-lines";

/// Where a question of the open questionnaire stands.
pub fn place_of(app: App, definition: &Definition, index: usize) -> Option<flow::Place> {
    let occasion = app
        .session
        .with_value(|s| s.as_ref().map(|s| s.draft.occasion))?;
    let bundle = app.bundle.get_untracked()?;
    Some(flow::place(&bundle, occasion, definition, index))
}

/// The number that a question bears on every screen.
pub fn number_of(app: App, definition: &Definition, index: usize) -> usize {
    place_of(app, definition, index).map_or(index + 1, |place| place.number)
}

/// The id of what says that an answer leads on by itself.
const STEPS: &str = "steps-hint";

/// Says beforehand that an answer leads on by itself, and lets whoever does not want that switch it off. The button is one and the same
/// before and after, so that it keeps the focus.
fn steps_hint(app: App, t: &'static Texts) -> El {
    let says = dynamic(move || app.steps.get().then_some(t.steps_by_itself));
    let label = dynamic(move || {
        if app.steps.get() {
            t.steps_stop
        } else {
            t.steps_start
        }
    });
    div("steps-hint")
        .child(el("p", "quiet").attr("id", STEPS).child(says))
        .child(button("button-quiet", label, move || {
            app.set_steps(!app.steps.get_untracked())
        }))
}

/// The question itself: a group of native radios named by the item, and the ways around it.
fn item_fields(
    app: App,
    t: &'static Texts,
    definition: &Definition,
    item: &Item,
    index: usize,
    alone: bool,
) -> View {
    let language = wording(app, definition);
    let press = StoredValue::new(Press::Pointer);
    let mut answers = div("answers");
    for option in definition.options_of(item) {
        let answer = Answer::Code(option.code);
        let input = el("input", "")
            .attr("type", "radio")
            .attr("name", &item.code)
            .attr("value", &option.code.to_string())
            .checked_while(move || is_answer(app, index, answer))
            .on("click", move |_| {
                session::choose(
                    app,
                    index,
                    answer,
                    alone && press.get_value() != Press::Arrow && app.steps.get_untracked(),
                )
            })
            .on("keydown", move |event| {
                if key(&event) == "Enter" {
                    event.prevent_default();
                    // Enter says that one wants to go on, whatever a tap does.
                    session::choose(app, index, answer, alone);
                }
            });
        let label = el("span", "answer-text").child(text(&option.label, &language));
        answers = answers.child(el("label", "answer").child(input).child(label));
    }
    let question = text(&item.text, &language);
    let words = if alone {
        el("h1", "question-text")
            .attr("tabindex", "-1")
            .attr("data-heading", "")
            .attr("aria-describedby", &[LINES, " ", STEPS].concat())
            .child(question)
    } else {
        let number = number_of(app, definition, index);
        el("h2", "question-text").child(format!("{number}. {question}"))
    };
    let group = el("fieldset", "question")
        .attr("lang", &language)
        .on("pointerdown", move |_| press.set_value(Press::Pointer))
        .on("keydown", move |event| {
            press.set_value(if key(&event).starts_with("Arrow") {
                Press::Arrow
            } else {
                Press::Key
            })
        })
        .child(el("legend", "").child(words))
        .child(answers);
    let around = div("answers-minor")
        .child(minor(app, t.skip, index, Answer::Skipped, alone))
        .child(
            item.not_relevant
                .then(|| minor(app, t.not_relevant, index, Answer::NotRelevant, alone)),
        );
    group.view().and(around)
}

fn key(event: &web_sys::Event) -> String {
    event
        .dyn_ref::<web_sys::KeyboardEvent>()
        .map(web_sys::KeyboardEvent::key)
        .unwrap_or_default()
}

fn minor(app: App, label: &str, index: usize, answer: Answer, alone: bool) -> El {
    button("answer-minor", label, move || {
        session::choose(app, index, answer, alone && app.steps.get_untracked())
    })
    .attr_while("aria-pressed", move || {
        Some(if is_answer(app, index, answer) {
            "true"
        } else {
            "false"
        })
    })
}

fn is_answer(app: App, index: usize, answer: Answer) -> bool {
    app.answered.track();
    session::answer(app, index) == Some(answer)
}

/// Only where the phone itself can speak the language: nothing is sent anywhere to be read aloud.
fn read_aloud(app: App, t: &'static Texts, definition: &Definition, item: &Item) -> View {
    let language = wording(app, definition);
    let Some(lang) = crate::i18n::Lang::parse(&language) else {
        return View::none();
    };
    let mut words = text(&item.text, &language).to_owned();
    for option in definition.options_of(item) {
        words.push_str(". ");
        words.push_str(text(&option.label, &language));
    }
    let able = RwSignal::new(false);
    // Asking for voices takes a slow phone a while; the question comes first.
    let look = move || {
        able.try_set(aloud::can_speak(lang));
        let changed = Closure::<dyn FnMut()>::new(move || {
            able.try_set(aloud::can_speak(lang));
        });
        aloud::when_voices_change(changed.as_ref().unchecked_ref());
        changed.forget();
    };
    set_timeout(look, core::time::Duration::from_millis(300));
    dynamic(move || {
        let words = words.clone();
        able.get().then(|| {
            button("button-quiet", t.read_aloud, move || {
                aloud::speak(lang, &words)
            })
        })
    })
}

/// All questions on one page.
pub fn list_page(app: App, t: &'static Texts) -> View {
    let Some(definition) = definition(app) else {
        return View::none();
    };
    let demonstration = definition.kind == Kind::Demonstration;
    let mut page = div("stack-wide")
        .child(heading(text(&definition.title, &wording(app, &definition))))
        .child(demonstration.then(|| quiet(t.demonstration)))
        .child(p(t.list_body));
    for (index, item) in definition.items.iter().enumerate() {
        page = page.child(div("card").child(item_fields(app, t, &definition, item, index, false)));
    }
    page.view()
}

/// The bar below while a questionnaire is open: back, pause, on.
pub fn bar(app: App, t: &'static Texts, screen: Screen) -> View {
    let on = match screen {
        // Taps lead on by themselves: the button is for whoever came back, and for the keyboard.
        Screen::Question(index) => dynamic(move || {
            app.answered.track();
            let answered = session::answer(app, index).is_some();
            answered.then(|| button("button-primary", t.next, move || session::after(app, index)))
        }),
        Screen::List => button("button-primary", t.list_done, move || {
            finish::done_asking(app)
        })
        .view(),
        Screen::Review | Screen::Alone => View::none(),
        _ => return back_bar(app, t, screen),
    };
    let back = (!begins(app, screen))
        .then(|| button("button-quiet icon-back", t.back, move || back(app, screen)));
    div("bottom-bar")
        .child(back)
        .child(button("button-quiet icon-pause", t.pause, move || {
            app.go(Screen::Pause)
        }))
        .child(on)
        .view()
}

/// Nothing that could be put right lies before the first question of a visit.
fn begins(app: App, screen: Screen) -> bool {
    screen == Screen::Question(0) && matches!(app.before(), None | Some(Screen::Pause))
}

/// To the question before; from the first one to the choice before it.
fn back(app: App, screen: Screen) {
    match screen {
        Screen::Question(index) if index > 0 && app.before() == Some(Screen::Pause) => {
            app.replace(Screen::Question(index - 1));
        }
        _ => app.back(),
    }
}

/// Choices, and pages reached from the menu, lead back to where the person was.
fn back_bar(app: App, t: &'static Texts, screen: Screen) -> View {
    let leads_back = matches!(
        screen,
        Screen::Contacts
            | Screen::Mine
            | Screen::Answers
            | Screen::Choices
            | Screen::Letter { .. }
            | Screen::Withdraw
            | Screen::Take
            | Screen::Consent(_)
            | Screen::Code
    );
    if !leads_back || app.before().is_none() {
        return View::none();
    }
    div("bottom-bar")
        .child(button("button-quiet icon-back", t.back, move || app.back()))
        .view()
}
