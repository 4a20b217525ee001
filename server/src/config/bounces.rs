//! `[mail.bounces_imap]`: the mailbox that returned mails come to. Off unless it has a host.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Secret;
use super::load::ConfigError;
use super::mail::{MailTls, is_host, is_this_machine};

/// A mailbox that Bedring reads through IMAP. It should be one that people do not read: what they have opened counts as read.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct BouncesImap {
    /// The server's name or address; none: no mailbox is read.
    pub host: Option<String>,
    /// Its port; none: 993 with `tls`, 143 with `starttls` and `none`.
    pub port: Option<u16>,
    /// How the way there is protected.
    pub tls: MailTls,
    /// A file with the certificate (PEM) of whoever signed the server's, if that is nobody whom browsers know.
    pub tls_ca_file: Option<PathBuf>,
    /// The account.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// The file that holds it.
    pub password_file: Option<PathBuf>,
    /// The folder that is read.
    pub folder: String,
    /// Minutes from one look to the next.
    pub every_minutes: u64,
    /// How long to wait for the server at each step.
    pub timeout_s: u64,
}

impl Default for BouncesImap {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            tls: MailTls::Tls,
            tls_ca_file: None,
            username: None,
            password: None,
            password_file: None,
            folder: "INBOX".to_owned(),
            every_minutes: 10,
            timeout_s: 30,
        }
    }
}

impl BouncesImap {
    /// The port that is used.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.tls {
            MailTls::Tls => 993,
            MailTls::Starttls | MailTls::None => 143,
        })
    }

    /// Does it fit together?
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let Some(host) = &self.host else {
            return Ok(());
        };
        let wrong = |text: &str| Err(ConfigError::Value(format!("mail.bounces_imap.{text}")));
        if !is_host(host) {
            return wrong("host: must be a name or an address, without port");
        }
        if self.tls == MailTls::None && !is_this_machine(host) {
            return wrong(
                "tls: \"none\" is only for a server on this machine (127.0.0.1, ::1 or localhost); use \"tls\" or \"starttls\"",
            );
        }
        if self.username.is_none() || self.password.is_none() {
            return wrong("username and mail.bounces_imap.password (or password_file) are needed");
        }
        let lines = [&self.username, &Some(self.folder.clone())];
        if lines.iter().any(|l| {
            l.as_ref()
                .is_some_and(|l| l.is_empty() || l.chars().any(char::is_control))
        }) {
            return wrong("username and mail.bounces_imap.folder: must be one line and not empty");
        }
        if self.every_minutes == 0 {
            return wrong("every_minutes: must be at least 1");
        }
        if !(1..=60).contains(&self.timeout_s) {
            return wrong("timeout_s: must be from 1 to 60");
        }
        Ok(())
    }
}
