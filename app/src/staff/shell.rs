//! The frame around every screen: skip link, bar, and which screen is shown.

use bedring_contract::staff::Account;
use leptos::prelude::*;

use super::route::Route;
use super::state::{Session, Staff, Why};
use super::words::Words;
use super::{
    calendar, go, invitation, login, new_person, operations, person, plan, programmes, project,
    quarantine, receipt, switch_language, terms, who_am_i, widgets, worklist,
};
use crate::api::{ApiFailure, staff as api};

/// The whole page.
pub fn shell(staff: Staff) -> impl IntoView {
    let log_out_failure = RwSignal::new(None::<ApiFailure>);
    let skip = move |event: leptos::ev::MouseEvent| {
        // The address after # belongs to the screens.
        event.prevent_default();
        widgets::focus("main");
    };
    view! {
        <div class="staff">
            <a class="skip-link" href="#main" on:click=skip>{move || staff.words().skip}</a>
            <header class="staff-head">
                <a class="brand" href="#/">{move || staff.words().brand}</a>
                {move || navigation(staff)}
                {move || account_line(staff, log_out_failure)}
                <button type="button" class="button-quiet" lang=move || other_code(staff) on:click=move |_| switch_language(staff)>
                    {move || staff.words().other_language}
                </button>
            </header>
            <main id="main" class="staff-main" tabindex="-1">
                {move || log_out_failure.get().map(|f| widgets::trouble_note(staff.lang(), &f, None))}
                <div role="status">
                    {move || staff.language_unsaved.get().then(|| view! { <p class="note">{staff.words().language_unsaved}</p> })}
                </div>
                {move || screen(staff)}
            </main>
        </div>
    }
}

fn other_code(staff: Staff) -> &'static str {
    staff.lang().pick("en", "da")
}

fn logged_in(staff: Staff) -> Option<Account> {
    staff.session.with(|s| match s {
        Session::In(account) => Some(account.clone()),
        _ => None,
    })
}

fn navigation(staff: Staff) -> impl IntoView {
    logged_in(staff).map(|_| {
        let w = staff.words();
        let item = |route: Route, text: &'static str| {
            let here = move || {
                let now = staff.route.get();
                let inside = route == Route::Programmes
                    && matches!(
                        now,
                        Route::Project(_)
                            | Route::NewPerson(_)
                            | Route::Person(_)
                            | Route::Invitation(_)
                            | Route::Plan(_)
                    );
                if now == route {
                    Some("page")
                } else {
                    inside.then_some("true")
                }
            };
            view! { <li><a href=route.href() aria-current=here>{text}</a></li> }
        };
        view! {
            <nav class="staff-nav" aria-label=w.nav>
                <ul>
                    {item(Route::Programmes, w.nav_programmes)}
                    {staff.may_see_worklist().then(|| item(Route::Worklist, w.nav_worklist))}
                    {staff.may_keep_calendar().then(|| item(Route::Calendar, w.nav_calendar))}
                    {item(Route::Quarantine, w.nav_quarantine)}
                    {item(Route::Receipt, w.nav_receipt)}
                    {staff.may_operate().then(|| item(Route::Operations, w.nav_operations))}
                </ul>
            </nav>
        }
    })
}

fn account_line(staff: Staff, failure: RwSignal<Option<ApiFailure>>) -> impl IntoView {
    logged_in(staff).map(|account| {
        let lang = staff.lang();
        let who = format!("{} ({})", account.email, terms::role(lang, account.role));
        view! {
            <span class="quiet">{who}</span>
            <button type="button" class="button-quiet" on:click=move |_| log_out(staff, failure)>{lang.words().log_out}</button>
        }
    })
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

/// Built anew when account, language or address change; each screen looks after the rest.
fn screen(staff: Staff) -> AnyView {
    let lang = staff.lang();
    let w = lang.words();
    match staff.session.get() {
        Session::Asking => view! { <p class="quiet" role="status">{w.waiting}</p> }.into_any(),
        Session::Unreachable(failure) => {
            let again = Callback::new(move |()| who_am_i(staff));
            view! {
                <div class="stack">
                    {widgets::heading(staff, w, w.product.to_owned())}
                    {widgets::trouble_note(lang, &failure, Some(again))}
                </div>
            }
            .into_any()
        }
        Session::Out(why) => login::screen(staff, why).into_any(),
        Session::In(_) => match staff.route.get() {
            Route::Programmes => programmes::screen(staff).into_any(),
            Route::Project(id) => project::screen(staff, id).into_any(),
            Route::NewPerson(id) => new_person::screen(staff, id).into_any(),
            Route::Person(id) => person::screen(staff, id).into_any(),
            Route::Invitation(id) => invitation::screen(staff, id).into_any(),
            Route::Plan(id) => plan::screen(staff, id).into_any(),
            Route::Calendar => calendar::screen(staff).into_any(),
            Route::Worklist => worklist::screen(staff).into_any(),
            Route::Quarantine => quarantine::screen(staff).into_any(),
            Route::Receipt => receipt::screen(staff).into_any(),
            Route::Operations => operations::screen(staff).into_any(),
            Route::Unknown => unknown(staff, w).into_any(),
        },
    }
}

fn unknown(staff: Staff, w: &'static Words) -> impl IntoView {
    view! {
        <div class="stack">
            {widgets::heading(staff, w, w.unknown_title.to_owned())}
            <p>{w.unknown_text}</p>
            <p><a class="button-secondary" href="#/">{w.to_overview}</a></p>
        </div>
    }
}
