//! The judgement: what must have come out, from the truth alone: who said what, on which phone, in which order. It knows nothing of
//! deliveries, of what clocks told, nor of the rules by which the server decides. Where no server could know better, it leaves a choice,
//! and asks only that a choice against a yes is told as a doubt.

use std::collections::BTreeSet;

use bedring_contract::course::{Happening, History};
use bedring_contract::paths;
use bedring_contract::person::PersonBundle;
use bedring_contract::staff::{PersonDetail, WhyNotAsked};
use bedring_domain::consent::{Purpose, Scope, Standing};
use bedring_domain::journal::Event;
use bedring_store::entities::{contact, journal_entry, mail_choice, occasion, response};
use bedring_store::sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::device::{Clock, Say};
use crate::support::seed::Someone;
use crate::support::staff::{Browser, path};
use crate::support::{TestApp, request};

/// Something that was written, in the order of truth.
#[derive(Debug, Clone)]
pub struct Word {
    pub entry: Uuid,
    pub n: i64,
    pub before_the_end: i64,
    pub phone: usize,
    pub clock: Clock,
    pub says: Say,
    /// What the phone wrote down as its moment.
    pub recorded: chrono::DateTime<chrono::FixedOffset>,
}

/// What is there in the end of one person.
#[derive(Debug, PartialEq)]
pub struct End {
    pub standing: Standing,
    pub yes_to: Vec<(Purpose, bool)>,
    pub doubts: Vec<Purpose>,
    pub email: Option<String>,
    pub contact: Option<String>,
    /// State, reason and whether there are bytes, of each word.
    pub entries: Vec<(String, Option<String>, bool)>,
    /// What the history says of consents and contacts.
    pub history: Vec<String>,
    /// Answers by instrument, and whether the measurement is made.
    pub answers: Vec<(String, String)>,
    pub completed: bool,
}

/// Reads it.
pub async fn end(app: &TestApp, staff: &Browser, someone: &Someone, words: &[Word]) -> End {
    use axum::http::{Method, header};
    let db = app.state.db.read();
    let bearer = format!("Bearer {}", someone.secret);
    let request = request(Method::GET, paths::OCCASION).header(header::AUTHORIZATION, bearer);
    let answer = app.send(request.body(axum::body::Body::empty()).unwrap());
    let answer = answer.await;
    let bundle = (answer.status == 200).then(|| answer.json::<PersonBundle>());
    let detail: PersonDetail = staff
        .get(app, &path(paths::PERSON, someone.id))
        .await
        .json();
    let history: History = staff
        .get(app, &path(paths::PERSON_HISTORY, someone.id))
        .await
        .json();
    let choice = mail_choice::Entity::find_by_id(someone.id).one(db).await;
    let own = contact::Entity::find_by_id(someone.id).one(db).await;
    let open = |sealed: Option<Vec<u8>>| {
        let bytes = sealed.map(|s| app.state.keys.contact.decrypt(&s).unwrap());
        bytes.map(|b| String::from_utf8(b).unwrap())
    };
    let mut entries = Vec::new();
    for word in words {
        let row = journal_entry::Entity::find_by_id(word.entry).one(db).await;
        let row = row.unwrap().expect("every entry is on the server");
        assert_eq!(row.person_id, Some(someone.id));
        entries.push((row.state, row.reason, row.body.is_some()));
    }
    let responses = response::Entity::find()
        .filter(response::Column::PersonId.eq(someone.id))
        .order_by_asc(response::Column::DeviceFinishedAt)
        .all(db)
        .await
        .unwrap();
    let mut answers: Vec<_> = responses
        .into_iter()
        .map(|r| (r.instrument, r.answers))
        .collect();
    answers.sort();
    let occasion = occasion::Entity::find_by_id(someone.intake).one(db).await;
    let yes_to = bundle.iter().flat_map(|b| &b.consents);
    // Of somebody who erased everything the ledger holds what came before, and the hashes of what came after.
    let erased = detail.not_asked == Some(WhyNotAsked::Erased);
    End {
        standing: bundle
            .as_ref()
            .map_or_else(Standing::default, |b| b.standing),
        yes_to: yes_to.map(|c| (c.purpose, c.given)).collect(),
        doubts: if erased { Vec::new() } else { detail.in_doubt },
        email: own.unwrap().and_then(|row| open(row.email_sealed)),
        contact: choice
            .unwrap()
            .and_then(|row| open(row.contact_email_sealed)),
        entries,
        history: if erased { Vec::new() } else { said(history) },
        answers,
        completed: occasion.unwrap().unwrap().completed_at.is_some(),
    }
}

