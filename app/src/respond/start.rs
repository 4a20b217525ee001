//! The beginning: the link, the short code, what is already on the phone, and what can stand in the way.

use std::sync::Arc;

use bedring_contract::person::{Occasion, PersonBundle};
use bedring_contract::problem::Code;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::app::{App, Here};
use super::trail::{Screen, Trouble};
use super::{before, browser, page, session, ways};
use crate::api::person::{self, Told};
use crate::api::{ApiFailure, Own};
use crate::device::{Access, Change, Device, DeviceError, Last, OwnCopy, update};
use crate::i18n::{Lang, Texts};
use crate::sync;
use crate::ui::dom::follow;
use crate::ui::{View, actions, button, heading, p, quiet, stack};

/// Starts the citizen's app. The page's own start text stays until the first screen is ready.
pub fn run() {
    let app = App::new(known_language().unwrap_or(Lang::Da));
    spawn_local(async move {
        begin(app).await;
        app.starts_here();
        before::take(app);
        leptos::mount::mount_to_body(move || {
            listen(app);
            follow_updates(app);
            page::show(app);
        });
    });
}

/// What the person chose before; until they choose, what their browser asks for.
fn known_language() -> Option<Lang> {
    browser::kept_language().or_else(browser::asked_language)
}

/// Finds the first screen: from the phone at once if it can, else from the network.
async fn begin(app: App) {
    let secret = browser::opened_link();
    let opened = match Device::open(secret.as_deref()).await {
        Ok(opened) => opened,
        Err(error) => return app.replace(Screen::Trouble(Trouble::Storage(error))),
    };
    app.vanished.set(opened.vanished);
    let device = opened.device;
    let handle = sync::start(device.clone());
    device.on_change(move |change| {
        if change == Change::Vanished {
            app.vanished.set(true);
            // What is on the screen is written once more.
            spawn_local(async move { session::save(app).await });
        }
    });
    app.set_here(Here {
        device,
        sync: handle,
    });
    if browser::is_damaged_link(false) {
        return app.replace(Screen::Trouble(Trouble::Damaged { kept: opened.kept }));
    }
    let last = match opened.last {
        Ok(last) => last,
        // A link that was opened leads to the same and mends it.
        Err(_) if secret.is_some() => None,
        Err(error) => return app.replace(Screen::Trouble(Trouble::Storage(error))),
    };
    if let Some(Last {
        access,
        bundle: Some(bundle),
        copies,
    }) = last
    {
        browser::link_is_kept();
        return_to(app, access.person);
        handle.refresh_bundle(access.person);
        return enter(app, access, bundle, copies).await;
    }
    match secret {
        Some(secret) => fetch(app, secret, opened.kept, None).await,
        None if browser::is_damaged_link(true) => {
            app.replace(Screen::Trouble(Trouble::Damaged { kept: false }))
        }
        None => app.replace(Screen::Code),
    }
}

/// From here on the phone begins with this person. Nobody waits for it to be written: another person's link says so again.
fn return_to(app: App, person: uuid::Uuid) {
    let Some(here) = app.here() else { return };
    spawn_local(async move {
        if let Err(error) = here.device.return_to(person).await {
            app.storage.set(Some(error));
        }
    });
}

/// Fetches what a link opens, and keeps it. `kept`: the phone may hold something of this person already. `code`: the short
/// code that led to the link, if one did.
pub(super) async fn fetch(app: App, secret: String, kept: bool, code: Option<String>) {
    let Some(here) = app.here() else { return };
    let own = Own {
        secret: secret.clone(),
        token: None,
    };
    match person::occasion(&own).await {
        Ok(Told { bundle, text }) => {
            here.device.heard_time(bundle.time);
            let access = Access {
                person: bundle.person,
                secret,
            };
            let copies = if kept {
                here.device.own_copies(access.person).await
            } else {
                Ok(Vec::new())
            };
            let copies = match copies {
                Ok(copies) => copies,
                Err(error) => return app.replace(Screen::Trouble(Trouble::Storage(error))),
            };
            let (way_in, seal_key) = (access.clone(), bundle.seal_key.clone());
            let returns = !copies.is_empty();
            let somebody_was_here = begun(&bundle) || bundle.standing.refused;
            enter(app, access, bundle, copies).await;
            // The person need not wait for it: whatever they do is written after it, for writes keep their order.
            spawn_local(async move {
                if let Err(error) = here.device.remember(&way_in, seal_key, text).await {
                    app.forget_person();
                    return app.replace(Screen::Trouble(Trouble::Storage(error)));
                }
                browser::link_is_kept();
                if let Some(code) = code {
                    // A code that could not be noted costs no answer: the link that it led to is kept.
                    let _ = here.device.also_known_by(way_in.person, &code).await;
                }
                if somebody_was_here {
                    // A link that another phone made vouches for this one for ten minutes only. Where nobody was here before, whoever only looks is not
                    // to be the first: there it waits for what is said.
                    app.look_up_standing().await;
                }
                if returns {
                    // Looks whether the server has all that was received.
                    here.sync.refresh_bundle(way_in.person);
                }
            });
        }
        Err(failure) => app.replace(Screen::Trouble(trouble_of(&failure))),
    }
}

