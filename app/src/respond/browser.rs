//! The few things of the browser that screens need: address, history, focus, language, files, and what kind of phone it is.

use std::cell::RefCell;

use bedring_domain::link;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlElement, Url};

use crate::i18n::Lang;

const LANGUAGE: &str = "bedring.language";
const WAITS: &str = "bedring.waits";
/// Where `start.js` lets the tab remember a link.
const LINK_IN_TAB: &str = "bedring.link";
const INSTALL_SEEN: &str = "bedring.install";

fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

fn document() -> Option<web_sys::Document> {
    window()?.document()
}

// --- Address and history -------------------------------------------------------------------------

fn address() -> Option<String> {
    let location = window()?.location();
    let parts = [location.pathname(), location.search(), location.hash()];
    let parts: Result<Vec<_>, _> = parts.into_iter().collect();
    Some(parts.ok()?.concat())
}

/// The secret in the address, if the address is a person's link.
#[must_use]
pub fn secret_in_address() -> Option<String> {
    link::secret_in(&address()?)
}

/// Whether the address is a person's link that has lost its secret on the way; `bare`: also where nothing of one is left.
#[must_use]
pub fn is_damaged_link(bare: bool) -> bool {
    address().is_some_and(|a| {
        link::is_link(&a) && link::secret_in(&a).is_none() && (bare || a.len() > "/s".len())
    })
}

thread_local! {
    static LINK: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The secret of the link that this page was opened with. The page's first script has taken it out of the address.
#[must_use]
pub fn opened_link() -> Option<String> {
    LINK.with_borrow(Clone::clone).or_else(|| {
        let window: JsValue = window()?.into();
        let given = Reflect::get(&window, &"__bedringSecret".into()).ok();
        let link = given?.as_string();
        LINK.replace(link.clone());
        link
    })
}

/// A link was opened by its code: from here on it is as if its address had been.
pub fn open_link(secret: &str) {
    LINK.replace(Some(secret.to_owned()));
    if let Some(tab) = tab() {
        let _ = tab.set_item(LINK_IN_TAB, secret);
    }
    show_address(None);
}

/// The link is kept where it belongs, or worth nothing: the tab need not remember it any more.
pub fn link_is_kept() {
    if let Some(tab) = tab() {
        let _ = tab.remove_item(LINK_IN_TAB);
    }
}

fn tab() -> Option<web_sys::Storage> {
    window()?.session_storage().ok()?
}

/// Makes the address that of any person's page, without a secret: what stands there is read by whoever looks, and kept by the browser.
/// `secret`: with it, for as long as an iPhone is to take the address along to its home screen.
pub fn show_address(secret: Option<&str>) {
    let wanted = secret.map_or_else(|| "/s".to_owned(), |secret| ["/s#", secret].concat());
    if address().as_ref() != Some(&wanted)
        && let Some(history) = window().and_then(|w| w.history().ok())
    {
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(&wanted));
    }
}

/// Takes a secret out of the address, if one stands there.
pub fn hide_link() {
    if secret_in_address().is_some() {
        show_address(None);
    }
}

/// Opens a person's page anew, as if their link had been tapped.
pub fn reopen(secret: &str) {
    open_link(secret);
    reload();
}

/// Leaves the person's page for the start page, and forgets the link in this tab.
pub fn leave() {
    link_is_kept();
    if let Some(window) = window() {
        let _ = window.location().replace("/");
    }
}

/// Loads the page again.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Entries of the history are numbered, and the number says of which visit it is: after a reload the old entries are still there.
fn mark(at: usize) -> JsValue {
    thread_local! {
        static VISIT: f64 = js_sys::Date::now();
    }
    Array::of2(
        &VISIT.with(|v| (*v).into()),
        &JsValue::from_f64(u32::try_from(at).unwrap_or(0).into()),
    )
    .into()
}

