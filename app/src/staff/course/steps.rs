//! What happens next, for each measurement that is not finished, with its day and whose it is; or why nothing does.

use bedring_contract::course::{CourseStep, NextStep, PersonCourse, WhyNoStep};
use bedring_contract::staff::PersonDetail;
use chrono::NaiveDate;
use leptos::prelude::*;

use super::Case;
use super::sentences::measurement;
use crate::staff::calls::{self, Call};
use crate::staff::end_question::Asked;
use crate::staff::state::Load;
use crate::staff::words::fill;
use crate::staff::{dates, phone, terms, widgets};

/// The card.
pub fn section(case: Case, detail: &PersonDetail) -> impl IntoView + use<> {
    let w = case.w();
    let (code, project) = (detail.line.code.clone(), detail.project);
    let show = move |course: &PersonCourse| {
        let steps = course.steps.iter().map(|step| {
            let call = call_of(step, &code, project);
            let asked = Asked {
                person: case.person,
                code: code.clone(),
                today: course.today,
            };
            view! { <li class="next-step stack-tight">{step_view(case, step, call, asked)}</li> }
        });
        let why = course.why_none.map(|why| none(case, why));
        view! {
            {why.map(|text| view! { <p>{text}</p> })}
            <ul class="next-steps">{steps.collect_view()}</ul>
        }
    };
    view! {
        <section class="card stack" aria-labelledby="next-title">
            <h2 id="next-title">{w.next_title}</h2>
            {widgets::loaded(case.staff, case.course, show)}
        </section>
    }
}

/// What was noted last about a call was wrong.
fn take_back(case: Case, call: uuid::Uuid) -> impl IntoView {
    let w = super::correct_words(case.lang());
    let press = move |_| {
        let request = crate::api::followup::take_back(call);
        case.staff.ask(request, move |outcome| match outcome {
            Ok(()) => case.changed(w.call_back_done.to_owned()),
            Err(trouble) => {
                case.failure.try_set(Some(trouble));
            }
        });
    };
    view! { <button type="button" class="button-quiet" on:click=press>{w.call_back}</button> }
}

fn call_of(step: &CourseStep, code: &str, project: uuid::Uuid) -> Option<Call> {
    match &step.next {
        NextStep::CallOpen { call, owner, .. } => Some(Call {
            id: *call,
            code: code.to_owned(),
            project,
            owner: owner.clone(),
        }),
        _ => None,
    }
}

/// What became of the reminders: sent, given up and come back are three things.
fn mails_text(case: Case, step: &CourseStep) -> String {
    let (lang, w) = (case.lang(), case.w());
    let sent = step.last_mail.map_or_else(
        || w.mails_none.to_owned(),
        |day| {
            let (n, day) = (step.mails_sent.to_string(), dates::date(lang, day));
            fill(w.mails_sent, &[("n", &n), ("day", &day)])
        },
    );
    let more = [
        (step.mails_returned, w.mails_returned),
        (step.mails_failed, w.mails_failed),
    ];
    let more = more.into_iter().filter(|(n, _)| *n > 0);
    let more = more.map(|(n, words)| fill(words, &[("n", &n.to_string())]));
    std::iter::once(sent)
        .chain(more)
        .collect::<Vec<_>>()
        .join("; ")
}

fn step_view(
    case: Case,
    step: &CourseStep,
    call: Option<Call>,
    asked: Asked,
) -> impl IntoView + use<> {
    let (lang, w) = (case.lang(), case.w());
    let state = widgets::badge(
        terms::occasion_class(step.state),
        terms::occasion_state(lang, step.state),
    );
    let fact = |label: &'static str, value: String| view! { <dt>{label}</dt><dd>{value}</dd> };
    let day = |label: &'static str, day: Option<NaiveDate>| {
        day.map(|day| fact(label, dates::date(lang, day)))
    };
    let mails = mails_text(case, step);
    let tries = match &step.next {
        NextStep::CallOpen { attempts, .. } => Some(fact(w.tries, attempts.to_string())),
        _ => None,
    };
    let tried = matches!(&step.next, NextStep::CallOpen { attempts, .. } if *attempts > 0);
    let ask = asks_now(step, asked.today).then(|| {
        let press = move |_| case.ends.asked.set(Some(asked.clone()));
        view! {
            <div class="row-actions">
                <button type="button" class="button-secondary" on:click=press>
                    {crate::staff::worklist::words::Words::of(lang).answer}
                </button>
            </div>
        }
    });
    view! {
        <h3>{measurement(lang, step.kind, step.number)} " " {state}</h3>
        <p>{sentence(case, step)}</p>
        <dl class="facts">
            {fact(w.who, who(case, step))}
            {day(w.opens, step.opens)}
            {day(w.window, step.due)}
            {step.due.is_some().then(|| fact(w.mails, mails))}
            {day(w.closes, step.closes)}
            {tries}
        </dl>
        {call.map(|call| view! {
            {number_of(case).map(|number| view! { <p>{phone::link(lang, &number)}</p> })}
            <div class="row-actions">
                {calls::buttons(case.calls, &call)}
                {tried.then(|| take_back(case, call.id))}
            </div>
        })}
        {ask}
    }
}

