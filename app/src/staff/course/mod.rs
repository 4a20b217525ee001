//! One person's course on their page: what happens next, the end, reminders and the contact, and what has happened. For leaders and
//! helpers.

mod contact;
mod correct;
mod end;
mod history;
mod pause;
mod phone;
mod reminders;
mod sentences;
mod steps;
mod words;

pub use correct::{button as facts_button, note as discarded, section as mistakes};
pub use end::section as end;
pub use history::section as history;
pub use phone::button as phone_button;
pub use reminders::section as reminders;
pub use sentences::consent_purpose;
pub use steps::section as steps;

use bedring_contract::course::{History, NamedContact, PersonCourse};
use bedring_contract::staff::PersonDetail;
use chrono::NaiveDate;
use leptos::prelude::*;
use uuid::Uuid;

use super::calls::{self, Calls};
use super::end_question::{self, Ends};
use super::kept::Kept;
use super::state::{Load, Remote, Staff};
use super::widgets;
use super::words::Lang;
use crate::api::{ApiFailure, followup as api};
use words::Words;

/// Lines of the history at first, and more of them each time.
const LINES: u32 = 10;
/// Where the focus goes when something was done.
const SAID: &str = "person-said";

/// One person's course, what is shown of it, and what is asked at the moment.
#[derive(Clone, Copy)]
pub struct Case {
    staff: Staff,
    person: Uuid,
    detail: Remote<PersonDetail>,
    course: Remote<PersonCourse>,
    history: Remote<History>,
    /// How many lines of the history are wanted.
    lines: RwSignal<u32>,
    /// What was done last.
    said: RwSignal<Option<String>>,
    failure: RwSignal<Option<ApiFailure>>,
    calls: Calls,
    ends: Ends,
    /// The last day, as somebody types it.
    ended: Kept,
    /// The day on which the course is meant to end, as somebody types it.
    planned: Kept,
    /// The dialog of the pause, with the person's code.
    pausing: RwSignal<Option<String>>,
    /// The dialog of the contact, with the person's code and the one there is.
    naming: RwSignal<Option<(String, Option<NamedContact>)>>,
    /// The dialog of the facts, with what it begins with.
    correcting: RwSignal<Option<correct::Facts>>,
    /// The dialogs about a registration that was a mistake.
    mistakes: correct::Mistakes,
    /// The dialog of the telephone number, with the person's code and the number there is.
    phoning: RwSignal<Option<(String, Option<String>)>>,
}

impl Case {
    /// Begins loading.
    #[must_use]
    pub fn new(staff: Staff, person: Uuid, detail: Remote<PersonDetail>) -> Self {
        let lines = RwSignal::new(LINES);
        let course = Remote::new(staff, move || api::person_course(person));
        let history = Remote::new(staff, move || api::history(person, lines.get()));
        let (said, failure) = (RwSignal::new(None), RwSignal::new(None));
        let finish = Callback::new(move |sentence| {
            tell(said, failure, sentence);
            detail.reload();
            course.reload();
            history.reload();
        });
        let fail = Callback::new(move |trouble| {
            failure.try_set(Some(trouble));
        });
        Self {
            staff,
            person,
            detail,
            course,
            history,
            lines,
            said,
            failure,
            calls: Calls::new(staff, finish, fail),
            ends: Ends::new(staff, finish),
            ended: Kept::new(detail, |found| Some(typed(found.line.end))),
            planned: Kept::new(course, |found| Some(typed(found.end.end_planned))),
            pausing: RwSignal::new(None),
            naming: RwSignal::new(None),
            phoning: RwSignal::new(None),
            correcting: RwSignal::new(None),
            mistakes: correct::Mistakes::new(),
        }
    }

    fn lang(self) -> Lang {
        self.staff.lang_now()
    }

    fn w(self) -> &'static Words {
        Words::of(self.lang())
    }

    /// Something was done about the measurements themselves: says so and loads everything again.
    pub fn changed(self, sentence: String) {
        tell(self.said, self.failure, sentence);
        self.detail.reload();
        self.course.reload();
        self.history.reload();
    }

    /// The person is not the same any more: the whole page is made anew, and nothing of before stays on the screen.
    pub fn begin_again(self) {
        self.said.set(None);
        self.failure.set(None);
        self.staff.focus_heading.set_value(true);
        self.detail.state.set(Load::Waiting);
        self.course.state.set(Load::Waiting);
        self.history.state.set(Load::Waiting);
        self.detail.reload();
        self.course.reload();
        self.history.reload();
    }

    /// Something was done that the measurements do not show: says so and loads what does.
    fn done(self, sentence: String) {
        tell(self.said, self.failure, sentence);
        self.course.reload();
        self.history.reload();
    }

    /// The person's page is loaded again, without a sentence.
    pub fn refresh(self) {
        self.course.reload();
        self.history.reload();
    }

    /// What was done, or why not.
    pub fn told(self) -> impl IntoView {
        let lang = self.lang();
        view! {
            <div id=SAID role="status" tabindex="-1">
                {move || self.said.get().map(|text| view! { <p class="note note-good">{text}</p> })}
            </div>
            {move || self.failure.get().map(|f| widgets::trouble_note(lang, &f, None))}
        }
    }

    /// What is asked over the page; it stands once on the screen.
    pub fn dialogs(self) -> impl IntoView {
        view! {
            {calls::dialogs(self.calls)}
            {end_question::dialog(self.ends)}
            {pause::dialog(self)}
            {contact::dialog(self)}
            {phone::dialog(self)}
            {correct::dialog(self)}
            {correct::dialogs(self)}
        }
    }

    /// Something without a dialog was asked of the server.
    fn ask(
        self,
        request: impl Future<Output = Result<(), ApiFailure>> + 'static,
        sentence: &'static str,
    ) {
        self.failure.set(None);
        self.staff.ask(request, move |outcome| match outcome {
            Ok(()) => self.done(sentence.to_owned()),
            Err(trouble) => {
                self.failure.try_set(Some(trouble));
            }
        });
    }
}

/// What is said where something is put right.
pub fn correct_words(lang: Lang) -> &'static correct::words::Words {
    correct::words::Words::of(lang)
}

/// A day as the browser's date field writes it.
fn typed(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// It is done: says so, where the focus goes as well, for what was pressed may be gone.
fn tell(said: RwSignal<Option<String>>, failure: RwSignal<Option<ApiFailure>>, sentence: String) {
    if said.try_set(Some(sentence)).is_none() {
        failure.set(None);
        widgets::focus(SAID);
    }
}
