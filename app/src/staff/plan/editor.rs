//! The draft of a plan: what is typed, whom it would affect, and saving it. Whatever goes wrong, what was typed stays.

use bedring_contract::instrument::InstrumentLine;
use bedring_contract::plan::{PlanEdit, PlanEffect, PlanView};
use bedring_contract::problem::Code;
use bedring_domain::course::{Anchor, CoursePlan, OccasionKind, Offset, PlannedOccasion};
use bedring_domain::reminder::ReminderPolicy;
use leptos::prelude::*;
use uuid::Uuid;

use super::form::{OccasionForm, PolicyForm};
use super::words::Words;
use super::{told, wrong};
use crate::api::{ApiFailure, programme as api};
use crate::staff::state::{Remote, Staff};
use crate::staff::widgets;
use crate::staff::words::{Lang, fill};

/// Everything that the screen needs.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The plan in force.
    pub plan: PlanView,
    /// The editions that were published here.
    pub editions: Vec<InstrumentLine>,
    /// The programme's name by language.
    pub name: bedring_domain::instrument::Texts,
}

/// Two plans in one: when people are measured, and how they are reminded.
pub type Draft = (CoursePlan, ReminderPolicy);

/// What the server said an edit would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// For this draft.
    pub draft: Draft,
    /// What is due would be changed, too.
    pub retroactive: bool,
    /// Something is due already: what becomes of it has to be asked.
    pub asks: bool,
    /// That.
    pub effect: PlanEffect,
}

/// The draft and all that belongs to it; cheap to copy.
#[derive(Clone, Copy)]
pub struct Editor {
    /// What all screens share.
    pub staff: Staff,
    /// What the screen loaded.
    pub remote: Remote<Loaded>,
    /// The measurements, in order.
    pub occasions: RwSignal<Vec<OccasionForm>>,
    /// The measurement that was removed last, and where it stood.
    pub removed: RwSignal<Option<(usize, OccasionForm)>>,
    /// How people are reminded.
    pub reminders: PolicyForm,
    /// The fields of that are shown.
    pub reminders_open: RwSignal<bool>,
    /// The draft, if all of it can be read.
    pub draft: Memo<Option<Draft>>,
    /// The plan in force, as far as is known here.
    pub before: RwSignal<PlanView>,
    /// The editions that can be asked.
    pub editions: StoredValue<Vec<InstrumentLine>>,
    /// What was found out last.
    pub preview: RwSignal<Option<Preview>>,
    /// Whether what is due is changed, too: `yes`, `no`, or empty while nobody has said.
    pub retro: RwSignal<String>,
    /// Something is under way.
    pub busy: RwSignal<bool>,
    /// What went wrong.
    pub failure: RwSignal<Option<ApiFailure>>,
    /// What has to be corrected, where it belongs to no field.
    pub complaint: RwSignal<Option<&'static str>>,
    /// The plan that somebody else saved meanwhile.
    pub overtaken: RwSignal<Option<PlanView>>,
    /// Said once it is saved; outlives this draft.
    pub saved: RwSignal<Option<String>>,
    programme: Uuid,
    count: StoredValue<u32>,
    owner: StoredValue<Option<Owner>>,
}

impl Editor {
    /// Filled from the plan in force.
    pub fn new(
        staff: Staff,
        remote: Remote<Loaded>,
        programme: Uuid,
        saved: RwSignal<Option<String>>,
        loaded: &Loaded,
    ) -> Self {
        let PlanView {
            plan, reminders, ..
        } = &loaded.plan;
        let forms: Vec<_> = (0..)
            .zip(&plan.occasions)
            .map(|(n, o)| OccasionForm::new(n, o, reminders, true))
            .collect();
        let count = StoredValue::new(u32::try_from(forms.len()).unwrap_or(u32::MAX));
        let occasions = RwSignal::new(forms);
        let reminders = PolicyForm::new(reminders);
        let draft = Memo::new(move |_| {
            let all: Option<Vec<_>> =
                occasions.with(|forms| forms.iter().map(|f| f.read(None)).collect());
            Some((CoursePlan { occasions: all? }, reminders.read(None)?))
        });
        Self {
            staff,
            remote,
            occasions,
            removed: RwSignal::new(None),
            reminders,
            reminders_open: RwSignal::new(false),
            draft,
            before: RwSignal::new(loaded.plan.clone()),
            editions: StoredValue::new(loaded.editions.clone()),
            preview: RwSignal::new(None),
            retro: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            complaint: RwSignal::new(None),
            overtaken: RwSignal::new(None),
            saved,
            programme,
            count,
            owner: StoredValue::new(Owner::current()),
        }
    }

