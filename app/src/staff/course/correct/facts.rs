//! The dialog in which the facts of a person are corrected. What somebody else corrected meanwhile is shown beside what was typed.

use bedring_contract::correct::{Change, PersonCorrection};
use bedring_contract::problem::{Code, FieldProblem};
use bedring_contract::staff::PersonDetail;
use bedring_domain::course::RespondentType;
use bedring_domain::time::parse_day;
use leptos::prelude::*;

use super::words::Words;
use crate::api::{ApiFailure, staff as api};
use crate::staff::course::Case;
use crate::staff::dialogs::{self, modal};
use crate::staff::widgets::{self, FieldSpec};
use crate::staff::words::fill;
use crate::staff::{dates, terms};

/// What the dialog begins with.
pub type Facts = PersonDetail;

const CODE: &str = "fact-code";
const NAME: &str = "fact-name";
const EMAIL: &str = "fact-email";
const PHONE: &str = "fact-phone";
const ROLE: &str = "fact-role";
const START: &str = "fact-start";
const LANGUAGE: &str = "fact-language";

/// Opens the dialog.
pub fn button(case: Case, detail: &PersonDetail) -> impl IntoView + use<> {
    let w = Words::of(case.lang());
    let facts = detail.clone();
    let press = move |_| case.correcting.set(Some(facts.clone()));
    view! {
        <div class="row-actions">
            <button type="button" class="button-quiet" on:click=press>{w.facts_button}</button>
        </div>
    }
}

/// The dialog.
pub fn dialog(case: Case) -> impl IntoView {
    modal("facts-dialog", case.correcting, move |facts| {
        form(case, facts)
    })
}

