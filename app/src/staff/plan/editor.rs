//! The draft of a plan: what is typed, what is added and taken out, and what is kept of it while the page lives.

use bedring_contract::instrument::InstrumentLine;
use bedring_contract::plan::{PlanEffect, PlanView};
use bedring_domain::course::{Anchor, CoursePlan, OccasionKind, Offset, PlannedOccasion};
use leptos::prelude::*;
use uuid::Uuid;

use super::form::{OccasionForm, PolicyForm};
use super::told;
use super::words::Words;
use crate::api::ApiFailure;
use crate::staff::state::{Draft, Load, PlanDraft, Remote, Staff};
use crate::staff::widgets;
use crate::staff::words::Lang;

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

fn differs(before: &PlanView, (plan, reminders): &Draft) -> bool {
    before.plan != *plan || before.reminders != *reminders
}

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
    /// Whether the draft is to be thrown away is asked at the moment.
    pub discarding: RwSignal<Option<()>>,
    /// Said once it is saved or thrown away; outlives this draft.
    pub saved: RwSignal<Option<String>>,
    /// It began from a draft that was left before it was saved.
    pub kept: RwSignal<bool>,
    pub(super) programme: Uuid,
    count: StoredValue<u32>,
    done: StoredValue<bool>,
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
        let view = &loaded.plan;
        let account = staff.account_now().map(|a| a.id);
        let left = staff.plan_draft.get_value();
        let left = left.filter(|l| Some(l.account) == account && l.programme == programme);
        let left = left.map(|l| l.draft);
        let left =
            left.filter(|(plan, reminders)| *plan != view.plan || *reminders != view.reminders);
        let kept = left.is_some();
        let (plan, reminders) = left.unwrap_or_else(|| (view.plan.clone(), view.reminders.clone()));
        let forms: Vec<_> = (0..)
            .zip(&plan.occasions)
            .map(|(n, o)| OccasionForm::new(n, o, &reminders, view.plan.occasion(&o.key).is_some()))
            .collect();
        let count = StoredValue::new(u32::try_from(forms.len()).unwrap_or(u32::MAX));
        let occasions = RwSignal::new(forms);
        let reminders = PolicyForm::new(&reminders);
        let draft = Memo::new(move |_| {
            let all: Option<Vec<_>> =
                occasions.with(|forms| forms.iter().map(|f| f.read(None)).collect());
            Some((CoursePlan { occasions: all? }, reminders.read(None)?))
        });
        let before = RwSignal::new(loaded.plan.clone());
        let done = StoredValue::new(false);
        // Kept over a log-in in the middle of it, and over a look at another screen.
        Effect::new(move |_| {
            let (Some(now), false) = (draft.get(), done.get_value()) else {
                return;
            };
            let changed = Some(now).filter(|d| before.with(|b| differs(b, d)));
            let draft = changed.zip(account);
            staff
                .plan_draft
                .set_value(draft.map(|(draft, account)| PlanDraft {
                    account,
                    programme,
                    draft,
                }));
        });
        Self {
            kept: RwSignal::new(kept),
            done,
            staff,
            remote,
            occasions,
            removed: RwSignal::new(None),
            reminders,
            reminders_open: RwSignal::new(false),
            draft,
            before,
            editions: StoredValue::new(loaded.editions.clone()),
            preview: RwSignal::new(None),
            retro: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            complaint: RwSignal::new(None),
            overtaken: RwSignal::new(None),
            discarding: RwSignal::new(None),
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
        self.draft.with(|draft| {
            let differs = |d| self.before.with(|b| differs(b, d));
            draft.as_ref().is_none_or(differs)
        })
    }

    /// People are reminded of something otherwise than by the plan in force.
    pub fn reminds_otherwise(self, (plan, reminders): &Draft) -> bool {
        self.before.with_untracked(|before| {
            let own = |plan: &CoursePlan, key: &str| {
                let found = plan.occasion(key);
                found.and_then(|o| o.reminders.clone())
            };
            let mut kept = plan.occasions.iter().map(|o| &*o.key);
            before.reminders != *reminders
                || kept.any(|key| {
                    before.plan.occasion(key).is_some() && own(plan, key) != own(&before.plan, key)
                })
        })
    }

    /// Begins again from the plan in force, after a question if there is anything to lose.
    pub fn ask_discard(self) {
        if untrack(move || self.is_changed()) {
            self.discarding.set(Some(()));
        } else {
            self.discard();
        }
    }

    /// Begins again from the plan in force. Until that is here there is nothing to type in.
    pub(super) fn discard(self) {
        self.forget();
        self.saved.set(Some(self.w().discarded.to_owned()));
        self.remote.state.set(Load::Waiting);
        self.remote.reload();
        widgets::focus("plan-saved");
    }

    /// Nothing of the draft is kept any more.
    pub(super) fn forget(self) {
        self.done.set_value(true);
        self.staff.plan_draft.set_value(None);
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
}
