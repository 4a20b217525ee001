//! Puts the responses of one person side by side: one questionnaire, its measurements in order, the same scale in one row. Pure.

use bedring_contract::person::Occasion;
use bedring_contract::staff::{ResponseScores, ScaleView};
use bedring_domain::course::OccasionKind;
use bedring_domain::instrument::{Role, Texts};
use uuid::Uuid;

/// One questionnaire with everything that counts for it.
#[derive(Debug)]
pub struct Questionnaire<'a> {
    /// What it is called, by language.
    pub title: &'a Texts,
    /// At least one of the responses was to demonstration wording.
    pub demonstration: bool,
    /// One response for each measurement, earliest first.
    pub columns: Vec<&'a ResponseScores>,
    /// The instrument's own scales first, then those of instruments derived from it.
    pub tables: Vec<ScaleTable<'a>>,
}

/// The scales of one instrument.
#[derive(Debug)]
pub struct ScaleTable<'a> {
    /// The instrument.
    pub instrument: &'a str,
    /// It is worked out from another instrument's answers.
    pub derived: bool,
    /// It has blocks, which must be shown apart: they stand before the total.
    pub blocks: bool,
    /// One for each scale.
    pub rows: Vec<ScaleRow<'a>>,
}

/// One scale over the measurements.
#[derive(Debug)]
pub struct ScaleRow<'a> {
    /// The scale as the first measurement that has it tells.
    pub scale: &'a ScaleView,
    /// One for each column.
    pub cells: Vec<Option<&'a ScaleView>>,
    /// Exit minus intake, if both have a score.
    pub change: Option<f64>,
}

/// Two or more responses to the same questionnaire of the same measurement.
#[derive(Debug)]
pub struct Rivals<'a> {
    /// All of them, earliest first.
    pub responses: Vec<&'a ResponseScores>,
}

/// The questionnaires in the order in which they first appear. Where a person still has to choose between rivals, none of them counts.
#[must_use]
pub fn questionnaires<'a>(
    responses: &'a [ResponseScores],
    occasions: &[Occasion],
) -> Vec<Questionnaire<'a>> {
    let counted = || responses.iter().filter(|r| r.primary || !r.has_rival);
    let mut instruments: Vec<&str> = Vec::new();
    for response in counted() {
        if !instruments.contains(&response.edition.instrument.as_str()) {
            instruments.push(&response.edition.instrument);
        }
    }
    instruments
        .into_iter()
        .filter_map(|instrument| {
            let mut columns: Vec<_> = counted()
                .filter(|r| r.edition.instrument == instrument)
                .collect();
            columns.sort_by_key(|r| (place(occasions, r.occasion), r.kind, r.finished_at));
            let title = &columns.first()?.title;
            let demonstration = columns.iter().any(|r| r.demonstration);
            let tables = tables(instrument, &columns);
            Some(Questionnaire {
                title,
                demonstration,
                columns,
                tables,
            })
        })
        .collect()
}

/// Where the measurement stands among the person's; unknown ones last.
fn place(occasions: &[Occasion], id: Uuid) -> usize {
    occasions
        .iter()
        .position(|o| o.id == id)
        .unwrap_or(usize::MAX)
}

fn tables<'a>(own: &str, columns: &[&'a ResponseScores]) -> Vec<ScaleTable<'a>> {
    let mut names: Vec<&'a str> = Vec::new();
    for scale in columns.iter().flat_map(|r| &r.scales) {
        if !names.contains(&scale.instrument.as_str()) {
            names.push(&scale.instrument);
        }
    }
    names.sort_by_key(|name| *name != own);
    names
        .into_iter()
        .map(|instrument| {
            let mut rows = rows(instrument, columns);
            let blocks = rows.iter().any(|r| r.scale.role == Role::Block);
            rows.sort_by_key(|r| (r.scale.role == Role::Total) == blocks);
            ScaleTable {
                instrument,
                derived: instrument != own,
                blocks,
                rows,
            }
        })
        .collect()
}

fn rows<'a>(instrument: &str, columns: &[&'a ResponseScores]) -> Vec<ScaleRow<'a>> {
    let find = |response: &'a ResponseScores, code: &str| {
        response
            .scales
            .iter()
            .find(|s| s.instrument == instrument && s.score.scale == code)
    };
    let mut scales: Vec<&'a ScaleView> = Vec::new();
    for scale in columns
        .iter()
        .flat_map(|r| &r.scales)
        .filter(|s| s.instrument == instrument)
    {
        if !scales.iter().any(|s| s.score.scale == scale.score.scale) {
            scales.push(scale);
        }
    }
    let score = |kind: OccasionKind, code: &str| {
        let response = columns.iter().find(|r| r.kind == kind)?;
        find(response, code)?.score.score
    };
    scales
        .into_iter()
        .map(|scale| {
            let code = scale.score.scale.as_str();
            let change = score(OccasionKind::Exit, code)
                .zip(score(OccasionKind::Intake, code))
                .map(|(exit, intake)| exit - intake);
            ScaleRow {
                scale,
                cells: columns.iter().map(|r| find(r, code)).collect(),
                change,
            }
        })
        .collect()
}

