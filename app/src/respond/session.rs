//! The questionnaire that is open: its answers, saving them at every tap, and finishing it.

use std::sync::Arc;

use bedring_contract::person::PersonBundle;
use bedring_domain::instrument::{Definition, EditionRef, Item};
use bedring_domain::journal::{Answer, Answers};
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::flow::{self, Step};
use super::trail::{Screen, Trouble};
use super::{browser, finish};
use crate::device::{
    Claim, DeviceError, Draft, QuestionnaireGuard, ask_for_persistence, claim_questionnaire, clock,
    new_id,
};
use crate::i18n::Lang;

/// How long a chosen answer is seen before the next question comes, in milliseconds.
const SEEN_FOR: i64 = 160;

/// How the person says they answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HowAnswered {
    /// The role of whoever helped.
    pub helped_by: Option<String>,
    /// Somebody helped.
    pub helped: bool,
    /// Nobody looked on.
    pub private: Option<bool>,
}

/// A questionnaire on the screen.
pub struct Session {
    /// What is asked.
    pub definition: Arc<Definition>,
    /// The answers so far.
    pub draft: Draft,
    guard: Option<QuestionnaireGuard>,
    saving: bool,
    unsaved: bool,
}

impl Session {
    /// The answers are given in another language from here on.
    pub fn set_language(&mut self, lang: Lang) {
        if self.definition.languages.iter().any(|l| l == lang.code()) {
            lang.code().clone_into(&mut self.draft.language);
        }
    }
}

/// Shows whatever is next for the person. Opens a questionnaire where one waits.
pub async fn proceed(app: App) {
    let Some(step) = app.next_step() else {
        return app.replace(Screen::Code);
    };
    let screen = match step {
        Step::Answer { occasion, edition } => return open(app, occasion, &edition).await,
        Step::Letter => Screen::Letter { asks: true },
        Step::Consent(purpose) => Screen::Consent(purpose),
        Step::Role => Screen::Role,
        Step::Declined => Screen::Declined,
        Step::Withdrawn(scope) => Screen::Withdrawn(scope),
        Step::Finished => Screen::End,
        Step::NotYet(_) => Screen::NotYet,
        Step::NeedsNetwork => Screen::NeedsNetwork,
    };
    close(app);
    app.go_on(screen);
}

/// Lets go of the questionnaire.
pub fn close(app: App) {
    app.session.set_value(None);
}

async fn open(app: App, occasion: Uuid, edition: &EditionRef) {
    let (Some(here), Some(person), Some(bundle)) =
        (app.here(), app.person(), app.bundle.get_untracked())
    else {
        return;
    };
    let open_here = app.session.with_value(|s| {
        s.as_ref().is_some_and(|s| {
            s.draft.occasion == occasion && s.draft.instrument == edition.instrument
        })
    });
    if open_here {
        return show_place(app);
    }
    let before = app
        .session
        .try_update_value(Option::take)
        .flatten()
        .filter(|s| s.draft.occasion == occasion);
    let follows = before.is_some();
    let guard = before.and_then(|s| s.guard);
    let guard = match guard {
        Some(guard) => guard,
        None => match claim_questionnaire(occasion).await {
            Claim::Held(guard) => guard,
            Claim::ElsewhereOpen => return app.replace(Screen::Elsewhere),
        },
    };
    let draft = match here
        .device
        .draft(person, occasion, &edition.instrument)
        .await
    {
        Ok(draft) => draft,
        Err(error) => return app.replace(Screen::Trouble(Trouble::Storage(error))),
    };
    let resumed = draft.is_some();
    // Answers belong to the wording they were given to: a draft of another edition is only gone on with if that edition is here.
    let known = draft
        .and_then(|d| find(&bundle, &d.instrument, &d.edition).map(|definition| (definition, d)));
    let begun = known.or_else(|| {
        find(&bundle, &edition.instrument, &edition.edition)
            .map(|d| (d, new_draft(app, person, occasion, edition)))
    });
    let Some((definition, draft)) = begun else {
        return app.replace(Screen::NeedsNetwork);
    };
    browser::set_durable_answers(draft.answers.len());
    if resumed && !draft.answers.is_empty() {
        app.greeting.set_value(Some(|t| t.welcome_back));
    } else if follows {
        app.greeting.set_value(Some(|t| t.first_saved));
    }
    let mut session = Session {
        definition,
        draft,
        guard: Some(guard),
        saving: false,
        unsaved: false,
    };
    session.set_language(app.lang.get_untracked());
    app.session.set_value(Some(session));
    show_place(app);
}

fn find(bundle: &PersonBundle, instrument: &str, edition: &str) -> Option<Arc<Definition>> {
    let edition = EditionRef {
        instrument: instrument.to_owned(),
        edition: edition.to_owned(),
    };
    flow::definition_of(bundle, &edition).cloned().map(Arc::new)
}

fn new_draft(app: App, person: Uuid, occasion: Uuid, edition: &EditionRef) -> Draft {
    Draft {
        id: new_id(),
        person,
        occasion,
        instrument: edition.instrument.clone(),
        edition: edition.edition.clone(),
        language: app.lang.get_untracked().code().to_owned(),
        started_at: clock::now(),
        position: 0,
        answers: Answers::default(),
    }
}

