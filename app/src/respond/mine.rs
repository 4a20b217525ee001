//! "Mine": an overview, and what I said yes and no to with its history and who may see what.

use std::sync::Arc;

use bedring_contract::person::{Mine, Seen};
use bedring_domain::consent::{Channel, Decision, Purpose, Scope};
use bedring_domain::journal::Event;
use chrono::{DateTime, FixedOffset};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::consent::{address_form, decide, purpose_texts};
use super::trail::Screen;
use super::withdraw::scope_texts;
use super::{flow, instead, moved, unlock};
use crate::i18n::Texts;
use crate::ui::dom::{El, follow};
use crate::ui::{View, actions, button, div, dynamic, el, heading, p, quiet, row, rows, stack};

/// Asks the server what it holds, now and when more of what was said here has arrived. Without a network the page shows what is on the
/// phone.
fn fetch(app: App) {
    let asked = StoredValue::new(None);
    follow(Box::new(move || {
        let arrived = Some(app.arrived());
        if asked.get_value() != arrived {
            asked.set_value(arrived);
            spawn_local(app.fetch_mine());
        }
    }));
}

/// The overview.
pub fn mine_page(app: App, t: &'static Texts) -> View {
    fetch(app);
    let to = move |label: &str, screen: Screen| button("row", label, move || app.go(screen));
    let project = app
        .bundle
        .with_untracked(|b| b.as_ref().map(|b| p((t.mine_project)(&b.project))));
    let code = move || {
        app.mine
            .with(|m| m.as_ref().map(|m| p((t.mine_code)(&m.code))))
    };
    let ways = move || {
        let known = app.standing.with(|s| s.is_some_and(|s| s.known));
        let mut ways = vec![
            to(t.mine_answers, Screen::Answers),
            to(t.mine_consents, Screen::Choices),
            to(t.mine_letter, Screen::Letter { asks: false }),
            to(t.take_title, Screen::Take),
        ];
        if known {
            ways.push(to(t.device.title, Screen::Devices));
        }
        ways.push(to(t.withdraw_title, Screen::Withdraw));
        rows(ways)
    };
    stack(heading(t.mine_title))
        .child(div("").child(project).child(dynamic(code)))
        .child(unlock::locked(app, t))
        .child(moved::card(app, t))
        .child(dynamic(ways))
        .child(offline_note(app, t))
        .view()
}

/// Said where part of a page can only come from the server.
pub fn offline_note(app: App, t: &'static Texts) -> View {
    dynamic(move || {
        let apart = app.mine.with(Option::is_none) && !unlock::is_locked(app);
        apart.then(|| quiet(t.mine_offline))
    })
}

fn part(title: &str) -> El {
    el("section", "stack").child(el("h2", "").child(title))
}

/// Every purpose with its last word and a way to change it; who may see what; the history.
pub fn choices_page(app: App, t: &'static Texts) -> View {
    fetch(app);
    let purposes = app
        .bundle
        .with_untracked(|b| b.as_ref().map(|b| b.purposes.clone()))
        .unwrap_or_default();
    let cards: Vec<_> = purposes
        .into_iter()
        .map(|p| purpose_card(app, t, p))
        .collect();
    let leader = move || {
        if says_yes(app, Purpose::LeaderSeesAnswers) {
            t.mine_leader_yes
        } else {
            t.mine_leader_no
        }
    };
    let who = part(t.mine_who)
        .child(p(t.mine_who_body))
        .child(el("p", "").child(dynamic(leader)))
        .child(dynamic(move || address(app, t)));
    let seen = part(t.mine_seen)
        .child(dynamic(move || app.mine.get().map(|m| seen(t, &m))))
        .child(unlock::locked(app, t))
        .child(offline_note(app, t));
    let history = part(t.mine_history).child(dynamic(move || {
        rows(history(app, t).into_iter().map(row).collect())
    }));
    div("stack-wide")
        .child(heading(t.mine_consents))
        .child(cards)
        .child(instead::card(app, t))
        .child(who)
        .child(seen)
        .child(history)
        .view()
}

fn word(app: App, purpose: Purpose) -> Option<(bool, DateTime<FixedOffset>)> {
    let copies = app.copies.get();
    app.bundle
        .with(|b| flow::last_word(b.as_ref()?, &copies, purpose))
}

pub(super) fn says_yes(app: App, purpose: Purpose) -> bool {
    word(app, purpose).is_some_and(|(yes, _)| yes)
}

