//! What `bedring serve --demo` does before it serves, and what it prints.

use std::net::SocketAddr;

use secrecy::{ExposeSecret, SecretString};

use super::{CliError, CliResult, person};
use crate::accounts::passwords::MINIMUM_LENGTH;
use crate::programme::demo::prepare;
use crate::state::AppState;

/// One password for all demonstration accounts, for tests and talks. Not a setting: it works on this machine alone.
const PASSWORD: &str = "BEDRING_DEMO_PASSWORD";

/// Makes what is missing and prints how to get in.
pub(super) async fn start(state: &AppState, address: SocketAddr) -> CliResult {
    let password = given_password(address)?;
    let now = state.clock.now();
    let demo = prepare(&state.db, &state.passwords, &*state.random, password, now).await?;
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

fn given_password(address: SocketAddr) -> Result<Option<SecretString>, CliError> {
    #[expect(clippy::disallowed_methods, reason = "no setting: see the constant")]
    let given = std::env::var(PASSWORD);
    let Ok(given) = given.map(SecretString::from) else {
        return Ok(None);
    };
    if !address.ip().is_loopback() {
        let text = format!("{PASSWORD} works only while the server listens on this machine alone");
        return Err(CliError::new(text));
    }
    if given.expose_secret().chars().count() < MINIMUM_LENGTH {
        return Err(CliError::new(format!(
            "{PASSWORD} needs {MINIMUM_LENGTH} characters or more"
        )));
    }
    Ok(Some(given))
}
