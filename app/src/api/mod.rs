//! Asking the server: one place for time-outs, problems, and answers that are not our server's.

pub mod cookie;
pub mod device;
pub mod followup;
pub mod person;
pub mod programme;
pub mod staff;

use bedring_contract::device::DEVICE_HEADER;
use bedring_contract::problem::Problem;
use js_sys::Promise;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect,
    Response,
};

/// The longest wait for an answer, its body included.
const TIMEOUT_MS: i32 = 30_000;

/// Why there is no answer to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiFailure {
    /// No answer at all.
    Offline,
    /// No answer in time.
    Timeout,
    /// Our server says no, and why.
    Problem(Box<Problem>),
    /// An answer, but not our server's: a network's log-in page, for example.
    Garbled,
}

/// In whose name a request is made.
#[derive(Debug, Clone, Copy)]
pub enum Auth<'a> {
    /// Nobody's.
    None,
    /// A person's, by their link's secret, from a device that the server may know.
    Own(&'a Own),
    /// Staff, by the session cookie. What changes something carries an id: sent again with the same one, it is done once.
    Cookie(Option<&'a str>),
}

/// What shows the server whose device asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The secret of the person's link.
    pub secret: String,
    /// The device's own, once the server has given it one.
    pub token: Option<String>,
}

/// An answer as it came, nothing believed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The HTTP status; 0 for a redirection, which our server never answers with here.
    pub status: u16,
    /// Seconds the server asks to wait.
    pub retry_after: Option<u32>,
    /// The body.
    pub body: String,
}

/// `GET` JSON.
pub async fn get<T: DeserializeOwned>(path: &str, auth: Auth<'_>) -> Result<T, ApiFailure> {
    let reply = send("GET", path, auth, None).await?;
    read(&reply)
}

/// `POST` JSON, get JSON. `()` takes an answer without a body.
pub async fn post<B: Serialize, T: DeserializeOwned>(
    path: &str,
    auth: Auth<'_>,
    body: &B,
) -> Result<T, ApiFailure> {
    tell("POST", path, auth, body).await
}

/// Sends JSON, gets JSON.
pub(crate) async fn tell<B: Serialize, T: DeserializeOwned>(
    method: &str,
    path: &str,
    auth: Auth<'_>,
    body: &B,
) -> Result<T, ApiFailure> {
    let json = serde_json::to_string(body).map_err(|_| ApiFailure::Garbled)?;
    let reply = send(method, path, auth, Some(&json)).await?;
    read(&reply)
}

/// What an answer says.
fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, ApiFailure> {
    match reply.status {
        200..=299 => crate::json::read(if reply.body.is_empty() {
            "null"
        } else {
            &reply.body
        })
        .ok_or(ApiFailure::Garbled),
        _ => Err(problem(reply).map_or(ApiFailure::Garbled, |p| ApiFailure::Problem(Box::new(p)))),
    }
}

/// The problem that an answer tells, if it is one of our server's.
pub(crate) fn problem(reply: &Reply) -> Option<Problem> {
    let problem: Problem = crate::json::read(&reply.body)?;
    (problem.status == reply.status && reply.status >= 400).then_some(problem)
}

