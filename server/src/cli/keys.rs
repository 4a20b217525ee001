//! `bedring keys create FOLDER`: key files for servers that share a PostgreSQL database.

use std::path::PathBuf;

use clap::Subcommand;

use super::{CliError, CliResult};
use crate::keys::create_files;
use crate::ports::OsRandom;

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Make seal.key and contact.key in a folder; files that are there are never touched
    Create {
        /// An existing folder
        folder: PathBuf,
    },
}

pub(super) fn run(command: &KeysCommand) -> CliResult {
    let KeysCommand::Create { folder } = command;
    if !folder.is_dir() {
        return Err(CliError::new(format!(
            "{} is not a folder",
            folder.display()
        )));
    }
    for path in create_files(folder, &OsRandom)? {
        println!("{}", path.display());
    }
    Ok(())
}
