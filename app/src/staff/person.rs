//! One person: what is known, the measurements, and the scores where the account may see them.

use bedring_contract::person::Occasion;
use bedring_contract::staff::{PersonDetail, PersonLine};
use leptos::prelude::*;
use uuid::Uuid;

use super::course::{self, Case};
use super::erasing::Erasing;
use super::route::Route;
use super::state::{Remote, Staff};
use super::words::{Lang, fill};
use super::{dates, not_asked, phone, reopen, scores, terms, ways, widgets};
use crate::api::staff as api;

/// The screen of a person.
pub fn screen(staff: Staff, person: Uuid) -> impl IntoView {
    let detail = Remote::new(staff, move || api::person(person));
    // Evaluators work pseudonymously and do nothing about anybody.
    let case = staff
        .may_register()
        .then(|| Case::new(staff, person, detail));
    view! {
        {widgets::loaded_screen(staff, detail, |w| w.person, move |found| page(staff, detail, case, found))}
        {case.map(Case::dialogs)}
    }
}

fn page(
    staff: Staff,
    remote: Remote<PersonDetail>,
    case: Option<Case>,
    detail: &PersonDetail,
) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = lang.words();
    let path = vec![
        (Route::Programmes, w.nav_programmes.to_owned()),
        (
            Route::Project(detail.project),
            format!("{} {}", w.project, detail.project_code),
        ),
    ];
    let invite = (staff.may_register() && detail.not_asked.is_none()).then(|| {
        view! { <a class="button-primary" href=Route::Invitation(detail.line.id).href()>{w.invite}</a> }
    });
    let erasing = case.map(|case| Erasing::new(staff, case, detail.line.id, remote));
    view! {
        <div class="stack-wide">
            {widgets::crumbs(w, path)}
            <div class="title-row">
                {heading(staff, &detail.line)}
                <div class="actions">{invite}</div>
            </div>
            {staff.may_register().then(|| not_asked::note(lang, detail.not_asked))}
            {staff.may_register().then(|| not_asked::own_wish(lang, detail))}
            {staff.may_register().then(|| not_asked::doubts(lang, &detail.in_doubt))}
            {case.map(|case| widgets::followed(remote, move |detail| detail.discarded.as_ref().map(|d| course::discarded(case, d))))}
            {case.map(Case::told)}
            {erasing.map(Erasing::note)}
            <div class="split">
                <div class="stack">
                    {case.map(|case| course::steps(case, detail))}
                    {widgets::followed(remote, move |detail| occasions(staff, remote, case, &detail.occasion_details))}
                    {widgets::followed(remote, move |detail| scores::section(staff, remote, detail))}
                </div>
                <div class="stack">
                    {widgets::followed(remote, move |detail| facts(lang, case, detail))}
                    {case.map(course::end)}
                    {case.map(|case| course::reminders(case, detail))}
                    {ways::section(staff, detail.line.id)}
                    {case.map(course::history)}
                    {case.map(|case| widgets::followed(remote, move |detail| course::mistakes(case, detail)))}
                    {erasing.map(Erasing::section)}
                </div>
            </div>
            {erasing.map(Erasing::dialogs)}
        </div>
    }
}

/// The name, where the reader may see one, with the code beside it. The browser's tab says the code alone: what it is called stays in the
/// history of a computer that others use, too.
fn heading(staff: Staff, line: &PersonLine) -> impl IntoView + use<> {
    let w = staff.lang_now().words();
    let coded = fill(w.person_title, &[("code", &line.code)]);
    let text = match &line.name {
        Some(name) => {
            let code = line.code.clone();
            view! { {name.clone()} " " <span class="title-code">{code}</span> }.into_any()
        }
        None => coded.clone().into_any(),
    };
    let bar = line.name.clone().unwrap_or_else(|| coded.clone());
    widgets::heading_of(staff, w, bar, coded, text)
}

fn facts(lang: Lang, case: Option<Case>, detail: &PersonDetail) -> impl IntoView + use<> {
    let w = lang.words();
    let day = |day: Option<chrono::NaiveDate>| {
        day.map_or_else(|| w.none.to_owned(), |d| dates::date(lang, d))
    };
    let fact = |label: &'static str, value: String| view! { <dt>{label}</dt><dd>{value}</dd> };
    let line = &detail.line;
    view! {
        <section class="card stack">
            <h2>{w.person_facts}</h2>
            {line.damaged.then(|| view! { <p class="note note-attention">{w.damaged_text}</p> })}
            <dl class="facts">
                {fact(w.code, line.code.clone())}
                {line.name.clone().map(|name| fact(w.name, name))}
                {detail.email.clone().map(|email| fact(w.email, email))}
                {detail.phone.as_deref().map(|phone| view! { <dt>{w.phone}</dt><dd>{phone::link(lang, phone)}</dd> })}
                {fact(w.role, terms::respondent_type(lang, line.respondent_type).to_owned())}
                {fact(w.start, day(line.start))}
                {fact(w.end, day(line.end))}
            </dl>
            {case.filter(|_| detail.not_asked.is_none()).map(|case| course::phone_button(case, detail))}
            {case.filter(|_| correctable(detail)).map(|case| course::facts_button(case, detail))}
        </section>
    }
}

/// Of somebody who was erased nothing is left, and a discarded registration is taken back first.
pub fn correctable(detail: &PersonDetail) -> bool {
    use bedring_contract::staff::WhyNotAsked::{Discarded, Erased};
    !matches!(detail.not_asked, Some(Erased | Discarded))
}

fn occasions(
    staff: Staff,
    remote: Remote<PersonDetail>,
    case: Option<Case>,
    occasions: &[Occasion],
) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = lang.words();
    let day = |day: Option<chrono::NaiveDate>| {
        day.map_or_else(|| w.none.to_owned(), |d| dates::date(lang, d))
    };
    let rows = occasions
        .iter()
        .map(|o| {
            let done = o.instruments.iter().filter(|i| i.answered).count();
            let answered = fill(
                w.answered_of,
                &[
                    ("a", &done.to_string()),
                    ("n", &o.instruments.len().to_string()),
                ],
            );
            let state = widgets::badge(
                terms::occasion_class(o.state),
                terms::occasion_state(lang, o.state),
            );
            view! {
                <tr>
                    <th scope="row" data-label=w.occasion>{terms::occasion_kind(lang, o.kind)}</th>
                    <td data-label=w.status>{state} " " {reopen::button(staff, remote, case, o)}</td>
                    <td class="number" data-label=w.opens>{day(o.opens)}</td>
                    <td class="number" data-label=w.due>{day(o.due)}</td>
                    <td class="number" data-label=w.answered>{answered}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card stack">
            <h2 id="person-occasions" tabindex="-1">{w.occasions}</h2>
            <div class="table-wrap" tabindex="0">
                <table class="table table-cards">
                    <caption class="visually-hidden">{w.occasions_caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{w.occasion}</th>
                            <th scope="col">{w.status}</th>
                            <th scope="col">{w.opens}</th>
                            <th scope="col">{w.due}</th>
                            <th scope="col">{w.answered}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}
