//! Views for the citizen's app: elements made at once, and places that are made anew when a signal they read changes.
//!
//! Signals, effects and owners are Leptos'; its typed view trees are not used here. They cost a type, and the code for it, for every
//! shape of markup, and this program has to be small enough for an old phone on a slow network. See decision 0013.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event, Node};

/// Any number of nodes, ready to be put into a page.
#[derive(Default)]
pub struct View(Vec<Node>);

/// An element under construction.
pub struct El(Element);

/// What can be put into an element or a view.
pub trait Content {
    /// Adds the nodes.
    fn add_to(self, view: &mut View);
}

impl Content for View {
    fn add_to(self, view: &mut View) {
        view.0.extend(self.0);
    }
}

impl Content for El {
    fn add_to(self, view: &mut View) {
        view.0.push(self.0.into());
    }
}

impl Content for &str {
    fn add_to(self, view: &mut View) {
        if let Some(document) = document() {
            view.0.push(document.create_text_node(self).into());
        }
    }
}

impl Content for String {
    fn add_to(self, view: &mut View) {
        self.as_str().add_to(view);
    }
}

impl<T: Content> Content for Option<T> {
    fn add_to(self, view: &mut View) {
        if let Some(inner) = self {
            inner.add_to(view);
        }
    }
}

impl<T: Content> Content for Vec<T> {
    fn add_to(self, view: &mut View) {
        for inner in self {
            inner.add_to(view);
        }
    }
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

impl View {
    /// Nothing.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// And this after it.
    #[must_use]
    pub fn and(mut self, more: impl Content) -> Self {
        more.add_to(&mut self);
        self
    }

    /// Puts it at the end of an element of the page.
    pub fn mount(self, parent: &Element) {
        for node in self.0 {
            let _ = parent.append_child(&node);
        }
    }
}

/// An element with its classes.
#[must_use]
pub fn el(tag: &str, class: &str) -> El {
    #[expect(
        clippy::expect_used,
        reason = "a page has a document, and the names of elements are ours and right"
    )]
    let element = document()
        .and_then(|d| d.create_element(tag).ok())
        .expect("an element");
    let made = El(element);
    if class.is_empty() {
        made
    } else {
        made.attr("class", class)
    }
}

/// A block.
#[must_use]
pub fn div(class: &str) -> El {
    el("div", class)
}

/// A paragraph.
#[must_use]
pub fn p(text: impl Content) -> El {
    el("p", "").child(text)
}

/// A small, muted paragraph.
#[must_use]
pub fn quiet(text: impl Content) -> El {
    el("p", "quiet").child(text)
}

impl El {
    /// Sets an attribute.
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Puts something into it, after what is there.
    #[must_use]
    pub fn child(self, content: impl Content) -> Self {
        let mut view = View::none();
        content.add_to(&mut view);
        view.mount(&self.0);
        self
    }

    /// As a view of its own.
    #[must_use]
    pub fn view(self) -> View {
        View::none().and(self)
    }

    /// Calls back on an event, for as long as the screen lives that made the element.
    #[must_use]
    pub fn on(self, event: &str, call: impl FnMut(Event) + 'static) -> Self {
        self.listen(event, Box::new(call))
    }

    fn listen(self, event: &str, call: Box<dyn FnMut(Event)>) -> Self {
        let closure = Closure::wrap(call);
        let _ = self
            .0
            .add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        keep(Box::new(closure));
        self
    }

    /// Calls back when it is pressed.
    #[must_use]
    pub fn press(self, mut call: impl FnMut() + 'static) -> Self {
        self.listen("click", Box::new(move |_| call()))
    }

    /// An attribute that follows signals; absent while there is no value.
    #[must_use]
    pub fn attr_while(
        self,
        name: &'static str,
        value: impl Fn() -> Option<&'static str> + 'static,
    ) -> Self {
        let element = self.0.clone();
        follow(Box::new(move || {
            let _ = match value() {
                Some(value) => element.set_attribute(name, value),
                None => element.remove_attribute(name),
            };
        }));
        self
    }

    /// A radio that is on while signals say so.
    #[must_use]
    pub fn checked_while(self, on: impl Fn() -> bool + 'static) -> Self {
        if let Some(input) = self.0.dyn_ref::<web_sys::HtmlInputElement>().cloned() {
            follow(Box::new(move || input.set_checked(on())));
        }
        self
    }

    /// A text field that a signal mirrors.
    #[must_use]
    pub fn mirrors(self, value: RwSignal<String>) -> Self {
        let Some(input) = self.0.dyn_ref::<web_sys::HtmlInputElement>().cloned() else {
            return self;
        };
        self.listen("input", Box::new(move |_| value.set(input.value())))
    }
}

/// A place that is made anew when a signal it read changes.
#[must_use]
pub fn dynamic<V: Content>(make: impl Fn() -> V + 'static) -> View {
    place(Box::new(move || View::none().and(make())))
}

/// Everything in the place stands before an empty text that never leaves.
fn place(make: Box<dyn Fn() -> View>) -> View {
    let Some(end) = document().map(|d| Node::from(d.create_text_node(""))) else {
        return View::none();
    };
    let shown: Rc<RefCell<Vec<Node>>> = Rc::default();
    let (nodes, mark) = (Rc::clone(&shown), end.clone());
    follow(Box::new(move || {
        let fresh = make().0;
        let before = nodes.replace(fresh.clone());
        // The first time the place is not in the page yet; what is in it is put there together with it.
        let Some(parent) = mark.parent_node() else {
            return;
        };
        for node in before {
            let _ = parent.remove_child(&node);
        }
        for node in &fresh {
            let _ = parent.insert_before(node, Some(&mark));
        }
        super::meant::appeared(&fresh);
    }));
    let mut view = View(shown.borrow().clone());
    view.0.push(end);
    view
}

/// Does something now and whenever a signal it read changes, for as long as the screen lives that asked for it.
pub fn follow(act: Box<dyn Fn()>) {
    let effect = RenderEffect::new(move |_: Option<()>| act());
    keep(Box::new(effect));
}

/// Keeps something for as long as the screen lives that asked for it.
fn keep(thing: Box<dyn core::any::Any>) {
    let _ = StoredValue::new_local(thing);
}
