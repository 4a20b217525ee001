//! `bedring programme import`: bringing in a programme with its data, trying it before, and bringing in what came later.

use std::path::{Path, PathBuf};

use bedring_domain::instrument::EditionRef;
use clap::{Args, ValueEnum};

use super::open::open;
use super::trial::Trial;
use super::{CliError, CliResult, block_on};
use crate::config::Config;
use crate::ports::{Clock, OsRandom};
use crate::programme::import::{
    Count, Delivery, Folder, ImportError, Options, Order, Outcome, Target, import,
};

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Folder with projects, persons, responses and refusals as .csv, .txt or .xlsx, or one .xlsx with a sheet for each
    #[arg(value_name = "DIR|FILE")]
    folder: PathBuf,
    /// Code of the programme [default: the folder's name]
    #[arg(long)]
    code: Option<String>,
    /// Name of the programme [default: its code]
    #[arg(long)]
    name: Option<String>,
    /// Language that the answers were given in
    #[arg(long, default_value = "da")]
    language: String,
    /// Which edition was answered, where there are several
    #[arg(long, value_name = "INSTRUMENT=EDITION", value_parser = edition)]
    edition: Vec<EditionRef>,
    /// What comes first in days such as 08-01-2025, where no day of the file tells
    #[arg(long, value_enum)]
    dates: Option<First>,
    /// A column that is passed over, whatever it holds; may be given several times
    #[arg(long, value_name = "COLUMN")]
    leave_out: Vec<String>,
    /// Add follow-ups to the plan that the files have and the plan does not: follow_up_9 is nine months after the end
    #[arg(long)]
    add_follow_ups: bool,
    /// Take from the files what is otherwise here; without it such differences are listed, and what is here stays
    #[arg(long)]
    take_differences: bool,
    /// Say what would happen, and write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum First {
    DayFirst,
    MonthFirst,
}

fn edition(text: &str) -> Result<EditionRef, String> {
    let (instrument, edition) = text
        .split_once('=')
        .ok_or("write INSTRUMENT=EDITION, such as mhrm-30=demo-1")?;
    Ok(EditionRef {
        instrument: instrument.to_owned(),
        edition: edition.to_owned(),
    })
}

pub(super) fn run(config: &Config, args: &ImportArgs) -> CliResult {
    // The files before the database: a mistyped folder must not make one.
    let folder = Folder::read(&args.folder)?;
    let code = match &args.code {
        Some(code) => code.clone(),
        None => folder_name(&args.folder)?,
    };
    let target = Target {
        name: args.name.clone().unwrap_or_else(|| code.clone()),
        code,
        language: args.language.clone(),
        editions: args.edition.clone(),
    };
    let options = Options {
        dates: args.dates.map(|first| match first {
            First::DayFirst => Order::DayFirst,
            First::MonthFirst => Order::MonthFirst,
        }),
        leave_out: args.leave_out.clone(),
        add_follow_ups: args.add_follow_ups,
        take_differences: args.take_differences,
        dry_run: args.dry_run,
    };
    let trial = args.dry_run.then(|| Trial::of(config)).transpose()?;
    let config = trial.as_ref().map_or(config, Trial::config);
    block_on(async {
        let opened = match &trial {
            Some(trial) => trial.open().await?,
            None => open(config).await?,
        };
        let delivery = Delivery {
            target: &target,
            folder: &folder,
            options: &options,
            random: &OsRandom,
        };
        let outcome = match import(&opened.db, delivery, opened.clock.now()).await {
            Err(ImportError::Problems(problems)) => {
                for problem in &problems {
                    eprintln!("{problem}");
                }
                return Err(ImportError::Problems(problems).into());
            }
            other => other?,
        };
        report(&target.code, &options, &outcome);
        Ok(())
    })
}

fn report(code: &str, options: &Options, outcome: &Outcome) {
    if options.dry_run {
        println!("Programme {code}: this is what would happen, nothing was written");
    } else {
        println!("Programme {code}");
    }
    let counts = &outcome.counts;
    for (what, Count { all, new }) in [
        ("projects", counts.projects),
        ("people", counts.persons),
        ("responses", counts.responses),
        ("refusals", counts.refusals),
    ] {
        println!("  {what:<10} {all:>6}, {new} new");
    }
    if outcome.filled > 0 {
        println!("  {:<10} {:>6}, empty before", "filled in", outcome.filled);
    }
    if counts.closed > 0 {
        println!(
            "  {} people have erased everything, said no or been set aside since: nothing of theirs came in.",
            counts.closed
        );
    }
    let (people, responses) = outcome.vanished;
    if people + responses > 0 {
        println!(
            "  {people} people and {responses} responses that came in before are not in these files: they stay."
        );
    }
    let differences = &outcome.differences;
    if differences.is_empty() {
        return;
    }
    let done = match (options.take_differences, options.dry_run) {
        (true, false) => "taken from the files",
        (true, true) => "would be taken from the files",
        (false, _) => "left as they are here; --take-differences takes them from the files",
    };
    println!("{} differences, {done}:", differences.len());
    for difference in differences {
        println!("  {difference}");
    }
}

fn folder_name(path: &Path) -> Result<String, CliError> {
    let name = path.canonicalize()?;
    let name = if path.is_file() {
        name.file_stem()
    } else {
        name.file_name()
    };
    let name = name.and_then(|n| n.to_str()).map(str::to_owned);
    name.ok_or_else(|| {
        CliError::new("the folder has no name that could be a code: give one with --code")
    })
}
