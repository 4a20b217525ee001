//! Two responses to the same measurement: both are kept, and a person says which one counts.

use bedring_contract::staff::{PersonDetail, ResponseScores, ScaleView};
use bedring_domain::instrument::{Role, text};
use leptos::prelude::*;
use uuid::Uuid;

use super::paired::{Rivals, rivals};
use super::scores::number;
use super::state::{Remote, Staff};
use super::words::{Lang, fill};
use super::{dates, terms, widgets};
use crate::api::{ApiFailure, staff as api};

/// One panel for each set of rivals.
pub fn sections(
    staff: Staff,
    remote: Remote<PersonDetail>,
    responses: &[ResponseScores],
) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = lang.words();
    let sets = rivals(responses);
    (!sets.is_empty()).then(|| {
        let failure = RwSignal::new(None::<ApiFailure>);
        let choose = Callback::new(move |response: Uuid| {
            failure.set(None);
            staff.ask(api::make_primary(response), move |outcome| match outcome {
                Ok(()) => {
                    remote.reload();
                    widgets::focus("rivals-title");
                }
                Err(trouble) => {
                    failure.try_set(Some(trouble));
                }
            });
        });
        view! {
            <section class="card stack" aria-labelledby="rivals-title">
                <h3 id="rivals-title" tabindex="-1">{w.rivals_title}</h3>
                <p>{w.rivals_text}</p>
                {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
                {sets.iter().map(|set| table(lang, set, choose)).collect_view()}
            </section>
        }
    })
}

fn table(lang: Lang, set: &Rivals<'_>, choose: Callback<Uuid>) -> impl IntoView + use<> {
    let w = lang.words();
    let caption = set.responses.first().map(|r| {
        fill(
            w.rivals_caption,
            &[
                ("title", text(&r.title, lang.code())),
                ("occasion", terms::occasion_kind(lang, r.kind)),
            ],
        )
    });
    view! {
        <div class="table-wrap" tabindex="0">
            <table class="table table-cards">
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{w.rival_finished}</th>
                        <th scope="col">{w.rival_mode}</th>
                        <th scope="col">{w.rival_total}</th>
                        <th scope="col">{w.actions}</th>
                    </tr>
                </thead>
                <tbody>{set.responses.iter().map(|r| row(lang, r, choose)).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(lang: Lang, response: &ResponseScores, choose: Callback<Uuid>) -> impl IntoView + use<> {
    let w = lang.words();
    let when = dates::moment(lang, response.finished_at);
    let own_total =
        |s: &&ScaleView| s.role == Role::Total && s.instrument == response.edition.instrument;
    let total = match response.scales.iter().find(own_total) {
        None if response.pending => w.not_scored_yet.to_owned(),
        None => w.none.to_owned(),
        Some(scale) => scale.score.score.map_or_else(
            || w.no_score.to_owned(),
            |score| {
                fill(
                    w.of_maximum,
                    &[
                        ("score", &number(lang, score)),
                        ("maximum", &scale.maximum.to_string()),
                    ],
                )
            },
        ),
    };
    let id = response.response;
    let action = if response.primary {
        widgets::badge("state state-completed", w.rival_counts).into_any()
    } else {
        view! {
            <button type="button" class="button-secondary" on:click=move |_| choose.run(id)>
                {w.rival_choose}<span class="visually-hidden">{format!(": {when}")}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row" data-label=w.rival_finished>
                {dates::moment(lang, response.finished_at)}
                {response.clock_suspect.then(|| view! { <span class="meter-text">{w.clock_suspect}</span> })}
            </th>
            <td data-label=w.rival_mode>{terms::mode(lang, response.mode)}</td>
            <td class="number" data-label=w.rival_total>{total}</td>
            <td data-label=w.actions>{action}</td>
        </tr>
    }
}
