//! The letter, a yes or no to each purpose, and what the person is in the project.

use bedring_contract::person::Sender;
use bedring_domain::address::typed_address;
use bedring_domain::consent::{Channel, Purpose};
use bedring_domain::course::RespondentType;
use bedring_domain::journal::{ConsentWords, Event};
use leptos::prelude::*;

use super::app::{App, Said};
use super::trail::Screen;
use super::{browser, ways};
use crate::i18n::{PurposeTexts, Texts};
use crate::ui::dom::El;
use crate::ui::{
    Field, View, actions, button, div, dynamic, el, heading, letter, p, paragraphs, quiet, stack,
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
    app.say(words(app, purpose, yes).into_iter().collect(), move || {
        app.said.set_value(Some(Said::Choice(purpose, yes)));
        then();
    });
}

/// Who asks, the letter in half a page, and the yes or no to taking part. A letter without a summary stands here whole.
pub fn summary_page(app: App, t: &'static Texts) -> View {
    let Some(bundle) = app.bundle.get_untracked() else {
        return View::none();
    };
    let summary = app.text(&bundle.letter.summary);
    let whole = summary.is_empty();
    let words = if whole {
        app.text(&bundle.letter.body)
    } else {
        summary
    };
    let read_whole = (!whole).then(|| {
        button("button-quiet", t.letter_whole, move || {
            read_letter(app, move || app.go(Screen::Letter { asks: false }))
        })
    });
    let says = move |yes| {
        let then = move || {
            if yes {
                ways::says_yes(app);
            } else {
                decide(app, Purpose::Evaluation, false, move || app.proceed());
            }
        };
        if whole {
            read_letter(app, then);
        } else {
            then();
        }
    };
    let texts = &t.evaluation;
    div("stack-tight")
        .child(senders(t, &bundle.programme.senders))
        .child(heading(app.text(&bundle.letter.title)))
        .child(el("div", "summary").child(letter::body(&words)))
        .child(read_whole)
        .view()
        .and(choice_bar(
            button("button-choice", texts.yes, move || says(true)),
            button("button-choice", texts.no, move || says(false)),
        ))
}

/// The municipality and the association, by name and mark: whoever opens a link from a mail sees first who asks.
fn senders(t: &Texts, senders: &[Sender]) -> Option<El> {
    if senders.is_empty() {
        return None;
    }
    let one = |sender: &Sender| {
        let mark = sender.logo.as_deref().map(|logo| {
            // The name beside it says all that the picture says.
            el("img", "").attr("src", logo).attr("alt", "")
        });
        el("li", "").child(mark).child(sender.name.as_str())
    };
    let list: Vec<_> = senders.iter().map(one).collect();
    Some(
        el("ul", "senders")
            .attr("aria-label", t.letter_senders)
            .child(list),
    )
}

/// Yes and no side by side, of one size, and always in view.
fn choice_bar(yes: El, no: El) -> El {
    div("choice-bar").child(yes).child(no)
}

/// The whole letter, to read.
pub fn letter_page(app: App, t: &'static Texts) -> View {
    let Some(bundle) = app.bundle.get_untracked() else {
        return View::none();
    };
    let edition = [t.letter_edition, ": ", &bundle.letter.edition].concat();
    let letter = el("article", "letter")
        .child(heading(app.text(&bundle.letter.title)))
        .child(letter::body(&app.text(&bundle.letter.body)))
        .child(quiet(edition));
    letter.view()
}

/// Notes, once for each edition, that the letter was opened.
fn read_letter(app: App, then: impl FnOnce() + 'static) {
    let Some(bundle) = app.bundle.get_untracked() else {
        return;
    };
    let edition = bundle.letter.edition.clone();
    let noted = app.copies.with_untracked(|copies| {
        copies.iter().any(
            |c| matches!(&c.entry.event, Event::LetterRead { letter, .. } if *letter == edition),
        )
    });
    if noted {
        return then();
    }
    let language = app.lang.get_untracked().code().to_owned();
    let read = Event::LetterRead {
        letter: edition,
        language,
    };
    app.say(vec![read], then);
}

/// What was said on the screen before, and a way to put it right with one tap.
pub fn just_said(app: App, t: &'static Texts, here: Screen) -> Option<El> {
    let said = app.said.get_value()?;
    let (words, screen) = match said {
        Said::Choice(purpose, yes) => {
            let screen = match purpose {
                Purpose::Evaluation => Screen::Letter { asks: true },
                purpose => Screen::Consent(purpose),
            };
            (if yes { t.yes } else { t.no }, screen)
        }
        Said::Role(role) => (role_words(t, role), Screen::Role),
    };
    let right = button("button-quiet", t.put_right, move || app.go(screen));
    let line = el("p", "").attr("id", SAID).child((t.you_said)(words));
    (screen != here).then(|| div("just-said").child(line).child(right))
}

/// The id of the line that says what was answered before.
const SAID: &str = "just-said";

/// One yes or no.
pub fn consent_page(app: App, t: &'static Texts, purpose: Purpose) -> View {
    let texts = purpose_texts(t, purpose);
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
            choice_bar(
                button("button-choice", texts.yes, yes),
                button("button-choice", texts.no, no),
            )
        }
    };
    stack(just_said(app, t, Screen::Consent(purpose)))
        .child(heading(texts.question).attr("aria-describedby", SAID))
        .child(paragraphs(texts.body))
        .child(quiet(t.consent_free))
        .view()
        .and(dynamic(choices))
}

/// The address for reminders; saying yes and giving it are written together.
pub fn address_form(app: App, t: &'static Texts, then: impl Fn() + Copy + 'static) -> El {
    let email = RwSignal::new(String::new());
    let error = RwSignal::new(None);
    let save = move || {
        let Some(typed) = typed_address(&email.get_untracked()) else {
            error.set(Some(t.email_wrong.to_owned()));
            browser::focus("#email");
            return;
        };
        let mut events: Vec<Event> = words(app, Purpose::Reminders, true).into_iter().collect();
        events.push(Event::ContactGiven { email: typed });
        app.say(events, move || {
            app.said
                .set_value(Some(Said::Choice(Purpose::Reminders, true)));
            then();
        });
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

const fn role_words(t: &'static Texts, role: RespondentType) -> &'static str {
    match role {
        RespondentType::Participant => t.role_participant,
        RespondentType::VolunteerLivedExperience => t.role_volunteer,
        RespondentType::Both => t.role_both,
        _ => t.role_rather_not,
    }
}

/// What the person is in the project.
pub fn role_page(app: App, t: &'static Texts) -> View {
    let choice = |respondent_type: RespondentType| {
        button("button-choice", role_words(t, respondent_type), move || {
            app.say(
                vec![Event::RespondentTypeStated { respondent_type }],
                move || {
                    app.said.set_value(Some(Said::Role(respondent_type)));
                    app.proceed();
                },
            );
        })
    };
    let roles = [
        RespondentType::Participant,
        RespondentType::VolunteerLivedExperience,
        RespondentType::Both,
        RespondentType::RatherNotSay,
    ];
    let choices = div("answers").child(roles.map(choice).into_iter().collect::<Vec<_>>());
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
