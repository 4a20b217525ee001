//! Then and now: how a person's own answers moved from the first time to the latest one. Words first, then a simple picture; from the
//! phone's own copies, so that it is there without a network, too.

use bedring_domain::instrument::{Definition, Role, Scale, score, text};
use bedring_domain::journal::Answers;
use leptos::prelude::*;

use super::app::App;
use super::flow;
use super::papers::{self, Paper};
use crate::i18n::Texts;
use crate::ui::dom::El;
use crate::ui::{View, div, dynamic, el, p, quiet};

/// A change of less than this share of a scale's range is told as no change: an answer or two may always fall otherwise.
const NOTEWORTHY: f64 = 0.05;

/// Which way a score went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Went {
    Up,
    Down,
    Nowhere,
}

/// One scale, the first time and the latest.
#[derive(Debug, PartialEq)]
struct Moved<'a> {
    scale: &'a Scale,
    then: f64,
    now: f64,
}

impl Moved<'_> {
    fn went(&self) -> Went {
        #[expect(
            clippy::cast_precision_loss,
            reason = "limits of scales are small integers"
        )]
        let range = (self.scale.maximum - self.scale.minimum) as f64;
        let share = (self.now - self.then) / range;
        if share >= NOTEWORTHY {
            Went::Up
        } else if share <= -NOTEWORTHY {
            Went::Down
        } else {
            Went::Nowhere
        }
    }
}

/// The scales that have a score both times, totals first.
fn moved<'a>(definition: &'a Definition, then: &Answers, now: &Answers) -> Vec<Moved<'a>> {
    let (then, now) = (score(definition, then), score(definition, now));
    let scores = then.iter().zip(&now).zip(&definition.scales);
    let mut moved: Vec<_> = scores
        .filter_map(|((then, now), scale)| {
            Some(Moved {
                scale,
                then: then.score?,
                now: now.score?,
            })
        })
        .collect();
    moved.sort_by_key(|m| m.scale.role != Role::Total);
    moved
}

/// The first and the latest paper of each instrument that was answered on two occasions.
fn pairs(papers: &[Paper]) -> Vec<(&Paper, &Paper)> {
    let mut pairs: Vec<(&Paper, &Paper)> = Vec::new();
    for paper in papers {
        let same = |p: &Paper| p.edition == paper.edition;
        match pairs.iter_mut().find(|(first, _)| same(first)) {
            Some(pair) => pair.1 = paper,
            None => pairs.push((paper, paper)),
        }
    }
    pairs.retain(|(first, last)| first.kind != last.kind);
    pairs
}

/// Then and now, once there are two times to compare.
pub fn card(app: App, t: &'static Texts) -> View {
    dynamic(move || {
        let papers = papers::papers(app);
        let parts: Vec<El> = pairs(&papers)
            .into_iter()
            .filter_map(|(then, now)| instrument(app, t, then, now))
            .collect();
        (!parts.is_empty()).then(|| {
            el("section", "card stack")
                .child(el("h2", "").child(t.moved_title))
                .child(parts)
                .child(quiet(t.moved_note))
        })
    })
}

fn instrument(app: App, t: &'static Texts, then: &Paper, now: &Paper) -> Option<El> {
    let definition = app.bundle.with_untracked(|b| {
        b.as_ref()
            .and_then(|b| flow::definition_of(b, &then.edition).cloned())
    })?;
    let moved = moved(&definition, &then.answers, &now.answers);
    let lang = app.lang.get_untracked().code();
    let mut lines: Vec<El> = moved.iter().map(|m| line(t, m, lang)).collect();
    if lines.is_empty() {
        return None;
    }
    let rest = lines.split_off(1);
    let parts = (!rest.is_empty()).then(|| {
        el("details", "receipts")
            .child(el("summary", "button-quiet").child(t.moved_parts))
            .child(div("stack").child(rest))
    });
    Some(
        div("stack-tight")
            .child(el("h3", "").child(text(&definition.title, lang)))
            .child(lines)
            .child(parts),
    )
}

/// What moved, in words, and the two scores one under the other.
fn line(t: &'static Texts, moved: &Moved<'_>, lang: &str) -> El {
    let words = match moved.went() {
        Went::Up => t.moved_more,
        Went::Down => t.moved_less,
        Went::Nowhere => t.moved_same,
    };
    let bar = |when: &str, score: f64| {
        #[allow(clippy::cast_possible_truncation)]
        let whole = score.round() as i64;
        let value = (t.moved_of)(whole, moved.scale.maximum);
        div("meter")
            .child(el("span", "").child(when))
            .child(el("span", "meter-value").child(value))
            .child(
                el("progress", "meter-bar")
                    .attr(
                        "max",
                        &(moved.scale.maximum - moved.scale.minimum).to_string(),
                    )
                    .attr("value", &(whole - moved.scale.minimum).to_string())
                    .attr("aria-hidden", "true"),
            )
    };
    let title = el("strong", "").child(text(&moved.scale.title, lang));
    div("stack-tight")
        .child(p(title).child(": ").child(words))
        .child(bar(t.intake, moved.then))
        .child(bar(t.moved_now, moved.now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedring_domain::journal::Answer;

    /// The built-in thirty-item edition: each item counts 0 to 4, so thirty equal answers make thirty times their code.
    fn definition() -> Definition {
        let file = include_str!("../../domain/instruments/mhrm-30.demo-1.toml");
        bedring_domain::instrument::file::read(file)
            .unwrap()
            .definition
    }

    fn all(definition: &Definition, code: i64) -> Answers {
        let items = definition.items.iter();
        items
            .map(|i| (i.code.as_str(), Answer::Code(code)))
            .collect()
    }

    #[test]
    fn what_moved_is_told_by_the_total_first() {
        let definition = definition();
        let moved = moved(&definition, &all(&definition, 2), &all(&definition, 3));
        let total = &moved[0];
        assert_eq!((total.then, total.now), (60.0, 90.0));
        assert_eq!(total.scale.role, Role::Total);
        assert!(moved.iter().all(|m| m.went() == Went::Up));
    }

    #[test]
    fn a_point_or_two_is_no_change_and_too_few_answers_are_no_score() {
        let definition = definition();
        let before = all(&definition, 2);
        let mut after = before.clone();
        after.set(&definition.items[0].code, Answer::Code(3));
        let moved = moved(&definition, &before, &after);
        assert_eq!(moved[0].now, 61.0);
        assert_eq!(moved[0].went(), Went::Nowhere);
        assert!(super::moved(&definition, &before, &Answers::default()).is_empty());
    }
}
