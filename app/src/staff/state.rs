//! What all staff screens share: language, who is logged in, which screen, and loading from the server.

use std::future::Future;

use bedring_contract::problem::Code;
use bedring_contract::staff::{Account, Role};
use bedring_domain::course::CoursePlan;
use bedring_domain::reminder::ReminderPolicy;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use super::route::Route;
use super::words::{Lang, Words};
use crate::api::ApiFailure;

/// Who is logged in.
#[derive(Debug, Clone)]
pub enum Session {
    /// The server has not answered yet.
    Asking,
    /// The server could not be asked.
    Unreachable(ApiFailure),
    /// Nobody.
    Out(Why),
    /// This account.
    In(Account),
}

/// Why nobody is logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Has not logged in yet.
    NotYet,
    /// Logged out on purpose.
    LoggedOut,
    /// The session ran out under way.
    Ended,
}

/// What was typed for a new person, kept over a log-in in the middle of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonDraft {
    /// For this project.
    pub project: Uuid,
    /// Pseudonymous code.
    pub code: String,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number.
    pub phone: String,
    /// Wire name of the respondent type, or empty.
    pub respondent_type: String,
    /// As the browser's date field writes it.
    pub start: String,
}

/// Two plans in one: when people are measured, and how they are reminded.
pub type Draft = (CoursePlan, ReminderPolicy);

/// A plan that was changed and not saved, kept while the page lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDraft {
    /// Who changed it.
    pub account: Uuid,
    /// Of this programme.
    pub programme: Uuid,
    /// As far as it could be read.
    pub draft: Draft,
}

/// Handle to what is shared; cheap to copy.
#[derive(Clone, Copy)]
pub struct Staff {
    /// The language of the screens.
    pub lang: RwSignal<Lang>,
    /// Who is logged in.
    pub session: RwSignal<Session>,
    /// The log-in of this address has ended, and is asked for again over the screen: what is written there stays.
    pub again: RwSignal<Option<String>>,
    /// Which screen.
    pub route: RwSignal<Route>,
    /// A half-written form, and the account that wrote it.
    pub draft: StoredValue<Option<(Uuid, PersonDraft)>>,
    /// A plan that was changed and not saved.
    pub plan_draft: StoredValue<Option<PlanDraft>>,
    /// The language could be kept on this computer and not on the account.
    pub language_unsaved: RwSignal<bool>,
    /// What the screen is called, for the bar at the top of a narrow one.
    pub title: RwSignal<String>,
    /// The next heading takes the focus: the screen changed.
    pub focus_heading: StoredValue<bool>,
}

impl Staff {
    /// Nothing known yet.
    #[must_use]
    pub fn new(lang: Lang, route: Route) -> Self {
        Self {
            lang: RwSignal::new(lang),
            session: RwSignal::new(Session::Asking),
            again: RwSignal::new(None),
            route: RwSignal::new(route),
            draft: StoredValue::new(None),
            plan_draft: StoredValue::new(None),
            language_unsaved: RwSignal::new(false),
            title: RwSignal::new(String::new()),
            focus_heading: StoredValue::new(false),
        }
    }

    /// The language, tracked.
    #[must_use]
    pub fn lang(self) -> Lang {
        self.lang.get()
    }

    /// The language now; for event handlers and screens that are built anew with each language.
    #[must_use]
    pub fn lang_now(self) -> Lang {
        self.lang.get_untracked()
    }

    /// The sentences, tracked.
    #[must_use]
    pub fn words(self) -> &'static Words {
        self.lang().words()
    }

    /// The account that is logged in now.
    #[must_use]
    pub fn account_now(self) -> Option<Account> {
        self.session.with_untracked(|s| match s {
            Session::In(account) => Some(account.clone()),
            _ => None,
        })
    }

    /// May the account register and invite people. The server has the last word.
    #[must_use]
    pub fn may_register(self) -> bool {
        self.account_now()
            .is_some_and(|a| a.role != Role::Evaluator)
    }

    /// May the account move, discard and merge registrations. The server has the last word.
    #[must_use]
    pub fn may_put_right(self) -> bool {
        self.account_now()
            .is_some_and(|a| matches!(a.role, Role::Administrator | Role::ProjectLeader))
    }

    /// May the account see whom to call and what is overdue, with names. The server has the last word.
    #[must_use]
    pub fn may_see_worklist(self) -> bool {
        self.may_register()
    }

    /// May the account see how the server is doing. The server has the last word.
    #[must_use]
    pub fn may_operate(self) -> bool {
        self.account_now()
            .is_some_and(|a| a.role == Role::Administrator)
    }

    /// May the account see how a programme measures. The server has the last word.
    #[must_use]
    pub fn may_see_plans(self) -> bool {
        self.account_now().is_some_and(|a| a.role != Role::Helper)
    }

    /// May the account change how a programme measures, and say whether a project takes part. The server has the last word.
    #[must_use]
    pub fn may_edit_plans(self) -> bool {
        self.may_operate()
    }

    /// May the account have a calendar of its own. The server has the last word.
    #[must_use]
    pub fn may_keep_calendar(self) -> bool {
        self.account_now()
            .is_some_and(|a| matches!(a.role, Role::ProjectLeader | Role::Helper))
    }

    /// Every failure passes here: if the session has ended, the log-in is shown over the same address.
    pub fn notice(self, failure: &ApiFailure) {
        if let ApiFailure::Problem(problem) = failure
            && matches!(problem.code, Code::AuthMissing | Code::AuthSessionEnded)
        {
            self.focus_heading.set_value(true);
            self.session.set(Session::Out(Why::Ended));
        }
    }

    /// Runs a request that a person asked for; what follows is told its outcome unless the screen is gone.
    pub fn ask<T: 'static>(
        self,
        request: impl Future<Output = Result<T, ApiFailure>> + 'static,
        then: impl FnOnce(Result<T, ApiFailure>) + 'static,
    ) {
        spawn_local(async move {
            let outcome = request.await;
            if let Err(failure) = &outcome {
                self.notice(failure);
            }
            then(outcome);
        });
    }
}

/// Something loaded from the server.
#[derive(Debug, Clone)]
pub enum Load<T> {
    /// Under way.
    Waiting,
    /// Here.
    Ready(T),
    /// Not here.
    Failed(ApiFailure),
}

/// Something that a screen loads when it opens and may load again.
pub struct Remote<T: Send + Sync + 'static> {
    /// What there is to show.
    pub state: RwSignal<Load<T>>,
    turn: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

impl<T: Send + Sync + 'static> Remote<T> {
    /// Starts loading. What is on the screen stays there while it is loaded again.
    pub fn new<F, Fut>(staff: Staff, fetch: F) -> Self
    where
        F: Fn() -> Fut + 'static,
        Fut: Future<Output = Result<T, ApiFailure>> + 'static,
    {
        let remote = Self {
            state: RwSignal::new(Load::Waiting),
            turn: RwSignal::new(0),
        };
        Effect::new(move |_| {
            let turn = remote.turn.get();
            let request = fetch();
            staff.ask(request, move |outcome| {
                // An answer to an earlier question, or for a screen that is gone, is of no use.
                if remote.turn.try_get_untracked() == Some(turn) {
                    remote
                        .state
                        .set(outcome.map_or_else(Load::Failed, Load::Ready));
                }
            });
        });
        remote
    }

    /// Loads once more.
    pub fn reload(self) {
        if self.state.with_untracked(|s| matches!(s, Load::Failed(_))) {
            self.state.set(Load::Waiting);
        }
        self.turn.update(|t| *t += 1);
    }
}