    /// The language.
    pub fn lang(self) -> Lang {
        self.staff.lang_now()
    }

    /// The sentences.
    pub fn w(self) -> &'static Words {
        Words::of(self.lang())
    }

    /// The measurements of the draft with their names, by key.
    pub fn named(self) -> Vec<(String, String)> {
        self.occasions.with(|forms| {
            let kinds: Vec<_> = forms.iter().map(|f| (f.kind(), f.count())).collect();
            let keys = forms.iter().map(|f| f.key.get_value());
            keys.zip(told::names(self.lang(), &kinds)).collect()
        })
    }

    /// What a measurement is called.
    pub fn name(self, form: OccasionForm) -> String {
        let key = form.key.get_value();
        let found = self.named().into_iter().find(|(k, _)| *k == key);
        found.map(|(_, name)| name).unwrap_or_default()
    }

    /// Something is different from the plan in force.
    pub fn is_changed(self) -> bool {
        self.draft.with(|draft| match draft {
            Some((plan, reminders)) => self
                .before
                .with(|b| b.plan != *plan || b.reminders != *reminders),
            None => true,
        })
    }

    /// Adds a measurement at the end.
    pub fn add(self, occasion: &PlannedOccasion, open: bool) {
        let n = self.count.get_value();
        self.count.set_value(n + 1);
        let policy = untrack(move || self.reminders.read(None)).unwrap_or_default();
        let make = || OccasionForm::new(n, occasion, &policy, false);
        let form = match self.owner.get_value() {
            Some(owner) => owner.with(make),
            None => make(),
        };
        form.open.set(open);
        self.removed.set(None);
        self.occasions.update(|forms| forms.push(form));
        widgets::focus_id(form.id("title"));
    }

    /// Adds the follow-up after so many months, as the usual plan has it.
    pub fn add_follow_up(self, key: &str) {
        let plan = CoursePlan::default_plan().with_follow_ups();
        if let Some(occasion) = plan.occasion(key) {
            self.add(occasion, false);
        }
    }

    /// Adds a measurement of which nothing is known yet. Its key has never been used: people may have measurements of an older plan.
    pub fn add_other(self) {
        let key = format!("extra_{}", crate::staff::dates::now().timestamp_millis());
        let after = Offset::months(3);
        let kind = OccasionKind::FollowUp;
        self.add(
            &PlannedOccasion::new(key, kind, Anchor::EndConfirmed, after),
            true,
        );
    }

    /// Whether the draft has a measurement of that key.
    pub fn has(self, key: &str) -> bool {
        self.occasions
            .with(|forms| forms.iter().any(|f| f.key.with_value(|k| k == key)))
    }

    /// Takes a measurement out.
    pub fn remove(self, form: OccasionForm) {
        let found = self
            .occasions
            .with_untracked(|forms| forms.iter().position(|f| f.n == form.n));
        if let Some(at) = found {
            self.occasions.update(|forms| {
                forms.remove(at);
            });
            self.removed.set(Some((at, form)));
            widgets::focus("plan-undo");
        }
    }

    /// Puts the one that was taken out last back to where it stood.
    pub fn undo(self) {
        if let Some((at, form)) = self.removed.get_untracked() {
            self.removed.set(None);
            self.occasions
                .update(|forms| forms.insert(at.min(forms.len()), form));
            widgets::focus_id(form.id("title"));
        }
    }

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
                    self.remote.reload();
                    widgets::focus("plan-saved");
                }
                Err(failure) => self.failed(failure),
            }
        });
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
