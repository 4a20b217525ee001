//! What a person's phone asks the server for.

use std::cell::Cell;

use bedring_contract::meta::Meta;
use bedring_contract::paths;
use bedring_contract::person::{Exchange, Exchanged, PersonBundle};
use js_sys::{Promise, Reflect};
use wasm_bindgen::JsCast;

use super::{ApiFailure, Auth, Own, Reply};

thread_local! {
    static TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// All that a phone needs for one person.
pub struct Told {
    /// Read.
    pub bundle: PersonBundle,
    /// As it came, for the phone to keep.
    pub text: String,
}

/// All that a phone needs for one person. Takes over the request that the page began while the program was still on its way.
pub async fn occasion(own: &Own) -> Result<Told, ApiFailure> {
    if let Some(begun) = begun(&own.secret) {
        // Whatever went wrong with it, an ordinary request tells more.
        if let Ok(reply) = super::answer(begun, None).await
            && let Ok(told) = told(reply)
        {
            return Ok(told);
        }
    }
    told(super::send("GET", paths::OCCASION, Auth::Own(own), None).await?)
}

fn told(reply: Reply) -> Result<Told, ApiFailure> {
    Ok(Told {
        bundle: super::read(&reply)?,
        text: reply.body,
    })
}

/// The request that the page began, once, and only if it was made with this secret.
fn begun(secret: &str) -> Option<Promise> {
    let window = web_sys::window()?;
    let given = Reflect::get(&window, &"__bedringSecret".into()).ok()?;
    if given.as_string()? != secret || TAKEN.replace(true) {
        return None;
    }
    Reflect::get(&window, &"__bedringOccasion".into())
        .ok()?
        .dyn_into()
        .ok()
}

/// The secret that a short code stands for; the code is used up by it.
pub async fn exchange(code: &str) -> Result<Exchanged, ApiFailure> {
    super::post(
        paths::EXCHANGE,
        Auth::None,
        &Exchange {
            code: code.to_owned(),
        },
    )
    .await
}

/// What anybody may know about the server; also tells it from a network's log-in page.
pub async fn meta() -> Result<Meta, ApiFailure> {
    let meta: Meta = super::get(paths::META, Auth::None).await?;
    if meta.product == "bedring" {
        Ok(meta)
    } else {
        Err(ApiFailure::Garbled)
    }
}
