//! The overview: programmes, and how far each project has come.

use bedring_contract::staff::{Programme, Project};
use bedring_domain::instrument::text;
use leptos::prelude::*;

use super::route::Route;
use super::state::{Remote, Staff};
use super::words::{Lang, fill};
use super::{terms, widgets};
use crate::api::staff as api;

/// All programmes of the account, each with its projects.
pub fn screen(staff: Staff) -> impl IntoView {
    let lang = staff.lang_now();
    let w = lang.words();
    let programmes = Remote::new(staff, api::programmes);
    view! {
        <div class="stack-wide">
            {widgets::heading(staff, w, w.programmes_title.to_owned())}
            {widgets::loaded(staff, programmes, move |list| {
                let empty = list.iter().all(|p| p.projects.is_empty());
                if empty {
                    view! { <p class="note">{w.programmes_none}</p> }.into_any()
                } else {
                    view! {
                        {list.iter().map(|p| programme(staff, p)).collect_view()}
                        <p class="quiet">{w.refusals_note}</p>
                    }
                    .into_any()
                }
            })}
        </div>
    }
}

fn programme(staff: Staff, programme: &Programme) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = lang.words();
    let name = text(&programme.name, lang.code()).to_owned();
    let sum = |count: fn(&Project) -> u64| programme.projects.iter().map(count).sum::<u64>();
    let totals = [
        (w.persons, sum(|p| p.persons)),
        (w.refusals, sum(|p| p.refusals)),
        (w.intakes, sum(|p| p.intakes)),
        (w.exits, sum(|p| p.exits)),
        (w.quarantined, sum(|p| p.quarantined)),
    ];
    let rows = programme
        .projects
        .iter()
        .map(|p| row(lang, p))
        .collect_view();
    let foot = (programme.projects.len() > 1).then(|| {
        let cells = totals
            .map(|(label, n)| view! { <td class="number" data-label=label>{n}</td> })
            .collect_view();
        view! { <tfoot><tr><th scope="row" colspan="2">{w.in_all}</th>{cells}</tr></tfoot> }
    });
    let plan = staff.may_see_plans().then(|| {
        let of = format!(" {name}");
        view! {
            <div class="actions">
                <a class="button-secondary" href=Route::Plan(programme.id).href()>
                    {w.plan_of}<span class="visually-hidden">{of}</span>
                </a>
            </div>
        }
    });
    view! {
        <section class="stack">
            <div class="title-row">
                <h2>{name.clone()}</h2>
                {plan}
            </div>
            <div class="table-wrap" tabindex="0">
                <table class="table table-figures">
                    <caption class="visually-hidden">{fill(w.programme_caption, &[("name", &name)])}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{w.project}</th>
                            <th scope="col">{w.status}</th>
                            {totals.map(|(label, _)| view! { <th scope="col">{label}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                    {foot}
                </table>
            </div>
        </section>
    }
}

fn row(lang: Lang, project: &Project) -> impl IntoView + use<> {
    let w = lang.words();
    let (status, class) = terms::project_status(lang, &project.status);
    let quarantined = if project.quarantined > 0 {
        view! { <a href=Route::Quarantine.href()>{project.quarantined}</a> }.into_any()
    } else {
        view! { {project.quarantined} }.into_any()
    };
    view! {
        <tr>
            <th scope="row">
                <a href=Route::Project(project.id).href()>{format!("{} · {}", project.code, project.name)}</a>
            </th>
            <td>{widgets::badge(class, status)}</td>
            <td class="number" data-label=w.persons>{project.persons}</td>
            <td class="number" data-label=w.refusals>{project.refusals}</td>
            <td class="number" data-label=w.intakes>{project.intakes}</td>
            <td class="number" data-label=w.exits>{project.exits}</td>
            <td class="number" data-label=w.quarantined>{quarantined}</td>
        </tr>
    }
}
