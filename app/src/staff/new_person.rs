//! Registering a person. Everything is optional; what is wrong is said at its field.

use bedring_contract::problem::{Code, FieldProblem};
use bedring_contract::staff::NewPerson;
use bedring_domain::address::typed_address;
use bedring_domain::course::RespondentType;
use bedring_domain::phone::phone_number;
use bedring_domain::pseudonym::{PseudonymError, person_code};
use bedring_domain::time::parse_day;
use leptos::prelude::*;
use uuid::Uuid;

use super::go;
use super::project::name_of;
use super::route::Route;
use super::state::{PersonDraft, Remote, Staff};
use super::terms;
use super::widgets::{self, FieldSpec};
use super::words::Words;
use crate::api::{ApiFailure, staff as api};

/// A field: what was typed and what is wrong with it.
#[derive(Clone, Copy)]
struct Typed {
    value: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl Typed {
    fn new(value: &str) -> Self {
        Self {
            value: RwSignal::new(value.to_owned()),
            error: RwSignal::new(None),
        }
    }

    fn filled(self) -> Option<String> {
        self.value
            .with_untracked(|v| Some(v.trim().to_owned()).filter(|v| !v.is_empty()))
    }
}

#[derive(Clone, Copy)]
struct Form {
    code: Typed,
    name: Typed,
    email: Typed,
    phone: Typed,
    respondent_type: Typed,
    start: Typed,
}

impl Form {
    fn new(draft: &PersonDraft) -> Self {
        Self {
            code: Typed::new(&draft.code),
            name: Typed::new(&draft.name),
            email: Typed::new(&draft.email),
            phone: Typed::new(&draft.phone),
            respondent_type: Typed::new(&draft.respondent_type),
            start: Typed::new(&draft.start),
        }
    }

    /// Each with the last part of its JSON pointer and its id on the screen, in the order of the screen.
    fn fields(self) -> [(&'static str, &'static str, Typed); 6] {
        [
            ("code", "new-code", self.code),
            ("name", "new-name", self.name),
            ("email", "new-email", self.email),
            ("phone", "new-phone", self.phone),
            ("respondent_type", "new-type", self.respondent_type),
            ("start", "new-start", self.start),
        ]
    }

    fn draft(self, project: Uuid) -> PersonDraft {
        PersonDraft {
            project,
            code: self.code.value.get(),
            name: self.name.value.get(),
            email: self.email.value.get(),
            phone: self.phone.value.get(),
            respondent_type: self.respondent_type.value.get(),
            start: self.start.value.get(),
        }
    }

    /// What can be sent, or the errors are at their fields.
    fn check(self, w: &'static Words) -> Option<NewPerson> {
        for (_, _, field) in self.fields() {
            field.error.set(None);
        }
        let person = NewPerson {
            code: self.code.filled(),
            name: self.name.filled(),
            email: self.email.filled(),
            phone: self.phone.filled(),
            respondent_type: self
                .respondent_type
                .filled()
                .as_deref()
                .and_then(RespondentType::parse),
            start: self.start.filled().as_deref().and_then(parse_day),
        };
        if let Some(Err(wrong)) = person.code.as_deref().map(person_code) {
            self.code.error.set(Some(code_words(w, wrong).to_owned()));
        }
        let no_address = |text: &str| typed_address(text).is_none();
        if person.email.as_deref().is_some_and(no_address) {
            self.email.error.set(Some(w.error_email.to_owned()));
        }
        let not_a_number = |text: &str| phone_number(text).is_none();
        if person.phone.as_deref().is_some_and(not_a_number) {
            self.phone.error.set(Some(w.error_phone.to_owned()));
        }
        if person.start.is_none() && self.start.filled().is_some() {
            self.start.error.set(Some(w.error_date.to_owned()));
        }
        (!self.focus_first_error()).then_some(person)
    }

    /// Puts the server's complaints at their fields; `false` if one has no field here.
    fn complain(self, w: &'static Words, errors: &[FieldProblem]) -> bool {
        let mut all_placed = true;
        for problem in errors {
            let name = problem.pointer.rsplit('/').next().unwrap_or_default();
            match self
                .fields()
                .into_iter()
                .find(|(pointer, ..)| *pointer == name)
            {
                Some((_, _, field)) => field
                    .error
                    .set(Some(field_words(w, name, &problem.code).to_owned())),
                None => all_placed = false,
            }
        }
        self.focus_first_error();
        all_placed && !errors.is_empty()
    }

