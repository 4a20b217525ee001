//! Small pieces that several staff screens are made of. They know the shared state, but no resource.

use leptos::html::{H1, Input};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::route::Route;
use super::state::{Load, Remote, Staff};
use super::terms;
use super::words::{Lang, Words};
use crate::api::ApiFailure;

/// The heading of a screen. It names the browser's tab and takes the focus when the screen has just changed, so that it is read aloud.
pub fn heading(staff: Staff, words: &'static Words, text: String) -> impl IntoView {
    let tab = text.clone();
    heading_of(staff, words, text.clone(), tab, text)
}

/// As [`heading`], where the tab, whose words the browser remembers, and the bar at the top say something else than the heading does.
pub fn heading_of(
    staff: Staff,
    words: &'static Words,
    bar: String,
    tab: String,
    text: impl IntoView + 'static,
) -> impl IntoView {
    let node = NodeRef::<H1>::new();
    let title = format!("{tab} – {}", words.product);
    node.on_load(move |h1| {
        document().set_title(&title);
        staff.title.set(bar);
        if staff.focus_heading.get_value() {
            staff.focus_heading.set_value(false);
            // After the browser has finished with the click that brought us here.
            request_animation_frame(move || {
                let _ = h1.focus();
                window().scroll_to_with_x_and_y(0.0, 0.0);
            });
        }
    });
    view! { <h1 tabindex="-1" node_ref=node>{text}</h1> }
}

/// Links to where a screen belongs.
pub fn crumbs(words: &'static Words, path: Vec<(Route, String)>) -> impl IntoView {
    let last = path.len().saturating_sub(1);
    let links = path
        .into_iter()
        .enumerate()
        .map(|(i, (route, text))| {
            let between = (i < last).then_some(" › ");
            view! { <a href=route.href()>{text}</a>{between} }
        })
        .collect_view();
    view! { <nav class="crumbs" aria-label=words.crumbs>{links}</nav> }
}

/// What went wrong and, where trying again makes sense, a button for it.
pub fn trouble_note(
    lang: Lang,
    failure: &ApiFailure,
    again: Option<Callback<()>>,
) -> impl IntoView + use<> {
    let sentence = terms::trouble(lang, failure);
    view! {
        <div class="note note-attention stack-tight" role="alert">
            <p>{sentence}</p>
            {again.map(|again| view! {
                <button type="button" class="button-secondary" on:click=move |_| again.run(())>{lang.words().again}</button>
            })}
        </div>
    }
}