/// The person's number, as the page has it now; the step is drawn anew when it changes.
fn number_of(case: Case) -> Option<String> {
    case.detail.state.with(|state| match state {
        Load::Ready(detail) => detail.phone.clone(),
        Load::Waiting | Load::Failed(_) => None,
    })
}

/// Staff are asked about the end, from that day on.
fn asks_now(step: &CourseStep, today: NaiveDate) -> bool {
    matches!(step.next, NextStep::WaitsForEnd { ask_on } if ask_on <= today)
}

fn sentence(case: Case, step: &CourseStep) -> String {
    let (lang, w) = (case.lang(), case.w());
    let on = |text: &str, day: NaiveDate| fill(text, &[("day", &dates::date(lang, day))]);
    match &step.next {
        NextStep::Mail { number, on: day } => {
            fill(&on(w.mail, *day), &[("n", &number.to_string())])
        }
        NextStep::CallPlanned { on: day } => on(w.call_planned, *day),
        NextStep::CallOpen { next_try, .. } => on(w.call_open, *next_try),
        NextStep::Paused { until: Some(day) } => on(w.next_paused_until, *day),
        NextStep::Paused { until: None } => w.next_paused.to_owned(),
        NextStep::Wait { on: day } => on(w.wait, *day),
        NextStep::WaitsForEnd { ask_on } if is_open(case, *ask_on) => w.end_asked.to_owned(),
        NextStep::WaitsForEnd { ask_on } => on(w.end_later, *ask_on),
        NextStep::WaitsForOther => w.other.to_owned(),
        NextStep::Staff => w.staff.to_owned(),
    }
}

fn is_open(case: Case, ask_on: NaiveDate) -> bool {
    case.course.state.with_untracked(|state| match state {
        Load::Ready(course) => ask_on <= course.today,
        Load::Waiting | Load::Failed(_) => false,
    })
}

fn who(case: Case, step: &CourseStep) -> String {
    let w = case.w();
    match &step.next {
        NextStep::CallOpen { owner: None, .. } => w.who_nobody.to_owned(),
        NextStep::CallOpen {
            owner: Some(owner), ..
        } => {
            let me = case.staff.account_now().map(|a| a.id);
            if Some(owner.id) == me {
                w.who_me.to_owned()
            } else {
                owner.email.clone()
            }
        }
        NextStep::Paused { until: None } | NextStep::Staff | NextStep::WaitsForOther => {
            w.who_staff.to_owned()
        }
        NextStep::WaitsForEnd { .. } => w.who_staff.to_owned(),
        NextStep::Mail { .. }
        | NextStep::CallPlanned { .. }
        | NextStep::Paused { until: Some(_) }
        | NextStep::Wait { .. } => w.who_server.to_owned(),
    }
}

fn none(case: Case, why: WhyNoStep) -> &'static str {
    let w = case.w();
    match why {
        WhyNoStep::SaidNo => w.none_said_no,
        WhyNoStep::Withdrawn => w.none_withdrawn,
        WhyNoStep::Erased => w.none_erased,
        WhyNoStep::Discarded => w.none_discarded,
        WhyNoStep::ProjectNotActive => w.none_project,
        WhyNoStep::Finished => w.none_finished,
        WhyNoStep::NotMeasured => w.none_not_measured,
    }
}
