//! What every screen shares: where the person is, who they are, the language, and how the phone's storage fares.
//!
//! [`App`] is a bundle of handles that is copied into every view. The questionnaire that is open lives in [`super::session`].

use std::sync::Arc;

use bedring_contract::person::{Mine, PersonBundle};
use bedring_domain::consent::Purpose;
use bedring_domain::course::RespondentType;
use bedring_domain::instrument::text;
use bedring_domain::journal::Event;
use leptos::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;

use super::session::Session;
use super::trail::{Screen, Trail};
use super::{aloud, browser, flow, session};
use crate::device::{Access, Device, DeviceError, OwnCopy, Standing, clock};
use crate::i18n::{Lang, Texts};
use crate::sync::SyncHandle;

/// The way in for a person, once the storage is open and a bundle is here.
#[derive(Clone)]
pub struct Here {
    /// The phone's storage.
    pub device: Device,
    /// The sending.
    pub sync: SyncHandle,
}

/// A choice, and where it can be made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// A yes or no to a purpose.
    Choice(Purpose, bool),
    /// What the person is in the project.
    Role(RespondentType),
}

/// Picks a text of the language on the screen.
pub type Line = fn(&Texts) -> &'static str;

/// Handles on everything that screens share.
#[derive(Clone, Copy)]
pub struct App {
    /// The language on the screen.
    pub lang: RwSignal<Lang>,
    /// Rises with every screen that is shown: views are built anew for each.
    pub turn: RwSignal<u32>,
    screen: StoredValue<Screen, LocalStorage>,
    trail: StoredValue<Trail, LocalStorage>,
    here: StoredValue<Option<Here>, LocalStorage>,
    access: StoredValue<Option<Access>, LocalStorage>,
    /// What the server last said; replaced in the background.
    pub bundle: RwSignal<Option<Arc<PersonBundle>>>,
    /// The person's own copies, oldest first.
    pub copies: RwSignal<Arc<Vec<OwnCopy>>>,
    /// The questionnaire that is open.
    pub session: StoredValue<Option<Session>, LocalStorage>,
    /// Rises with every answer.
    pub answered: RwSignal<u32>,
    /// The storage failed at the last attempt.
    pub storage: RwSignal<Option<DeviceError>>,
    /// The browser had cleared what was kept.
    pub vanished: RwSignal<bool>,
    /// On the home screen: what was begun may lie in the browser. Said above the first screen.
    pub begun_elsewhere: RwSignal<bool>,
    /// A new version of the app waits.
    pub update: RwSignal<bool>,
    first: StoredValue<u32>,
    /// Something is being written; a second tap changes nothing.
    busy: StoredValue<bool>,
    /// What the server holds about the person, as last fetched.
    pub mine: RwSignal<Option<Arc<Mine>>>,
    /// How the server sees this device; `None` until it was looked up.
    pub standing: RwSignal<Option<Standing>>,
    /// How much of what was said here had arrived when that was fetched.
    pub(super) mine_knows: StoredValue<usize>,
    /// What the person said last in this visit, until something else is answered: the next screen offers to put it right.
    pub said: StoredValue<Option<Said>>,
    /// An answer leads on by itself.
    pub steps: RwSignal<bool>,
    /// A line of welcome above the next question.
    pub greeting: StoredValue<Option<Line>>,
}