/// Makes a request and waits for the whole answer.
pub(crate) async fn send(
    method: &str,
    path: &str,
    auth: Auth<'_>,
    body: Option<&str>,
) -> Result<Reply, ApiFailure> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(RequestCache::NoStore);
    // A redirection would carry answers to wherever a network's log-in page wants them.
    init.set_redirect(RequestRedirect::Manual);
    init.set_credentials(if matches!(auth, Auth::Cookie(_)) {
        RequestCredentials::SameOrigin
    } else {
        RequestCredentials::Omit
    });
    let headers = Headers::new().map_err(|_| ApiFailure::Offline)?;
    let _ = headers.set("accept", "application/json");
    let (secret, token) = match auth {
        Auth::Own(own) => (Some(own.secret.as_str()), own.token.as_deref()),
        Auth::None | Auth::Cookie(_) => (None, None),
    };
    if let Some(token) = token {
        let _ = headers.set(DEVICE_HEADER, token);
    }
    if let Some(secret) = secret {
        headers
            .set("authorization", &["Bearer ", secret].concat())
            .map_err(|_| ApiFailure::Garbled)?;
    }
    if let Auth::Cookie(Some(id)) = auth {
        let _ = headers.set(bedring_contract::paths::IDEMPOTENCY_KEY, id);
    }
    if let Some(body) = body {
        let _ = headers.set("content-type", "application/json");
        init.set_body(&body.into());
    }
    init.set_headers(&headers);
    let abort = AbortController::new().map_err(|_| ApiFailure::Offline)?;
    init.set_signal(Some(&abort.signal()));
    let window = web_sys::window().ok_or(ApiFailure::Offline)?;
    let response = window.fetch_with_str_and_init(path, &init);
    answer(response, Some(&abort)).await
}

/// Waits for an answer under way, at most so long.
pub(crate) async fn answer(
    response: Promise,
    abort: Option<&AbortController>,
) -> Result<Reply, ApiFailure> {
    let limit = Promise::new(&mut |_, reject| {
        let abort = abort.cloned();
        let out = Closure::once_into_js(move || {
            let _ = reject.call1(&JsValue::UNDEFINED, &"timeout".into());
            if let Some(abort) = abort {
                abort.abort();
            }
        });
        // Not cleared when the answer comes: it then changes nothing any more.
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(
                out.unchecked_ref(),
                TIMEOUT_MS,
            );
        }
    });
    let failed = |error: JsValue| {
        if error.as_string().is_some() {
            ApiFailure::Timeout
        } else {
            ApiFailure::Offline
        }
    };
    let first =
        |promise: &Promise| JsFuture::from(Promise::race(&js_sys::Array::of2(promise, &limit)));
    let response = first(&response).await.map_err(failed)?;
    let response: Response = response.dyn_into().map_err(|_| ApiFailure::Offline)?;
    let body = response.text().map_err(|_| ApiFailure::Offline)?;
    let body = first(&body)
        .await
        .map_err(failed)?
        .as_string()
        .unwrap_or_default();
    let retry_after = response.headers().get("retry-after").ok().flatten();
    Ok(Reply {
        status: response.status(),
        retry_after: retry_after.and_then(|s| s.trim().parse().ok()),
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedring_contract::problem::Code;

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status,
            retry_after: None,
            body: body.to_owned(),
        }
    }

    const GONE: &str =
        r#"{"type":"/problems/person.erased","code":"person.erased","title":"x","status":410}"#;

    #[test]
    fn a_friendly_page_of_a_network_is_no_answer() {
        for (status, body) in [
            (200, "<html>Welcome to our Wi-Fi</html>"),
            (200, ""),
            (0, ""),
            (401, "<html>"),
            (511, "log in"),
            (404, "{}"),
        ] {
            assert_eq!(
                read::<Vec<u8>>(&reply(status, body)),
                Err(ApiFailure::Garbled),
                "{status} {body}"
            );
        }
        assert_eq!(read::<Vec<u8>>(&reply(200, "[1,2]")), Ok(vec![1, 2]));
    }

    #[test]
    fn a_problem_is_told_only_by_our_server() {
        let Err(ApiFailure::Problem(problem)) = read::<Vec<u8>>(&reply(410, GONE)) else {
            panic!("no problem")
        };
        assert_eq!(problem.code, Code::PersonErased);
        assert_eq!(
            read::<Vec<u8>>(&reply(401, GONE)),
            Err(ApiFailure::Garbled),
            "another status than the body says"
        );
    }

    #[test]
    fn nothing_is_an_answer_where_nothing_is_expected() {
        assert_eq!(read::<()>(&reply(204, "")), Ok(()));
        assert_eq!(
            read::<Option<serde::de::IgnoredAny>>(&reply(204, "")).map(|_| ()),
            Ok(())
        );
    }
}