/// The lines of consents and contacts, by their moments. Of one moment (a word that nobody knows more of than when it came) in any order.
fn said(history: History) -> Vec<String> {
    let lines = history.lines.into_iter().filter(|line| {
        matches!(
            line.what,
            Happening::Consent { .. } | Happening::ContactNamed { .. } | Happening::ContactRemoved
        )
    });
    let mut lines: Vec<_> = lines.map(|l| format!("{} {:?}", l.at, l.what)).collect();
    lines.sort();
    lines
}

fn is_yes(says: &Say, purpose: Purpose) -> bool {
    matches!(says, Say::Word(Event::ConsentGiven(words)) if words.purpose == purpose)
}

/// A no or a withdrawal that is about a purpose, and how far it goes.
fn stop(says: &Say, about: Purpose) -> Option<Scope> {
    match says {
        Say::Word(Event::ConsentDeclined(words)) if words.purpose == about => {
            Some(Scope::StopAsking)
        }
        Say::Word(Event::ConsentWithdrawn { scope }) if about == Purpose::Evaluation => {
            Some(*scope)
        }
        _ => None,
    }
}

/// What must be true of one purpose.
struct Verdict {
    /// Stops after which nobody said yes.
    must_hold: Vec<Scope>,
    /// Stops after which nobody said yes on the phone that knows: they may hold.
    may_hold: Vec<Scope>,
}

fn verdict(words: &[Word], about: Purpose) -> Verdict {
    let (mut must_hold, mut may_hold) = (Vec::new(), Vec::new());
    for no in words {
        let Some(scope) = stop(&no.says, about) else {
            continue;
        };
        let yes = words
            .iter()
            .filter(|w| w.n > no.n && is_yes(&w.says, about));
        // Said within some minutes before they were sent, by clocks that are right: nobody need doubt these.
        let sure = |w: &Word| w.clock.always_right() && w.before_the_end <= 2;
        let knows = |w: &Word| w.phone == no.phone || (sure(w) && sure(no));
        if yes.clone().next().is_none() {
            must_hold.push(scope);
        }
        if !yes.clone().any(knows) {
            may_hold.push(scope);
        }
    }
    Verdict {
        must_hold,
        may_hold,
    }
}

/// What was found is what must be.
pub fn judge(words: &[Word], end: &End, schedule: u64) {
    let told = format!("schedule {schedule}: {words:#?} {end:#?}");
    if words
        .iter()
        .any(|w| stop(&w.says, Purpose::Evaluation) == Some(Scope::Erase))
    {
        let all_gone = end
            .entries
            .iter()
            .all(|(state, _, bytes)| state == "gone" && !bytes);
        assert!(
            all_gone && end.answers.is_empty() && !end.completed,
            "{told}"
        );
        assert_eq!((&end.email, &end.contact), (&None, &None), "{told}");
        return;
    }
    let evaluation = verdict(words, Purpose::Evaluation);
    let given = words.iter().any(|w| is_yes(&w.says, Purpose::Evaluation));
    let stopped = end.standing.refused || end.standing.withdrawn.is_some();
    assert_eq!(end.standing.ever_given, given, "{told}");
    if let Some(scope) = end.standing.withdrawn {
        assert!(Some(&scope) >= evaluation.must_hold.iter().max(), "{told}");
        assert!(evaluation.may_hold.contains(&scope), "{told}");
    }
    for about in [Purpose::Evaluation, Purpose::Reminders] {
        let Verdict {
            must_hold,
            may_hold,
        } = verdict(words, about);
        let said = words.iter().any(|w| is_yes(&w.says, about)) || !may_hold.is_empty();
        let yes = end
            .yes_to
            .iter()
            .find(|(p, _)| *p == about)
            .map(|(_, yes)| *yes);
        assert_eq!(yes.is_some(), said, "{told}");
        let no = yes == Some(false);
        assert!(must_hold.is_empty() || no, "a stop was lost. {told}");
        assert!(!may_hold.is_empty() || !no, "a yes was lost. {told}");
        // Against a later yes a stop holds only as a doubt.
        assert!(
            !no || !must_hold.is_empty() || end.doubts.contains(&about),
            "{told}"
        );
    }
    places(words, end, stopped, &told);
    answers(words, end, given, &told);
    let consents = |w: &&Word| {
        Purpose::ALL
            .into_iter()
            .any(|p| is_yes(&w.says, p) || stop(&w.says, p).is_some())
    };
    let contacts = |w: &&Word| names(&w.says).is_some();
    let lines = words.iter().filter(|w| consents(w) || contacts(w)).count();
    assert_eq!(end.history.len(), lines, "{told}");
}