impl App {
    /// With nothing known yet.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self {
            lang: RwSignal::new(lang),
            turn: RwSignal::new(0),
            screen: StoredValue::new_local(Screen::Code),
            trail: StoredValue::new_local(Trail::default()),
            here: StoredValue::new_local(None),
            access: StoredValue::new_local(None),
            bundle: RwSignal::new(None),
            copies: RwSignal::new(Arc::default()),
            session: StoredValue::new_local(None),
            answered: RwSignal::new(0),
            storage: RwSignal::new(None),
            vanished: RwSignal::new(false),
            begun_elsewhere: RwSignal::new(false),
            update: RwSignal::new(false),
            first: StoredValue::new(0),
            busy: StoredValue::new(false),
            mine: RwSignal::new(None),
            standing: RwSignal::new(None),
            mine_knows: StoredValue::new(0),
            said: StoredValue::new(None),
            steps: RwSignal::new(!browser::waits_for_next()),
            greeting: StoredValue::new(None),
        }
    }

    /// The texts of the language on the screen. Screens are built anew when it changes.
    #[must_use]
    pub fn texts(self) -> &'static Texts {
        self.lang.get_untracked().texts()
    }

    /// Everything so far led to the first screen; the person has not moved yet.
    pub fn starts_here(self) {
        self.first.set_value(self.turn.get_untracked());
    }

    /// The turn of the first screen.
    #[must_use]
    pub fn first_turn(self) -> u32 {
        self.first.get_value()
    }

    /// The screen that is shown.
    #[must_use]
    pub fn screen(self) -> Screen {
        self.screen.get_value()
    }

    // --- Who is here ---------------------------------------------------------------------------

    /// Takes note of the storage and the sending.
    pub fn set_here(self, here: Here) {
        self.here.set_value(Some(here));
    }

    /// Storage and sending, once they are there.
    #[must_use]
    pub fn here(self) -> Option<Here> {
        self.here.get_value()
    }

    /// Takes note of the person and what the server says about them.
    pub fn set_person(self, access: Access, bundle: Arc<PersonBundle>) {
        self.access.set_value(Some(access));
        self.bundle.set(Some(bundle));
    }

    /// Lets go of who it is: what the phone could not keep must not be answered either.
    pub fn forget_person(self) {
        session::close(self);
        self.access.set_value(None);
        self.bundle.set(None);
    }

    /// The person's secret.
    #[must_use]
    pub fn secret(self) -> Option<String> {
        self.access
            .with_value(|a| a.as_ref().map(|a| a.secret.clone()))
    }

    /// The person.
    #[must_use]
    pub fn person(self) -> Option<Uuid> {
        self.access.with_value(|a| a.as_ref().map(|a| a.person))
    }

    /// Data's text in the language on the screen.
    #[must_use]
    pub fn text(self, texts: &bedring_domain::instrument::Texts) -> String {
        text(texts, self.lang.get_untracked().code()).to_owned()
    }

    /// Changes the language, here and on the next visit.
    pub fn set_language(self, lang: Lang) {
        self.lang.set(lang);
        browser::keep_language(lang);
        self.session.update_value(|s| {
            if let Some(session) = s {
                session.set_language(lang);
            }
        });
        self.turn.update(|n| *n += 1);
    }

    /// Whether an answer leads on by itself, here and on the next visit.
    pub fn set_steps(self, by_itself: bool) {
        self.steps.set(by_itself);
        browser::set_waits_for_next(!by_itself);
    }

    // --- Where they are --------------------------------------------------------------------------

    /// Shows a screen; the browser's back button will lead back here.
    pub fn go(self, screen: Screen) {
        browser::hide_link();
        self.trail.update_value(|t| t.forward(screen));
        browser::push_history(self.trail.with_value(Trail::at));
        self.show(screen);
    }

    /// Shows a screen in the place of this one.
    pub fn replace(self, screen: Screen) {
        self.trail.update_value(|t| t.replace(screen));
        browser::replace_history(self.trail.with_value(Trail::at));
        self.show(screen);
    }

    /// One screen back, as the browser's own button.
    pub fn back(self) {
        browser::history_back();
    }

    /// Shows what comes after a choice: the choice stays behind it, so that going back leads to it.
    pub fn go_on(self, screen: Screen) {
        let chose = matches!(
            self.screen(),
            Screen::Letter { asks: true } | Screen::Consent(_) | Screen::Role
        );
        if chose && self.screen() != screen {
            self.go(screen);
        } else {
            self.replace(screen);
        }
    }

    /// The screen before this one.
    #[must_use]
    pub fn before(self) -> Option<Screen> {
        self.trail.with_value(Trail::before)
    }

    /// The browser went back or forward.
    pub fn went_to(self, at: Option<usize>) {
        let known = at.and_then(|at| self.trail.try_update_value(|t| t.went_to(at)).flatten());
        match known {
            Some(screen) if self.can_show(screen) => self.show(screen),
            // A questionnaire that was finished meanwhile, or an entry of an earlier visit.
            _ => self.proceed(),
        }
    }

    fn can_show(self, screen: Screen) -> bool {
        let open = self.session.with_value(Option::is_some);
        let stands = self.bundle.with_untracked(|b| {
            let b = b.as_ref()?;
            Some(self.copies.with_untracked(|c| flow::standing(b, c)))
        });
        let Some(stands) = stands else {
            return !screen.needs_session();
        };
        match screen {
            Screen::Install => false,
            // A choice can be looked at again and made anew for as long as the person takes part.
            Screen::Consent(_) | Screen::Role => stands.may_ask(),
            Screen::Letter { asks: true } => stands.withdrawn.is_none() && !stands.refused,
            screen => !screen.needs_session() || open,
        }
    }

    fn show(self, screen: Screen) {
        if let Screen::Question(index) = screen {
            // A break leads back to the question that was on the screen, answered or not, also after a killed browser.
            let moved = self.session.try_update_value(|session| {
                session.as_mut().is_some_and(|session| {
                    core::mem::replace(&mut session.draft.position, index) != index
                })
            });
            if moved == Some(true) {
                spawn_local(async move { session::save(self).await });
            }
        }
        aloud::stop_speaking();
        browser::hide_link();
        self.begun_elsewhere.set(false);
        let open = self.session.with_value(Option::is_some);
        crate::device::update::set_at_rest(!open && screen != Screen::Code);
        self.screen.set_value(screen);
        self.turn.update(|n| *n += 1);
    }

    // --- What they do ----------------------------------------------------------------------------

    /// Goes on to whatever is next for the person, in the place of this screen.
    pub fn proceed(self) {
        // Until the next screen is there, a second tap on this one says nothing more.
        self.busy.set_value(true);
        spawn_local(async move {
            session::proceed(self).await;
            self.busy.set_value(false);
        });
    }

    /// Writes what the person said, then does what follows. A failing storage is told and nothing is lost: the screen stays.
    pub fn say(self, events: Vec<Event>, then: impl FnOnce() + 'static) {
        self.write(events, Box::new(then));
    }

    fn write(self, events: Vec<Event>, then: Box<dyn FnOnce()>) {
        let (Some(here), Some(person)) = (self.here(), self.person()) else {
            return;
        };
        if self.busy.get_value() {
            return;
        }
        self.busy.set_value(true);
        spawn_local(async move {
            let mut failed = None;
            for event in events {
                if let Err(error) = here.device.record(person, event).await {
                    failed = Some(error);
                    break;
                }
            }
            self.storage.set(failed);
            self.read_again().await;
            self.busy.set_value(false);
            if failed.is_none() {
                then();
            }
        });
    }

    /// The day, by the server's clock where it is known.
    #[must_use]
    pub fn today(self) -> chrono::NaiveDate {
        self.here()
            .map_or_else(|| clock::now().date_naive(), |here| here.device.today())
    }

    /// What comes next by what is known now.
    #[must_use]
    pub fn next_step(self) -> Option<flow::Step> {
        let bundle = self.bundle.get_untracked()?;
        let copies = self.copies.get_untracked();
        Some(flow::next_step(&bundle, &copies, self.today()))
    }
}
