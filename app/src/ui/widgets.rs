//! Headings, buttons, fields and choices in the class vocabulary of the style sheet.

use leptos::prelude::*;

use super::dom::{Content, El, View, div, dynamic, el, p};

/// The heading of a screen: takes the focus when the screen appears.
#[must_use]
pub fn heading(text: impl Content) -> El {
    el("h1", "")
        .attr("tabindex", "-1")
        .attr("data-heading", "")
        .child(text)
}

/// A column with space between.
#[must_use]
pub fn stack(content: impl Content) -> El {
    div("stack").child(content)
}

/// Buttons under a text.
#[must_use]
pub fn actions(buttons: impl Content) -> El {
    div("actions").child(buttons)
}

/// Paragraphs of a text in which an empty line separates them.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<El> {
    text.lines()
        .filter(|line| !line.is_empty())
        .map(p)
        .collect()
}

/// A button. `class` is the whole class.
#[must_use]
pub fn button(class: &str, label: impl Content, press: impl FnMut() + 'static) -> El {
    el("button", class)
        .attr("type", "button")
        .child(label)
        .press(press)
}

/// A question before something is done, with equal ways on and back.
#[must_use]
pub fn confirm(
    title: &str,
    body: Vec<El>,
    yes: &str,
    on_yes: impl FnMut() + 'static,
    no: &str,
    on_no: impl FnMut() + 'static,
) -> View {
    let buttons =
        button("button-secondary", yes, on_yes)
            .view()
            .and(button("button-secondary", no, on_no));
    stack(heading(title))
        .child(body)
        .child(actions(buttons))
        .view()
}

/// A list of rows.
#[must_use]
pub fn rows(items: Vec<El>) -> El {
    let items: Vec<_> = items.into_iter().map(|i| el("li", "").child(i)).collect();
    el("ul", "rows").child(items)
}

/// A row that only tells.
#[must_use]
pub fn row(content: impl Content) -> El {
    div("row").child(content)
}

/// A one-line field with its hint and, where something is wrong, what to do about it.
pub struct Field {
    /// Its id.
    pub id: &'static str,
    /// The input's whole class.
    pub class: &'static str,
    /// The input's type.
    pub kind: &'static str,
    /// What is asked for.
    pub label: &'static str,
    /// How to write it.
    pub hint: &'static str,
}

impl Field {
    /// The field, with what is typed and what is wrong with it.
    #[must_use]
    pub fn view(self, value: RwSignal<String>, error: RwSignal<Option<String>>) -> El {
        let hint = format!("{}-hint", self.id);
        let wrong = format!("{}-error", self.id);
        let input = el("input", self.class)
            .attr("id", self.id)
            .attr("type", self.kind)
            // Only the person's own address is the browser's to know.
            .attr(
                "autocomplete",
                if self.id == "email" { "email" } else { "off" },
            )
            .attr("autocapitalize", "off")
            .attr("spellcheck", "false")
            .attr("aria-describedby", &format!("{hint} {wrong}"))
            .attr_while("aria-invalid", move || {
                error.with(Option::is_some).then_some("true")
            })
            .mirrors(value);
        let told = dynamic(move || error.get().map(|text| el("p", "field-error").child(text)));
        div("field")
            .child(el("label", "").attr("for", self.id).child(self.label))
            .child(el("p", "field-hint").attr("id", &hint).child(self.hint))
            .child(input)
            .child(
                div("")
                    .attr("id", &wrong)
                    .attr("aria-live", "polite")
                    .child(told),
            )
    }
}

/// A group of native radios with one choice. `chosen` is the index of the option.
#[must_use]
pub fn radios(name: &str, legend: &str, options: &[&str], chosen: RwSignal<Option<usize>>) -> El {
    let mut answers = div("answers");
    for (index, label) in options.iter().enumerate() {
        let input = el("input", "")
            .attr("type", "radio")
            .attr("name", name)
            .attr("value", label)
            .checked_while(move || chosen.get() == Some(index))
            .on("change", move |_| chosen.set(Some(index)));
        answers = answers.child(
            el("label", "answer")
                .child(input)
                .child(el("span", "answer-text").child(*label)),
        );
    }
    el("fieldset", "question")
        .child(el("legend", "").child(el("h2", "").child(legend)))
        .child(answers)
}