/// What was loaded, or that it is being loaded, or why it is not there.
pub fn loaded<T, V>(
    staff: Staff,
    remote: Remote<T>,
    show: impl Fn(&T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    V: IntoView + 'static,
{
    move || {
        remote
            .state
            .with(|state| stage(staff, remote, state, &show))
    }
}

fn stage<T, V>(staff: Staff, remote: Remote<T>, state: &Load<T>, show: impl Fn(&T) -> V) -> AnyView
where
    T: Send + Sync + 'static,
    V: IntoView + 'static,
{
    let lang = staff.lang_now();
    match state {
        Load::Waiting => {
            view! { <p class="quiet" role="status">{lang.words().waiting}</p> }.into_any()
        }
        Load::Ready(value) => show(value).into_any(),
        Load::Failed(failure) if terms::is_final(failure) => {
            let w = lang.words();
            view! {
                {trouble_note(lang, failure, None)}
                <p><a class="button-secondary" href=Route::Programmes.href()>{w.to_overview}</a></p>
            }
            .into_any()
        }
        Load::Failed(failure) => {
            let again = Callback::new(move |()| remote.reload());
            trouble_note(lang, failure, Some(again)).into_any()
        }
    }
}

/// As [`loaded`], but made once and left alone when it is loaded again: fields stay the same fields, with what is typed and the focus in
/// them. What has to follow is [`followed`].
pub fn loaded_once<T, V>(
    staff: Staff,
    remote: Remote<T>,
    show: impl Fn(&T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    V: IntoView + 'static,
{
    let reached = Memo::new(move |_| remote.state.with(std::mem::discriminant));
    move || {
        // Read, and not only tracked: a memo that nobody reads follows nothing.
        reached.with(|_| ());
        untrack(|| {
            remote
                .state
                .with(|state| stage(staff, remote, state, &show))
        })
    }
}

/// A part of something made once that is drawn anew as often as its content is loaded.
pub fn followed<T, V>(
    remote: Remote<T>,
    show: impl Fn(&T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    V: IntoView + 'static,
{
    move || {
        remote.state.with(|state| match state {
            Load::Ready(value) => Some(show(value)),
            Load::Waiting | Load::Failed(_) => None,
        })
    }
}

/// As [`loaded_once`], for screens whose heading needs what is loaded: if it is not there, a plain heading stands above the reason.
pub fn loaded_screen<T, V>(
    staff: Staff,
    remote: Remote<T>,
    title: fn(&Words) -> &'static str,
    show: impl Fn(&T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    V: IntoView + 'static,
{
    let failed = move || {
        let w = staff.lang_now().words();
        let failed = remote.state.with(|state| matches!(state, Load::Failed(_)));
        failed.then(|| heading(staff, w, title(w).to_owned()))
    };
    view! {
        <div class="stack">
            {failed}
            {loaded_once(staff, remote, show)}
        </div>
    }
}

/// What a field of a form is made of.
pub struct FieldSpec {
    /// Names it in the page; unique on the screen.
    pub id: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it is for, or empty.
    pub hint: &'static str,
    /// `text`, `email`, `tel`, `password` or `date`.
    pub kind: &'static str,
    /// As in HTML.
    pub autocomplete: &'static str,
    /// Classes of the input.
    pub class: &'static str,
    /// Said after the label, or empty.
    pub aside: &'static str,
}

impl FieldSpec {
    /// A plain text field without a hint.
    #[must_use]
    pub const fn text(id: &'static str, label: &'static str) -> Self {
        Self {
            id,
            label,
            hint: "",
            kind: "text",
            autocomplete: "off",
            class: "input",
            aside: "",
        }
    }
}

/// A field with label, hint and, when there is one, the error beside it.
pub fn field(
    spec: FieldSpec,
    value: RwSignal<String>,
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let FieldSpec {
        id,
        label,
        hint,
        kind,
        autocomplete,
        class,
        aside,
    } = spec;
    let described = describe(id, !hint.is_empty(), error);
    let day = |bound| (kind == "date").then_some(bound);
    view! {
        <div class="field">
            <label for=id>{label} " " {aside_text(aside)}</label>
            {hint_text(id, hint)}
            <input
                id=id name=id type=kind min=day("1900-01-01") max=day("2100-12-31") class=class autocomplete=autocomplete
                autocapitalize="off" spellcheck="false"
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
            {error_text(id, error)}
        </div>
    }
}

/// A choice among a few things, by value and text.
pub fn select_field(
    spec: FieldSpec,
    options: Vec<(&'static str, &'static str)>,
    value: RwSignal<String>,
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let FieldSpec {
        id,
        label,
        hint,
        class,
        aside,
        ..
    } = spec;
    let described = describe(id, !hint.is_empty(), error);
    let options = options
        .into_iter()
        .map(|(code, text)| view! { <option value=code selected=move || value.with(|v| v == code)>{text}</option> })
        .collect_view();
    view! {
        <div class="field">
            <label for=id>{label} " " {aside_text(aside)}</label>
            {hint_text(id, hint)}
            <select
                id=id name=id class=class
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:change=move |event| value.set(event_target_value(&event))
            >
                {options}
            </select>
            {error_text(id, error)}
        </div>
    }
}

fn aside_text(aside: &'static str) -> impl IntoView {
    (!aside.is_empty()).then(|| view! { <span class="quiet">{aside}</span> })
}

fn hint_text(id: &'static str, hint: &'static str) -> impl IntoView {
    (!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{id}-hint")>{hint}</p> })
}

fn error_text(id: &'static str, error: RwSignal<Option<String>>) -> impl IntoView {
    move || {
        error
            .get()
            .map(|text| view! { <p class="field-error" id=format!("{id}-error")>{text}</p> })
    }
}

fn describe(
    id: &'static str,
    hint: bool,
    error: RwSignal<Option<String>>,
) -> impl Fn() -> Option<String> {
    move || {
        let hint = hint.then(|| format!("{id}-hint"));
        let error = error.with(Option::is_some).then(|| format!("{id}-error"));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }
}

/// Puts the focus on an element by its id once the screen has settled.
pub fn focus(id: &'static str) {
    focus_id(id.to_owned());
}

/// The same, for an id that was made while the page lives.
pub fn focus_id(id: String) {
    focus_found(move || document().get_element_by_id(&id));
}

/// The same, for what stands at a place and has no id.
pub fn focus_selected(selector: String) {
    focus_found(move || document().query_selector(&selector).ok().flatten());
}

fn focus_found(find: impl Fn() -> Option<web_sys::Element> + 'static) {
    request_animation_frame(move || {
        if let Some(element) = find().and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Copies the content of a read-only field; `then` is told whether it worked. The text stays selected, for those whose browser refuses.
pub fn copy(source: NodeRef<Input>, then: impl FnOnce(bool) + 'static) {
    let Some(input) = source.get_untracked() else {
        return;
    };
    input.select();
    let navigator = window().navigator();
    // Pages that came over plain HTTP have no clipboard object at all.
    let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into())
        .ok()
        .filter(|c| c.is_object());
    let Some(clipboard) = clipboard.map(JsCast::unchecked_into::<web_sys::Clipboard>) else {
        then(false);
        return;
    };
    let promise = clipboard.write_text(&input.value());
    leptos::task::spawn_local(async move {
        then(wasm_bindgen_futures::JsFuture::from(promise).await.is_ok());
    });
}

/// A badge in words.
pub fn badge(class: &'static str, text: impl IntoView + 'static) -> impl IntoView {
    view! { <span class=class>{text}</span> }
}
