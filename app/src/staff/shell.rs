//! The frame around every screen: skip link, bar, and which screen is shown.

use leptos::prelude::*;

use super::route::Route;
use super::state::{Session, Staff};
use super::words::Words;
use super::{
    calendar, head, invitation, log_in_again, login, new_person, operations, person, plan,
    programmes, project, quarantine, receipt, who_am_i, widgets, worklist,
};
use crate::api::ApiFailure;

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
            {head::head(staff, log_out_failure)}
            <main id="main" class="staff-main" tabindex="-1">
                {move || log_out_failure.get().map(|f| widgets::trouble_note(staff.lang(), &f, None))}
                <div role="status">
                    {move || staff.language_unsaved.get().then(|| view! { <p class="note">{staff.words().language_unsaved}</p> })}
                </div>
                {move || screen(staff)}
            </main>
            {log_in_again::dialog(staff)}
        </div>
    }
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
            Route::QuarantineOf(whose) => quarantine::screen_of(staff, whose).into_any(),
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
