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
mod history;
mod later;
mod shapes;
mod workbooks;
mod wrong;

use std::path::Path;

use bedring_server::ports::{Clock, OsRandom};
use bedring_server::programme::editions::publish_shipped;
use bedring_server::programme::import::{
    Content, Counts, Delivery, Folder, ImportError, Options, Outcome, Source, Target, import,
};
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

/// A small folder as people's tools make them; what each is, its name says.
fn field(name: &str) -> Folder {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programme_import/data");
    Folder::read(&data.join(name)).unwrap()
}

async fn bring(app: &TestApp, folder: &Folder) -> Result<Counts, ImportError> {
    let outcome = bring_with(app, folder, &Options::default()).await?;
    Ok(outcome.counts)
}

async fn bring_with(
    app: &TestApp,
    folder: &Folder,
    options: &Options,
) -> Result<Outcome, ImportError> {
    publish_shipped(&app.state.db, app.clock.now())
        .await
        .unwrap();
    let delivery = Delivery {
        target: &target(),
        folder,
        options,
        random: &OsRandom,
    };
    import(&app.state.db, delivery, app.clock.now()).await
}

/// What is told of a folder that does not come in.
async fn told(app: &TestApp, folder: &Folder, options: &Options) -> Vec<String> {
    let Err(ImportError::Problems(problems)) = bring_with(app, folder, options).await else {
        panic!("came in")
    };
    problems.iter().map(ToString::to_string).collect()
}

/// The four tables, to be changed one by one.
fn tables(folder: &mut Folder) -> [&mut Source; 4] {
    let Folder {
        projects,
        persons,
        responses,
        refusals,
    } = folder;
    [projects, persons, responses, refusals]
}

/// The text of a table as it was delivered.
fn text(source: &Source) -> String {
    let Content::Text(bytes) = &source.content else {
        panic!("no text")
    };
    String::from_utf8(bytes.clone()).unwrap()
}

/// The same table with another text.
fn with(source: &Source, text: impl Into<Vec<u8>>) -> Source {
    Source::text(&source.name, text.into())
}

/// One line changed.
fn edited(source: &Source, from: &str, to: &str) -> Source {
    let text = text(source);
    assert!(text.contains(from), "{from}");
    with(source, text.replacen(from, to, 1))
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
