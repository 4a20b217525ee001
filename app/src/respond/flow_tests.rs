//! The course of a person through the app, without a browser.

use bedring_contract::meta::SealKey;
use bedring_contract::person::{ConsentState, Letter, OccasionInstrument, ProgrammeCard};
use bedring_domain::consent::Channel;
use bedring_domain::course::{Mode, OccasionKind, RespondentType};
use bedring_domain::instrument::{Item, Kind, Texts};
use bedring_domain::journal::{ConsentWords, Entry, Response};

use super::*;

const OCCASION: Uuid = Uuid::from_u128(7);

fn at(minute: i64) -> DateTime<FixedOffset> {
    DateTime::from_timestamp(1_790_000_000 + minute * 60, 0)
        .unwrap()
        .fixed_offset()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn definition(instrument: &str, parts: &[&str]) -> Definition {
    let item = |(n, part): (usize, &&str)| Item {
        code: format!("i{n}"),
        options: "o".to_owned(),
        part: (*part).to_owned(),
        not_relevant: false,
        reverse: false,
        text: Texts::new(),
    };
    Definition {
        format: 1,
        instrument: instrument.to_owned(),
        edition: "demo-1".to_owned(),
        kind: Kind::Demonstration,
        source: String::new(),
        licence_note: String::new(),
        languages: vec!["da".to_owned()],
        derived_from: None,
        title: Texts::new(),
        introduction: Texts::new(),
        option_sets: Vec::new(),
        items: parts.iter().enumerate().map(item).collect(),
        scales: Vec::new(),
    }
}

fn bundle() -> PersonBundle {
    let edition = |instrument: &str| OccasionInstrument {
        edition: EditionRef {
            instrument: instrument.to_owned(),
            edition: "demo-1".to_owned(),
        },
        answered: false,
    };
    PersonBundle {
        person: Uuid::from_u128(1),
        respondent_type: Some(RespondentType::Participant),
        language: "da".to_owned(),
        language_said: false,
        programme: ProgrammeCard {
            name: Texts::new(),
            contacts: Vec::new(),
            contacts_checked: None,
            senders: Vec::new(),
        },
        project: "P".to_owned(),
        letter: Letter {
            edition: "2026-1".to_owned(),
            sha256: String::new(),
            title: Texts::new(),
            body: Texts::new(),
            summary: Texts::new(),
        },
        purposes: vec![Purpose::Evaluation, Purpose::Reminders],
        standing: Standing::default(),
        consents: Vec::new(),
        occasions: vec![Occasion {
            id: OCCASION,
            kind: OccasionKind::Intake,
            state: OccasionState::Open,
            opens: Some(day("2026-09-01")),
            due: None,
            instruments: vec![edition("a"), edition("b")],
        }],
        definitions: vec![definition("a", &["x"]), definition("b", &["x"])],
        seal_key: SealKey {
            key_id: String::new(),
            public_key: String::new(),
        },
        erasing: None,
        time: at(0).to_utc(),
    }
}

fn copy(n: u128, minute: i64, event: Event) -> OwnCopy {
    let entry = Entry {
        recorded_at: at(minute).into(),
        app_version: "0".to_owned(),
        person: None,
        event,
    };
    OwnCopy {
        id: Uuid::from_u128(n),
        entry,
        outcome: None,
        reason: None,
        receipt: None,
    }
}

fn words(purpose: Purpose) -> ConsentWords {
    ConsentWords {
        purpose,
        letter: "2026-1".to_owned(),
        language: "da".to_owned(),
        channel: Channel::Screen,
        witness: None,
    }
}

fn yes(n: u128, minute: i64, purpose: Purpose) -> OwnCopy {
    copy(n, minute, Event::ConsentGiven(words(purpose)))
}

fn no(n: u128, minute: i64, purpose: Purpose) -> OwnCopy {
    copy(n, minute, Event::ConsentDeclined(words(purpose)))
}

fn finished(n: u128, instrument: &str) -> OwnCopy {
    let response = Response {
        occasion: OCCASION,
        instrument: instrument.to_owned(),
        edition: "demo-1".to_owned(),
        language: "da".to_owned(),
        mode: Mode::OwnDevice,
        helped_by: None,
        private: None,
        started_at: at(0).into(),
        finished_at: at(5).into(),
        answers: Answers::default(),
    };
    copy(n, 5, Event::ResponseSubmitted(Box::new(response)))
}

fn next(bundle: &PersonBundle, copies: &[OwnCopy]) -> Step {
    next_step(bundle, copies, day("2026-09-21"))
}

fn answer(instrument: &str) -> Step {
    Step::Answer {
        occasion: OCCASION,
        edition: EditionRef {
            instrument: instrument.to_owned(),
            edition: "demo-1".to_owned(),
        },
    }
}

fn consented() -> PersonBundle {
    let mut b = bundle();
    b.standing.ever_given = true;
    b.consents = vec![ConsentState {
        purpose: Purpose::Evaluation,
        given: true,
        recorded_at: at(-10),
    }];
    b
}

#[test]
fn a_new_person_reads_says_yes_to_each_purpose_and_answers_both_questionnaires() {
    let b = bundle();
    let mut said = Vec::new();
    assert_eq!(next(&b, &said), Step::Letter);
    said.push(yes(1, 1, Purpose::Evaluation));
    assert_eq!(next(&b, &said), Step::Consent(Purpose::Reminders));
    said.push(no(2, 2, Purpose::Reminders));
    assert_eq!(next(&b, &said), answer("a"));
    said.push(finished(3, "a"));
    assert_eq!(next(&b, &said), answer("b"));
    said.push(finished(4, "b"));
    assert_eq!(next(&b, &said), Step::Finished);
}

#[test]
fn consent_on_paper_leads_straight_to_the_question() {
    assert_eq!(next(&consented(), &[]), answer("a"));
}

#[test]
fn the_role_is_asked_once_everything_is_answered() {
    let mut b = consented();
    b.respondent_type = None;
    assert_eq!(next(&b, &[]), answer("a"));
    let mut said = vec![finished(1, "a")];
    assert_eq!(next(&b, &said), answer("b"));
    said.push(finished(2, "b"));
    assert_eq!(next(&b, &said), Step::Role);
    said.push(copy(9, 9, role(RespondentType::RatherNotSay)));
    assert_eq!(next(&b, &said), Step::Finished);
}

fn role(respondent_type: RespondentType) -> Event {
    Event::RespondentTypeStated { respondent_type }
}

#[test]
fn only_the_last_questionnaire_of_an_occasion_leads_to_the_end() {
    let b = consented();
    assert!(!is_last(&b, &[], OCCASION, "a"));
    assert!(!is_last(&b, &[], OCCASION, "b"));
    assert!(is_last(&b, &[finished(1, "a")], OCCASION, "b"));
}

#[test]
fn a_no_ends_the_asking_until_the_person_changes_their_mind() {
    let mut b = bundle();
    let refused = no(1, 1, Purpose::Evaluation);
    assert_eq!(next(&b, std::slice::from_ref(&refused)), Step::Declined);
    b.standing.refused = true;
    b.occasions[0].state = OccasionState::Declined;
    b.consents = vec![ConsentState {
        purpose: Purpose::Evaluation,
        given: false,
        recorded_at: at(1),
    }];
    assert_eq!(next(&b, &[]), Step::Declined);
    let back = [
        refused,
        yes(2, 3, Purpose::Evaluation),
        no(3, 4, Purpose::Reminders),
    ];
    assert_eq!(next(&b, &back), answer("a"));
}

#[test]
fn a_withdrawal_that_the_server_has_not_heard_of_yet_holds_here() {
    let withdrawn = copy(
        1,
        3,
        Event::ConsentWithdrawn {
            scope: Scope::StopUsing,
        },
    );
    assert_eq!(
        next(&consented(), std::slice::from_ref(&withdrawn)),
        Step::Withdrawn(Scope::StopUsing)
    );
    let again = [
        withdrawn,
        yes(2, 4, Purpose::Evaluation),
        no(3, 4, Purpose::Reminders),
    ];
    assert_eq!(next(&consented(), &again), answer("a"));
}

#[test]
fn an_erasure_holds_whatever_is_said_later() {
    let erased = copy(
        1,
        3,
        Event::ConsentWithdrawn {
            scope: Scope::Erase,
        },
    );
    assert_eq!(
        next(&consented(), &[erased, yes(2, 4, Purpose::Evaluation)]),
        Step::Withdrawn(Scope::Erase)
    );
}

#[test]
fn a_planned_occasion_opens_on_its_day_without_a_network() {
    let mut b = consented();
    b.occasions[0].state = OccasionState::Planned;
    b.occasions[0].opens = Some(day("2026-12-01"));
    assert_eq!(next(&b, &[]), Step::NotYet(Some(day("2026-12-01"))));
    assert_eq!(next_step(&b, &[], day("2026-12-01")), answer("a"));
    b.definitions.clear();
    assert_eq!(next_step(&b, &[], day("2026-12-01")), Step::NeedsNetwork);
}

#[test]
fn a_phone_in_1970_still_asks_what_the_server_says_is_open() {
    assert_eq!(next_step(&consented(), &[], day("1970-01-01")), answer("a"));
}

#[test]
fn one_count_goes_through_all_questionnaires_of_an_occasion() {
    let mut b = consented();
    b.definitions = vec![definition("a", &["x", "x", "y"]), definition("b", &["x"])];
    let at = |definition: &Definition, index| {
        let place = place(&b, OCCASION, definition, index);
        (place.number, place.of)
    };
    assert_eq!(at(&b.definitions[0], 0), (1, 4));
    assert_eq!(at(&b.definitions[0], 2), (3, 4));
    assert_eq!(at(&b.definitions[1], 0), (4, 4));
    // An occasion that this phone no longer knows: the questionnaire alone is counted.
    let elsewhere = place(&b, Uuid::nil(), &b.definitions[1], 0);
    assert_eq!((elsewhere.number, elsewhere.of), (1, 1));
}

#[test]
fn a_pause_is_offered_where_a_part_begins_after_eight_questions_or_more() {
    let pauses = |parts: &[&str]| {
        let d = definition("a", parts);
        (0..parts.len())
            .filter(|i| offers_pause(&d, *i))
            .collect::<Vec<_>>()
    };
    // Parts of 4, 4, 2, 8 and 3 questions begin at 0, 4, 8, 10 and 18.
    let lengths = [("a", 4), ("b", 4), ("c", 2), ("d", 8), ("e", 3)];
    let parts: Vec<&str> = lengths
        .iter()
        .flat_map(|(part, n)| std::iter::repeat_n(*part, *n))
        .collect();
    assert_eq!(pauses(&parts), [8, 18]);
    assert_eq!(pauses(&["x", "y", "z"]), [0_usize; 0]);
    let returning = ["x", "x", "x", "x", "x", "x", "x", "x", "y", "x"];
    assert_eq!(pauses(&returning), [0_usize; 0]);
}

#[test]
fn skipped_questions_are_offered_again_at_the_end() {
    let d = definition("a", &["x", "x", "x"]);
    let answers: Answers = [("i0", Answer::Code(1)), ("i1", Answer::Skipped)]
        .into_iter()
        .collect();
    assert_eq!(unanswered(&d, &answers), [1, 2]);
}
