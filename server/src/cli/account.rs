//! `bedring account …`: who may log in.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use bedring_contract::staff::Role;
use clap::Subcommand;
use secrecy::{ExposeSecret, SecretString};

use super::{CliError, CliResult, block_on};
use crate::accounts::passwords::{MAXIMUM_BYTES, MINIMUM_LENGTH, Passwords};
use crate::accounts::register::{self, NewAccount};
use crate::config::Config;
use crate::database;
use crate::ports::{Clock, OsRandom, SystemClock};

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Make an account
    Create {
        /// The address to log in with
        #[arg(long, value_name = "ADDRESS")]
        email: String,
        /// administrator, evaluator, project_leader or helper
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// Projects of a project leader or helper: PROJECT, or PROGRAMME/PROJECT
        #[arg(long = "project", value_name = "CODE", num_args = 1..)]
        projects: Vec<String>,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Give an account a new password; also lets a disabled one log in again
    Password {
        /// The account's address
        #[arg(long, value_name = "ADDRESS")]
        email: String,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// List all accounts
    List,
    /// Let nobody log in with an account, and log everybody out of it
    Disable {
        /// The account's address
        #[arg(long, value_name = "ADDRESS")]
        email: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct PasswordArgs {
    /// The file whose first line is the password [default: asked for, or the first line of the standard input]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

fn parse_role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Role::ALL.iter().map(|r| r.as_str()).collect();
        format!("one of {}", names.join(", "))
    })
}

pub(super) fn run(config: &Config, command: AccountCommand) -> CliResult {
    block_on(async {
        let now = SystemClock::new().now();
        let (db, _) = database::open_current(config, &OsRandom, now).await?;
        match command {
            AccountCommand::Create {
                email,
                role,
                projects,
                password,
            } => {
                // Before anybody types a password for nothing.
                register::check(db.read(), &email, role, &projects).await?;
                let password_hash = hashed(&password).await?;
                let tx = db.begin().await?;
                let new = NewAccount {
                    email: email.clone(),
                    role,
                    projects,
                    password_hash,
                };
                register::create(&*tx, &OsRandom, new, now).await?;
                tx.commit().await?;
                println!(
                    "{} {}",
                    crate::accounts::canonical_email(&email),
                    role.as_str()
                );
            }
            AccountCommand::Password { email, password } => {
                let password_hash = hashed(&password).await?;
                let tx = db.begin().await?;
                register::set_password(&*tx, &email, password_hash).await?;
                tx.commit().await?;
            }
            AccountCommand::List => {
                for line in register::list(db.read()).await? {
                    let disabled = if line.disabled { "\tdisabled" } else { "" };
                    println!(
                        "{}\t{}\t{}{disabled}",
                        line.email,
                        line.role,
                        line.projects.join(" ")
                    );
                }
            }
            AccountCommand::Disable { email } => {
                let tx = db.begin().await?;
                register::disable(&*tx, &email, now).await?;
                tx.commit().await?;
            }
        }
        Ok(db.close().await?)
    })
}

async fn hashed(args: &PasswordArgs) -> Result<String, CliError> {
    let password = read_password(args)?;
    if password.expose_secret().chars().count() < MINIMUM_LENGTH {
        return Err(CliError::new(format!(
            "a password needs at least {MINIMUM_LENGTH} characters: a sentence is easy to remember"
        )));
    }
    if password.expose_secret().len() > MAXIMUM_BYTES {
        return Err(CliError::new("this is too long for a password"));
    }
    Ok(Passwords::new(&OsRandom).hash(&OsRandom, password).await?)
}

fn read_password(args: &PasswordArgs) -> Result<SecretString, CliError> {
    if let Some(path) = &args.password_file {
        let text = std::fs::read_to_string(path)
            .map_err(|e| CliError::new(format!("{}: {e}", path.display())))?;
        return Ok(first_line(text));
    }
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        return Ok(first_line(line));
    }
    let password = ask("Password: ")?;
    if ask("The same again: ")?.expose_secret() != password.expose_secret() {
        return Err(CliError::new("the two passwords are not the same"));
    }
    Ok(password)
}

fn first_line(text: String) -> SecretString {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    SecretString::from(text[..end].to_owned())
}

/// Asks on the terminal; what is typed is not shown.
fn ask(question: &str) -> Result<SecretString, CliError> {
    eprint!("{question}");
    std::io::stderr().flush()?;
    let hidden = Hidden::begin()?;
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    drop(hidden);
    eprintln!();
    read?;
    Ok(first_line(line))
}

/// As long as it lives, the terminal does not show what is typed.
struct Hidden(rustix::termios::Termios);

impl Hidden {
    fn begin() -> Result<Self, CliError> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(std::io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // Nothing is left to be done about it if this fails.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0);
    }
}