fn purpose_card(app: App, t: &'static Texts, purpose: Purpose) -> El {
    let texts = purpose_texts(t, purpose);
    let asks_address = RwSignal::new(false);
    let now = move || match word(app, purpose) {
        Some((yes, at)) if at.timestamp() > 0 => format!(
            "{} {} · {}",
            t.mine_now,
            if yes { t.yes } else { t.no },
            t.moment(at)
        ),
        Some((yes, _)) => format!("{} {}", t.mine_now, if yes { t.yes } else { t.no }),
        None => t.mine_never_asked.to_owned(),
    };
    let say_yes = move || match purpose {
        // The letter comes before this yes.
        Purpose::Evaluation => app.go(Screen::Letter { asks: true }),
        Purpose::Reminders => asks_address.set(true),
        _ => decide(app, purpose, true, || {}),
    };
    let say_no = move || match purpose {
        Purpose::Evaluation => app.go(Screen::Withdraw),
        _ => decide(app, purpose, false, || {}),
    };
    let ways = move || {
        let last = word(app, purpose).map(|(yes, _)| yes);
        if asks_address.get() && last != Some(true) {
            return address_form(app, t, || {});
        }
        let yes =
            (last != Some(true)).then(|| button("button-secondary", t.mine_change_yes, say_yes));
        let no =
            (last != Some(false)).then(|| button("button-secondary", t.mine_change_no, say_no));
        actions(yes).child(no)
    };
    el("section", "card stack-tight")
        .child(el("h2", "").child(texts.name))
        .child(el("p", "").attr("role", "status").child(dynamic(now)))
        .child(dynamic(ways))
}

fn address(app: App, t: &'static Texts) -> Option<El> {
    app.mine.with(|m| {
        let mine = m.as_ref()?;
        let words = mine.email.as_ref().map_or_else(
            || t.mine_contact_none.to_owned(),
            |e| [t.mine_contact, " ", e].concat(),
        );
        let phone = mine.phone.as_ref();
        let phone = phone.map(|number| p([t.mine_phone, " ", number].concat()));
        let damaged = (mine.damaged > 0).then(|| p(t.mine_damaged));
        Some(
            div("stack-tight")
                .child(p(words))
                .child(phone)
                .child(damaged),
        )
    })
}

fn seen(t: &'static Texts, mine: &Mine) -> El {
    if mine.seen_by.is_empty() {
        return p(t.mine_seen_none);
    }
    let line = |seen: &Seen| {
        let (at, who, what) = (
            t.moment(seen.at.fixed_offset()),
            (t.seen_role)(&seen.role),
            (t.seen_what)(&seen.what),
        );
        row([&at, ": ", &who, " ", &what].concat())
    };
    rows(mine.seen_by.iter().map(line).collect())
}

/// The server's ledger, and what was said here and has not arrived; without a network only what was said here.
fn history(app: App, t: &'static Texts) -> Vec<String> {
    let mut lines: Vec<(DateTime<FixedOffset>, String)> = Vec::new();
    let mut add = |at: DateTime<FixedOffset>, line: String| {
        let place = lines.partition_point(|(earlier, _)| *earlier <= at);
        lines.insert(place, (at, line));
    };
    let mine = app.mine.get();
    for line in mine.iter().flat_map(|m| &m.consents) {
        let channel = match line.channel {
            Channel::Screen => "",
            Channel::Paper => t.on_paper,
            Channel::Spoken => t.spoken,
        };
        let mut words = said(t, line.purpose, line.decision, channel);
        // Whoever wrote for the person is named beside it.
        if let Some(by) = &line.by {
            words.push_str(" · ");
            words.push_str(by);
        }
        add(line.recorded_at, words);
    }
    for copy in app.copies.get().iter() {
        let (purpose, decision) = match &copy.entry.event {
            Event::ConsentGiven(words) => (words.purpose, Decision::Given),
            Event::ConsentDeclined(words) => (words.purpose, Decision::Declined),
            Event::ConsentWithdrawn { scope } => (Purpose::Evaluation, Decision::Withdrawn(*scope)),
            _ => continue,
        };
        // What was said since the server's ledger was fetched is not in it yet, received or not.
        let at = copy.entry.recorded_at.get();
        let told = |m: &Arc<Mine>| {
            m.consents
                .iter()
                .any(|l| l.recorded_at == at && l.purpose == purpose)
        };
        if !mine.as_ref().is_some_and(told) {
            add(at, said(t, purpose, decision, ""));
        }
    }
    lines
        .into_iter()
        .map(|(at, line)| format!("{}: {line}", t.moment(at)))
        .collect()
}

fn said(t: &'static Texts, purpose: Purpose, decision: Decision, channel: &str) -> String {
    let words = match decision {
        Decision::Given => format!("{} · {}", purpose_texts(t, purpose).name, t.yes),
        Decision::Declined => format!("{} · {}", purpose_texts(t, purpose).name, t.no),
        Decision::Withdrawn(scope) => withdrawal(t, scope).to_owned(),
    };
    if channel.is_empty() {
        words
    } else {
        format!("{words} ({channel})")
    }
}

const fn withdrawal(t: &'static Texts, scope: Scope) -> &'static str {
    scope_texts(t, scope).name
}