/// Shows the question where the person stopped. Whoever comes from a choice goes back to it; otherwise the pause page lies behind the
/// question: going back once too often leaves nothing.
fn show_place(app: App) {
    let place = app.session.with_value(|s| {
        s.as_ref()
            .map(|s| (s.draft.position, s.definition.items.len()))
    });
    let Some((position, items)) = place else {
        return;
    };
    let place = if position < items {
        Screen::Question(position)
    } else {
        Screen::Review
    };
    match app.screen() {
        Screen::Letter { asks: true } | Screen::Consent(_) | Screen::Role => {}
        _ => app.replace(Screen::Pause),
    }
    app.go(place);
}

/// The item and its answer, by index.
#[must_use]
pub fn answer(app: App, index: usize) -> Option<Answer> {
    app.session.with_value(|s| {
        let session = s.as_ref()?;
        session
            .draft
            .answers
            .get(&session.definition.items.get(index)?.code)
    })
}

/// The code of an item.
fn code_of(definition: &Definition, index: usize) -> Option<&str> {
    definition
        .items
        .get(index)
        .map(|item: &Item| item.code.as_str())
}

/// Takes an answer: it is on the phone before the next question comes. With `go_on` the next question then comes by itself.
pub fn choose(app: App, index: usize, answer: Answer, go_on: bool) {
    choose_at(app, index, answer, go_on, js_sys::Date::now());
}

/// The same for a tap of that time, in milliseconds since 1970.
pub fn choose_at(app: App, index: usize, answer: Answer, go_on: bool, tapped: f64) {
    let menu_was_open = browser::menu_is_open();
    let first = app.session.try_update_value(|s| {
        let session = s.as_mut()?;
        let code = code_of(&session.definition, index)?.to_owned();
        let first = session.draft.answers.is_empty();
        session.draft.answers.set(&code, answer);
        // Whoever comes back goes on with the next question.
        session.draft.position = if go_on { index + 1 } else { index };
        Some(first)
    });
    let Some(first) = first.flatten() else { return };
    app.said.set_value(None);
    // Writing comes before drawing.
    spawn_local(async move {
        save(app).await;
        if first && !browser::asks_before_keeping() {
            // The browser's answer is recorded with the storage; whatever it is, the person goes on.
            let _ = ask_for_persistence().await;
        }
    });
    app.answered.update(|n| *n += 1);
    if go_on {
        spawn_local(async move {
            wait_until_saved(app, tapped).await;
            // Whoever opened the menu meanwhile looks at that: the next question waits for "Next".
            let looks_elsewhere = browser::menu_is_open() && !menu_was_open;
            if app.screen() == Screen::Question(index) && !looks_elsewhere {
                after(app, index);
            }
        });
    }
}

/// Writes the open draft until what is on the screen is on the phone. One write at a time.
pub async fn save(app: App) {
    let begin = app.session.try_update_value(|s| {
        s.as_mut().is_some_and(|s| {
            s.unsaved = true;
            !core::mem::replace(&mut s.saving, true)
        })
    });
    if begin != Some(true) {
        return;
    }
    loop {
        let snapshot = app.session.try_update_value(|s| {
            let session = s.as_mut()?;
            let more = core::mem::take(&mut session.unsaved);
            session.saving = more;
            more.then(|| session.draft.clone())
        });
        let (Some(Some(draft)), Some(here)) = (snapshot, app.here()) else {
            return;
        };
        match here.device.save_draft(&draft).await {
            Ok(()) => {
                browser::set_durable_answers(draft.answers.len());
                if app.storage.get_untracked().is_some() {
                    app.storage.set(None);
                }
            }
            Err(error) => {
                app.storage.set(Some(error));
                app.session.update_value(|s| {
                    if let Some(session) = s {
                        session.saving = false;
                    }
                });
                return;
            }
        }
    }
}

/// Until the answer is written and was seen for a moment.
async fn wait_until_saved(app: App, tapped: f64) {
    while app
        .session
        .with_value(|s| s.as_ref().is_some_and(|s| s.saving || s.unsaved))
        && app.storage.get_untracked().is_none()
    {
        clock::sleep(4).await;
    }
    #[allow(clippy::cast_possible_truncation)]
    let passed = (js_sys::Date::now() - tapped) as i64;
    let rest = SEEN_FOR.saturating_sub(passed).clamp(0, SEEN_FOR);
    clock::sleep(i32::try_from(rest).unwrap_or(0)).await;
}

/// The screen after a question.
pub fn after(app: App, index: usize) {
    let items = app
        .session
        .with_value(|s| s.as_ref().map_or(0, |s| s.definition.items.len()));
    if index + 1 < items {
        app.go(Screen::Question(index + 1))
    } else {
        finish::done_asking(app)
    }
}

/// Tries once more to write what the phone could not write.
pub fn try_again(app: App, error: DeviceError) {
    match error {
        DeviceError::KeyLost | DeviceError::Blocked | DeviceError::Unavailable
            if app.session.with_value(Option::is_none) =>
        {
            browser::reload()
        }
        _ => spawn_local(async move {
            app.storage.set(None);
            save(app).await;
        }),
    }
}
