//! Requests of staff, by the session's cookie. Two things happen here so that no form has to think of them.
//!
//! What changes something carries an id, and keeps it for as long as nobody knows what became of it: whether the browser, this file or a
//! person sends it again, the server does it once. And where the log-in has ended, the request waits until somebody has logged in again
//! over the page, and is then sent as it was.

use std::cell::RefCell;
use std::rc::Rc;

use bedring_contract::paths;
use bedring_contract::problem::Code;
use js_sys::{Function, Promise};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{ApiFailure, Auth, Reply};
use crate::device::clock::random_id;

/// Shows the log-in over the page; false where nobody was logged in.
type Show = Rc<dyn Fn() -> bool>;

thread_local! {
    static SHOW: RefCell<Option<Show>> = const { RefCell::new(None) };
    static WAITING: RefCell<Vec<Function>> = const { RefCell::new(Vec::new()) };
    static UNSURE: RefCell<Unsure> = const { RefCell::new(Unsure(Vec::new())) };
}

/// What is done when the server says that the log-in has ended.
pub fn when_ended(show: impl Fn() -> bool + 'static) {
    SHOW.with(|place| *place.borrow_mut() = Some(Rc::new(show)));
}

/// Requests that wait go on (`true`), or are given up.
pub fn go_on(again: bool) {
    for resolve in WAITING.with(RefCell::take) {
        let _ = resolve.call1(&JsValue::UNDEFINED, &again.into());
    }
}

/// `GET` JSON.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, ApiFailure> {
    super::read(&ask("GET", path, None).await?)
}

/// `POST` JSON, get JSON. `()` takes an answer without a body.
pub async fn post<B: Serialize, T: DeserializeOwned>(
    path: &str,
    body: &B,
) -> Result<T, ApiFailure> {
    let json = serde_json::to_string(body).map_err(|_| ApiFailure::Garbled)?;
    super::read(&ask("POST", path, Some(&json)).await?)
}

/// `DELETE`.
pub async fn delete(path: &str) -> Result<(), ApiFailure> {
    super::read::<Option<IgnoredAny>>(&ask("DELETE", path, None).await?).map(|_| ())
}

async fn ask(method: &str, path: &str, body: Option<&str>) -> Result<Reply, ApiFailure> {
    let what = format!("{method} {path} {}", body.unwrap_or_default());
    // Without randomness there is no id, and the request goes without, as one from another client may.
    let id = (method != "GET")
        .then(|| {
            UNSURE
                .with(|unsure| unsure.borrow().id(&what))
                .or_else(random_id)
        })
        .flatten();
    let mut tries = 0;
    loop {
        let reply = super::send(method, path, Auth::Cookie(id.as_deref()), body).await;
        if let Some(id) = &id {
            UNSURE.with(|unsure| unsure.borrow_mut().answered(&what, id, is_ours(&reply)));
        }
        match reply {
            Ok(reply) if path != paths::SESSION && has_ended(&reply) => match shown() {
                None => return Ok(reply),
                // Given up: whoever logs in now is somebody else, or nobody.
                Some(again) if !is_back(&again).await => return Err(ApiFailure::Offline),
                Some(_) => {}
            },
            // A connection that broke says nothing about what was done. With an id it is asked once more, at once.
            Err(ApiFailure::Offline) if id.is_some() && tries == 0 => tries += 1,
            other => return other,
        }
    }
}

/// The log-in is shown, and this waits for what comes of it.
fn shown() -> Option<Promise> {
    let show = SHOW.with(|place| place.borrow().clone())?;
    show()
        .then(|| Promise::new(&mut |resolve, _| WAITING.with(|all| all.borrow_mut().push(resolve))))
}

async fn is_back(again: &Promise) -> bool {
    let outcome = JsFuture::from(again.clone()).await;
    outcome.is_ok_and(|again| again.is_truthy())
}

fn has_ended(reply: &Reply) -> bool {
    let ended = |code| matches!(code, Code::AuthMissing | Code::AuthSessionEnded);
    reply.status == 401 && super::problem(reply).is_some_and(|problem| ended(problem.code))
}

/// Our server has answered, and it is over: done, or not done for a reason.
fn is_ours(reply: &Result<Reply, ApiFailure>) -> bool {
    match reply {
        Ok(reply) if reply.status >= 500 => false,
        Ok(reply) if has_ended(reply) => false,
        Ok(reply) if reply.status < 300 => {
            reply.status == 204 || crate::json::read::<IgnoredAny>(&reply.body).is_some()
        }
        Ok(reply) => super::problem(reply).is_some(),
        Err(_) => false,
    }
}

/// What was sent and of which nobody knows whether it was done, with the ids it was sent under.
#[derive(Debug, Default)]
struct Unsure(Vec<(String, String)>);

impl Unsure {
    fn id(&self, what: &str) -> Option<String> {
        let found = self.0.iter().find(|(sent, _)| sent == what);
        found.map(|(_, id)| id.clone())
    }

    fn answered(&mut self, what: &str, id: &str, known: bool) {
        self.0.retain(|(sent, _)| sent != what);
        if !known {
            self.0.push((what.to_owned(), id.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status,
            retry_after: None,
            body: body.to_owned(),
        }
    }

    #[test]
    fn what_got_no_answer_keeps_its_id_until_it_gets_one() {
        let mut unsure = Unsure::default();
        assert_eq!(unsure.id("POST /a {}"), None);
        unsure.answered("POST /a {}", "1", false);
        unsure.answered("POST /a {}", "1", false);
        assert_eq!(unsure.id("POST /a {}").as_deref(), Some("1"));
        assert_eq!(unsure.id("POST /a {\"x\":1}"), None, "something else");
        unsure.answered("POST /a {}", "1", true);
        assert_eq!(unsure.id("POST /a {}"), None, "the next is a new one");
    }

    #[test]
    fn only_our_own_word_is_an_answer() {
        let wrong =
            r#"{"type":"/problems/input.invalid","code":"input.invalid","title":"x","status":422}"#;
        let ended = r#"{"type":"/problems/auth.session_ended","code":"auth.session_ended","title":"x","status":401}"#;
        assert!(is_ours(&Ok(reply(201, "{}"))));
        assert!(is_ours(&Ok(reply(422, wrong))));
        for open in [
            Ok(reply(401, ended)),
            Ok(reply(502, "<html>")),
            Ok(reply(200, "<html>log in to this network")),
            Ok(reply(403, "<html>log in to this network")),
            Err(ApiFailure::Offline),
            Err(ApiFailure::Timeout),
        ] {
            assert!(!is_ours(&open), "{open:?}");
        }
        assert!(has_ended(&reply(401, ended)) && !has_ended(&reply(422, wrong)));
    }
}
