//! Scores as numbers with a bar each: measurements side by side, scales below one another. Nothing is judged: no colours for good or bad.

use bedring_contract::staff::{PersonDetail, ResponseScores, ScaleView, Scores};
use bedring_domain::instrument::{Role, text};
use leptos::prelude::*;

use super::paired::{Questionnaire, ScaleRow, ScaleTable, questionnaires};
use super::state::{Remote, Staff};
use super::words::{Lang, fill};
use super::{dates, rivals, terms, widgets};

/// The scores, or a kind sentence why there are none.
pub fn section(
    staff: Staff,
    remote: Remote<PersonDetail>,
    detail: &PersonDetail,
) -> impl IntoView + use<> {
    let lang = staff.lang_now();
    let w = lang.words();
    let content = match &detail.scores {
        Scores::NotConsented => view! { <p class="note">{w.scores_not_consented}</p> }.into_any(),
        Scores::NotForRole => view! { <p class="note">{w.scores_not_for_role}</p> }.into_any(),
        Scores::Shown { responses } if responses.is_empty() => {
            view! { <p class="note">{w.scores_none}</p> }.into_any()
        }
        Scores::Shown { responses } => {
            let shown = questionnaires(responses, &detail.occasion_details)
                .iter()
                .map(|q| questionnaire(lang, q))
                .collect_view();
            let pending = responses.iter().any(|r| r.pending).then(|| view! {
                <div class="banner">
                    <p>{w.scores_pending}</p>
                    <button type="button" class="button-secondary" on:click=move |_| remote.reload()>{w.scores_look_again}</button>
                </div>
            });
            view! { {pending} {rivals::sections(staff, remote, responses)} {shown} }.into_any()
        }
    };
    view! {
        <section class="stack" aria-labelledby="scores-title">
            <h2 id="scores-title">{w.scores}</h2>
            {content}
        </section>
    }
}

fn questionnaire(lang: Lang, questionnaire: &Questionnaire<'_>) -> impl IntoView + use<> {
    let w = lang.words();
    let title = text(questionnaire.title, lang.code()).to_owned();
    let rows: Vec<_> = questionnaire.tables.iter().flat_map(|t| &t.rows).collect();
    let prorated = rows
        .iter()
        .flat_map(|r| r.cells.iter().flatten())
        .any(|s| s.score.prorated);
    let changed = rows.iter().any(|r| r.change.is_some());
    let tables = questionnaire
        .tables
        .iter()
        .map(|t| table(lang, &title, t, &questionnaire.columns, changed))
        .collect_view();
    view! {
        <section class="card stack">
            <h3>{title.clone()}</h3>
            {questionnaire.demonstration.then(|| view! { <p>{widgets::badge("state state-planned", w.demonstration)}</p> })}
            <ul class="rows">{questionnaire.columns.iter().map(|r| column_facts(lang, r)).collect_view()}</ul>
            {tables}
            {prorated.then(|| view! { <p class="quiet">{w.prorated}</p> })}
            {changed.then(|| view! { <p class="quiet">{w.change_hint}</p> })}
        </section>
    }
}

/// When and how a response came about.
fn column_facts(lang: Lang, response: &ResponseScores) -> impl IntoView + use<> {
    let w = lang.words();
    let finished = fill(
        w.finished,
        &[("when", &dates::moment(lang, response.finished_at))],
    );
    let edition = fill(w.edition, &[("edition", &response.edition.edition)]);
    let by = response.by.as_ref();
    let by = by.map(|email| fill(w.written_by, &[("email", email)]));
    view! {
        <li class="row">
            <strong>{terms::occasion_kind(lang, response.kind)}</strong>
            <span class="quiet">{format!("{finished} · {} · {} {edition}", terms::mode(lang, response.mode), response.edition.instrument)}</span>
            {by.map(|text| view! { <span class="quiet">{text}</span> })}
            {response.clock_suspect.then(|| view! { <span class="quiet">{w.clock_suspect}</span> })}
        </li>
    }
}

