//! One project: its name, what became of its measurements, its people.

use bedring_contract::staff::Programme;
use leptos::prelude::*;
use uuid::Uuid;

use super::route::Route;
use super::state::{Remote, Staff};
use super::{board, people, taking_part, terms, widgets};
use crate::api::staff as api;

/// The screen of a project.
pub fn screen(staff: Staff, project: Uuid) -> impl IntoView {
    let w = staff.lang_now().words();
    let programmes = Remote::new(staff, api::programmes);
    view! {
        <div class="stack-wide">
            {widgets::crumbs(w, vec![(Route::Programmes, w.nav_programmes.to_owned())])}
            {widgets::loaded_screen(staff, programmes, |w| w.project, move |list| title(staff, programmes, list, project))}
            {board::section(staff, project)}
            {people::section(staff, project)}
            {staff.may_edit_plans().then(|| taking_part::section(staff, project, programmes))}
        </div>
    }
}

/// Name, code and status of a project that the account may see.
pub fn name_of(programmes: &[Programme], project: Uuid) -> Option<(String, String)> {
    let project = programmes
        .iter()
        .flat_map(|p| &p.projects)
        .find(|p| p.id == project)?;
    Some((
        format!("{} · {}", project.code, project.name),
        project.status.clone(),
    ))
}

fn title(
    staff: Staff,
    remote: Remote<Vec<Programme>>,
    programmes: &[Programme],
    project: Uuid,
) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = lang.words();
    let name = name_of(programmes, project).map_or_else(|| w.project.to_owned(), |(name, _)| name);
    // It may change while the page is open.
    let badge = widgets::followed(remote, move |programmes| {
        let (_, status) = name_of(programmes, project)?;
        (status != "active").then(|| {
            let (text, class) = terms::project_status(lang, &status);
            widgets::badge(class, text)
        })
    });
    let button = staff.may_register().then(|| {
        view! { <a class="button-primary" href=Route::NewPerson(project).href()>{w.new_person}</a> }
    });
    view! {
        <div class="title-row">
            {widgets::heading(staff, w, name)}
            <div class="actions">{badge} {button}</div>
        </div>
    }
}