    fn focus_first_error(self) -> bool {
        let first = self
            .fields()
            .into_iter()
            .find(|(_, _, f)| f.error.with_untracked(Option::is_some));
        if let Some((_, id, _)) = first {
            widgets::focus(id);
        }
        first.is_some()
    }
}

const fn code_words(w: &'static Words, wrong: PseudonymError) -> &'static str {
    match wrong {
        PseudonymError::Telling => w.error_code_pseudonymous,
        PseudonymError::TooLong => w.error_too_long,
        PseudonymError::Sign | PseudonymError::Empty => w.error_code_sign,
    }
}

fn field_words(w: &'static Words, field: &str, code: &str) -> &'static str {
    match (field, code) {
        ("code", "taken") => w.error_code_taken,
        ("code", "not_pseudonymous") => w.error_code_pseudonymous,
        ("code", "format") => w.error_code_sign,
        ("email", "invalid" | "format") => w.error_email,
        ("phone", "format") => w.error_phone,
        ("start", "invalid" | "format" | "out_of_range") => w.error_date,
        (_, "required") => w.error_required,
        (_, "too_long") => w.error_too_long,
        _ => w.error_field,
    }
}

/// The form.
pub fn screen(staff: Staff, project: Uuid) -> impl IntoView {
    let lang = staff.lang_now();
    let w = lang.words();
    let programmes = Remote::new(staff, api::programmes);
    let account = staff.account_now().map(|a| a.id);
    let kept = staff.draft.with_value(|d| {
        d.as_ref()
            .filter(|(_, d)| d.project == project)
            .map(|(_, d)| d.clone())
    });
    let form = Form::new(&kept.unwrap_or_default());
    Effect::new(move |_| {
        let draft = form.draft(project);
        staff.draft.set_value(account.map(|owner| (owner, draft)));
    });
    let failure = RwSignal::new(None::<ApiFailure>);
    let has_errors = move || {
        form.fields()
            .iter()
            .any(|(_, _, f)| f.error.with(Option::is_some))
    };
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        failure.set(None);
        if busy.get_untracked() {
            return;
        }
        if let Some(person) = form.check(w) {
            busy.set(true);
            send(staff, project, person, form, busy, failure);
        }
    };
    let cancel = move |_| {
        staff.draft.set_value(None);
        go(Route::Project(project));
    };
    let crumb = move || {
        let name = programmes.state.with(|s| match s {
            super::state::Load::Ready(list) => name_of(list, project).map(|(name, _)| name),
            _ => None,
        });
        let path = vec![
            (Route::Programmes, w.nav_programmes.to_owned()),
            (
                Route::Project(project),
                name.unwrap_or_else(|| w.project.to_owned()),
            ),
        ];
        widgets::crumbs(w, path)
    };
    view! {
        <div class="stack-wide">
            {crumb}
            {widgets::heading(staff, w, w.new_person.to_owned())}
            <form class="stack" novalidate=true on:submit=submit>
                {move || has_errors().then(|| view! { <p class="note note-attention" role="alert">{w.new_errors}</p> })}
                {fields(staff, w, form)}
                {move || failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
                <div class="actions">
                    <button type="submit" class="button-primary" aria-disabled=move || busy.get().then_some("true")>
                        {move || if busy.get() { w.new_busy } else { w.new_submit }}
                    </button>
                    <button type="button" class="button-quiet" on:click=cancel>{w.cancel}</button>
                </div>
            </form>
        </div>
    }
}

fn fields(staff: Staff, w: &'static Words, form: Form) -> impl IntoView {
    let lang = staff.lang_now();
    let types = std::iter::once(("", terms::respondent_type(lang, None)))
        .chain(
            RespondentType::ALL
                .into_iter()
                .map(|t| (t.as_str(), terms::respondent_type(lang, Some(t)))),
        )
        .collect();
    let spec = |id, label, hint| FieldSpec {
        hint,
        aside: w.optional,
        ..FieldSpec::text(id, label)
    };
    let email = FieldSpec {
        kind: "email",
        ..spec("new-email", w.email, w.new_email_hint)
    };
    let phone = FieldSpec {
        kind: "tel",
        ..spec("new-phone", w.phone, w.new_phone_hint)
    };
    let start = FieldSpec {
        kind: "date",
        ..spec("new-start", w.start_date, w.new_start_hint)
    };
    view! {
        {widgets::field(spec("new-code", w.code, w.new_code_hint), form.code.value, form.code.error)}
        {widgets::field(spec("new-name", w.name, w.new_name_hint), form.name.value, form.name.error)}
        {widgets::field(email, form.email.value, form.email.error)}
        {widgets::field(phone, form.phone.value, form.phone.error)}
        {widgets::select_field(spec("new-type", w.role, w.new_type_hint), types, form.respondent_type.value, form.respondent_type.error)}
        {widgets::field(start, form.start.value, form.start.error)}
    }
}

fn send(
    staff: Staff,
    project: Uuid,
    person: NewPerson,
    form: Form,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<ApiFailure>>,
) {
    let w = staff.lang_now().words();
    let request = async move { api::new_person(project, &person).await };
    staff.ask(request, move |outcome| {
        let gone = busy.try_set(false).is_some();
        match outcome {
            Ok(created) => {
                staff.draft.set_value(None);
                if !gone {
                    go(Route::Person(created.id));
                }
            }
            Err(_) if gone => {}
            Err(ApiFailure::Problem(problem))
                if problem.code == Code::Conflict && problem.errors.is_empty() =>
            {
                form.code.error.set(Some(w.error_code_taken.to_owned()));
                form.focus_first_error();
            }
            Err(ApiFailure::Problem(problem)) if form.complain(w, &problem.errors) => {}
            Err(trouble) => failure.set(Some(trouble)),
        }
    });
}
