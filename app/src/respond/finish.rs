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

/// After the last question: a look over what is unanswered, if there is anything; then how it was answered, if not known yet.
pub fn done_asking(app: App) {
    let open = app.session.with_value(|s| {
        s.as_ref().map_or(0, |s| {
            flow::unanswered(&s.definition, &s.draft.answers).len()
        })
    });
    if open > 0 && app.screen() != Screen::Review {
        return app.go(Screen::Review);
    }
    match app
        .session
        .with_value(|s| s.as_ref().and_then(|s| s.how.clone()))
    {
        Some(how) => finish(app, how),
        None => app.go(Screen::Alone),
    }
}

/// Turns the draft into a finished entry. If the phone cannot write it, the draft stays and the person is told.
pub fn finish(app: App, how: HowAnswered) {
    spawn_local(async move {
        let Some(here) = app.here() else { return };
        let draft = app.session.try_update_value(|s| {
            let session = s.as_mut()?;
            session.how = Some(how.clone());
            Some(session.draft.clone())
        });
        let Some(draft) = draft.flatten() else { return };
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
        started_at: draft.started_at,
        finished_at: clock::now(),
        answers: draft.answers.clone(),
    }
}
