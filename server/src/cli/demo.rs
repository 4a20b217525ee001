//! What `bedring serve --demo` does before it serves, and what it prints.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

use super::{CliError, CliResult, person};
use crate::accounts::passwords::MINIMUM_LENGTH;
use crate::config::Server;
use crate::ports::{AheadClock, Clock};
use crate::programme::demo::prepare;
use crate::state::AppState;

/// One password for all demonstration accounts, for tests and talks. Not a setting: it works on this machine alone.
const PASSWORD: &str = "BEDRING_DEMO_PASSWORD";

/// By how many seconds the demonstration is ahead of the time of day, for tests in which days pass. Not a setting either.
const AHEAD: &str = "BEDRING_DEMO_CLOCK_AHEAD_S";
/// Ten years are enough for everybody.
const MOST_AHEAD_S: u32 = 10 * 366 * 86_400;

/// The clock that the demonstration goes by.
pub(super) fn clock(
    address: SocketAddr,
    server: &Server,
    clock: Arc<dyn Clock>,
) -> Result<Arc<dyn Clock>, CliError> {
    #[expect(clippy::disallowed_methods, reason = "no setting: see the constant")]
    let Ok(given) = std::env::var(AHEAD) else {
        return Ok(clock);
    };
    this_machine_alone(AHEAD, address, server)?;
    let seconds = given.parse::<u32>().ok().filter(|s| *s <= MOST_AHEAD_S);
    let seconds = seconds.ok_or_else(|| {
        CliError::new(format!(
            "{AHEAD} is a number of seconds, {MOST_AHEAD_S} at most"
        ))
    })?;
    let by = TimeDelta::seconds(seconds.into());
    Ok(Arc::new(AheadClock::new(clock, by)))
}

/// Makes what is missing and prints how to get in.
pub(super) async fn start(state: &AppState, address: SocketAddr) -> CliResult {
    let password = given_password(address, &state.config.server)?;
    let now = state.clock.now();
    let keys = &state.keys.contact;
    let demo = prepare(
        &state.db,
        keys,
        &state.passwords,
        &*state.random,
        password,
        now,
    )
    .await?;
    let base = state.config.server.base_url();
    println!("\nBedring: prøveversion uden rigtige data / demonstration without real data");
    if !demo.accounts.is_empty() {
        println!("\nLog ind / log in: {base}/staff");
        println!("Vises kun denne ene gang / shown this once:");
        for account in &demo.accounts {
            println!("  {:<28} {}", account.email, account.password());
        }
    }
    println!(
        "\nFor {}: åbn linket på en telefon, scan, eller tast koden på forsiden.",
        demo.person
    );
    println!(
        "For {}: open the link on a phone, scan, or type the code on the front page.\n",
        demo.person
    );
    person::show(&base, &demo.invited)
}

fn given_password(address: SocketAddr, server: &Server) -> Result<Option<SecretString>, CliError> {
    #[expect(clippy::disallowed_methods, reason = "no setting: see the constant")]
    let given = std::env::var(PASSWORD);
    let Ok(given) = given.map(SecretString::from) else {
        return Ok(None);
    };
    this_machine_alone(PASSWORD, address, server)?;
    if given.expose_secret().chars().count() < MINIMUM_LENGTH {
        return Err(CliError::new(format!(
            "{PASSWORD} needs {MINIMUM_LENGTH} characters or more"
        )));
    }
    Ok(Some(given))
}

/// What tests need must not work where others get in.
fn this_machine_alone(name: &str, address: SocketAddr, server: &Server) -> CliResult {
    if !address.ip().is_loopback() {
        let text = format!("{name} works only while the server listens on this machine alone");
        return Err(CliError::new(text));
    }
    // Behind a proxy the server listens on this machine, too.
    if !server.is_local() {
        let text = format!(
            "{name} works only where people reach the server at localhost, and server.public_url is {}",
            server.base_url()
        );
        return Err(CliError::new(text));
    }
    Ok(())
}
