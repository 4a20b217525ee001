//! An edit that was held back is remembered: at that place of that person the plan that was replaced goes on to hold, whatever else
//! becomes known of the person, until another edit reaches the place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::changes::{Change, PersonChanges, What};
use super::plan::{Anchors, CoursePlan};
use super::windows::PlannedWindow;

/// A place in a plan: a key, and how many come before it of the same key.
pub type Place = (String, u32);

/// The places of one person at which not the plan in force holds, but an earlier one. An earlier plan that does not have the place says
/// that there is nothing.
pub type Holds = BTreeMap<Place, Arc<CoursePlan>>;

impl CoursePlan {
    /// All occasions of a person, with their days, where this plan is the one in force: [`CoursePlan::windows`], but at the places at
    /// which another holds what that one says.
    #[must_use]
    pub fn windows_for(&self, holds: &Holds, anchors: &Anchors) -> Vec<PlannedWindow> {
        let mut windows = self.windows(anchors);
        windows.retain(|w| !holds.contains_key(&(w.key.clone(), w.repeat)));
        for ((key, repeat), plan) in holds {
            let said = plan.windows(anchors).into_iter();
            windows.extend(said.filter(|w| w.key == *key && w.repeat == *repeat));
        }
        windows
    }
}

impl PersonChanges {
    /// The places at which something is held back, and no other days are set: there the plan goes on to hold that did until now.
    #[must_use]
    pub fn kept(&self) -> BTreeSet<Place> {
        let moved: BTreeSet<_> = self
            .apply
            .iter()
            .filter(|c| sets_days(c))
            .map(place)
            .collect();
        let kept = self.held_back.iter().map(|(change, _)| place(change));
        kept.filter(|place| !moved.contains(place)).collect()
    }

    /// The places at which everything is done: from now on the new plan holds there.
    #[must_use]
    pub fn changed(&self) -> BTreeSet<Place> {
        let kept = self.kept();
        let changed = self.apply.iter().map(place);
        changed.filter(|place| !kept.contains(place)).collect()
    }
}

/// What an occasion asks is not looked at again; its days are.
fn sets_days(change: &Change) -> bool {
    !matches!(change.what, What::Asks { .. })
}

fn place(change: &Change) -> Place {
    (change.key.clone(), change.repeat)
}
