//! `[mail]`: the server that takes mails, and in whose name they go.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Secret;
use super::bounces::BouncesImap;
use super::load::ConfigError;
use crate::mail::address::on_the_wire;

/// A mail has some thirteen steps and must be over before others think that its server died.
const MOST_TIMEOUT_S: u64 = 60;

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// Begins in the open and must change to TLS before anything is said.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// None: only to a mail server on this machine.
    None,
}

/// Mail. Without a host there is none, and reminders become calls.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The mail server's name or address.
    pub host: Option<String>,
    /// Its port; none: 587 with `starttls`, 465 with `tls`, 25 with `none`.
    pub port: Option<u16>,
    /// How the way there is protected.
    pub tls: MailTls,
    /// A file with the certificate (PEM) of whoever signed the mail server's, if that is nobody whom browsers know.
    pub tls_ca_file: Option<PathBuf>,
    /// The account at the mail server; none: it asks for none.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<Secret>,
    /// The file that holds it.
    pub password_file: Option<PathBuf>,
    /// The address that mails come from.
    pub from: String,
    /// The name beside it. Shown in every inbox: it should say nothing about anybody's health.
    pub from_name: String,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// Most mails that all servers together hand over in a minute.
    pub per_minute: u32,
    /// How long to wait for the mail server at each step.
    pub timeout_s: u64,
    /// Connections to it at most.
    pub max_connections: u32,
    /// What whoever reports returned mails shows; none: nobody can.
    pub bounce_token: Option<Secret>,
    /// The file that holds it.
    pub bounce_token_file: Option<PathBuf>,
    /// The mailbox that returned mails come to.
    pub bounces_imap: BouncesImap,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            tls: MailTls::Starttls,
            tls_ca_file: None,
            username: None,
            password: None,
            password_file: None,
            from: String::new(),
            from_name: String::new(),
            reply_to: None,
            per_minute: 60,
            timeout_s: 30,
            max_connections: 4,
            bounce_token: None,
            bounce_token_file: None,
            bounces_imap: BouncesImap::default(),
        }
    }
}

impl Mail {
    /// The port that is used.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.tls {
            MailTls::Starttls => 587,
            MailTls::Tls => 465,
            MailTls::None => 25,
        })
    }

    /// The part of the sender's address behind the `@`: the name in Message-IDs.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.from.rsplit_once('@').map_or("localhost", |(_, d)| d)
    }

    /// Writes the sender's addresses as mail servers speak them; what cannot be one stays, to be refused.
    pub(super) fn tidy(&mut self) {
        if let Some(from) = on_the_wire(&self.from) {
            self.from = from;
        }
        self.reply_to = self
            .reply_to
            .take()
            .map(|to| on_the_wire(&to).unwrap_or(to));
    }

    /// Does it fit together?
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let wrong = |text: &str| Err(ConfigError::Value(text.to_owned()));
        for (key, value) in [
            ("mail.per_minute", u64::from(self.per_minute)),
            ("mail.timeout_s", self.timeout_s),
            ("mail.max_connections", u64::from(self.max_connections)),
        ] {
            if value == 0 {
                return wrong(&format!("{key}: must be at least 1"));
            }
        }
        if self.timeout_s > MOST_TIMEOUT_S {
            return wrong("mail.timeout_s: must be 60 at most");
        }
        if self
            .bounce_token
            .as_ref()
            .is_some_and(|t| t.expose().len() < 16)
        {
            return wrong("mail.bounce_token: must have at least 16 characters");
        }
        self.bounces_imap.check()?;
        let Some(host) = &self.host else {
            return Ok(());
        };
        if !is_host(host) {
            return wrong("mail.host: must be a name or an address, without port");
        }
        if self.tls == MailTls::None && !is_this_machine(host) {
            return wrong(
                "mail.tls: \"none\" is only for a mail server on this machine (127.0.0.1, ::1 or localhost); use \"starttls\" or \"tls\"",
            );
        }
        if self.username.is_some() != self.password.is_some() {
            return wrong("mail.username and mail.password go together");
        }
        if on_the_wire(&self.from).is_none() {
            return wrong("mail.from: must be the address that mails come from");
        }
        if self.from_name.chars().any(char::is_control) {
            return wrong("mail.from_name: must be one line");
        }
        if self
            .reply_to
            .as_deref()
            .is_some_and(|to| on_the_wire(to).is_none())
        {
            return wrong("mail.reply_to: is no address");
        }
        Ok(())
    }
}

/// Looks like a name or an address.
pub(super) fn is_host(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '/')
}

/// Nothing that is said to it leaves this machine.
pub(super) fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}
