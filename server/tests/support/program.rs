//! The program `bedring` itself, run in a folder as an operator runs it, with no settings but those that a test gives.

use std::path::Path;
use std::process::{Command, Output};

/// The program, to build upon.
pub fn bedring(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bedring"));
    command.current_dir(folder).env_clear();
    command
}

/// Runs it to its end.
pub fn run(folder: &Path, args: &[&str]) -> Output {
    bedring(folder).args(args).output().unwrap()
}
