//! What is kept apart of one person, or of all whom nobody knows: why, since when, and what to do with one or with all.

use bedring_contract::quarantine::{
    ManyAction, QuarantineLine, QuarantineOf, QuarantinePerson, ReasonCount, ResolutionAction,
    Whose,
};
use bedring_domain::journal::Reason;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::settle::{Asked, confirm, resolve, resolve_all};
use super::words::Words;
use super::{count, name};
use crate::api::{ApiFailure, staff as api};
use crate::staff::route::Route;
use crate::staff::state::Staff;
use crate::staff::words::{Lang, fill};
use crate::staff::{dates, terms, widgets};

/// Where the focus goes when something was settled: the row that was pressed may be gone.
pub(super) const SAID: &str = "quarantine-said";

/// What has been loaded of one person, and what the buttons do.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub staff: Staff,
    pub whose: Whose,
    /// How much there is of all reasons.
    pub of: RwSignal<Option<QuarantinePerson>>,
    pub lines: RwSignal<Vec<QuarantineLine>>,
    pub unreadable: RwSignal<u64>,
    pub next: RwSignal<Option<String>>,
    /// The reason that is shown alone.
    pub reason: RwSignal<Option<String>>,
    /// Answers to an earlier question are of no use.
    turn: RwSignal<u32>,
    pub busy: RwSignal<bool>,
    pub said: RwSignal<Option<(&'static str, String)>>,
    pub failure: RwSignal<Option<ApiFailure>>,
    pub asked: RwSignal<Option<Asked>>,
    /// How many are done and left while all are being settled.
    pub progress: RwSignal<Option<(u64, u64)>>,
}

impl Desk {
    fn new(staff: Staff, whose: Whose) -> Self {
        Self {
            staff,
            whose,
            of: RwSignal::new(None),
            lines: RwSignal::new(Vec::new()),
            unreadable: RwSignal::new(0),
            next: RwSignal::new(None),
            reason: RwSignal::new(None),
            turn: RwSignal::new(0),
            busy: RwSignal::new(false),
            said: RwSignal::new(None),
            failure: RwSignal::new(None),
            asked: RwSignal::new(None),
            progress: RwSignal::new(None),
        }
    }