/// Every set of rivals, in the order in which they first appear.
#[must_use]
pub fn rivals(responses: &[ResponseScores]) -> Vec<Rivals<'_>> {
    let mut sets: Vec<Rivals<'_>> = Vec::new();
    for response in responses.iter().filter(|r| r.has_rival) {
        let same = |other: &ResponseScores| {
            other.occasion == response.occasion
                && other.edition.instrument == response.edition.instrument
        };
        match sets
            .iter_mut()
            .find(|s| s.responses.first().is_some_and(|r| same(r)))
        {
            Some(set) => set.responses.push(response),
            None => sets.push(Rivals {
                responses: vec![response],
            }),
        }
    }
    for set in &mut sets {
        set.responses.sort_by_key(|r| r.finished_at);
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedring_domain::course::{Mode, OccasionState};
    use bedring_domain::instrument::{EditionRef, ScaleScore};
    use chrono::DateTime;

    fn scale(instrument: &str, code: &str, role: Role, score: Option<f64>) -> ScaleView {
        ScaleView {
            instrument: instrument.to_owned(),
            title: Texts::new(),
            role,
            minimum: 0,
            maximum: 45,
            score: ScaleScore {
                scale: code.to_owned(),
                score,
                prorated: false,
                sum: 0,
                answered: 0,
                skipped: 0,
                not_relevant: 0,
                missing: 0,
                cut_offs: Vec::new(),
            },
            cut_off_labels: Vec::new(),
        }
    }

    fn response(n: u128, occasion: u128, kind: OccasionKind, total: Option<f64>) -> ResponseScores {
        ResponseScores {
            response: Uuid::from_u128(n),
            occasion: Uuid::from_u128(occasion),
            kind,
            edition: EditionRef {
                instrument: "lsns-9".to_owned(),
                edition: "demo-1".to_owned(),
            },
            title: Texts::new(),
            demonstration: true,
            mode: Mode::OwnDevice,
            finished_at: DateTime::from_timestamp(1_700_000_000 + i64::try_from(n).unwrap(), 0)
                .unwrap()
                .fixed_offset(),
            clock_suspect: false,
            by: None,
            primary: true,
            has_rival: false,
            pending: false,
            scales: vec![
                scale("lsns-6", "total", Role::Total, Some(7.0)),
                scale("lsns-9", "total", Role::Total, total),
                scale("lsns-9", "family", Role::Block, Some(3.0)),
            ],
        }
    }

    fn occasion(id: u128, kind: OccasionKind) -> Occasion {
        Occasion {
            id: Uuid::from_u128(id),
            kind,
            state: OccasionState::Completed,
            opens: None,
            due: None,
            instruments: vec![],
        }
    }

    #[test]
    fn measurements_stand_in_order_and_the_same_scale_in_one_row() {
        let responses = [
            response(2, 20, OccasionKind::Exit, Some(21.0)),
            response(1, 10, OccasionKind::Intake, Some(24.5)),
        ];
        let occasions = [
            occasion(10, OccasionKind::Intake),
            occasion(20, OccasionKind::Exit),
        ];
        let found = questionnaires(&responses, &occasions);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].columns.iter().map(|c| c.kind).collect::<Vec<_>>(),
            [OccasionKind::Intake, OccasionKind::Exit]
        );
        let own = &found[0].tables[0];
        assert_eq!(
            (own.instrument, own.derived, own.blocks),
            ("lsns-9", false, true)
        );
        assert_eq!(
            own.rows
                .iter()
                .map(|r| r.scale.score.scale.as_str())
                .collect::<Vec<_>>(),
            ["family", "total"]
        );
        assert_eq!(own.rows[1].change, Some(-3.5));
        assert!(found[0].tables[1].derived);
    }

    #[test]
    fn there_is_no_change_without_both_scores() {
        let occasions = [
            occasion(10, OccasionKind::Intake),
            occasion(20, OccasionKind::Exit),
        ];
        let without_score = [
            response(1, 10, OccasionKind::Intake, None),
            response(2, 20, OccasionKind::Exit, Some(21.0)),
        ];
        let found = questionnaires(&without_score, &occasions);
        assert_eq!(found[0].tables[0].rows[1].change, None);
        assert_eq!(found[0].tables[0].rows[0].change, Some(0.0));
        let alone = [response(2, 20, OccasionKind::Exit, Some(21.0))];
        assert_eq!(
            questionnaires(&alone, &occasions)[0].tables[0].rows[1].change,
            None
        );
    }

    #[test]
    fn of_rivals_only_the_chosen_one_counts_and_none_before_the_choice() {
        let mut responses = [
            response(1, 10, OccasionKind::Intake, Some(1.0)),
            response(2, 10, OccasionKind::Intake, Some(2.0)),
        ];
        for r in &mut responses {
            r.has_rival = true;
            r.primary = false;
        }
        assert!(questionnaires(&responses, &[]).is_empty());
        responses[1].primary = true;
        let found = questionnaires(&responses, &[]);
        assert_eq!(
            found[0]
                .columns
                .iter()
                .map(|c| c.response)
                .collect::<Vec<_>>(),
            [Uuid::from_u128(2)]
        );
        assert_eq!(rivals(&responses)[0].responses.len(), 2);
    }
}