async fn enter(app: App, access: Access, bundle: PersonBundle, copies: Vec<OwnCopy>) {
    browser::show_address(None);
    // What the person used last, here or on another phone, goes before what a browser asks for by itself.
    let unknown = browser::asked_language().is_none() || bundle.language_said;
    if browser::kept_language().is_none()
        && unknown
        && let Some(lang) = Lang::parse(&bundle.language)
    {
        app.lang.set(lang);
    }
    let apart = browser::is_standalone()
        && begun_elsewhere(&bundle, &copies)
        && match app.here() {
            Some(here) => matches!(here.device.has_open_draft().await, Ok(false)),
            None => false,
        };
    app.copies.set(Arc::new(copies));
    app.set_person(access, Arc::new(bundle));
    session::proceed(app).await;
    // Where everything is answered there is nothing to go on with, here or there.
    app.begun_elsewhere
        .set(apart && app.screen() != Screen::NotYet);
}

/// Whether the person has begun, but not in this storage: an app on the home screen of an iPhone has one of its own.
fn begun_elsewhere(bundle: &PersonBundle, copies: &[OwnCopy]) -> bool {
    copies.is_empty() && begun(bundle)
}

/// Whether the person has said yes or answered anything, as far as the server knows.
fn begun(bundle: &PersonBundle) -> bool {
    let answered = |o: &Occasion| o.instruments.iter().any(|i| i.answered);
    bundle.standing.ever_given || bundle.occasions.iter().any(answered)
}

fn trouble_of(failure: &ApiFailure) -> Trouble {
    match failure {
        ApiFailure::Offline | ApiFailure::Timeout => Trouble::Offline,
        ApiFailure::Garbled => Trouble::NotOurServer,
        ApiFailure::Problem(problem) => match problem.code {
            Code::AuthSecretUnknown
            | Code::AuthSecretExpired
            | Code::AuthSecretEnded
            | Code::AuthMissing => Trouble::Link,
            Code::PersonErased => Trouble::Erased,
            _ => Trouble::Server,
        },
    }
}

/// Back and forward, and another link opened in the same tab.
fn listen(app: App) {
    let _ = window_event_listener(leptos::ev::popstate, move |event| {
        // A link that is pasted into the address comes here first, too; no screen must take it away before it is opened below.
        if browser::secret_in_address().is_none() {
            app.went_to(browser::number_of(&event.state()));
        }
    });
    let _ = window_event_listener(
        leptos::ev::hashchange,
        move |_| match browser::secret_in_address() {
            Some(secret) if app.secret().as_ref() == Some(&secret) => browser::hide_link(),
            None if !browser::is_damaged_link(false) => {}
            _ => browser::reload(),
        },
    );
    if let Some(here) = app.here() {
        let status = here.sync.status();
        let read = StoredValue::new(status.with_untracked(|s| s.version));
        follow(Box::new(move || {
            let version = status.with(|s| s.version);
            if read.get_value() != version {
                read.set_value(version);
                spawn_local(async move { app.read_again().await });
            }
        }));
    }
}

fn follow_updates(app: App) {
    let waiting = update::start();
    follow(Box::new(move || app.update.set(waiting.get())));
}

// --- Screens -------------------------------------------------------------------------------------