fn table(
    lang: Lang,
    title: &str,
    table: &ScaleTable<'_>,
    columns: &[&ResponseScores],
    changed: bool,
) -> impl IntoView + use<> {
    let w = lang.words();
    let caption = if table.derived {
        fill(
            w.derived_caption,
            &[("name", &table.instrument.to_uppercase())],
        )
    } else {
        fill(w.scores_caption, &[("title", title)])
    };
    let caption_class = if table.derived { "" } else { "visually-hidden" };
    let heads = columns
        .iter()
        .map(|r| view! { <th scope="col">{terms::occasion_kind(lang, r.kind)}</th> })
        .collect_view();
    let rows = table
        .rows
        .iter()
        .map(|r| row(lang, r, columns, changed))
        .collect_view();
    view! {
        <div class="table-wrap" tabindex="0">
            <table class="table table-cards table-scores">
                <caption class=caption_class>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{w.scale}</th>
                        {heads}
                        {changed.then(|| view! { <th scope="col">{w.change}</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {(table.blocks && !table.derived).then(|| view! { <p class="quiet">{w.blocks_note}</p> })}
    }
}

fn row(
    lang: Lang,
    row: &ScaleRow<'_>,
    columns: &[&ResponseScores],
    changed: bool,
) -> impl IntoView + use<> {
    let w = lang.words();
    let name = text(&row.scale.title, lang.code()).to_owned();
    let name = if row.scale.role == Role::Total {
        view! { <strong>{name}</strong> }.into_any()
    } else {
        view! { {name} }.into_any()
    };
    let cells = row
        .cells
        .iter()
        .zip(columns)
        .map(|(score, response)| {
            let label = terms::occasion_kind(lang, response.kind);
            view! { <td data-label=label>{cell(lang, *score, response.pending)}</td> }
        })
        .collect_view();
    let change = changed.then(|| {
        let text = row
            .change
            .map_or_else(|| w.none.to_owned(), |c| signed(lang, c));
        view! { <td class="number" data-label=w.change>{text}</td> }
    });
    view! { <tr><th scope="row">{name}</th>{cells}{change}</tr> }
}

fn cell(lang: Lang, scale: Option<&ScaleView>, pending: bool) -> AnyView {
    let w = lang.words();
    let Some(scale) = scale else {
        let text = if pending { w.not_scored_yet } else { w.none };
        return view! { <span class="quiet">{text}</span> }.into_any();
    };
    let Some(score) = scale.score.score else {
        return view! { <div class="meter"><span>{w.no_score}</span><span class="meter-text">{why_no_score(lang, scale)}</span></div> }.into_any();
    };
    let value = fill(
        w.of_maximum,
        &[
            ("score", &number(lang, score)),
            ("maximum", &scale.maximum.to_string()),
        ],
    );
    let star = scale.score.prorated.then(|| {
        view! { <span aria-hidden="true">" *"</span><span class="visually-hidden">{format!(" ({})", w.prorated_short)}</span> }
    });
    let (range, filled) = (
        scale.maximum - scale.minimum,
        score - scale.minimum_as_f64(),
    );
    let labels = scale
        .cut_off_labels
        .iter()
        .map(
            |label| view! { <span class="meter-text">{text(label, lang.code()).to_owned()}</span> },
        )
        .collect_view();
    view! {
        <div class="meter">
            <span class="number">{value}{star}</span>
            <progress class="meter-bar" max=range.to_string() value=filled.to_string() aria-hidden="true"></progress>
            {labels}
        </div>
    }
    .into_any()
}

/// The scale's ends as numbers that scores can be compared with.
trait Ends {
    fn minimum_as_f64(&self) -> f64;
}

impl Ends for ScaleView {
    #[expect(
        clippy::cast_precision_loss,
        reason = "ends of scales are small integers"
    )]
    fn minimum_as_f64(&self) -> f64 {
        self.minimum as f64
    }
}

/// "Too few answers: 3 of 9 answered (2 skipped, 4 not reached)".
fn why_no_score(lang: Lang, scale: &ScaleView) -> String {
    let w = lang.words();
    let s = &scale.score;
    let all = s.answered + s.skipped + s.not_relevant + s.missing;
    let sentence = fill(
        w.no_score_why,
        &[("a", &s.answered.to_string()), ("n", &all.to_string())],
    );
    let parts: Vec<String> = [
        (s.skipped, w.why_skipped),
        (s.not_relevant, w.why_not_relevant),
        (s.missing, w.why_missing),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, words)| fill(words, &[("n", &n.to_string())]))
    .collect();
    if parts.is_empty() {
        sentence
    } else {
        format!("{sentence} ({})", parts.join(", "))
    }
}

/// Whole numbers without, others with one decimal, in the language's way.
#[must_use]
pub fn number(lang: Lang, value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    let text = if rounded.fract() == 0.0 {
        format!("{rounded:.0}")
    } else {
        format!("{rounded:.1}")
    };
    match lang {
        Lang::Da => text.replace('.', ","),
        Lang::En => text,
    }
}

fn signed(lang: Lang, change: f64) -> String {
    let size = number(lang, change.abs());
    if size == "0" {
        size
    } else if change < 0.0 {
        format!("\u{2212}{size}")
    } else {
        format!("+{size}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_changes_read_as_in_each_language() {
        assert_eq!(number(Lang::Da, 62.0), "62");
        assert_eq!(number(Lang::Da, 62.5), "62,5");
        assert_eq!(number(Lang::En, 9.333_333), "9.3");
        assert_eq!(number(Lang::En, 9.96), "10");
        assert_eq!(signed(Lang::Da, 9.0), "+9");
        assert_eq!(signed(Lang::Da, -3.5), "\u{2212}3,5");
        assert_eq!(signed(Lang::Da, -0.01), "0");
    }
}
