//! Somebody whom the person knows is reminded instead: who it is, naming them, and taking it back.

use bedring_contract::person::MyContact;
use bedring_domain::address::typed_address;
use bedring_domain::consent::Purpose;
use bedring_domain::journal::{Event, plausible_name};
use leptos::prelude::*;

use super::app::App;
use super::mine::says_yes;
use super::{browser, flow};
use crate::i18n::Texts;
use crate::ui::dom::El;
use crate::ui::{Field, actions, button, div, dynamic, el, paragraphs};

const NAME: &str = "instead-name";
const EMAIL: &str = "instead-email";
const NOW: &str = "instead-now";

/// Who it is: what the server holds if it was asked after all that was said here had arrived, or else what was said here last.
fn named(app: App) -> Option<MyContact> {
    let copies = app.copies.get();
    let last = copies.iter().rev().find_map(|copy| {
        let said = match &copy.entry.event {
            Event::ContactPersonNamed { email, name } => Some(MyContact {
                email: email.clone(),
                name: name.clone(),
                instead: true,
            }),
            Event::ContactPersonRemoved => None,
            _ => return None,
        };
        Some((copy.outcome.is_none(), said))
    });
    match (last, app.mine.get()) {
        (Some((waits, said)), mine) if waits || mine.is_none() || !app.mine_is_new() => said,
        (_, mine) => mine.and_then(|mine| mine.contact.clone()),
    }
}

/// Reminders go, so somebody else can have them.
fn reminds(app: App) -> bool {
    let copies = app.copies.get();
    let may_ask = app.bundle.with(|b| {
        b.as_ref()
            .is_some_and(|b| flow::standing(b, &copies).may_ask())
    });
    may_ask && says_yes(app, Purpose::Reminders)
}

/// Who it is now, naming somebody, and taking it back. Shown to whoever wants reminders, and to whoever has named somebody.
pub fn card(app: App, t: &'static Texts) -> El {
    let asks = RwSignal::new(false);
    let now = move || match named(app) {
        None => t.instead.nobody.to_owned(),
        Some(contact) => {
            let to = if contact.instead && reminds(app) {
                t.instead.to
            } else {
                t.instead.idle
            };
            let name = contact.name.map(|name| [&name, ", "].concat());
            [to, " ", &name.unwrap_or_default(), &contact.email].concat()
        }
    };
    let ask = move || {
        asks.set(true);
        request_animation_frame(|| browser::focus("#instead-name"));
    };
    let ways = move || {
        if asks.get() {
            return form(app, t, asks);
        }
        let held = named(app).is_some();
        let label = if held {
            t.instead.change
        } else {
            t.instead.choose
        };
        let choose = reminds(app).then(|| button("button-secondary", label, ask));
        let remove = held.then(|| {
            button("button-secondary", t.instead.remove, move || {
                say(app, None, || browser::focus("#instead-now"));
            })
        });
        actions(choose).child(remove)
    };
    // Hidden and not taken away: what is typed must outlast what the server says meanwhile.
    let hidden = move || (!reminds(app) && named(app).is_none()).then_some("");
    el("section", "card stack-tight")
        .attr_while("hidden", hidden)
        .child(el("h2", "").child(t.instead.title))
        .child(paragraphs(t.instead.body))
        .child(
            el("p", "")
                .attr("id", NOW)
                .attr("role", "status")
                .attr("tabindex", "-1")
                .child(dynamic(now)),
        )
        .child(dynamic(ways))
}

fn form(app: App, t: &'static Texts, asks: RwSignal<bool>) -> El {
    let (name, email) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (name_wrong, email_wrong) = (RwSignal::new(None), RwSignal::new(None));
    let close = move || {
        asks.set(false);
        browser::focus("#instead-now");
    };
    let save = move || {
        let called = name.get_untracked().trim().to_owned();
        let typed = typed_address(&email.get_untracked());
        let called = (!called.is_empty()).then_some(called);
        let name_fits = called.as_deref().is_none_or(plausible_name);
        name_wrong.set((!name_fits).then(|| t.instead.name_wrong.to_owned()));
        email_wrong.set(typed.is_none().then(|| t.email_wrong.to_owned()));
        if !name_fits {
            return browser::focus("#instead-name");
        }
        let Some(typed) = typed else {
            return browser::focus("#instead-email");
        };
        let contact = MyContact {
            email: typed,
            name: called,
            instead: true,
        };
        say(app, Some(contact), close);
    };
    let name_field = Field {
        id: NAME,
        class: "input",
        kind: "text",
        label: t.instead.name,
        hint: t.instead.name_hint,
    };
    let email_field = Field {
        id: EMAIL,
        class: "input",
        kind: "email",
        label: t.instead.email,
        hint: t.instead.email_hint,
    };
    let buttons = div("choices")
        .child(
            el("button", "button-choice")
                .attr("type", "submit")
                .child(t.instead.save),
        )
        .child(button("button-choice", t.cancel, close));
    el("form", "stack")
        // What is wrong with an address is said in our words, not in the browser's.
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            save();
        })
        .child(name_field.view(name, name_wrong))
        .child(email_field.view(email, email_wrong))
        .child(buttons)
}

/// Writes it into the journal.
fn say(app: App, contact: Option<MyContact>, then: impl FnOnce() + 'static) {
    let event = contact.map_or(Event::ContactPersonRemoved, |c| Event::ContactPersonNamed {
        email: c.email,
        name: c.name,
    });
    app.say(vec![event], then);
}