/// Whom to remind instead, or that nobody is.
fn names(says: &Say) -> Option<Option<&str>> {
    match says {
        Say::Word(Event::ContactPersonNamed { email, .. }) => Some(Some(email)),
        Say::Word(Event::ContactPersonRemoved) => Some(None),
        _ => None,
    }
}

fn gives(says: &Say) -> Option<Option<&str>> {
    match says {
        Say::Word(Event::ContactGiven { email }) => Some(Some(email)),
        _ => None,
    }
}

/// Where mails would go, and what is forgotten.
fn places(words: &[Word], end: &End, stopped: bool, told: &str) {
    place(
        words,
        end,
        stopped,
        &end.email,
        gives,
        &[Purpose::Evaluation, Purpose::Reminders],
        told,
    );
    place(
        words,
        end,
        stopped,
        &end.contact,
        names,
        &[Purpose::Evaluation],
        told,
    );
}

fn place(
    words: &[Word],
    end: &End,
    stopped: bool,
    found: &Option<String>,
    which: impl Fn(&Say) -> Option<Option<&str>>,
    ended_by: &[Purpose],
    told: &str,
) {
    let held = |word: &Word| {
        let at = words.iter().position(|w| w.entry == word.entry).unwrap();
        end.entries[at].2
    };
    let named = words
        .iter()
        .filter(|w| matches!(which(&w.says), Some(Some(_))));
    let kept: Vec<_> = named.filter(|w| held(w)).collect();
    assert!(kept.len() <= 1, "two are held. {told}");
    let shown = kept.first().filter(|_| !stopped);
    let shown = shown.and_then(|w| which(&w.says)).flatten();
    assert_eq!(found.as_deref(), shown, "{told}");
    // A clock that was set right leaves nobody who knows which was the last.
    if words.iter().any(|w| w.clock.right_after.is_some()) {
        return;
    }
    let Some(last) = words.iter().rfind(|w| which(&w.says).is_some()) else {
        return;
    };
    let stops = words
        .iter()
        .filter(|w| ended_by.iter().any(|p| stop(&w.says, *p).is_some()));
    let mut stops = stops.peekable();
    let taken_back = which(&last.says) == Some(None);
    if taken_back || stops.clone().any(|no| no.n > last.n) {
        assert!(kept.is_empty(), "not forgotten. {told}");
    } else if stops.all(|no| no.phone == last.phone) {
        let entry = kept.first().map(|w| w.entry);
        assert_eq!(
            entry,
            Some(last.entry),
            "forgotten though it is needed. {told}"
        );
    }
}

fn answers(words: &[Word], end: &End, given: bool, told: &str) {
    let mut instruments = BTreeSet::new();
    let mut count = 0;
    for (word, (state, reason, _)) in words.iter().zip(&end.entries) {
        let Say::Answers(instrument, _) = &word.says else {
            assert_eq!(state, "applied", "{told}");
            continue;
        };
        if given {
            assert_eq!(state, "applied", "{told}");
            instruments.insert(*instrument);
            count += 1;
        } else {
            let why = (state.as_str(), reason.as_deref());
            assert_eq!(why, ("quarantined", Some("consent.missing")), "{told}");
        }
    }
    assert_eq!(end.answers.len(), count, "{told}");
    assert_eq!(end.completed, instruments.len() == 2, "{told}");
}