/// Adds an entry.
pub fn push_history(at: usize) {
    if let Some(history) = window().and_then(|w| w.history().ok()) {
        let _ = history.push_state(&mark(at), "");
    }
}

/// Marks this entry.
pub fn replace_history(at: usize) {
    if let Some(history) = window().and_then(|w| w.history().ok()) {
        let _ = history.replace_state(&mark(at), "");
    }
}

/// One entry back.
pub fn history_back() {
    if let Some(history) = window().and_then(|w| w.history().ok()) {
        let _ = history.back();
    }
}

/// The number of an entry of this visit.
#[must_use]
pub fn number_of(state: &JsValue) -> Option<usize> {
    let pair: &Array = state.dyn_ref()?;
    let ours: Array = mark(0).unchecked_into();
    if pair.get(0) != ours.get(0) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let number = pair.get(1).as_f64()? as usize;
    Some(number)
}

// --- What is remembered outside the encrypted storage: nothing about anybody ------------------------

fn kept(key: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(key).ok()?
}

fn keep(key: &str, value: &str) {
    if let Some(storage) = window().and_then(|w| w.local_storage().ok().flatten()) {
        let _ = storage.set_item(key, value);
    }
}

/// The language chosen before.
#[must_use]
pub fn kept_language() -> Option<Lang> {
    Lang::parse(&kept(LANGUAGE)?)
}

/// The first language the browser asks for that the app has.
#[must_use]
pub fn asked_language() -> Option<Lang> {
    let languages = window()?.navigator().languages();
    languages
        .iter()
        .find_map(|tag| Lang::parse(&tag.as_string()?.to_ascii_lowercase()))
}

/// Keeps a choice of language.
pub fn keep_language(lang: Lang) {
    keep(LANGUAGE, lang.code());
}

/// The person wants to press "Next" after each answer.
#[must_use]
pub fn waits_for_next() -> bool {
    kept(WAITS).is_some_and(|kept| kept == "1")
}

/// Keeps whether the person wants to press "Next" after each answer.
pub fn set_waits_for_next(waits: bool) {
    keep(WAITS, if waits { "1" } else { "0" });
}

/// The page's language, for screen readers and hyphenation.
pub fn set_page_language(lang: Lang) {
    set_root_attribute("lang", lang.code());
}

/// How many answers of the open questionnaire are safely written.
pub fn set_durable_answers(count: usize) {
    set_root_attribute("data-answered", &count.to_string());
}

fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().and_then(|d| d.document_element()) {
        let _ = root.set_attribute(name, value);
    }
}

// --- Focus -------------------------------------------------------------------------------------------

