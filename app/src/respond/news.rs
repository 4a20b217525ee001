//! What is new for the person who is on the screen: how much has arrived, what the server holds, and what another tab wrote.

use std::sync::Arc;

use leptos::prelude::*;

use super::app::App;
use super::trail::{Screen, Trouble};
use super::{browser, flow, session};
use crate::api::Own;
use crate::device::OwnCopy;
use crate::sync::own;

impl App {
    /// How much of what was said here has arrived at the server.
    pub fn arrived(self) -> usize {
        let arrived =
            |copies: &Arc<Vec<OwnCopy>>| copies.iter().filter(|c| c.outcome.is_some()).count();
        self.copies.with(arrived)
    }

    /// Whether [`App::mine`] was fetched after all that has arrived.
    pub fn mine_is_new(self) -> bool {
        self.mine_knows.get_value() == self.arrived()
    }

    /// Asks the server what it holds about the person. Without a network, what was fetched last stays; an answer from before something
    /// arrived does not count where there is one already.
    pub async fn fetch_mine(self) {
        let (Some(here), Some(person)) = (self.here(), self.person()) else {
            return;
        };
        let arrived = || untrack(|| self.arrived());
        let knows = arrived();
        let (standing, mine) = own::mine(&here.device, person).await;
        self.standing.set(Some(standing));
        if let Some(mine) = mine
            && (knows == arrived() || self.mine.with_untracked(Option::is_none))
        {
            self.mine_knows.set_value(knows);
            self.mine.set(Some(Arc::new(mine)));
        }
    }

    /// Tells the server of this device, and asks how it sees it.
    pub async fn look_up_standing(self) {
        if let (Some(here), Some(person)) = (self.here(), self.person())
            && let Ok(access) = own::registered(&here.device, person, false).await
        {
            let standing = access.device.map(|own| own.standing);
            self.standing.set(standing);
        }
    }

    /// What shows the server that it is this device that asks.
    pub async fn own(self) -> Option<Own> {
        let here = self.here()?;
        let access = own::registered(&here.device, self.person()?, false).await;
        Some(access.ok()?.own())
    }

    /// Reads copies and bundle from the phone again.
    pub async fn read_again(self) {
        let (Some(here), Some(person)) = (self.here(), self.person()) else {
            return;
        };
        if here.device.was_forgotten_elsewhere(person) {
            session::close(self);
            return browser::leave();
        }
        if here.device.was_forgotten_here(person) && self.screen().needs_session() {
            // The server said that everything is erased: nothing more is asked.
            session::close(self);
            return self.replace(Screen::Trouble(Trouble::Erased));
        }
        if let Ok(copies) = here.device.own_copies(person).await {
            self.copies.set(Arc::new(copies));
        }
        if let Ok(Some(mut bundle)) = here.device.bundle(person).await {
            let before = self.bundle.get_untracked();
            if before.as_ref().is_none_or(|b| b.time != bundle.time) {
                // A bundle carries what is still to be answered; what was answered in this visit is still shown by its wording.
                let gone = before.iter().flat_map(|b| &b.definitions);
                let gone: Vec<_> = gone
                    .filter(|d| flow::definition_of(&bundle, &d.reference()).is_none())
                    .cloned()
                    .collect();
                bundle.definitions.extend(gone);
                self.bundle.set(Some(Arc::new(bundle)));
            }
        }
    }
}
