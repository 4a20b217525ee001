//! The bar at the top: the name, where one can go, who is logged in. On a wide screen all of it is one line; on a narrow one it shows the
//! page's name, and the rest folds out from a button.

use bedring_contract::staff::Account;
use leptos::html::Button;
use leptos::prelude::*;

use super::icons::{self, icon};
use super::route::Route;
use super::state::{Session, Staff, Why};
use super::words::Words;
use super::{go, switch_language, terms};
use crate::api::{ApiFailure, staff as api};

const FOLDED: &str = "staff-menu";

/// The bar. A log-out that failed is told in `failure`.
pub fn head(staff: Staff, failure: RwSignal<Option<ApiFailure>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let button = NodeRef::<Button>::new();
    // Whoever goes to another screen is done with the menu.
    Effect::new(move |_| {
        staff.route.track();
        open.set(false);
    });
    let escape = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            open.set(false);
            if let Some(button) = button.get_untracked() {
                let _ = button.focus();
            }
        }
    };
    view! {
        <header class="staff-head" class:is-in=move || logged_in(staff).is_some() on:keydown=escape>
            <a class="brand" href="#/"><span class="brand-name">{move || staff.words().brand}</span></a>
            {move || logged_in(staff).map(|account| {
                let w = staff.words();
                view! {
                    // The heading says it, too: this one is only for the eye.
                    <p class="head-title" aria-hidden="true">{move || staff.title.get()}</p>
                    <button
                        type="button" class="menu-button" node_ref=button
                        aria-expanded=move || open.get().to_string() aria-controls=FOLDED
                        on:click=move |_| open.update(|o| *o = !*o)
                    >
                        {icon(icons::MENU)} {w.menu}
                    </button>
                    <div id=FOLDED class="staff-menu" class:is-open=move || open.get()>
                        {navigation(staff, w, open)}
                        <div class="staff-account">
                            {who(staff, &account)}
                            {language(staff)}
                            <button type="button" class="button-quiet" on:click=move |_| log_out(staff, failure)>{w.log_out}</button>
                        </div>
                    </div>
                }
            })}
            {move || logged_in(staff).is_none().then(|| language(staff))}
        </header>
    }
}

fn logged_in(staff: Staff) -> Option<Account> {
    staff.session.with(|s| match s {
        Session::In(account) => Some(account.clone()),
        _ => None,
    })
}

fn who(staff: Staff, account: &Account) -> impl IntoView + use<> {
    let role = terms::role(staff.lang(), account.role);
    view! {
        <p class="staff-who">{account.email.clone()} <span class="staff-role">{role}</span></p>
    }
}

fn language(staff: Staff) -> impl IntoView {
    let code = move || staff.lang().pick("en", "da");
    view! {
        <button type="button" class="button-quiet" lang=code on:click=move |_| switch_language(staff)>
            {move || staff.words().other_language}
        </button>
    }
}

fn navigation(staff: Staff, w: &'static Words, open: RwSignal<bool>) -> impl IntoView {
    let item = move |route: Route, drawing: &'static str, text: &'static str| {
        let here = move || match staff.route.get() {
            now if now == route => Some("page"),
            now if route == Route::Programmes && is_within_overview(now) => Some("true"),
            Route::QuarantineOf(_) if route == Route::Quarantine => Some("true"),
            _ => None,
        };
        // A link to the screen that is shown changes no address, but the menu is done with all the same.
        view! {
            <li><a href=route.href() aria-current=here on:click=move |_| open.set(false)>{icon(drawing)} {text}</a></li>
        }
    };
    view! {
        <nav class="staff-nav" aria-label=w.nav>
            <ul>
                {item(Route::Programmes, icons::OVERVIEW, w.nav_programmes)}
                {staff.may_see_worklist().then(|| item(Route::Worklist, icons::WORKLIST, w.nav_worklist))}
                {staff.may_keep_calendar().then(|| item(Route::Calendar, icons::CALENDAR, w.nav_calendar))}
                {item(Route::Quarantine, icons::QUARANTINE, w.nav_quarantine)}
                {item(Route::Receipt, icons::FIND, w.nav_receipt)}
                {staff.may_operate().then(|| item(Route::Operations, icons::OPERATIONS, w.nav_operations))}
            </ul>
        </nav>
    }
}

/// Screens that one comes to from the overview.
const fn is_within_overview(route: Route) -> bool {
    matches!(
        route,
        Route::Project(_)
            | Route::NewPerson(_)
            | Route::Person(_)
            | Route::Invitation(_)
            | Route::Plan(_)
    )
}

/// Logged out only if the server says so: on a shared computer it matters that it is true.
fn log_out(staff: Staff, failure: RwSignal<Option<ApiFailure>>) {
    failure.set(None);
    leptos::task::spawn_local(async move {
        match api::log_out().await {
            Ok(()) => {}
            Err(ApiFailure::Problem(problem)) if problem.status == 401 => {}
            Err(trouble) => {
                failure.set(Some(trouble));
                return;
            }
        }
        staff.draft.set_value(None);
        staff.plan_draft.set_value(None);
        staff.language_unsaved.set(false);
        staff.focus_heading.set_value(true);
        staff.session.set(Session::Out(Why::LoggedOut));
        go(Route::Programmes);
    });
}