/// Moves the focus to the heading of a new screen, which is then read aloud, and to the top.
pub fn focus_heading() {
    focus("[data-heading]");
    if let Some(window) = window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Moves the focus to the first element that fits.
pub fn focus(selector: &str) {
    let element = document().and_then(|d| d.query_selector(selector).ok().flatten());
    if let Some(element) = element.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

// --- The home screen on iOS ------------------------------------------------------------------------------

/// Whether to offer the home screen: an iPhone or iPad, in Safari itself, whose buttons the advice names, not offered before.
#[must_use]
pub fn offers_home_screen() -> bool {
    let agent = agent();
    let safari =
        holds_any(&agent, &["Version/"]) && !holds_any(&agent, &OTHERS_ON_IOS) && !is_inside_app();
    safari && kept(INSTALL_SEEN).is_none() && home_screen_is_apart()
}

/// Whether the home screen would have a storage of its own: an iPhone or iPad, in the browser.
#[must_use]
pub fn home_screen_is_apart() -> bool {
    is_ios() && !is_standalone()
}

/// The offer was seen; it is made once.
pub fn home_screen_offered() {
    keep(INSTALL_SEEN, "1");
}

/// Browsers for iPhones that call themselves Safari, too.
const OTHERS_ON_IOS: [&str; 6] = ["CriOS", "FxiOS", "EdgiOS", "OPT/", "DuckDuckGo", "Ddg/"];
/// What apps put into the name of the browser that they carry inside; `wv` is Android's own word for one.
const APPS: [&str; 8] = [
    "; wv)",
    "FBA",
    "FB_IAB",
    "Instagram",
    "Line/",
    "Snapchat",
    "LinkedInApp",
    "GSA/",
];

/// Whether the page is shown inside another app. Only what such apps say of themselves is known; on an iPhone they lack Safari's name.
#[must_use]
pub fn is_inside_app() -> bool {
    let agent = agent();
    holds_any(&agent, &APPS) || (is_ios() && !holds_any(&agent, &["Safari/"]) && !is_standalone())
}

/// Whether the browser asks the person before it promises to keep what is stored. Firefox does; others decide by themselves.
#[must_use]
pub fn asks_before_keeping() -> bool {
    holds_any(&agent(), &["Firefox/"])
}

fn agent() -> String {
    window()
        .and_then(|w| w.navigator().user_agent().ok())
        .unwrap_or_default()
}

/// Without the standard search, which brings more code than these once-a-visit questions are worth.
fn holds_any(text: &str, parts: &[&str]) -> bool {
    let holds = |part: &&str| {
        text.as_bytes()
            .windows(part.len())
            .any(|w| w == part.as_bytes())
    };
    parts.iter().any(holds)
}

fn is_ios() -> bool {
    let Some(window) = window() else { return false };
    let agent = agent();
    let touches = Reflect::get(&window.navigator(), &"maxTouchPoints".into())
        .ok()
        .and_then(|n| n.as_f64())
        .unwrap_or(0.0);
    // An iPad calls itself a Mac; Macs have no touch screen.
    holds_any(&agent, &["iPhone", "iPad", "iPod"])
        || (holds_any(&agent, &["Macintosh"]) && touches > 1.0)
}

/// Opened from the home screen.
#[must_use]
pub fn is_standalone() -> bool {
    let Some(window) = window() else { return false };
    let ios = Reflect::get(&window.navigator(), &"standalone".into()).is_ok_and(|s| s.is_truthy());
    ios || window
        .match_media("(display-mode: standalone)")
        .ok()
        .flatten()
        .is_some_and(|m| m.matches())
}

// --- Files and paper -------------------------------------------------------------------------------------

/// Offers a text as a file to save.
pub fn save_file(name: &str, content: &str) {
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let parts = Array::of1(&content.into());
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else {
        return;
    };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else {
        return;
    };
    if let Some(link) = document()
        .and_then(|d| d.create_element("a").ok())
        .and_then(|e| e.dyn_into::<HtmlAnchorElement>().ok())
    {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser needs the address a moment longer than the click lasts.
    leptos::prelude::set_timeout(
        move || {
            let _ = Url::revoke_object_url(&address);
        },
        core::time::Duration::from_secs(60),
    );
}

/// JSON with line breaks and indents, by the browser: a second writer of JSON would cost bytes on the way to the phone.
#[must_use]
pub fn readable(json: &str) -> String {
    let value = js_sys::JSON::parse(json).ok();
    let indented = value.and_then(|v| {
        js_sys::JSON::stringify_with_replacer_and_space(&v, &JsValue::NULL, &JsValue::from_f64(2.0))
            .ok()
    });
    indented
        .and_then(|s| s.as_string())
        .unwrap_or_else(|| json.to_owned())
}

/// Prints the page.
pub fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
}

fn open_menu() -> Option<web_sys::Element> {
    document().and_then(|d| d.query_selector("details.menu[open]").ok().flatten())
}

/// Somebody is looking at the menu.
pub fn menu_is_open() -> bool {
    open_menu().is_some()
}

/// Closes an open menu.
pub fn close_menus() {
    if let Some(menu) = open_menu() {
        let _ = menu.remove_attribute("open");
        focus("details.menu > summary");
    }
}
