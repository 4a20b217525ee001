//! The letter, a yes or no to each purpose, and what the person is in the project.

use bedring_domain::consent::{Channel, Purpose};
use bedring_domain::course::RespondentType;
use bedring_domain::journal::{ConsentWords, Event, plausible_email};
use leptos::prelude::*;

use super::app::App;
use super::trail::Screen;
use super::{browser, ways};
use crate::i18n::{PurposeTexts, Texts};
use crate::ui::dom::El;
use crate::ui::{
    Field, View, actions, button, choice_pair, div, dynamic, el, heading, letter, p, paragraphs,
    quiet, stack,
};

/// What is said about a purpose.
#[must_use]
pub const fn purpose_texts(t: &'static Texts, purpose: Purpose) -> &'static PurposeTexts {
    match purpose {
        Purpose::Evaluation => &t.evaluation,
        Purpose::Reminders => &t.reminders,
        Purpose::LeaderSeesAnswers => &t.leader,
        Purpose::Research => &t.research,
    }
}

/// A yes or no to a purpose, given on this screen after this letter.
pub fn words(app: App, purpose: Purpose, yes: bool) -> Option<Event> {
    let letter = app
        .bundle
        .with_untracked(|b| b.as_ref().map(|b| b.letter.edition.clone()))?;
    let language = app.lang.get_untracked().code().to_owned();
    let words = ConsentWords {
        purpose,
        letter,
        language,
        channel: Channel::Screen,
        witness: None,
    };
    Some(if yes {
        Event::ConsentGiven(words)
    } else {
        Event::ConsentDeclined(words)
    })
}

/// Says yes or no to a purpose, then does what follows.
pub fn decide(app: App, purpose: Purpose, yes: bool, then: impl FnOnce() + 'static) {
    app.say(words(app, purpose, yes).into_iter().collect(), then);
}

/// The letter in force.
pub fn letter_page(app: App, t: &'static Texts, asks: bool) -> View {
    let Some(bundle) = app.bundle.get_untracked() else {
        return View::none();
    };
    // Which edition it is helps whoever looks it up afterwards, and nobody who reads it for the first time.
    let edition = (!asks).then(|| quiet([t.letter_edition, ": ", &bundle.letter.edition].concat()));
    let on = if asks {
        button("button-primary", t.letter_next, move || letter_read(app))
    } else {
        button("button-secondary", t.back, move || app.back())
    };
    let letter = el("article", "letter")
        .child(heading(app.text(&bundle.letter.title)))
        .child(letter::body(&app.text(&bundle.letter.body)))
        .child(edition);
    stack(letter).child(actions(on)).view()
}

fn letter_read(app: App) {
    let Some(bundle) = app.bundle.get_untracked() else {
        return;
    };
    let edition = bundle.letter.edition.clone();
    let noted = app.copies.with_untracked(|copies| {
        copies.iter().any(
            |c| matches!(&c.entry.event, Event::LetterRead { letter, .. } if *letter == edition),
        )
    });
    let language = app.lang.get_untracked().code().to_owned();
    let events = if noted {
        Vec::new()
    } else {
        vec![Event::LetterRead {
            letter: edition,
            language,
        }]
    };
    app.say(events, move || ways::after_letter(app));
}

/// One yes or no.
pub fn consent_page(app: App, t: &'static Texts, purpose: Purpose) -> View {
    let texts = purpose_texts(t, purpose);
    let place = app.bundle.with_untracked(|b| {
        let purposes = &b.as_ref()?.purposes;
        purposes
            .iter()
            .position(|p| *p == purpose)
            .map(|i| (t.consent_count)(i + 1, purposes.len()))
    });
    let asks_address = RwSignal::new(false);
    let yes = move || {
        if purpose == Purpose::Reminders {
            asks_address.set(true);
            request_animation_frame(|| browser::focus("#email"));
        } else {
            decide(app, purpose, true, move || app.proceed());
        }
    };
    let no = move || decide(app, purpose, false, move || app.proceed());
    let choices = move || {
        if asks_address.get() {
            address_form(app, t, move || app.proceed())
        } else {
            choice_pair(texts.yes, yes, texts.no, no)
        }
    };
    stack(el("p", "progress-words").child(place))
        .child(heading(texts.question))
        .child(paragraphs(texts.body))
        .child(dynamic(choices))
        .child(quiet(t.consent_free))
        .view()
}

/// The address for reminders; saying yes and giving it are written together.
pub fn address_form(app: App, t: &'static Texts, then: impl Fn() + Copy + 'static) -> El {
    let email = RwSignal::new(String::new());
    let error = RwSignal::new(None);
    let save = move || {
        let typed = email.get_untracked().trim().to_owned();
        if !plausible_email(&typed) {
            error.set(Some(t.email_wrong.to_owned()));
            browser::focus("#email");
            return;
        }
        let mut events: Vec<Event> = words(app, Purpose::Reminders, true).into_iter().collect();
        events.push(Event::ContactGiven { email: typed });
        app.say(events, then);
    };
    let field = Field {
        id: "email",
        class: "input",
        kind: "email",
        label: t.email_label,
        hint: t.email_hint,
    };
    let no = button("button-choice", t.reminders.no, move || {
        decide(app, Purpose::Reminders, false, then)
    });
    el("form", "stack")
        // What is wrong with an address is said in our words, not in the browser's.
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            save();
        })
        .child(field.view(email, error))
        .child(
            div("choices")
                .child(
                    el("button", "button-choice")
                        .attr("type", "submit")
                        .child(t.email_save),
                )
                .child(no),
        )
}

/// What the person is in the project.
pub fn role_page(app: App, t: &'static Texts) -> View {
    let choice = |label: &str, respondent_type: RespondentType| {
        button("button-choice", label, move || {
            app.say(
                vec![Event::RespondentTypeStated { respondent_type }],
                move || app.proceed(),
            );
        })
    };
    let choices = div("answers")
        .child(choice(t.role_participant, RespondentType::Participant))
        .child(choice(
            t.role_volunteer,
            RespondentType::VolunteerLivedExperience,
        ))
        .child(choice(t.role_both, RespondentType::Both))
        .child(choice(t.role_rather_not, RespondentType::RatherNotSay));
    stack(heading(t.role_title))
        .child(p(t.role_hint))
        .child(choices)
        .view()
}

/// Thanks for a no.
pub fn declined_page(app: App, t: &'static Texts) -> View {
    let change = button("button-quiet", t.declined_change, move || {
        app.go(Screen::Letter { asks: true })
    });
    stack(heading(t.declined_title))
        .child(p(t.declined_body))
        .child(super::end::contacts_card(app, t))
        .child(actions(change))
        .view()
}
