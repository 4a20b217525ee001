//! The screens a person came through, so that the phone's back button goes one screen back.

use bedring_domain::consent::{Purpose, Scope};

use crate::device::DeviceError;

/// One screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The start page, with the field for a short code.
    Code,
    /// Something stands in the way of starting.
    Trouble(Trouble),
    /// iOS: put the app on the home screen first.
    Install,
    /// The letter, and whether it leads on to the consent or is only read again.
    Letter {
        /// Leads on.
        asks: bool,
    },
    /// One yes or no.
    Consent(Purpose),
    /// What the person is in the project.
    Role,
    /// Thanks for a no.
    Declined,
    /// What a withdrawal did.
    Withdrawn(Scope),
    /// One question, by its index.
    Question(usize),
    /// All questions on one page.
    List,
    /// A look over what is unanswered.
    Review,
    /// On your own, or with help.
    Alone,
    /// A break.
    Pause,
    /// Thanks, receipts, contacts, what happens next.
    End,
    /// Nothing is asked now.
    NotYet,
    /// The questions must be fetched first.
    NeedsNetwork,
    /// The questionnaire is open in another tab.
    Elsewhere,
    /// Whom to turn to.
    Contacts,
    /// What is mine: the overview.
    Mine,
    /// What I answered.
    Answers,
    /// What I said yes and no to, and who may see what.
    Choices,
    /// What may read back what was answered, and what opens the questions.
    Devices,
    /// A code for another phone.
    Another,
    /// The PIN is chosen.
    Pin,
    /// The ways in which this device becomes known.
    Unlock,
    /// Three ways to withdraw.
    Withdraw,
    /// The confirmation of one of them.
    ConfirmWithdraw(Scope),
    /// Take my data with me.
    Take,
    /// The confirmation of being forgotten on this phone.
    Forget,
}

impl Screen {
    /// Whether it makes sense only while a questionnaire is open.
    #[must_use]
    pub const fn needs_session(self) -> bool {
        matches!(
            self,
            Self::Question(_) | Self::List | Self::Review | Self::Alone | Self::Pause
        )
    }
}

/// What can stand in the way of starting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// No network, and nothing here yet.
    Offline,
    /// A network's log-in page.
    NotOurServer,
    /// The link is unknown or has expired.
    Link,
    /// The link has lost its secret on the way.
    Damaged {
        /// Something of somebody lies on this phone.
        kept: bool,
    },
    /// The person has erased everything.
    Erased,
    /// The server cannot answer.
    Server,
    /// The phone's storage.
    Storage(DeviceError),
}

/// The way behind and ahead, as the browser's history has it.
#[derive(Debug, Default)]
pub struct Trail {
    screens: Vec<Screen>,
    at: usize,
}

impl Trail {
    /// Where the person is, counted from 0.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The screen before this one.
    #[must_use]
    pub fn before(&self) -> Option<Screen> {
        self.screens.get(self.at.checked_sub(1)?).copied()
    }

    /// Goes on to a screen; what lay ahead is forgotten, as in the browser.
    pub fn forward(&mut self, screen: Screen) {
        if !self.screens.is_empty() {
            self.screens.truncate(self.at + 1);
            self.at += 1;
        }
        self.screens.push(screen);
    }

    /// Puts another screen in the place of this one.
    pub fn replace(&mut self, screen: Screen) {
        match self.screens.get_mut(self.at) {
            Some(here) => *here = screen,
            None => self.screens.push(screen),
        }
    }

    /// The browser went to an entry; the screen that belongs there, if this visit knows it.
    pub fn went_to(&mut self, at: usize) -> Option<Screen> {
        let screen = self.screens.get(at).copied()?;
        self.at = at;
        Some(screen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_leads_one_screen_back_and_a_new_way_replaces_the_old() {
        let mut trail = Trail::default();
        trail.replace(Screen::Pause);
        trail.forward(Screen::Question(0));
        trail.forward(Screen::Question(1));
        assert_eq!((trail.at(), trail.before()), (2, Some(Screen::Question(0))));
        assert_eq!(trail.went_to(1), Some(Screen::Question(0)));
        trail.forward(Screen::Contacts);
        assert_eq!(trail.went_to(2), Some(Screen::Contacts));
        assert_eq!(trail.went_to(9), None);
        assert_eq!((trail.at(), trail.before()), (2, Some(Screen::Question(0))));
    }

    #[test]
    fn the_first_screen_has_nothing_before_it() {
        let mut trail = Trail::default();
        trail.forward(Screen::Code);
        assert_eq!((trail.at(), trail.before()), (0, None));
    }
}
