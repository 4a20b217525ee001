//! `bedring journal …`: bringing in what a phone could not send.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bedring_contract::journal::EntryResult;
use bedring_domain::journal::Outcome;
use clap::Subcommand;

use super::open::open;
use super::{CliError, CliResult, block_on};
use crate::config::Config;
use crate::journal::Journal;
use crate::journal::rescue::{self, RescueError};
use crate::ports::OsRandom;

#[derive(Debug, Subcommand)]
pub(super) enum JournalCommand {
    /// Bring in a rescue file that was saved on a phone; doing it again changes nothing
    Import {
        /// The file, such as bedring-redning.json
        file: PathBuf,
    },
}

pub(super) fn run(config: &Config, command: &JournalCommand) -> CliResult {
    let JournalCommand::Import { file } = command;
    import(config, file)
}

fn import(config: &Config, path: &Path) -> CliResult {
    let named = |e: &dyn std::fmt::Display| CliError::new(format!("{}: {e}", path.display()));
    // The file before the database: a mistyped path must not make one.
    let text = std::fs::read_to_string(path).map_err(|e| named(&e))?;
    let file = rescue::read(&text).map_err(|e| match e {
        damaged @ RescueError::Damaged { .. } => {
            CliError::new(format!("{}:{damaged}", path.display()))
        }
        other => named(&other),
    })?;
    block_on(async {
        let opened = open(config).await?;
        let journal = Journal::start(
            opened.db.clone(),
            Arc::new(opened.keys),
            opened.clock,
            Arc::new(OsRandom),
        );
        let results = rescue::import(&opened.db, &journal, file)
            .await
            .map_err(|e| named(&e))?;
        show(path, &results);
        Ok(())
    })
}

/// What became of the entries, and each that needs somebody's eyes. Ids, reasons and receipts only.
fn show(path: &Path, results: &[EntryResult]) {
    println!("{}: {} entries", path.display(), results.len());
    let outcomes = [
        Outcome::Stored,
        Outcome::Repeated,
        Outcome::Conflict,
        Outcome::Quarantined,
        Outcome::Gone,
        Outcome::NotStored,
    ];
    for outcome in outcomes {
        let count = results.iter().filter(|r| r.outcome == outcome).count();
        if count > 0 {
            println!("  {:<12} {count:>4}", outcome.as_str());
        }
    }
    for result in results {
        if matches!(result.outcome, Outcome::Stored | Outcome::Repeated) {
            continue;
        }
        println!(
            "{} {} {} {}",
            result.id,
            result.outcome.as_str(),
            result.reason.map_or("", |r| r.as_str()),
            result.receipt.as_deref().unwrap_or("")
        );
    }
}
