//! What stands in the database, as far as it is wrong: damage of the file, accounts of the demonstration.

use super::Finding::{self, Fine, Note, Wrong};
use crate::config::Config;
use crate::database;
use crate::programme::demo;
use bedring_store::StoreError;

/// What is wrong with reaching the database is said elsewhere.
pub(super) async fn findings(config: &Config) -> Vec<Finding> {
    if config.sqlite_file().is_some_and(|f| !f.exists()) {
        return Vec::new();
    }
    let Ok(db) = database::connect(config).await else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if let Some(file) = config.sqlite_file() {
        findings.extend(match db.look_for_damage().await {
            Ok(()) => Some(Fine("the database file is whole".to_owned())),
            Err(StoreError::Damaged) => Some(Wrong(format!(
                "{} is damaged: stop the server, keep a copy of the file, and put back the last backup",
                file.display()
            ))),
            Err(StoreError::Busy) => None,
            Err(error) => Some(Wrong(format!(
                "{} could not be looked through: {error}",
                file.display()
            ))),
        });
    }
    if let Ok(accounts) = demo::accounts_left(db.read()).await
        && !accounts.is_empty()
    {
        let names = accounts.join(", ");
        findings.push(if config.server.is_local() {
            Note(format!("accounts of the demonstration can log in: {names}"))
        } else {
            Wrong(format!(
                "accounts of the demonstration can log in: disable them (bedring account disable EMAIL): {names}"
            ))
        });
    }
    findings
}
