//! Bringing in a programme: the published figures come out, nothing comes in twice, and what is wrong is told line by line.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod again;
mod figures;
mod wrong;

use std::path::Path;

use bedring_server::ports::Clock;
use bedring_server::programme::editions::publish_shipped;
use bedring_server::programme::import::{Counts, Folder, ImportError, Target, import};
use bedring_store::entities::{
    consent, letter, occasion, person, project, refusal_tally, response, score, stated_type,
};
use support::TestApp;
use support::tables::count;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/programme-15m");

fn folder() -> Folder {
    Folder::read(Path::new(FOLDER)).unwrap()
}

fn target() -> Target {
    Target {
        code: "p15".to_owned(),
        name: "15 mio.".to_owned(),
        language: "da".to_owned(),
        editions: Vec::new(),
    }
}

async fn bring(app: &TestApp, folder: &Folder) -> Result<Counts, ImportError> {
    publish_shipped(&app.state.db, app.clock.now())
        .await
        .unwrap();
    import(&app.state.db, &target(), folder, app.clock.now()).await
}

/// One line changed.
fn edited(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

async fn rows(app: &TestApp) -> [u64; 9] {
    [
        count::<project::Entity>(app).await,
        count::<refusal_tally::Entity>(app).await,
        count::<person::Entity>(app).await,
        count::<stated_type::Entity>(app).await,
        count::<consent::Entity>(app).await,
        count::<occasion::Entity>(app).await,
        count::<response::Entity>(app).await,
        count::<score::Entity>(app).await,
        count::<letter::Entity>(app).await,
    ]
}
