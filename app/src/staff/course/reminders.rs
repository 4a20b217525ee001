//! How a person is reminded: whether mails go, a pause, and the contact.

use bedring_contract::course::{MailWay, NamedContact, PersonCourse, PersonReminders};
use bedring_contract::followup::WorkOwner;
use bedring_contract::staff::PersonDetail;
use leptos::prelude::*;

use super::Case;
use crate::api::followup as api;
use crate::staff::words::fill;
use crate::staff::worklist::paused;
use crate::staff::{dates, widgets};

/// The card; not for people who are asked nothing any more.
pub fn section(case: Case, detail: &PersonDetail) -> impl IntoView + use<> {
    let code = detail.line.code.clone();
    let show = move |course: &PersonCourse| {
        let asked = course.steps.is_empty() && course.why_none.is_some_and(over);
        let reminders = course.reminders.clone();
        let code = code.clone();
        (!asked).then(|| card(case, &code, &reminders))
    };
    widgets::loaded(case.staff, case.course, show)
}

fn over(why: bedring_contract::course::WhyNoStep) -> bool {
    use bedring_contract::course::WhyNoStep;
    matches!(
        why,
        WhyNoStep::SaidNo | WhyNoStep::Withdrawn | WhyNoStep::Erased | WhyNoStep::Discarded
    )
}

fn card(case: Case, code: &str, reminders: &PersonReminders) -> impl IntoView + use<> {
    let (lang, w) = (case.lang(), case.w());
    let later = reminders.later_until.filter(|at| *at > dates::now());
    let later = later.map(|at| {
        let day = dates::date(lang, dates::local(at).date_naive());
        view! { <p>{fill(w.later, &[("day", &day)])}</p> }
    });
    view! {
        <section class="card stack" aria-labelledby="reminders-title">
            <h2 id="reminders-title">{w.reminders_title}</h2>
            <p>{way(case, reminders)}</p>
            {later}
            {pause(case, code, reminders)}
            <h3>{w.contact_title}</h3>
            {contact(case, code, reminders.mail, reminders.contact.as_ref())}
        </section>
    }
}

fn way(case: Case, reminders: &PersonReminders) -> &'static str {
    let w = case.w();
    let instead = reminders.contact.as_ref().is_some_and(|c| c.instead);
    match reminders.mail {
        MailWay::Goes if instead => w.way_contact,
        MailWay::Goes => w.way_goes,
        MailWay::NoConsent => w.way_no_consent,
        MailWay::NeverAgain if reminders.stopped_by_other => w.way_never_other,
        MailWay::NeverAgain => w.way_never,
        MailWay::NoAddress => w.way_no_address,
        MailWay::Bounced => w.way_bounced,
        MailWay::NoServer => w.way_no_server,
    }
}

fn somebody(case: Case, by: Option<&WorkOwner>) -> String {
    by.map_or_else(|| case.w().somebody.to_owned(), |by| by.email.clone())
}

fn pause(case: Case, code: &str, reminders: &PersonReminders) -> impl IntoView + use<> {
    let (lang, w) = (case.lang(), case.w());
    let code = code.to_owned();
    let ask = move |_| case.pausing.set(Some(code.clone()));
    let Some(pause) = &reminders.pause else {
        return view! {
            <div class="row-actions">
                <button type="button" class="button-secondary" on:click=ask>{w.pause}</button>
            </div>
        }
        .into_any();
    };
    let day = dates::date(lang, dates::local(pause.at).date_naive());
    let who = somebody(case, pause.by.as_ref());
    let by = fill(w.paused_by, &[("day", &day), ("who", &who)]);
    let person = case.person;
    let resume = move |_| case.ask(api::pause(person, None), w.resumed);
    view! {
        <div class="note note-attention stack-tight">
            <p>{paused(lang, pause.until)} "."</p>
            <p class="quiet">{by}</p>
        </div>
        <div class="row-actions">
            <button type="button" class="button-secondary" on:click=resume>{w.resume}</button>
            <button type="button" class="button-quiet" on:click=ask>{w.pause_change}</button>
        </div>
    }
    .into_any()
}

fn contact(
    case: Case,
    code: &str,
    way: MailWay,
    contact: Option<&NamedContact>,
) -> impl IntoView + use<> {
    let (lang, w) = (case.lang(), case.w());
    let asked = (code.to_owned(), contact.cloned());
    let ask = move |_| case.naming.set(Some(asked.clone()));
    let Some(contact) = contact else {
        return view! {
            <p class="quiet">{w.contact_none}</p>
            <div class="row-actions">
                <button type="button" class="button-secondary" on:click=ask>{w.contact_add}</button>
            </div>
        }
        .into_any();
    };
    let named = match (contact.at, &contact.by) {
        (Some(at), None) => {
            let day = dates::date(lang, dates::local(at).date_naive());
            fill(w.contact_named_alone, &[("day", &day)])
        }
        (Some(at), Some(_)) => {
            let day = dates::date(lang, dates::local(at).date_naive());
            let who = somebody(case, contact.by.as_ref());
            fill(w.contact_named, &[("day", &day), ("who", &who)])
        }
        (None, _) => w.contact_named_bare.to_owned(),
    };
    let use_of_it = match (contact.bounced, contact.instead) {
        (true, _) => w.contact_bounced,
        (false, true) if way == MailWay::Goes => w.contact_instead,
        (false, true) => w.contact_idle,
        (false, false) => w.contact_ready,
    };
    let person = case.person;
    let remove = move |_| case.ask(api::contact(person, None), w.contact_removed);
    view! {
        {contact.name.clone().map(|name| view! { <p>{name}</p> })}
        <p class="address">{contact.email.clone()}</p>
        <p>{use_of_it}</p>
        <p class="quiet">{named}</p>
        <div class="row-actions">
            <button type="button" class="button-quiet" on:click=ask>{w.contact_change}</button>
            <button type="button" class="button-quiet" on:click=remove>{w.contact_remove}</button>
        </div>
    }
    .into_any()
}
