//! The end of a questionnaire: what is unanswered, how it was answered, and the entry that the draft becomes.

use bedring_domain::course::Mode;
use bedring_domain::journal::Response;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::app::App;
use super::session::{HowAnswered, proceed};
use super::trail::Screen;
use super::{browser, flow};
use crate::device::{Draft, clock};

/// After the last question: a look over what is unanswered, if there is anything; then the
/// next questionnaire, or after the last one how all of it was answered.
pub fn done_asking(app: App) {
    let open = app.session.with_value(|s| {
        s.as_ref().map_or(0, |s| {
            flow::unanswered(&s.definition, &s.draft.answers).len()
        })
    });
    if open > 0 && app.screen() != Screen::Review {
        return app.go(Screen::Review);
    }
    if more_follows(app) {
        finish(app, HowAnswered::default());
    } else {
        app.go(Screen::Alone);
    }
}

/// Whether the occasion asks something after this questionnaire. How it was answered is asked once, at the end of all.
fn more_follows(app: App) -> bool {
    let open = app.session.with_value(|s| {
        s.as_ref()
            .map(|s| (s.draft.occasion, s.draft.instrument.clone()))
    });
    let (Some(bundle), Some((occasion, instrument))) = (app.bundle.get_untracked(), open) else {
        return false;
    };
    app.copies
        .with_untracked(|copies| !flow::is_last(&bundle, copies, occasion, &instrument))
}

/// Turns the draft into a finished entry. If the phone cannot write it, the draft stays and the person is told.
pub fn finish(app: App, how: HowAnswered) {
    spawn_local(async move {
        let Some(here) = app.here() else { return };
        let draft = app
            .session
            .with_value(|s| s.as_ref().map(|s| s.draft.clone()));
        let Some(draft) = draft else { return };
        let response = response_of(&draft, &how);
        match here.device.finish(&draft, response).await {
            Ok(_) => {
                browser::set_durable_answers(0);
                app.storage.set(None);
                app.read_again().await;
                here.sync.send_now();
                proceed_after_finish(app).await;
            }
            Err(error) => app.storage.set(Some(error)),
        }
    });
}

/// The next questionnaire of the occasion, or the end.
async fn proceed_after_finish(app: App) {
    proceed(app).await;
    if app.screen() == Screen::NotYet {
        app.replace(Screen::End);
    }
}

fn response_of(draft: &Draft, how: &HowAnswered) -> Response {
    Response {
        occasion: draft.occasion,
        instrument: draft.instrument.clone(),
        edition: draft.edition.clone(),
        language: draft.language.clone(),
        mode: if how.helped {
            Mode::WithHelp
        } else {
            Mode::OwnDevice
        },
        helped_by: how.helped_by.clone(),
        private: how.private,
        started_at: draft.started_at.into(),
        finished_at: clock::now().into(),
        answers: draft.answers.clone(),
    }
}
