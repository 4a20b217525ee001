//! `bedring migrate`: bring the database up to date without serving.

use super::{CliResult, block_on};
use crate::config::Config;
use crate::database;
use crate::keys::checks;
use crate::ports::{Clock, OsRandom, SystemClock};
use crate::programme::editions;

pub(super) fn run(config: &Config) -> CliResult {
    block_on(async {
        let (db, keys) = database::open(config, &OsRandom).await?;
        let made = database::migrate(&db).await?;
        let now = SystemClock::new().now();
        checks::settle(&db, config, &keys, now).await?;
        editions::publish_shipped(&db, now).await?;
        for change in &made {
            println!("{change}");
        }
        println!(
            "{}",
            if made.is_empty() {
                "The database was up to date."
            } else {
                "The database is up to date."
            }
        );
        Ok(())
    })
}
