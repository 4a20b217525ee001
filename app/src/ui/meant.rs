//! Presses that were meant: what has just appeared takes none that began before its words could be read.
//!
//! A double tap, a trembling finger and a slow phone all press where, a moment before, something else stood. So every press is judged
//! here, before any button or answer hears of it: it counts only if it began half a second or more after everything around its target
//! was painted. Example: a question is painted at 10:00:00.000; a finger put down at 10:00:00.430 does nothing, one at 10:00:00.510
//! answers. A press that began on the screen before does nothing either, however late it ends.

use std::cell::Cell;

use js_sys::Reflect;
use leptos::prelude::{request_animation_frame, set_timeout};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent, Node};

/// How long words stand before a press on them counts, in milliseconds.
const READABLE_MS: u32 = 500;
/// The property of an element that says when it was painted, in milliseconds of the page's clock.
const PAINTED_AT: &str = "bedringPaintedAt";
/// On the page's root while something on it takes no press yet.
const NEW: &str = "data-new";

thread_local! {
    /// When the press that is under way began. Whoever presses by other means than finger, mouse or key begins and ends at once.
    static BEGAN: Cell<Option<f64>> = const { Cell::new(None) };
    /// How many appearances are not old enough yet.
    static FRESH: Cell<u32> = const { Cell::new(0) };
}

/// Judges every press of this page from now on, and takes what is on it for new: all but the question that the page itself has shown, in
/// these words, at this place.
pub fn watch(page: &Element, words: Option<Words>) {
    listen("pointerdown", |event| {
        BEGAN.set(Some(event.time_stamp()));
    });
    listen("pointercancel", |_| BEGAN.set(None));
    listen("keydown", |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        // A key that is held down began with its first stroke.
        if !key.repeat() {
            BEGAN.set(Some(event.time_stamp()));
        }
        if key.key() == "Enter" && !is_text_field(event) && !was_meant(event) {
            refuse(event);
        }
    });
    listen("click", |event| {
        if !was_meant(event) {
            refuse(event);
        }
        BEGAN.set(None);
    });
    let again = words
        .zip(Group::first(page, "main"))
        .filter(|(words, group)| words.group == *group);
    match again {
        Some((words, group)) => {
            painted(&group.element, words.at);
            fresh_until(words.at);
            appeared(&around(&group.element, page));
        }
        None => appeared(&[page.clone().into()]),
    }
}

/// The question that `first_words.js` showed while the program was on its way.
pub struct Words {
    group: Group,
    at: f64,
}

impl Words {
    /// To be asked for before the program puts its own screen there.
    pub fn of_the_page() -> Option<Self> {
        let group = Group::first(&document()?.document_element()?, ".first-words")?;
        let at = Reflect::get(&group.element, &PAINTED_AT.into()).ok()?;
        at.as_f64().map(|at| Self { group, at })
    }
}

/// A question with its answers.
struct Group {
    element: Element,
    words: Option<String>,
    /// Its edges and those of the last answer, from the corner of the screen.
    place: [f64; 5],
}

impl Group {
    fn first(page: &Element, within: &str) -> Option<Self> {
        let one = |selector: &str| page.query_selector(&[within, selector].concat()).ok()?;
        let element = one(" .question")?;
        let (all, last) = (
            element.get_bounding_client_rect(),
            one(" .answer:last-child")?.get_bounding_client_rect(),
        );
        Some(Self {
            words: element.text_content(),
            place: [
                all.left(),
                all.top(),
                all.right(),
                last.top(),
                last.bottom(),
            ],
            element,
        })
    }
}

impl PartialEq for Group {
    fn eq(&self, other: &Self) -> bool {
        // Less than half a pixel nobody sees.
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 0.5;
        self.words == other.words && self.place.iter().zip(&other.place).all(near)
    }
}

/// Everything on the page that is neither within an element nor around it.
fn around(kept: &Element, page: &Element) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut inner = kept.clone();
    while inner != *page
        && let Some(outer) = inner.parent_element()
    {
        let mut next = outer.first_element_child();
        while let Some(child) = next {
            next = child.next_element_sibling();
            if child != inner {
                nodes.push(child.into());
            }
        }
        inner = outer;
    }
    nodes
}

/// Notes that nodes were put into the page just now.
pub(super) fn appeared(nodes: &[Node]) {
    let elements: Vec<Element> = nodes
        .iter()
        .filter_map(|node| node.dyn_ref::<Element>().cloned())
        .collect();
    if elements.is_empty() {
        return;
    }
    for element in &elements {
        painted(element, f64::INFINITY);
    }
    count(1);
    // A task after the next frame runs when that frame has been drawn.
    request_animation_frame(move || {
        set_timeout(
            move || {
                for element in &elements {
                    painted(element, now());
                }
                fresh_until(now());
                count(-1);
            },
            core::time::Duration::ZERO,
        );
    });
}

/// What was painted then takes no press for as long as it takes to read it.
fn fresh_until(painted: f64) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rest = (painted + f64::from(READABLE_MS) - now()).max(0.0) as u64;
    count(1);
    set_timeout(|| count(-1), core::time::Duration::from_millis(rest));
}

fn count(more: i32) {
    FRESH.set(FRESH.get().saturating_add_signed(more));
    let Some(root) = document().and_then(|d| d.document_element()) else {
        return;
    };
    let _ = match FRESH.get() {
        0 => root.remove_attribute(NEW),
        _ => root.set_attribute(NEW, ""),
    };
}

fn painted(element: &Element, at: f64) {
    let _ = Reflect::set(element, &PAINTED_AT.into(), &at.into());
}

/// Whether the press that this event ends, or is, began when all around its target had been there for long enough.
fn was_meant(event: &Event) -> bool {
    let began = BEGAN.get().unwrap_or_else(|| event.time_stamp());
    let mut around: Option<Element> = event.target().and_then(|t| t.dyn_into().ok());
    while let Some(element) = around {
        let painted = Reflect::get(&element, &PAINTED_AT.into()).ok();
        let since = painted.and_then(|at| at.as_f64()).map(|at| began - at);
        if since.is_some_and(|ms| ms < f64::from(READABLE_MS)) {
            return false;
        }
        around = element.parent_element();
    }
    true
}

/// Nobody hears of it, and the browser does nothing with it: a radio stays as it was.
fn refuse(event: &Event) {
    event.prevent_default();
    event.stop_immediate_propagation();
}

/// In a field a key is a letter; the button that Enter presses for it is judged by its own click.
fn is_text_field(event: &Event) -> bool {
    let target = event.target();
    let input = target.and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|i| i.type_() != "radio")
}

fn listen(kind: &str, hear: impl FnMut(&Event) + 'static) {
    let mut hear = hear;
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| hear(&event));
    if let Some(document) = document() {
        let _ = document.add_event_listener_with_callback_and_bool(
            kind,
            closure.as_ref().unchecked_ref(),
            true,
        );
    }
    // They live as long as the page.
    closure.forget();
}

fn now() -> f64 {
    web_sys::window()
        .and_then(|w| w.performance())
        .map_or(0.0, |p| p.now())
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