/// What stands in the way, and what helps.
pub fn trouble_page(app: App, t: &'static Texts, trouble: Trouble) -> View {
    let (title, body) = match trouble {
        Trouble::Offline => (t.offline_title, t.offline_body),
        Trouble::NotOurServer => (t.not_ours_title, t.not_ours_body),
        Trouble::Damaged { kept } => return ways::damaged_page(app, t, kept),
        Trouble::Link => (t.link_title, t.link_body),
        Trouble::Erased => (t.erased_title, t.erased_body),
        Trouble::Server => (t.server_title, t.server_body),
        Trouble::Storage(error) => (t.storage_title, storage_text(t, error)),
    };
    let again = match trouble {
        Trouble::Erased => None,
        Trouble::Storage(_) => Some(button("button-primary", t.try_again, browser::reload)),
        _ => Some(button("button-primary", t.try_again, move || {
            try_again(app)
        })),
    };
    let other = match trouble {
        Trouble::Link => button("button-secondary", t.other_code, move || {
            app.go(Screen::Code)
        })
        .view(),
        Trouble::Storage(DeviceError::KeyLost | DeviceError::Corrupt) => start_over(t),
        _ => View::none(),
    };
    let besides = matches!(trouble, Trouble::Storage(_)).then(|| ways::besides(app, t));
    stack(heading(title))
        .child(p(body))
        .child(actions(again).child(other))
        .child(besides)
        .view()
}

fn start_over(t: &'static Texts) -> View {
    let anew = || {
        spawn_local(async {
            // Whether it worked shows when the page is loaded again.
            let _ = Device::start_anew().await;
            browser::reload();
        });
    };
    quiet(t.start_over_explained)
        .view()
        .and(button("button-secondary", t.start_over, anew))
}

fn try_again(app: App) {
    match app.secret().or_else(browser::opened_link) {
        Some(secret) => spawn_local(async move { fetch(app, secret, true, None).await }),
        None => app.replace(Screen::Code),
    }
}

/// A sentence for what the storage says.
#[must_use]
pub fn storage_text(t: &Texts, error: DeviceError) -> &'static str {
    match error {
        DeviceError::QuotaExceeded => t.quota,
        DeviceError::Blocked => t.blocked,
        DeviceError::KeyLost => t.key_lost,
        DeviceError::Corrupt => t.corrupt,
        DeviceError::Unavailable => t.unavailable,
    }
}

/// The questions must be fetched before they can be answered.
pub fn needs_network_page(app: App, t: &'static Texts) -> View {
    let again = button("button-primary", t.try_again, move || try_again(app));
    stack(heading(t.needs_network_title))
        .child(p(t.needs_network_body))
        .child(actions(again))
        .view()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(ever_given: bool, answered: bool) -> PersonBundle {
        let id = "019367b0-0000-7000-8000-000000000001";
        serde_json::from_str(&format!(
            r#"{{"person":"{id}","respondent_type":null,"language":"da","programme":{{"name":{{}},"contacts":[],"contacts_checked":null}},
            "project":"P","letter":{{"edition":"1","sha256":"","title":{{}},"body":{{}}}},"purposes":["evaluation"],
            "standing":{{"ever_given":{ever_given},"refused":false,"withdrawn":null}},"consents":[],"occasions":[{{"id":"{id}",
            "kind":"intake","state":"open","opens":null,"due":null,"instruments":[{{"instrument":"a","edition":"1","answered":{answered}}}]}}],
            "definitions":[],"seal_key":{{"key_id":"k","public_key":""}},"time":"2026-03-02T08:00:00Z"}}"#
        ))
        .unwrap()
    }

    #[test]
    fn what_the_server_knows_and_this_storage_does_not_was_begun_elsewhere() {
        let copy: OwnCopy = serde_json::from_str(
            r#"{"id":"019367b0-0000-7000-8000-000000000002","entry":{"recorded_at":"2026-03-02T09:00:00+01:00","app_version":"0",
            "kind":"letter_read","letter":"1","language":"da"},"outcome":null,"reason":null,"receipt":null}"#,
        )
        .unwrap();
        assert!(!begun_elsewhere(&bundle(false, false), &[]));
        assert!(begun_elsewhere(&bundle(true, false), &[]));
        assert!(begun_elsewhere(&bundle(false, true), &[]));
        assert!(!begun_elsewhere(&bundle(true, true), &[copy]));
    }
}