    pub(super) fn words(self) -> &'static Words {
        Words::of(self.staff.lang_now())
    }

    /// Loads the list anew; what stands there stays until it has come.
    pub(super) fn reload(self) {
        self.load(None);
    }

    fn load_more(self) {
        if let Some(next) = self.next.get_untracked() {
            self.load(Some(next));
        }
    }

    fn load(self, after: Option<String>) {
        let (whose, reason) = (self.whose, self.reason.get_untracked());
        let turn = self.turn.get_untracked() + 1;
        self.turn.set(turn);
        self.busy.set(true);
        let begins = after.is_none();
        let request =
            async move { api::quarantine_of(whose, reason.as_deref(), after.as_deref()).await };
        self.staff.ask(request, move |outcome| {
            if self.turn.try_get_untracked() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match outcome {
                Ok(page) => self.take(page, begins),
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    fn take(self, page: QuarantineOf, begins: bool) {
        let last = page.next.is_none();
        self.next.set(page.next);
        self.lines.update(|lines| {
            if begins {
                lines.clear();
            }
            lines.extend(page.entries);
        });
        self.unreadable
            .update(|n| *n = page.damaged + if begins { 0 } else { *n });
        // Whatever was looked at alone is settled: show the rest.
        let gone = self.reason.with_untracked(|r| {
            let waits = |r: &String| page.of.reasons.iter().any(|w| w.reason == *r);
            r.as_ref().is_some_and(|r| !waits(r))
        });
        self.of.set(Some(page.of));
        if gone {
            self.show(None);
        } else if last && !begins {
            // The button that had the focus may be gone.
            widgets::focus("quarantine-count");
        }
    }

    fn show(self, reason: Option<String>) {
        self.reason.set(reason);
        self.reload();
    }

    /// How many there are of what is shown.
    pub(super) fn shown(self) -> u64 {
        let reason = self.reason.get();
        self.of.with(|of| {
            let Some(of) = of else { return 0 };
            match reason {
                None => of.entries,
                Some(reason) => {
                    let found = of.reasons.iter().find(|r| r.reason == reason);
                    found.map_or(0, |r| r.count)
                }
            }
        })
    }
}

/// The screen.
pub fn screen(staff: Staff, whose: Whose) -> impl IntoView {
    let lang = staff.lang_now();
    let shared = lang.words();
    let desk = Desk::new(staff, whose);
    desk.reload();
    // Made once, when it is known whose it is: it takes the focus.
    let title = Memo::new(move |_| {
        let known = desk.of.with(|of| of.as_ref().map(|of| name(lang, of)));
        let known = known.map(|who| fill(desk.words().of, &[("who", &who)]));
        let failed = desk.failure.with(Option::is_some);
        known.or_else(|| failed.then(|| shared.quarantine_title.to_owned()))
    });
    view! {
        <div class="stack-wide">
            {widgets::crumbs(shared, vec![(Route::Quarantine, shared.nav_quarantine.to_owned())])}
            {move || title.get().map(|title| widgets::heading(staff, shared, title))}
            {whose.person().map(|id| view! {
                <p class="row-actions"><a class="button-quiet" href=Route::Person(id).href()>{desk.words().to_person}</a></p>
            })}
            <div id=SAID role="status" tabindex="-1">
                {move || desk.progress.get().map(|(n, left)| {
                    let (n, left) = (n.to_string(), left.to_string());
                    let text = fill(desk.words().progress, &[("n", &n), ("left", &left)]);
                    view! { <p class="note">{text}</p> }
                })}
                {move || desk.said.get().map(|(class, text)| view! { <p class=class>{text}</p> })}
            </div>
            {move || desk.failure.get().map(|f| {
                let again = Callback::new(move |()| { desk.failure.set(None); desk.reload(); });
                widgets::trouble_note(lang, &f, Some(again))
            })}
            {move || list(desk)}
            {confirm(desk)}
        </div>
    }
}

fn list(desk: Desk) -> Option<AnyView> {
    let (shared, w) = (desk.staff.lang_now().words(), desk.words());
    let loaded = Memo::new(move |_| desk.of.with(|of| of.as_ref().map(|of| of.entries == 0)));
    match loaded.get() {
        None => {
            return desk
                .failure
                .with(Option::is_none)
                .then(|| view! { <p class="quiet" role="status">{shared.waiting}</p> }.into_any());
        }
        Some(true) => {
            return Some(view! { <p class="note note-good">{w.none_of}</p> }.into_any());
        }
        Some(false) => {}
    }
    let now = dates::now();
    let reasons = Memo::new(move |_| {
        let reasons = desk.of.with(|of| of.as_ref().map(|of| of.reasons.clone()));
        reasons.filter(|reasons| reasons.len() > 1)
    });
    let more = move || {
        desk.next.with(Option::is_some).then(|| view! {
            <button id="quarantine-more" type="button" class="button-secondary" on:click=move |_| desk.load_more()>
                {move || if desk.busy.get() { shared.waiting } else { shared.more }}
            </button>
        })
    };
    let unreadable = move || {
        let n = desk.unreadable.get();
        (n > 0).then(|| view! { <p class="note note-attention">{fill(w.unreadable, &[("n", &n.to_string())])}</p> })
    };
    Some(
        view! {
            <section class="stack">
                {move || reasons.get().map(|reasons| filters(desk, &reasons))}
                <p id="quarantine-count" class="quiet" role="status" tabindex="-1">{move || count(w, desk.shown())}</p>
                {desk.staff.may_put_right().then(|| all_buttons(desk))}
                {unreadable}
                <div class="table-wrap" tabindex="0">
                    <table class="table table-cards">
                        <caption class="visually-hidden">{w.caption}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{shared.receipt}</th>
                                <th scope="col">{shared.what}</th>
                                <th scope="col">{shared.reason}</th>
                                <th scope="col">{shared.age}</th>
                                {desk.staff.may_put_right().then(|| view! { <th scope="col">{shared.actions}</th> })}
                            </tr>
                        </thead>
                        <tbody>
                            <For each=move || desk.lines.get() key=|line| line.id let:line>{row(desk, &line, now)}</For>
                        </tbody>
                    </table>
                </div>
                {more}
            </section>
        }
        .into_any(),
    )
}

/// One button for all and one for each reason. They are made anew only when there is something else to count: the one that was pressed keeps
/// the focus.
fn filters(desk: Desk, reasons: &[ReasonCount]) -> impl IntoView + use<> {
    let (lang, w) = (desk.staff.lang_now(), desk.words());
    let button = move |reason: Option<String>, text: &'static str, n: u64| {
        let wanted = reason.clone();
        let pressed = move || desk.reason.with(|r| *r == reason).to_string();
        view! {
            <button type="button" class="filter" aria-pressed=pressed on:click=move |_| desk.show(wanted.clone())>
                <span class="filter-count">{n}</span> " " {text}
            </button>
        }
    };
    let all = reasons.iter().map(|r| r.count).sum();
    let reasons = reasons
        .iter()
        .map(|r| {
            button(
                Some(r.reason.clone()),
                terms::reason(lang, &r.reason),
                r.count,
            )
        })
        .collect_view();
    view! {
        <div class="filters" role="group" aria-label=w.filters>
            {button(None, w.all, all)}
            {reasons}
        </div>
    }
}

/// What is done with all that is shown, also with what stands on later pages.
fn all_buttons(desk: Desk) -> impl IntoView {
    let w = desk.words();
    let idle = move || desk.progress.with(Option::is_none);
    let retry = move |_| {
        if untrack(idle) {
            resolve_all(desk, ManyAction::Retry);
        }
    };
    let dismiss = move |_| {
        if untrack(idle) {
            let n = untrack(|| desk.shown());
            desk.asked.set(Some(Asked::All(n)));
        }
    };
    let disabled = move || (!idle()).then_some("true");
    view! {
        <div class="row-actions">
            <button type="button" class="button-secondary" aria-disabled=disabled on:click=retry>{w.retry_all}</button>
            <button type="button" class="button-secondary" aria-disabled=disabled on:click=dismiss>{w.dismiss_all}</button>
        </div>
    }
}

fn row(desk: Desk, line: &QuarantineLine, now: DateTime<Utc>) -> impl IntoView + use<> {
    let lang: Lang = desk.staff.lang_now();
    let (shared, w) = (lang.words(), desk.words());
    let (id, receipt) = (line.id, line.receipt.clone());
    // Trying answers again that were early changes nothing: somebody has to say that they are the right ones.
    let early = Reason::parse(&line.reason) == Some(Reason::OccasionNotOpen);
    let (action, words) = match early {
        true => (ResolutionAction::Accept, w.accept),
        false => (ResolutionAction::Retry, w.retry),
    };
    let buttons = desk.staff.may_put_right().then(|| {
        let (tried, asked) = (receipt.clone(), receipt.clone());
        let retry = move |_| resolve(desk, id, tried.clone(), action);
        let dismiss = move |_| desk.asked.set(Some(Asked::One(id, asked.clone())));
        let about = format!(" {receipt}");
        view! {
            <td class="actions-cell" data-label=shared.actions>
                <div class="row-actions">
                    <button type="button" class="button-quiet" on:click=retry>
                        {words}<span class="visually-hidden">{about.clone()}</span>
                    </button>
                    <button type="button" class="button-quiet" on:click=dismiss>
                        {w.dismiss}<span class="visually-hidden">{about}</span>
                    </button>
                </div>
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row" class="number" data-label=shared.receipt>{receipt.clone()}</th>
            <td data-label=shared.what>{terms::entry_kind(lang, line.kind.as_deref())}</td>
            <td data-label=shared.reason>{terms::reason(lang, &line.reason)}</td>
            <td data-label=shared.age>{dates::age(lang, line.received_at, now)}</td>
            {buttons}
        </tr>
    }
}
