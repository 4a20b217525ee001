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
use crate::journal::rescue::{self, RescueError, Told};
use crate::ports::OsRandom;

#[derive(Debug, Subcommand)]
pub(super) enum JournalCommand {
    /// Bring in a rescue file that was saved on a phone; doing it again changes nothing
    Import {
        /// The file, such as bedring-redning.json
        file: PathBuf,
        /// Do not ask before somebody is erased
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(config: &Config, command: &JournalCommand) -> CliResult {
    let JournalCommand::Import { file, yes } = command;
    import(config, file, *yes)
}

fn import(config: &Config, path: &Path, yes: bool) -> CliResult {
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
        let told = rescue::tell(&opened.db, &opened.keys, &file)
            .await
            .map_err(|e| named(&e))?;
        tell(&told);
        if told.iter().any(|t| t.erases) && !yes {
            confirm()?;
        }
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

/// What the file holds: codes of people and kinds of entries only.
fn tell(told: &[Told]) {
    for person in told {
        let kinds: Vec<String> = person
            .kinds
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        let code = person.code.as_deref().unwrap_or("(nobody known here)");
        println!("{code}: {}", kinds.join(", "));
        if person.unsigned > 0 && person.code.is_some() {
            println!(
                "  {} without proof that the person's phone wrote them: they will be kept apart",
                person.unsigned
            );
        }
        if person.erases {
            println!("  ERASES everything about this person, for good");
        }
    }
}

/// Asks whoever types this; without somebody to ask nothing comes in.
fn confirm() -> CliResult {
    use std::io::{IsTerminal, Write};
    let none = || {
        CliError::new(
            "nothing was brought in: say --yes to let it erase what is listed above".to_owned(),
        )
    };
    if !std::io::stdin().is_terminal() {
        return Err(none());
    }
    print!("Bring it in and erase what is listed above? Type yes: ");
    let _ = std::io::stdout().flush();
    let mut line = String::new();
    match std::io::stdin().read_line(&mut line) {
        Ok(_) if line.trim() == "yes" => Ok(()),
        _ => Err(none()),
    }
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
