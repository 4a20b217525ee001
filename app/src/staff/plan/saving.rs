//! Looking at whom a draft would affect, and saving it. Whatever goes wrong, what was typed stays.

use bedring_contract::plan::PlanEdit;
use bedring_contract::problem::Code;
use bedring_domain::course::CoursePlan;
use leptos::prelude::*;

use super::editor::{Editor, Preview};
use super::form::OccasionForm;
use super::wrong;
use crate::api::{ApiFailure, programme as api};
use crate::staff::state::Draft;
use crate::staff::widgets;
use crate::staff::words::fill;

impl Editor {
    /// The draft, or everything that cannot be read is told at its field.
    fn checked(self) -> Option<Draft> {
        let w = self.w();
        let forms = self.occasions.get_untracked();
        for form in &forms {
            form.forgive();
        }
        self.reminders.forgive();
        self.complaint.set(None);
        self.failure.set(None);
        untrack(move || {
            let read = |form: &OccasionForm| {
                let occasion = form.read(Some(w));
                if occasion.is_none() {
                    form.open.set(true);
                }
                occasion
            };
            let all: Vec<_> = forms.iter().map(read).collect();
            let reminders = self.reminders.read(Some(w));
            if reminders.is_none() {
                self.reminders_open.set(true);
            }
            let plan = all.into_iter().collect::<Option<Vec<_>>>();
            let draft = plan.zip(reminders);
            if draft.is_none() {
                self.complaint.set(Some(w.errors));
            }
            let (occasions, reminders) = draft?;
            Some((CoursePlan { occasions }, reminders))
        })
    }

    fn edit(self, draft: &Draft, retroactive: bool, apply: bool) -> PlanEdit {
        let (plan, reminders) = draft.clone();
        PlanEdit {
            plan,
            reminders,
            retroactive,
            apply,
            seen: self.before.with_untracked(|b| b.seen.clone()),
        }
    }

    /// Asks whom the draft would affect. Another draft is another question about what is due already.
    pub fn look(self) {
        let Some(draft) = self.checked().filter(|_| !self.busy.get_untracked()) else {
            return;
        };
        self.saved.set(None);
        let same = self
            .preview
            .with_untracked(|p| p.as_ref().is_some_and(|p| p.draft == draft));
        if !same {
            self.retro.set(String::new());
        }
        let retroactive = self.retro.with_untracked(|r| r == "yes");
        let asked = self
            .preview
            .with_untracked(|p| p.as_ref().is_some_and(|p| same && p.asks));
        self.busy.set(true);
        let edit = self.edit(&draft, retroactive, false);
        let request = api::edit_plan(self.programme, edit);
        self.staff.ask(request, move |outcome| {
            // The screen may be gone by now.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(effect) if self.before.with_untracked(|b| b.seen != effect.seen) => {
                    self.was_overtaken();
                }
                Ok(effect) => {
                    let asks = asked || effect.held_back.already_due > 0;
                    let first = self.preview.with_untracked(Option::is_none) || !same;
                    self.preview.set(Some(Preview {
                        draft,
                        retroactive,
                        asks,
                        effect,
                    }));
                    if first {
                        widgets::focus("effect-title");
                    } else {
                        // The answer that was just given was drawn anew.
                        let given = self.retro.get_untracked();
                        widgets::focus_id(format!("retro-{given}"));
                    }
                }
                Err(failure) => self.failed(failure),
            }
        });
    }

    /// Saves what was looked at.
    pub fn save(self) {
        let Some(preview) = self.preview.get_untracked() else {
            return;
        };
        if self.busy.get_untracked() {
            return;
        }
        if preview.asks && self.retro.with_untracked(String::is_empty) {
            self.complaint.set(Some(self.w().retro_missing));
            return widgets::focus("retro-no");
        }
        if preview.retroactive != self.retro.with_untracked(|r| r == "yes") {
            return self.look();
        }
        self.complaint.set(None);
        self.failure.set(None);
        self.busy.set(true);
        let edit = self.edit(&preview.draft, preview.retroactive, true);
        let request = api::edit_plan(self.programme, edit);
        self.staff.ask(request, move |outcome| {
            if self.busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(effect) => {
                    let people = effect.people.to_string();
                    let sentence = fill(self.w().saved, &[("n", &people)]);
                    self.saved.set(Some(sentence));
                    self.is_saved(&preview.draft, effect.seen);
                    widgets::focus("plan-saved");
                }
                Err(failure) => self.failed(failure),
            }
        });
    }

    /// The plan in force is this draft now. What was typed since it was sent is a draft on top of it: no field is filled anew.
    fn is_saved(self, saved: &Draft, seen: String) {
        let (plan, reminders) = saved;
        for form in self.occasions.get_untracked() {
            let key = form.key.get_value();
            form.known.set(plan.occasion(&key).is_some());
        }
        let gone =
            |(_, form): &(usize, OccasionForm)| plan.occasion(&form.key.get_value()).is_none();
        if self
            .removed
            .with_untracked(|r| r.as_ref().is_some_and(gone))
        {
            self.removed.set(None);
        }
        self.preview.set(None);
        self.retro.set(String::new());
        self.kept.set(false);
        self.before.update(|before| {
            before.plan = plan.clone();
            before.reminders = reminders.clone();
            before.seen = seen;
        });
        if !untrack(move || self.is_changed()) {
            for form in self.occasions.get_untracked() {
                form.open.set(false);
            }
            self.reminders_open.set(false);
        }
    }

    fn failed(self, failure: ApiFailure) {
        match &failure {
            ApiFailure::Problem(problem) if problem.code == Code::Conflict => self.was_overtaken(),
            ApiFailure::Problem(problem) if !problem.errors.is_empty() => {
                let (w, forms) = (self.w(), self.occasions.get_untracked());
                let mut first = None;
                let mut complaint = w.errors;
                for error in &problem.errors {
                    match wrong::place(w, &forms, self.reminders, error) {
                        Ok(id) => {
                            if id.starts_with("reminders-") {
                                self.reminders_open.set(true);
                            }
                            first.get_or_insert(id);
                        }
                        Err(sentence) => complaint = sentence,
                    }
                }
                self.complaint.set(Some(complaint));
                if let Some(id) = first {
                    widgets::focus_id(id);
                }
            }
            _ => self.failure.set(Some(failure)),
        }
    }

    /// Somebody else saved another plan: it is fetched and shown beside the draft.
    fn was_overtaken(self) {
        self.preview.set(None);
        let request = api::plan(self.programme);
        self.staff.ask(request, move |outcome| match outcome {
            Ok(plan) => {
                self.overtaken.try_set(Some(plan));
                widgets::focus("overtaken-title");
            }
            Err(failure) => {
                self.failure.try_set(Some(failure));
            }
        });
    }

    /// The draft is to take the place of the plan that somebody else saved; first it is told whom that affects.
    pub fn go_on(self) {
        if let Some(plan) = self.overtaken.get_untracked() {
            self.overtaken.set(None);
            self.before.set(plan);
            self.look();
        }
    }
}