/// A field: what was seen, what was typed, and what is wrong with it.
#[derive(Clone, Copy)]
struct Typed {
    id: &'static str,
    pointer: &'static str,
    seen: StoredValue<String>,
    value: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl Typed {
    fn new(id: &'static str, pointer: &'static str, seen: Option<&str>) -> Self {
        let seen = seen.unwrap_or_default().to_owned();
        Self {
            id,
            pointer,
            value: RwSignal::new(seen.clone()),
            seen: StoredValue::new(seen),
            error: RwSignal::new(None),
        }
    }

    /// What is to be asked of the server; nothing where nothing was changed.
    fn change(self) -> Option<Change<String>> {
        let some = |text: String| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let (seen, to) = (
            some(self.seen.get_value()),
            some(self.value.get_untracked()),
        );
        (seen != to).then_some(Change { seen, to })
    }
}

#[derive(Clone, Copy)]
struct Form {
    fields: [Typed; 7],
    failure: RwSignal<Option<ApiFailure>>,
    busy: RwSignal<bool>,
}

impl Form {
    fn new(facts: &Facts) -> Self {
        let line = &facts.line;
        let start = line.start.map(|day| day.to_string());
        let role = line.respondent_type.map(RespondentType::as_str);
        Self {
            fields: [
                Typed::new(CODE, "/code", Some(&line.code)),
                Typed::new(NAME, "/name", line.name.as_deref()),
                Typed::new(EMAIL, "/email", facts.email.as_deref()),
                Typed::new(PHONE, "/phone", facts.phone.as_deref()),
                Typed::new(ROLE, "/respondent_type", role),
                Typed::new(START, "/start", start.as_deref()),
                Typed::new(LANGUAGE, "/language", Some(&facts.language)),
            ],
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    fn correction(self) -> PersonCorrection {
        let [code, name, email, phone, role, start, language] = self.fields.map(Typed::change);
        PersonCorrection {
            code,
            name,
            email,
            phone,
            language,
            respondent_type: role.map(|c| Change {
                seen: c.seen.as_deref().and_then(RespondentType::parse),
                to: c.to.as_deref().and_then(RespondentType::parse),
            }),
            start: start.map(|c| Change {
                seen: c.seen.as_deref().and_then(parse_day),
                to: c.to.as_deref().and_then(parse_day),
            }),
        }
    }
}

fn form(case: Case, facts: &Facts) -> impl IntoView + use<> {
    let lang = case.lang();
    let w = Words::of(lang);
    let typed = Form::new(facts);
    // Of somebody who said no, neither name nor address is kept.
    let reaches = facts.not_asked.is_none();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send(case, typed);
    };
    let title = fill(w.facts_title, &[("code", &facts.line.code)]);
    view! {
        <form class="stack" novalidate=true on:submit=submit>
            <h2 id="facts-dialog">{title}</h2>
            {fields(case, typed, reaches)}
            {move || typed.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
            {dialogs::buttons(case.correcting, lang.words().cancel, w.facts_save, typed.busy)}
        </form>
    }
}

fn fields(case: Case, form: Form, reaches: bool) -> impl IntoView {
    let lang = case.lang();
    let (w, all) = (Words::of(lang), lang.words());
    let [code, name, email, phone, role, start, language] = form.fields;
    let text = |spec, typed: Typed| widgets::field(spec, typed.value, typed.error);
    let roles = std::iter::once(("", terms::respondent_type(lang, None)))
        .chain(
            RespondentType::ALL
                .into_iter()
                .map(|t| (t.as_str(), terms::respondent_type(lang, Some(t)))),
        )
        .collect();
    let of_kind = |id, label, kind| FieldSpec {
        kind,
        ..FieldSpec::text(id, label)
    };
    let starts = FieldSpec {
        hint: w.start_hint,
        ..of_kind(START, all.start_date, "date")
    };
    let languages = vec![("da", w.danish), ("en", w.english)];
    view! {
        {text(FieldSpec::text(CODE, all.code), code)}
        {reaches.then(|| view! {
            {text(FieldSpec::text(NAME, all.name), name)}
            {text(of_kind(EMAIL, all.email, "email"), email)}
            {text(of_kind(PHONE, all.phone, "tel"), phone)}
        })}
        {widgets::select_field(FieldSpec::text(ROLE, all.role), roles, role.value, role.error)}
        {text(starts, start)}
        {widgets::select_field(FieldSpec::text(LANGUAGE, w.language), languages, language.value, language.error)}
    }
}

fn send(case: Case, form: Form) {
    let w = Words::of(case.lang());
    for field in form.fields {
        field.error.set(None);
    }
    form.failure.set(None);
    let [.., start, _] = form.fields;
    if start
        .value
        .with_untracked(|day| parse_day(day.trim()).is_none())
        && start.change().is_some()
    {
        start
            .error
            .set(Some(case.lang().words().error_date.to_owned()));
        return widgets::focus(START);
    }
    let correction = form.correction();
    if correction == PersonCorrection::default() {
        case.correcting.set(None);
        return case.changed(w.facts_nothing.to_owned());
    }
    if form.busy.get_untracked() {
        return;
    }
    form.busy.set(true);
    let person = case.person;
    let request = async move { api::correct(person, &correction).await };
    case.staff.ask(request, move |outcome| {
        form.busy.try_set(false);
        match outcome {
            Ok(()) => {
                case.correcting.try_set(None);
                case.changed(w.facts_saved.to_owned());
            }
            Err(ApiFailure::Problem(problem))
                if complain(case, form, problem.code, &problem.errors) => {}
            Err(trouble) => {
                form.failure.try_set(Some(trouble));
            }
        }
    });
}

/// Puts what the server says at the fields; false if one has no field here.
fn complain(case: Case, form: Form, code: Code, errors: &[FieldProblem]) -> bool {
    let mut first = None;
    for problem in errors {
        let found = form.fields.iter().find(|f| f.pointer == problem.pointer);
        let Some(field) = found else { return false };
        let text = match code {
            Code::ChangedMeanwhile => meanwhile(case, *field, problem.current.as_deref()),
            _ => wrong(case, field.pointer, &problem.code).to_owned(),
        };
        field.error.try_set(Some(text));
        first = first.or(Some(field.id));
    }
    if let Some(id) = first {
        widgets::focus(id);
    }
    first.is_some()
}

/// Both values; whoever saves again has seen the other one.
fn meanwhile(case: Case, field: Typed, current: Option<&str>) -> String {
    let lang = case.lang();
    let w = Words::of(lang);
    let shown = |text: &str| match (field.pointer, text.trim()) {
        (_, "") => w.nothing.to_owned(),
        ("/respondent_type", name) => {
            terms::respondent_type(lang, RespondentType::parse(name)).to_owned()
        }
        ("/language", tag) => super::language(lang, tag),
        ("/start", day) => parse_day(day).map_or_else(|| day.to_owned(), |d| dates::date(lang, d)),
        (_, text) => text.to_owned(),
    };
    let now = current.unwrap_or_default();
    field.seen.set_value(now.to_owned());
    let typed = field.value.get_untracked();
    fill(
        w.meanwhile,
        &[("now", &shown(now)), ("typed", &shown(&typed))],
    )
}

fn wrong(case: Case, pointer: &str, code: &str) -> &'static str {
    let (w, all) = (Words::of(case.lang()), case.lang().words());
    match (pointer, code) {
        ("/code", "taken") => all.error_code_taken,
        ("/code", "not_pseudonymous") => all.error_code_pseudonymous,
        ("/email", _) => all.error_email,
        ("/phone", _) => all.error_phone,
        ("/start", "after_end") => w.start_after_end,
        ("/start", _) => all.error_date,
        (_, "required") => all.error_required,
        (_, "too_long") => all.error_too_long,
        _ => all.error_field,
    }
}
