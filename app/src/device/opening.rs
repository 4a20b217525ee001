//! Opening the database: the connection that the page began, upgrades, and a request that is blocked.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbOpenDbRequest};

use super::schema::{PAGE_OPENS, STEPS};

/// The connection that the page began to open while the program was still on its way; taken over once, and only if it needs no upgrade.
pub(super) async fn opened_by_the_page() -> Option<IdbDatabase> {
    let window = web_sys::window()?;
    let begun = Reflect::get(&window, &PAGE_OPENS.into()).ok()?;
    let _ = Reflect::delete_property(&window, &PAGE_OPENS.into());
    let db: IdbDatabase = JsFuture::from(begun.dyn_into::<Promise>().ok()?)
        .await
        .ok()?
        .dyn_into()
        .ok()?;
    #[allow(clippy::cast_precision_loss)]
    let current = db.version() == STEPS.len() as f64;
    if !current {
        db.close();
    }
    current.then_some(db)
}

/// The browser's databases.
pub(super) fn factory() -> Result<IdbFactory, JsValue> {
    web_sys::window()
        .ok_or(JsValue::NULL)?
        .indexed_db()?
        .ok_or(JsValue::NULL)
}

/// Makes the stores that are missing.
pub(super) fn upgrade_handler(
    request: &IdbOpenDbRequest,
) -> Closure<dyn FnMut(web_sys::IdbVersionChangeEvent)> {
    let request = request.clone();
    Closure::once(move |event: web_sys::IdbVersionChangeEvent| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let from = event.old_version() as usize;
        let Some(db) = request
            .result()
            .ok()
            .and_then(|r| r.dyn_into::<IdbDatabase>().ok())
        else {
            return;
        };
        if STEPS.iter().skip(from).any(|step| step(&db).is_err()) {
            // A half-made upgrade must not stand: without its transaction the database keeps its version.
            if let Some(tx) = request.transaction() {
                let _ = tx.abort();
            }
        }
    })
}

/// A blocked request still opens later; by then nobody waits for it, and an unwatched connection would block the next upgrade.
pub(super) fn close_when_it_comes(request: &IdbOpenDbRequest) {
    let late = request.clone();
    let close = Closure::once_into_js(move || {
        if let Some(db) = late
            .result()
            .ok()
            .and_then(|r| r.dyn_into::<IdbDatabase>().ok())
        {
            db.close();
        }
    });
    request.set_onsuccess(Some(close.unchecked_ref()));
}
